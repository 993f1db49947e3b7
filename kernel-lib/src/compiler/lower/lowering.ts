/**
 * The state that all of `lower` shares: where statements go, which names are visible, which function
 * and loops surround the code. The parts that lower expressions, statements and calls reach each
 * other through it.
 */
import type * as es from "acorn";
import { Emitter, get, local } from "../build.js";
import type { Context } from "../context.js";
import { CompileError } from "../../errors.js";
import type { SiteOf } from "../intrinsics/philox.js";
import type { ArrayLocal, Expr, Func, Jump, Label, Local, LoopSource, Stmt } from "../ir.js";
import { asWritten, functionsOf, placeOf } from "../parse.js";
import { refusals, type Refusal, type RefusalName } from "../refusals.js";
import type { CompileRequest, Site, SourceFunction } from "../types.js";
import { arrayLocals, setIn } from "../walk.js";
import { arrayLocal } from "./array-local.js";
import { disturbs } from "./effects.js";
import type { Scope } from "./scope.js";
import type { Unit } from "./unit.js";
import { Aggregate, isScalar, type ArrayValue, type Closure, type Value } from "./value.js";

/** A generator's variables. */
export interface Generator {
  readonly members: readonly Local[];
}

/** The code of random numbers, as intrinsics/philox exports it. */
export interface Generators {
  createGenerator(e: Emitter, context: Context, seed: Expr, stream: Expr, site: number): Generator;
  uniform(e: Emitter, generator: Generator): Expr;
  normal(e: Emitter, generator: Generator, mean: Expr, sd: Expr, siteOf: SiteOf): Expr;
  exponential(e: Emitter, generator: Generator, rate: Expr, siteOf: SiteOf): Expr;
  gamma(e: Emitter, generator: Generator, shape: Expr, scale: Expr, siteOf: SiteOf): Expr;
}

/** What lowers each kind of syntax. */
export interface Parts {
  expression(l: Lowering, node: es.Expression | es.Super): Value;
  condition(l: Lowering, node: es.Expression): Expr;
  statement(l: Lowering, node: es.Statement): void;
  call(l: Lowering, callee: Closure, args: readonly Value[], node: es.Node): Value;
  readonly generators?: Generators;
}

/** A function of its own that is being lowered. */
export interface OwnFunction {
  /** What its returns give, once one was seen. */
  result: "number" | "boolean" | "undefined" | undefined;
  /** What it uses of the code around it, by the value there, and as what: passed behind the arguments. */
  readonly outer: Map<Value, { readonly depth: number; readonly value: Value }>;
}

/** A recursive function for one set of types of its arguments. */
export interface Specialisation {
  readonly node: Closure["node"];
  readonly scope: Scope<Value>;
  readonly signature: string;
  readonly func: Func;
  readonly result: NonNullable<OwnFunction["result"]>;
  readonly outer: OwnFunction["outer"];
}

/** The function that `return` leaves. */
export interface Activation {
  readonly name: string;
  readonly label: Label;
  /** Of how many pranges it is inside. */
  readonly pranges: number;
  /** It isn't lowered in place of a call. */
  readonly own?: OwnFunction;
  /** Its one return stands at its end. */
  readonly single: boolean;
  /** Where the values of its returns meet. */
  result: Value | undefined;
  /** A `return` without a value, or the end of the body, was reached. */
  empty: boolean;
}

/** What `break` and `continue` may leave. */
export interface Target {
  readonly labels: readonly string[];
  /** Statements that a label names have a break only by that name. */
  readonly isLoop: boolean;
  readonly isSwitch: boolean;
  /** Undefined for a prange. */
  readonly leave: Jump | undefined;
  readonly next: Jump | undefined;
  readonly pranges: number;
}

export class Lowering {
  /** What stands before all else, for what arguments alone decide. */
  readonly entry = new Emitter();
  /** `a.data` of the arguments that the kernel uses it of, and of what it makes. */
  readonly lists = new Map<ArrayLocal, ArrayLocal>();
  e = new Emitter();
  scope: Scope<Value>;
  unit: Unit;
  activation: Activation;
  targets: readonly Target[] = [];
  /** Labels that stand right before the statement that is next. */
  labels: readonly string[] = [];
  /** Of how many pranges the code is inside. */
  pranges = 0;
  /** Work space of the turn of the prange, or of the call, that the code is in: made where that begins. */
  workSpace: Stmt[] = [];
  /** Of how many inlined calls. */
  calls = 0;
  readonly loops: LoopSource[] = [];
  readonly functions: Func[] = [];
  readonly specialisations: Specialisation[] = [];
  /** The function of its own that the code is in. */
  own: OwnFunction | undefined;
  /** Counters and what is made of them that are known to be whole, or at least 0. */
  readonly whole = new Set<Local>();
  readonly positive = new Set<Local>();
  /** The hidden parameters. */
  readonly captured = new Map<number, ArrayValue>();
  readonly functionNumbers: ReadonlyMap<SourceFunction, number>;
  readonly units = new Map<SourceFunction, Unit>();

  constructor(
    readonly request: CompileRequest,
    readonly context: Context,
    readonly parts: Parts,
    unit: Unit,
    scope: Scope<Value>,
    activation: Activation,
  ) {
    this.functionNumbers = new Map(functionsOf(request.kernel).map((source, i) => [source, i]));
    this.unit = unit;
    this.scope = scope;
    this.activation = activation;
  }

  expression(node: es.Expression | es.Super): Value {
    return this.parts.expression(this, node);
  }

  condition(node: es.Expression): Expr {
    return this.parts.condition(this, node);
  }

  statement(node: es.Statement): void {
    this.parts.statement(this, node);
  }

  call(callee: Closure, args: readonly Value[], node: es.Node): Value {
    return this.parts.call(this, callee, args, node);
  }

  /** Ends the compilation with the refusal's error at a node. */
  refuse<Name extends RefusalName>(
    node: es.Node,
    name: Name,
    ...found: Parameters<(typeof refusals)[Name]>
  ): never {
    const make: (...found: string[]) => Refusal = refusals[name];
    const { problem, remedy } = make(...found);
    let [unit, start] = [this.unit, node.start];
    while (unit.call) [unit, start] = [unit.call.unit, unit.call.node.start];
    throw new CompileError(this.request.kernel.name, problem, remedy, placeOf(unit.source, start));
  }

  site(is: Site["is"], name: string, node: es.Node, axis = 0): number {
    return this.context.site({ is, name, axis, position: this.unit.position(node) });
  }

  /** Notes a loop of the source; its number. */
  loop(node: es.Node, text: string): number {
    const { unit, labels } = this;
    // a text of hotcell's own is one loop to the user: the one with a label
    const written = unit.call ? unit.call.unit.text(unit.call.node) : text;
    const isShown = !unit.call || labels.length > 0;
    const short = asWritten(written.replace(/\bof\(/, "of ("))
      .replace(/\s+/g, " ")
      .trim();
    return this.loops.push({ text: short, position: unit.position(node), isShown }) - 1;
  }

  /** The statements of a turn or call, with the work space that they need before them. */
  withWorkSpace(body: () => readonly Stmt[]): readonly Stmt[] {
    const outer = this.workSpace;
    this.workSpace = [];
    const made = body();
    const own = this.workSpace;
    this.workSpace = outer;
    return [...own, ...made];
  }

  /** The statements that a piece of lowering emits. */
  collect(body: () => void): Stmt[] {
    const outer = this.e;
    this.e = new Emitter();
    body();
    const { statements } = this.e;
    this.e = outer;
    return statements;
  }

  /** Runs with another scope. */
  within<T>(scope: Scope<Value>, body: () => T): T {
    const outer = this.scope;
    this.scope = scope;
    const result = body();
    this.scope = outer;
    return result;
  }

  /**
   * Evaluates from left to right: a value whose meaning a later part changes (`x + (x = 2)`) is
   * kept in a variable of its own before that part.
   */
  sequence(...parts: readonly (() => Value)[]): Value[] {
    const values: Value[] = [];
    for (const part of parts) {
      const { statements } = this.e;
      const mark = statements.length;
      const value = part();
      if (statements.length > mark) {
        const added = statements.slice(mark);
        const kept: Stmt[] = [];
        values.forEach((earlier, i) => {
          values[i] = keep(earlier, added, kept);
        });
        statements.splice(mark, 0, ...kept);
      }
      values.push(value);
    }
    return values;
  }
}

/** The value as it is before `added` runs. */
function keep(value: Value, added: readonly Stmt[], kept: Stmt[]): Value {
  if (isScalar(value)) {
    if (!disturbs(added, value.expr)) return value;
    const own = local("kept", value.expr.kind);
    kept.push({ op: "set", local: own, value: value.expr });
    return { is: value.is, expr: get(own) };
  }
  if (value instanceof Aggregate && !value.bound) {
    for (const [name, member] of value.members) value.members.set(name, keep(member, added, kept));
  }
  if (value.is === "array" && setIn(added).has(value.array.base)) {
    const array = arrayLocal(value.array.name, value.array.array, "view");
    const from = arrayLocals(value.array);
    arrayLocals(array).forEach((to, i) =>
      kept.push({ op: "set", local: to, value: get(from[i]!) }),
    );
    return { ...value, array };
  }
  return value;
}
