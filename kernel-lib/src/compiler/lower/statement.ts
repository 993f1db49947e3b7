/**
 * Statements: what each kind of syntax does, emitted in order. Loops stand in `loops`; a kind without
 * an entry is refused.
 */
import type * as es from "acorn";
import { bool, f64 } from "../build.js";
import { refusedSyntax } from "../refusals.js";
import { assignPattern, declarePattern, discard } from "./assignment.js";
import { isCostly, unblock } from "./effects.js";
import { statements } from "./block.js";
import { forLoop, forOf, whileLoop } from "./loops.js";
import type { Lowering, Target } from "./lowering.js";
import { and, equal, or } from "./operators.js";
import { returns } from "./returns.js";
import { Scope } from "./scope.js";
import { declareBlank, settle } from "./storage.js";
import type { Expr, Label, Stmt } from "../ir.js";
import { describe, isScalar, knownNumber, type Value } from "./value.js";

type Node<Type extends es.AnyNode["type"]> = Extract<es.AnyNode, { type: Type }>;
type Table = {
  readonly [Type in es.Statement["type"]]?: (l: Lowering, node: Node<Type>) => void;
};

const table: Table = {
  EmptyStatement: () => undefined,
  ExpressionStatement: (l, { expression }) => {
    discard(l, expression);
  },
  VariableDeclaration: declaration,
  // hoisted when the block was entered
  FunctionDeclaration: () => undefined,
  BlockStatement: (l, node) => {
    l.within(new Scope(l.scope), () => {
      statements(l, node.body);
    });
  },
  IfStatement: conditional,
  ForStatement: forLoop,
  ForOfStatement: forOf,
  WhileStatement: whileLoop,
  DoWhileStatement: whileLoop,
  SwitchStatement: switchStatement,
  LabeledStatement: labelled,
  BreakStatement: jump,
  ContinueStatement: jump,
  ReturnStatement: returns,
  ThrowStatement: throws,
};

export function statement(l: Lowering, node: es.Statement): void {
  const lower = table[node.type] as ((l: Lowering, node: es.Node) => void) | undefined;
  if (!lower) {
    const refusal = refusedSyntax[node.type];
    if (refusal) l.refuse(node, refusal);
    l.refuse(node, "syntax", node.type);
  }
  const isLabelled = l.labels.length > 0 && node.type !== "LabeledStatement";
  lower(l, node);
  if (isLabelled) l.labels = [];
}

export function declaration(l: Lowering, node: es.VariableDeclaration): void {
  for (const { id, init } of node.declarations) {
    if (!init) {
      if (id.type === "Identifier" && node.kind !== "var") declareBlank(l, id.name);
      continue;
    }
    const value = named(l.expression(init), id);
    if (node.kind === "var") {
      assignPattern(l, id, settle(l, value));
      continue;
    }
    declarePattern(l, id, value, node.kind === "const" ? "const" : "variable");
  }
}

/** A function or array takes the name of the variable it is first given to. */
function named(value: Value, id: es.Pattern): Value {
  if (id.type !== "Identifier") return value;
  // neither an argument nor a part of one
  const isNameless = value.is === "array" && value.fixed.every((index) => index === undefined);
  if (isNameless && value.array.origin !== "parameter") return { ...value, name: id.name };
  if (value.is === "function" && value.name === "function") return { ...value, name: id.name };
  return value;
}

function conditional(l: Lowering, node: es.IfStatement): void {
  const { test, alternate } = node;
  if (test.type === "LogicalExpression" && test.operator === "&&" && !alternate) {
    both(l, node, test);
    return;
  }
  const condition = l.condition(node.test);
  const branch = (body: es.Statement | null | undefined): void => {
    if (!body) return;
    l.within(new Scope(l.scope), () => {
      l.statement(body);
    });
  };
  const decided = knownNumber(condition);
  if (decided !== undefined) {
    branch(decided === 0 ? node.alternate : node.consequent);
    return;
  }
  const [then, otherwise] = [node.consequent, node.alternate].map((body) =>
    l.collect(() => {
      branch(body);
    }),
  );
  l.e.emit({ op: "if", condition, then: then!, otherwise: otherwise! });
}

/** `if (a && b) …` as `if (a) if (b) …`, where b isn't simply computed along. */
function both(l: Lowering, node: es.IfStatement, { left, right }: es.LogicalExpression): void {
  const first = l.condition(left);
  const decided = knownNumber(first);
  if (decided === 0) return;
  const inner = l.collect(() => {
    conditional(l, { ...node, test: right });
  });
  const [only] = inner;
  if (decided !== undefined) l.e.emit(...inner);
  else if (only?.op === "if" && inner.length === 1 && !isCostly(only.condition)) {
    l.e.emit({ ...only, condition: and(first, only.condition) });
  } else l.e.emit({ op: "if", condition: first, then: inner, otherwise: [] });
}

function labelled(l: Lowering, node: es.LabeledStatement): void {
  const labels = [...l.labels, node.label.name];
  const isLoop = /^(For|ForOf|While|DoWhile|Labeled)Statement$/.test(node.body.type);
  if (isLoop) {
    l.labels = labels;
    l.statement(node.body);
    return;
  }
  l.labels = [];
  const label: Label = { name: node.label.name };
  const body = targeted(
    l,
    {
      labels,
      isLoop: false,
      isSwitch: false,
      leave: { op: "break", label },
      next: undefined,
      pranges: l.pranges,
    },
    () => {
      l.statement(node.body);
    },
  );
  l.e.emit(...unblock(body, label));
}

/** The statements of something that `break` or `continue` can name. */
export function targeted(l: Lowering, target: Target, body: () => void): readonly Stmt[] {
  const outer = l.targets;
  l.targets = [...outer, target];
  const made = l.collect(body);
  l.targets = outer;
  return made;
}

function jump(l: Lowering, node: es.BreakStatement | es.ContinueStatement): void {
  const isBreak = node.type === "BreakStatement";
  const target = l.targets.findLast((each) => {
    if (node.label) return each.labels.includes(node.label.name);
    return each.isLoop || (isBreak && each.isSwitch);
  });
  const word = isBreak ? "break" : "continue";
  // a jump to nowhere is no syntax that a parser lets through
  const { leave, next, pranges } = target!;
  const stmt = isBreak ? leave : next;
  if (!stmt || pranges !== l.pranges) return l.refuse(node, "leavesPrange", word);
  l.e.emit(stmt);
}

function throws(l: Lowering, node: es.ThrowStatement): void {
  const { argument } = node;
  if (argument.type !== "NewExpression" && argument.type !== "CallExpression") {
    return l.refuse(node, "throwValue");
  }
  const callee = l.expression(argument.callee);
  if (callee.is !== "intrinsic" || !/^[A-Za-z]*Error$/.test(callee.name)) {
    return l.refuse(node, "throwValue");
  }
  const [text] = argument.arguments;
  const message = text && text.type !== "SpreadElement" ? l.expression(text) : undefined;
  if (message && message.is !== "string") return l.refuse(node, "throwValue");
  const site = l.site("throw", `${callee.name}: ${message?.value ?? ""}`, node);
  l.e.emit({ op: "fail", site, args: [f64(0), f64(0)] });
}

function switchStatement(l: Lowering, node: es.SwitchStatement): void {
  const value = settle(l, l.expression(node.discriminant));
  const end: Label = { name: "switch" };
  const target: Target = {
    labels: l.labels,
    isLoop: false,
    isSwitch: true,
    leave: { op: "break", label: end },
    next: undefined,
    pranges: l.pranges,
  };
  l.labels = [];
  const body = l.within(new Scope(l.scope), () =>
    targeted(l, target, () => {
      hoistCases(l, node);
      if (isChain(node)) chain(l, node.cases, value);
      else fallThrough(l, node, value, end);
    }),
  );
  l.e.emit(...unblock(body, end));
}

function hoistCases(l: Lowering, node: es.SwitchStatement): void {
  const declarations = node.cases
    .flatMap(({ consequent }) => consequent)
    .filter(({ type }) => type === "FunctionDeclaration");
  statements(l, declarations);
}

/** Whether no case falls through into the next, and the default comes last. */
function isChain({ cases }: es.SwitchStatement): boolean {
  return cases.every(({ test, consequent }, i) => {
    if (!test && i < cases.length - 1) return false;
    const last = consequent.at(-1);
    const inner = last?.type === "BlockStatement" ? last.body.at(-1) : last;
    if (i === cases.length - 1 || consequent.length === 0) return true;
    return /^(Break|Continue|Return|Throw)Statement$/.test(inner?.type ?? "");
  });
}

function chain(l: Lowering, cases: readonly es.SwitchCase[], value: Value): void {
  const first = cases.findIndex(({ consequent }) => consequent.length > 0);
  if (first < 0) return;
  const [group, rest] = [cases.slice(0, first + 1), cases.slice(first + 1)];
  const isDefault = group.some(({ test }) => !test);
  const condition = isDefault
    ? undefined
    : group.map(({ test }) => matches(l, value, test!)).reduce(or);
  const body = l.collect(() => {
    statements(l, group.at(-1)!.consequent);
  });
  if (!condition) {
    l.e.emit(...body);
    return;
  }
  const otherwise = l.collect(() => {
    chain(l, rest, value);
  });
  l.e.emit({ op: "if", condition, then: body, otherwise });
}

function fallThrough(l: Lowering, node: es.SwitchStatement, value: Value, end: Label): void {
  const labels = node.cases.map((_, i): Label => ({ name: `case${i}` }));
  let made: readonly Stmt[] = l.collect(() => {
    node.cases.forEach(({ test }, i) => {
      if (!test) return;
      l.e.if(matches(l, value, test), (e) => {
        e.emit({ op: "break", label: labels[i]! });
      });
    });
    const otherwise = node.cases.findIndex(({ test }) => !test);
    l.e.emit({ op: "break", label: labels[otherwise] ?? end });
  });
  node.cases.forEach(({ consequent }, i) => {
    const body = l.collect(() => {
      statements(l, consequent);
    });
    made = [{ op: "block", label: labels[i]!, body: made }, ...body];
  });
  l.e.emit(...made);
}

function matches(l: Lowering, value: Value, test: es.Expression): Expr {
  const other = l.expression(test);
  if (isScalar(value) && isScalar(other)) {
    return value.is === other.is ? equal(value.expr, other.expr) : bool(false);
  }
  if (value.is === "string" && other.is === "string") {
    return bool(value.value === other.value);
  }
  return l.refuse(test, "identity", describe(value), describe(other));
}
