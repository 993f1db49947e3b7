/**
 * What is known of the variables' values at one point of a walk through the code: an interval each,
 * sharpened by the conditions that led there and forgotten where a loop or a jump could change it.
 */
import {
  anything,
  fits32,
  int32,
  intervalOf,
  lengths,
  union,
  whole,
  within,
  wholeOf,
  type Interval,
} from "./interval.js";
import type { Expr, For, Local, Prange } from "./ir.js";

export class Facts {
  readonly #known = new Map<Local, Interval>();

  /**
   * @param lengths the variables that hold lengths of arrays.
   * @param everywhere what holds of variables at every point.
   */
  constructor(
    readonly lengths: ReadonlySet<Local>,
    readonly everywhere: ReadonlyMap<Local, Interval> = new Map(),
  ) {}

  copy(): Facts {
    const made = new Facts(this.lengths, this.everywhere);
    for (const [local, interval] of this.#known) made.#known.set(local, interval);
    return made;
  }

  of = (local: Local): Interval => {
    const known = this.#known.get(local) ?? this.everywhere.get(local);
    if (known) return known;
    if (this.lengths.has(local)) return lengths;
    return local.kind === "i32" ? int32 : local.kind === "bool" ? whole(0, 1) : anything;
  };

  interval(expr: Expr): Interval {
    return intervalOf(expr, this.of);
  }

  /** Whether 32-bit arithmetic gives what exact arithmetic would. */
  exact = (expr: Expr): boolean => {
    if (!("args" in expr)) return false;
    const [a, b] = expr.args.map((arg) => this.interval(arg));
    if (expr.op === "i32.trunc_sat_f64_s") return fits32(a!);
    switch (expr.op) {
      case "i32.add":
        return a!.low + b!.low >= int32.low && a!.high + b!.high <= int32.high;
      case "i32.sub":
        return a!.low - b!.high >= int32.low && a!.high - b!.low <= int32.high;
      case "i32.mul": {
        const corners = [a!.low, a!.high].flatMap((x) => [x * b!.low, x * b!.high]);
        return corners.every((each) => each >= int32.low && each <= int32.high);
      }
      default:
        return false;
    }
  };

  set(local: Local, interval: Interval): void {
    this.#known.set(local, interval);
  }

  forget(locals: ReadonlySet<Local>): void {
    for (const each of locals) this.#known.delete(each);
  }

  /** Takes over what is known elsewhere. */
  replace(other: Facts): void {
    this.#known.clear();
    for (const [local, interval] of other.#known) this.#known.set(local, interval);
  }

  /** Keeps what holds here and there. */
  join(other: Facts): void {
    for (const local of this.#known.keys()) {
      if (other.#known.has(local)) this.#known.set(local, union(this.of(local), other.of(local)));
      else this.#known.delete(local);
    }
  }

  /** Takes note that a condition holds, or doesn't. */
  assume(condition: Expr, holds: boolean): void {
    switch (condition.op) {
      case "bool.not":
        this.assume(condition.args[0]!, !holds);
        return;
      case "bool.and":
      case "bool.or":
        if (holds === (condition.op === "bool.and")) {
          for (const each of condition.args) this.assume(each, holds);
        }
        return;
      case "f64.lt":
      case "f64.le":
      case "f64.gt":
      case "f64.ge":
      case "f64.eq":
      case "f64.ne": {
        const [a, b] = condition.args as readonly [Expr, Expr];
        const relation = condition.op.slice(4) as Relation;
        this.#relate(a, relation, b, holds);
        this.#relate(b, mirrored[relation], a, holds);
        return;
      }
      case "i64.ne": {
        const [bits, other] = condition.args as readonly [Expr, Expr];
        const value = bits.op === "i64.reinterpret_f64" ? bits.args[0] : undefined;
        const isSign = other.op === "const" && other.value === -(2n ** 63n);
        if (value?.op !== "get" || !isSign || !holds) return;
        this.set(value.local, { ...this.of(value.local), negativeZero: false });
        return;
      }
      default:
    }
  }

  #relate(a: Expr, relation: Relation, b: Expr, holds: boolean): void {
    const other = this.interval(b);
    const inner = a.op === "f64.abs" || a.op === "f64.floor" ? a.args[0]! : undefined;
    if (inner?.op === "get" && holds) {
      const { local } = inner;
      const own = this.of(local);
      if (a.op === "f64.abs" && (relation === "lt" || relation === "le")) {
        this.set(local, within(own, -other.high, other.high));
      } else if (a.op === "f64.floor" && relation === "eq" && b.op === "get" && b.local === local) {
        this.set(local, wholeOf(own));
      }
      return;
    }
    if (a.op !== "get") return;
    const { local } = a;
    const own = this.of(local);
    // where a comparison doesn't hold, NaN may be the reason
    if (!holds && other.nan) return;
    const found = restricted(own, holds ? relation : opposite[relation], other);
    this.set(local, { ...found, nan: found.nan || (!holds && own.nan) });
  }

  /** The values of a loop's counter inside its body. */
  counter({ from, to, step }: For | Prange): Interval {
    const start = this.interval(from);
    const end = this.interval(to);
    if (!start.whole) return anything;
    if (!Number.isInteger(step)) return anything;
    const found =
      step > 0
        ? whole(start.low, Math.max(start.low, Math.ceil(end.high) - 1))
        : whole(Math.min(start.high, Math.floor(end.low) + 1), start.high);
    return found.whole && start.negativeZero ? { ...found, negativeZero: true } : found;
  }
}

function restricted(own: Interval, relation: Relation, other: Interval): Interval {
  const gap = own.whole && other.whole ? 1 : 0;
  switch (relation) {
    case "lt":
      return within(own, -Infinity, other.high - gap);
    case "le":
      return within(own, -Infinity, other.high);
    case "gt":
      return within(own, other.low + gap, Infinity);
    case "ge":
      return within(own, other.low, Infinity);
    case "eq":
      return within(own, other.low, other.high);
    case "ne":
      if (!own.whole || other.low !== other.high) return own;
      if (own.low === other.low) return within(own, own.low + 1, Infinity);
      return own.high === other.low ? within(own, -Infinity, own.high - 1) : own;
  }
}

type Relation = "lt" | "le" | "gt" | "ge" | "eq" | "ne";

const mirrored: Record<Relation, Relation> = {
  lt: "gt",
  le: "ge",
  gt: "lt",
  ge: "le",
  eq: "eq",
  ne: "ne",
};

const opposite: Record<Relation, Relation> = {
  lt: "ge",
  le: "gt",
  gt: "le",
  ge: "lt",
  eq: "ne",
  ne: "eq",
};
