/**
 * Expressions of a loop's body for several iterations at once: what is uniform stays scalar, what
 * varies becomes a vector, and an element's indices decide how its lanes are reached. Takes the
 * mask as it is given; knows nothing of control flow.
 */
import { get, i32, local, operate, splat, type Emitter } from "../../build.js";
import type { Access, Expr, Jump, Local, Prange } from "../../ir.js";
import type { Operation } from "../../operations.js";
import { everyStmt, mapOperands, setOnce } from "../../walk.js";
import type { Divergence } from "./divergence.js";

export class Lanes {
  readonly #vectors = new Map<Local, Local>();
  /** Variables that go from lane to lane by a fixed step: that of lane 0, and the step. */
  readonly #affine = new Map<Local, readonly [first: Local, step: Expr]>();

  constructor(
    readonly loop: Prange,
    readonly lanes: number,
    readonly divergence: Divergence,
    /** Where to go when an index is outside in a lane; undefined if that fails at once. */
    readonly outside?: Jump,
  ) {}

  /** What knows how the elements of a loop are reached, without having made code for it. */
  static learned(loop: Prange, lanes: number, divergence: Divergence): Lanes {
    const made = new Lanes(loop, lanes, divergence);
    const once = setOnce(loop.body);
    for (const stmt of everyStmt(loop.body)) {
      if (stmt.op !== "set" || stmt.local.kind !== "i32" || !once.has(stmt.local)) continue;
      const by = made.step(stmt.value);
      if (by) made.#affine.set(stmt.local, [stmt.local, by]);
    }
    return made;
  }

  /** The vector in which a varying variable is. */
  vector(of: Local): Local {
    let made = this.#vectors.get(of);
    if (!made) this.#vectors.set(of, (made = local(of.name, of.kind, this.lanes)));
    return made;
  }

  /** The counters of all lanes. */
  counters(): Expr {
    const { counter, step } = this.loop;
    const { kind } = counter;
    const numbers: Expr = { op: "lanes", kind, lanes: this.lanes };
    const by: Expr = { op: "const", kind, lanes: this.lanes, value: step };
    const [add, mul] =
      kind === "i32" ? (["i32.add", "i32.mul"] as const) : (["f64.add", "f64.mul"] as const);
    return operate(add, get(counter), step === 1 ? numbers : operate(mul, numbers, by));
  }

  /** The value: a scalar where it is uniform. */
  value(e: Emitter, expr: Expr, mask: Expr | undefined): Expr {
    if (!this.divergence.varies(expr)) return expr;
    if (expr.op === "get") return get(this.vector(expr.local));
    if (expr.op === "element") {
      const access = this.access(e, expr.access, mask);
      return { ...expr, lanes: this.lanes, access };
    }
    if (!("args" in expr)) throw new Error(`can't vectorise ${expr.op}`);
    const args = expr.args.map((arg) => this.value(e, arg, mask));
    if (/^i64\.sh/.test(expr.op) && args[1]!.lanes > 1) return this.#each(e, expr.op, args);
    return operate(expr.op, ...args);
  }

  /** The value in every lane. */
  all(e: Emitter, expr: Expr, mask: Expr | undefined): Expr {
    return splat(this.value(e, expr, mask), this.lanes);
  }

  /** An operation that vectors have only for equal amounts. */
  #each(e: Emitter, op: Operation, args: readonly Expr[]): Expr {
    const bound = args.map((arg) => e.bind("amount", splat(arg, this.lanes)));
    const numbers: Expr = { op: "lanes", kind: "i32", lanes: this.lanes };
    let all: Expr | undefined;
    for (let lane = this.lanes - 1; lane >= 0; lane--) {
      const one = operate(op, ...bound.map((arg) => extract(arg, lane)));
      all = all
        ? operate("i64.select", operate("i32.eq", numbers, i32(lane)), one, all)
        : splat(one, this.lanes);
    }
    return all!;
  }

  access(e: Emitter, access: Access, mask: Expr | undefined): Access {
    const reached = this.#reached(e, access, mask);
    return this.outside && access.checked ? this.#checked(e, reached, this.outside) : reached;
  }

  /** The access behind a jump that is taken where it would fail. */
  #checked(e: Emitter, access: Access, outside: Jump): Access {
    const { pattern, step, mask, array } = access;
    const indices = access.indices.map((index) => e.bind("index", index));
    const last = indices.length - 1;
    const numbers: Expr = { op: "lanes", kind: "i32", lanes: this.lanes };
    const inside = indices.map((index, axis) => {
      const length = get(array.shape[axis]!);
      if (pattern === "gather") return isInside(index, length);
      const by = step?.[axis] ?? i32(axis === last ? 1 : 0);
      if (isZero(by)) return isInside(index, length);
      return isInside(operate("i32.add", index, operate("i32.mul", numbers, by)), length);
    });
    const all = splat(
      inside.reduce((a, b) => operate("bool.and", a, b)),
      this.lanes,
    );
    const fine = mask ? operate("bool.or", operate("bool.not", mask), all) : all;
    e.if(operate("bool.not", everyLane(fine)), (none) => {
      none.emit(outside);
    });
    return { ...access, indices, checked: false };
  }

  #reached(e: Emitter, access: Access, mask: Expr | undefined): Access {
    const { lanes } = this;
    const under = mask && { mask };
    const reached: readonly (Expr | undefined)[] = access.indices.map(whole);
    const steps = reached.map((index) => (index ? this.step(index) : undefined));
    if (!isComplete(reached) || !isComplete(steps)) {
      const indices = access.indices.map((index) => this.all(e, whole(index) ?? index, mask));
      return { ...access, lanes, pattern: "gather", indices, ...under };
    }
    const indices = reached.map((index) => this.first(index));
    if (isUnitStride(access, steps)) {
      return { ...access, lanes, pattern: "contiguous", indices, ...under };
    }
    return { ...access, lanes, pattern: "affine", indices, step: steps, ...under };
  }

  /** Whether the lanes of an access follow one another; variables that go by a step are known once they are set. */
  isContiguous(access: Access): boolean {
    const steps = access.indices.map((index) => {
      const reached = whole(index);
      return reached && this.step(reached);
    });
    return isComplete(steps) && isUnitStride(access, steps);
  }

  /** Remembers a variable that is set once, to something that goes by a step. */
  note(e: Emitter, of: Local, value: Expr): void {
    if (of.kind !== "i32") return;
    const by = this.step(value);
    if (!by) return;
    const first = e.variable(of.name, this.first(value));
    this.#affine.set(of, [first, e.bind("step", by)]);
  }

  /** What an i32 grows by from lane to lane, a scalar; undefined if that isn't one number. */
  step(expr: Expr): Expr | undefined {
    if (!this.divergence.varies(expr)) return i32(0);
    if (expr.op === "get") {
      if (expr.local === this.loop.counter) return i32(this.loop.step);
      return this.#affine.get(expr.local)?.[1];
    }
    if (!("args" in expr)) return undefined;
    const [a, b] = expr.args as readonly [Expr, Expr];
    switch (expr.op) {
      case "i32.add":
      case "i32.sub":
        return both(expr.op, this.step(a), this.step(b));
      case "i32.mul":
        if (!this.divergence.varies(b)) return both(expr.op, this.step(a), b);
        return this.divergence.varies(a) ? undefined : both(expr.op, a, this.step(b));
      case "i32.shl":
        return this.divergence.varies(b) ? undefined : both(expr.op, this.step(a), b);
      default:
        return undefined;
    }
  }

  /** The value in lane 0 of what goes by a step. */
  first(expr: Expr): Expr {
    if (expr.op !== "get") {
      return this.divergence.varies(expr)
        ? mapOperands(expr, (operand) => this.first(operand))
        : expr;
    }
    const known = this.#affine.get(expr.local);
    return known ? get(known[0]) : expr;
  }
}

export function extract(value: Expr, lane: number): Expr {
  return { op: "extract", kind: value.kind, lanes: 1, value, lane };
}

function everyLane(mask: Expr): Expr {
  return { op: "all", kind: "bool", lanes: 1, value: mask };
}

/** Whether an index is one of an axis' own; −0 is. */
function isInside(index: Expr, length: Expr): Expr {
  if (index.kind === "i32") return operate("i32.lt_u", index, length);
  const whole = operate("i32.trunc_sat_f64_s", index);
  const exact = operate("f64.eq", operate("f64.convert_i32_s", whole), index);
  return operate("bool.and", exact, operate("i32.lt_u", whole, length));
}

/** An index as an i32 where it was one. */
export function whole(index: Expr): Expr | undefined {
  if (index.kind === "i32") return index;
  if (index.op === "f64.convert_i32_s") return index.args[0];
  if (index.op !== "const" || !Object.is(Number(index.value) | 0, index.value)) return undefined;
  return i32(Number(index.value));
}

export function isUnitStride({ array }: Access, steps: readonly Expr[]): boolean {
  const last = steps.length - 1;
  return (
    array.array.contiguous &&
    steps.every((by, axis) => by.op === "const" && by.value === (axis === last ? 1 : 0))
  );
}

function isComplete(list: readonly (Expr | undefined)[]): list is readonly Expr[] {
  return list.every((each) => each !== undefined);
}

function both(
  op: "i32.add" | "i32.sub" | "i32.mul" | "i32.shl",
  a: Expr | undefined,
  b: Expr | undefined,
): Expr | undefined {
  if (!a || !b) return undefined;
  if (a.op !== "const" || b.op !== "const") {
    if (op === "i32.add" && isZero(a)) return b;
    if (op !== "i32.mul" && isZero(b)) return a;
    return operate(op, a, b);
  }
  const [x, y] = [Number(a.value), Number(b.value)];
  switch (op) {
    case "i32.add":
      return i32(x + y);
    case "i32.sub":
      return i32(x - y);
    case "i32.mul":
      return i32(Math.imul(x, y));
    case "i32.shl":
      return i32(x << y);
  }
}

function isZero(expr: Expr): boolean {
  return expr.op === "const" && expr.value === 0;
}
