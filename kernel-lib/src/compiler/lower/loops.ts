/**
 * Loops: `for`, `while`, `do`, `for … of` and prange. A `for` that counts up or down to a bound that
 * can't change becomes For, a prange Prange, everything else Loop.
 */
import type * as es from "acorn";
import { f64, get, local, operate, reducesNothing } from "../build.js";
import type { Expr, Label, Local, Stmt } from "../ir.js";
import { everyOperand, setIn } from "../walk.js";
import { overElements } from "./allocation.js";
import { assignPattern, declarePattern, discard } from "./assignment.js";
import { disturbs, unblock } from "./effects.js";
import { access, element, isPositive, isWhole } from "./layout.js";
import type { Lowering, Target } from "./lowering.js";
import { numeric } from "./numeric.js";
import { arithmetic } from "./operators.js";
import { Scope } from "./scope.js";
import { declareBlank, settle } from "./storage.js";
import { describe, knownNumber, number, type Value } from "./value.js";

/** The head of a loop as in the source. */
function head(l: Lowering, node: es.Node, body: es.Statement): string {
  return node.type === "DoWhileStatement"
    ? `do … while (${l.unit.text((node as es.DoWhileStatement).test)})`
    : l.unit.source.text.slice(node.start, body.start);
}

/** The statements of a loop's body, which `break` and `continue` may leave. */
function bodyOf(l: Lowering, target: Target, body: () => void): readonly Stmt[] {
  const outer = l.targets;
  l.targets = [...outer, target];
  const made = l.collect(body);
  l.targets = outer;
  return made;
}

function takeLabels(l: Lowering): readonly string[] {
  const { labels } = l;
  l.labels = [];
  return labels;
}

function inScope(l: Lowering, body: es.Statement): void {
  l.within(new Scope(l.scope), () => {
    l.statement(body);
  });
}

export function whileLoop(l: Lowering, node: es.WhileStatement | es.DoWhileStatement): void {
  const tests = testsOf(l, node.test);
  general(l, node, node.body, tests, () => undefined, node.type === "DoWhileStatement");
}

/** Conditions that are asked one after the other, as long as they hold. */
function testsOf(l: Lowering, node: es.Expression): readonly (() => Expr)[] {
  return node.type === "LogicalExpression" && node.operator === "&&"
    ? [...testsOf(l, node.left), ...testsOf(l, node.right)]
    : [() => l.condition(node)];
}

/** `loop { if (!test) break; … { body } update }` */
function general(
  l: Lowering,
  node: es.Node,
  body: es.Statement,
  tests: readonly (() => Expr)[],
  next: () => void,
  testsLast = false,
): void {
  const loop = l.loop(node, head(l, node, body));
  const [label, inner]: Label[] = [{ name: "loop" }, { name: "next" }];
  const target: Target = {
    labels: takeLabels(l),
    isLoop: true,
    isSwitch: false,
    leave: { op: "break", label: label! },
    next: { op: "break", label: inner! },
    pranges: l.pranges,
  };
  const stop = l.collect(() => {
    for (const test of tests) {
      const condition = test();
      if (knownNumber(condition) === 1) continue;
      const otherwise: Stmt[] = [{ op: "break", label: label! }];
      l.e.emit({ op: "if", condition, then: [], otherwise });
    }
  });
  const made = bodyOf(l, target, () => {
    inScope(l, body);
  });
  const update = l.collect(next);
  const round = [...unblock(made, inner!), ...update];
  l.e.emit({
    op: "loop",
    label: label!,
    body: testsLast ? [...round, ...stop] : [...stop, ...round],
    loop,
  });
}

export function forLoop(l: Lowering, node: es.ForStatement): void {
  l.within(new Scope(l.scope), () => {
    const { init } = node;
    const counted = countedLoop(node);
    if (counted) {
      counting(l, node, counted);
      return;
    }
    const labels = takeLabels(l);
    if (init?.type === "VariableDeclaration") l.statement(init);
    else if (init) discard(l, init);
    // they name the loop, not what comes before it
    l.labels = labels;
    plain(l, node);
  });
}

function plain(l: Lowering, node: es.ForStatement): void {
  general(l, node, node.body, node.test ? testsOf(l, node.test) : [], () => {
    if (node.update) discard(l, node.update);
  });
}

/** `for (let i = from; i + ahead < bound; i += step)` as syntax. */
interface Counted {
  readonly name: string;
  /** The declarations, the counter's among them. */
  readonly declarations: readonly es.VariableDeclarator[];
  readonly counter: es.VariableDeclarator;
  readonly operator: "<" | "<=" | ">" | ">=";
  readonly bound: es.Expression;
  /** What is added to the counter where it is compared. */
  readonly ahead: number;
  /** Undefined for `++` and `--`. */
  readonly by: es.Expression | undefined;
  readonly down: boolean;
}

const mirrored = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

function countedLoop({ init, test, update: next }: es.ForStatement): Counted | undefined {
  if (init?.type !== "VariableDeclaration" || init.kind === "var") return undefined;
  if (test?.type !== "BinaryExpression" || !(test.operator in mirrored) || !next) return undefined;
  let name: string;
  let by: es.Expression | undefined;
  let down: boolean;
  if (next.type === "UpdateExpression" && next.argument.type === "Identifier") {
    [name, down] = [next.argument.name, next.operator === "--"];
  } else if (
    next.type === "AssignmentExpression" &&
    next.left.type === "Identifier" &&
    (next.operator === "+=" || next.operator === "-=")
  ) {
    [name, down, by] = [next.left.name, next.operator === "-=", next.right];
  } else {
    return undefined;
  }
  const operator = test.operator as keyof typeof mirrored;
  const { left, right } = test;
  if (left.type === "PrivateIdentifier") return undefined;
  const [before, behind] = [aheadOf(left, name), aheadOf(right, name)];
  const ahead = before ?? behind;
  if (ahead === undefined || before === behind) return undefined;
  const counter = init.declarations.find(({ id }) => aheadOf(id, name) === 0);
  if (!counter?.init) return undefined;
  return {
    name,
    declarations: init.declarations,
    counter,
    operator: before !== undefined ? operator : mirrored[operator],
    bound: before !== undefined ? right : left,
    ahead,
    by,
    down,
  };
}

/** How far ahead of the counter an expression is: 0 for the counter itself, 1 for `i + 1`; undefined for what isn't. */
function aheadOf(node: es.Node, name: string): number | undefined {
  if (node.type === "Identifier") return (node as es.Identifier).name === name ? 0 : undefined;
  if (node.type !== "BinaryExpression") return undefined;
  const { left, right, operator } = node as es.BinaryExpression;
  if (operator !== "+" && operator !== "-") return undefined;
  if (left.type !== "Identifier" || left.name !== name || right.type !== "Literal")
    return undefined;
  const { value } = right;
  if (typeof value !== "number" || !Number.isInteger(value) || value > 2 ** 31) return undefined;
  return operator === "+" ? value : -value;
}

function counting(l: Lowering, node: es.ForStatement, counted: Counted): void {
  const { name, declarations, counter: own, bound, down } = counted;
  let from: Expr = f64(0);
  const binding = { name, kind: "variable", assigned: true, value: undefined } as const;
  for (const declarator of declarations) {
    if (declarator === own) {
      from = l.e.bind("from", numeric(l, l.expression(own.init!), own.init!));
    } else if (declarator.init) {
      declarePattern(l, declarator.id, l.expression(declarator.init), "variable");
    } else if (declarator.id.type === "Identifier") {
      declareBlank(l, declarator.id.name);
    }
  }
  const counter = local(name, "f64");
  const value = { is: "number", expr: get(counter), local: counter } as const;
  l.scope.declare({ ...binding, value });

  let [to, by]: Expr[] = [f64(0), f64(1)];
  const prepare = l.collect(() => {
    to = numeric(l, l.expression(bound), bound);
    if (counted.by) by = numeric(l, l.expression(counted.by), counted.by);
  });
  const size = knownNumber(by!);
  const step = size === undefined ? NaN : down ? -size : size;
  const upwards = counted.operator.startsWith("<");
  const end = boundOf(l, counted, from, to!, step);
  const isCanonical = end !== undefined && (upwards ? step > 0 : step < 0);
  if (isCanonical && !disturbs([{ op: "set", local: counter, value: f64(0) }], to!)) {
    const mark = markOf(l);
    if (isWhole(l, from) && Number.isInteger(step)) l.whole.add(counter);
    if (upwards && isPositive(l, from)) l.positive.add(counter);
    // down to a bound that isn't negative
    if (!upwards && isPositive(l, to!)) l.positive.add(counter);
    const loop = l.loop(node, head(l, node, node.body));
    const label: Label = { name };
    const labels = l.labels;
    const target: Target = {
      labels: takeLabels(l),
      isLoop: true,
      isSwitch: false,
      leave: { op: "break", label },
      next: { op: "continue", label },
      pranges: l.pranges,
    };
    const body = bodyOf(l, target, () => {
      inScope(l, node.body);
    });
    const counts: Stmt = { op: "set", local: counter, value: f64(0) };
    if (!setIn(body).has(counter) && !disturbs(body, to!) && isSteady(prepare, [counts, ...body])) {
      l.e.emit(...prepare);
      l.e.emit({ op: "for", counter, from, to: end, step, label, body, loop });
      return;
    }
    restore(l, mark);
    l.whole.delete(counter);
    l.positive.delete(counter);
    l.labels = labels;
  }
  l.e.set(counter, from);
  plain(l, node);
}

/** Whether the preparation of a bound gives and leaves the same every time. */
function isSteady(prepare: readonly Stmt[], changes: readonly Stmt[]): boolean {
  const [own, others] = [setIn(prepare), setIn(changes)];
  const made = new Set<Local>();
  for (const stmt of prepare) {
    if (stmt.op !== "set" || others.has(stmt.local) || disturbs(changes, stmt.value)) return false;
    // k < most++ has another bound each time
    for (const part of everyOperand(stmt.value)) {
      if (part.op === "get" && own.has(part.local) && !made.has(part.local)) return false;
    }
    made.add(stmt.local);
  }
  return true;
}

/** What lowering notes, to forget it when a piece is lowered again. */
function markOf(l: Lowering): readonly [loops: number, functions: number, workSpace: number] {
  return [l.loops.length, l.functions.length, l.workSpace.length];
}

function restore(l: Lowering, [loops, functions, workSpace]: ReturnType<typeof markOf>): void {
  l.workSpace.length = workSpace;
  // functions of their own that were made on the way stay, with their loops
  if (l.functions.length === functions) l.loops.length = loops;
}

/** The exclusive bound of a counter; undefined where a fractional one has none. */
function boundOf(
  l: Lowering,
  { operator, ahead }: Counted,
  from: Expr,
  to: Expr,
  step: number,
): Expr | undefined {
  const isExact = isWhole(l, from) && Number.isInteger(step);
  // i + 1 < n is i < n - 1 for whole numbers, where no sum is rounded
  if (ahead !== 0 && !(isExact && to.op.startsWith("f64.convert_i32"))) return undefined;
  const below = ahead === 0 ? to : arithmetic("-", to, f64(ahead));
  if (operator === "<" || operator === ">") return below;
  if (!isExact) return undefined;
  // and i <= n is i < ⌊n⌋ + 1
  const whole = isWhole(l, to) ? below : operate(operator === "<=" ? "f64.floor" : "f64.ceil", to);
  return arithmetic(operator === "<=" ? "+" : "-", whole, f64(1));
}

export function forOf(l: Lowering, node: es.ForOfStatement): void {
  if (node.await) l.refuse(node, "async");
  const { right } = node;
  if (right.type === "CallExpression") {
    const callee = l.expression(right.callee);
    if (callee.is === "intrinsic" && callee.name === "prange") {
      prange(l, node, right);
      return;
    }
  }
  const values = l.expression(right);
  if (values.is === "tuple") unrolled(l, node, [...values.members.values()]);
  else if (values.is === "array") overArray(l, node, values);
  else l.refuse(right, "forOf", describe(values));
}

/** Gives the variable of a `for … of` its value. */
function bindEach(l: Lowering, node: es.ForOfStatement, value: Value): void {
  const { left } = node;
  if (left.type === "VariableDeclaration") {
    declarePattern(
      l,
      left.declarations[0]!.id,
      value,
      left.kind === "const" ? "const" : "variable",
    );
    return;
  }
  assignPattern(l, left, value);
}

function unrolled(l: Lowering, node: es.ForOfStatement, members: readonly Value[]): void {
  if (members.length > 64) l.refuse(node.right, "longList", String(members.length));
  l.loop(node, head(l, node, node.body));
  const end: Label = { name: "loop" };
  const labels = takeLabels(l);
  const rounds = members.flatMap((member) => {
    const next: Label = { name: "next" };
    const target: Target = {
      labels,
      isLoop: true,
      isSwitch: false,
      leave: { op: "break", label: end },
      next: { op: "break", label: next },
      pranges: l.pranges,
    };
    const body = bodyOf(l, target, () => {
      l.within(new Scope(l.scope), () => {
        bindEach(l, node, settle(l, member));
        inScope(l, node.body);
      });
    });
    return unblock(body, next);
  });
  l.e.emit(...unblock(rounds, end));
}

function overArray(l: Lowering, node: es.ForOfStatement, array: Value & { is: "array" }): void {
  const labels = takeLabels(l);
  const end: Label = { name: "loop" };
  const made = l.collect(() => {
    overElements(l, array, node, head(l, node, node.body), (indices, label) => {
      const target: Target = {
        labels,
        isLoop: true,
        isSwitch: false,
        leave: { op: "break", label: end },
        next: { op: "continue", label },
        pranges: l.pranges,
      };
      const body = bodyOf(l, target, () => {
        l.within(new Scope(l.scope), () => {
          const place = { ...access(l, array, indices, node), checked: false };
          bindEach(l, node, number(element(place)));
          inScope(l, node.body);
        });
      });
      l.e.emit(...body);
    });
  });
  l.e.emit(...unblock(made, end));
}

function prange(l: Lowering, node: es.ForOfStatement, call: es.CallExpression): void {
  const args = l.sequence(
    ...call.arguments.map(
      (each) => () =>
        each.type === "SpreadElement" ? l.refuse(each, "prangeArguments") : l.expression(each),
    ),
  );
  if (args.length < 1 || args.length > 3) return l.refuse(call, "prangeArguments");
  const bounds = args.map((arg) => l.e.bind("bound", numeric(l, arg, call)));
  const [first, second, by = f64(1)] = bounds;
  const [start, end] = second === undefined ? [f64(0), first!] : [first!, second];
  const size = knownNumber(by);
  if (size === 0 || (size !== undefined && !Number.isFinite(size))) {
    return l.refuse(call, "prangeStep");
  }
  const isStepped = size !== undefined && Number.isInteger(size);
  // otherwise turns are counted, and the value is start + k * step as in the plain run
  const [from, to, step] = isStepped
    ? [start, end, size]
    : [f64(0), operate("f64.ceil", operate("f64.div", operate("f64.sub", end, start), by)), 1];
  const counter: Local = local(nameOfEach(node), "f64");
  if (isWhole(l, from)) l.whole.add(counter);
  if (step > 0 && isPositive(l, from)) l.positive.add(counter);
  const value = isStepped
    ? get(counter)
    : arithmetic("+", start, arithmetic("*", get(counter), by));
  const loop = l.loop(node, head(l, node, node.body));
  const label: Label = { name: counter.name };
  // inside of a prange or of a function of its own an ordinary loop, which is left no earlier
  const nested = l.pranges > 0 || l.scope.depth > 0;
  l.pranges++;
  const target: Target = {
    labels: takeLabels(l),
    isLoop: true,
    isSwitch: false,
    leave: undefined,
    next: { op: "continue", label },
    pranges: l.pranges,
  };
  const turn = (): readonly Stmt[] =>
    bodyOf(l, target, () => {
      l.within(new Scope(l.scope), () => {
        bindEach(l, node, number(value));
        inScope(l, node.body);
      });
    });
  const body = nested ? turn() : l.withWorkSpace(turn);
  l.pranges--;
  const common = { counter, from, to, step, label, body, loop };
  if (nested) l.e.emit({ op: "for", ...common, unordered: true });
  else l.e.emit({ op: "prange", ...common, ...reducesNothing });
}

function nameOfEach({ left }: es.ForOfStatement): string {
  const pattern = left.type === "VariableDeclaration" ? left.declarations[0]!.id : left;
  return pattern.type === "Identifier" ? pattern.name : "i";
}
