/**
 * Rewrites expressions into 32-bit arithmetic where the facts at their place say that nothing can
 * tell the difference: results that are whole and fit, and zeros whose sign nobody sees.
 */
import { bool, f64, i32, i64, operate } from "./build.js";
import type { Facts } from "./facts.js";
import { decided, fits32, truncates32, type Interval } from "./interval.js";
import type { Access, Expr, Get, Local } from "./ir.js";
import type { Operation } from "./operations.js";
import { everyOperand, mapOperands } from "./walk.js";

const compared: Partial<Record<Operation, Operation>> = {
  "f64.eq": "i32.eq",
  "f64.ne": "i32.ne",
  "f64.lt": "i32.lt_s",
  "f64.le": "i32.le_s",
  "f64.gt": "i32.gt_s",
  "f64.ge": "i32.ge_s",
};

const ring: Partial<Record<Operation, Operation>> = {
  "f64.add": "i32.add",
  "f64.sub": "i32.sub",
  "f64.mul": "i32.mul",
};

export class Integers {
  /** @param narrowed the variables that have become i32. */
  constructor(
    readonly facts: Facts,
    readonly narrowed: ReadonlyMap<Local, Local>,
  ) {}

  /** The same value, of the same kind. */
  value(expr: Expr): Expr {
    if (expr.lanes !== 1) return mapOperands(expr, (each) => this.value(each));
    switch (expr.op) {
      case "get":
        return this.narrowed.has(expr.local) ? operate("f64.convert_i32_s", this.#get(expr)) : expr;
      case "element":
        return { ...expr, access: this.access(expr.access) };
      case "f64.eq":
      case "f64.ne":
      case "f64.lt":
      case "f64.le":
      case "f64.gt":
      case "f64.ge": {
        const [x, y] = expr.args.map((each) => this.facts.interval(each)) as [Interval, Interval];
        const known = decided(expr.op, x, y);
        if (known !== undefined && !readsMemory(expr)) return bool(known);
        const [a, b] = expr.args.map((each) => this.whole(each, true));
        if (a && b) return operate(compared[expr.op]!, a, b);
        break;
      }
      case "math.to_int32": {
        const [arg] = expr.args as readonly [Expr];
        const found = this.wrapped(arg);
        if (found) return found;
        const value = this.value(arg);
        return operate(
          truncates32(this.facts.interval(arg)) ? "i32.trunc_sat_f64_s" : "math.to_int32",
          value,
        );
      }
      case "math.rem":
      case "f64.floor":
      case "f64.trunc": {
        const { low, high, whole, nan, negativeZero } = this.facts.interval(expr);
        if (low === high && whole && !nan && !negativeZero && !readsMemory(expr)) return f64(low);
        const found = this.whole(expr, false);
        if (found) return operate("f64.convert_i32_s", found);
        break;
      }
      default:
    }
    return mapOperands(expr, (each) => this.value(each));
  }

  access(access: Access): Access {
    if (access.pattern !== "scalar") return access;
    return {
      ...access,
      indices: access.indices.map((index) => this.whole(index, true) ?? this.value(index)),
    };
  }

  /** As an i32, converted at the end if need be; the value must be whole and fit. */
  forced(expr: Expr): Expr {
    if (expr.kind === "i32") return this.value(expr);
    return this.whole(expr, false) ?? operate("i32.trunc_sat_f64_s", this.value(expr));
  }

  /** As an i32 by 32-bit arithmetic alone, if that is possible. @param signless whether −0 may become 0. */
  whole(expr: Expr, signless: boolean): Expr | undefined {
    if (expr.lanes !== 1) return undefined;
    if (expr.kind === "i32") return this.value(expr);
    const interval = this.facts.interval(expr);
    if (!fits32(interval) || (interval.negativeZero && !signless)) return undefined;
    switch (expr.op) {
      case "const":
        return i32(Number(expr.value));
      case "get":
        return this.narrowed.has(expr.local) ? this.#get(expr) : undefined;
      case "f64.convert_i32_s":
      case "f64.from_bool":
        return expr.op === "f64.from_bool"
          ? operate("i32.from_bool", this.value(expr.args[0]!))
          : this.value(expr.args[0]!);
      case "f64.add":
      case "f64.sub":
      case "f64.mul":
        return this.#modulo(expr);
      case "f64.neg": {
        const found = this.whole(expr.args[0]!, true);
        return found && operate("i32.sub", i32(0), found);
      }
      case "math.rem":
        return this.#quotient("i32.rem_s", expr.args);
      case "f64.floor":
      case "f64.trunc": {
        const [arg] = expr.args as readonly [Expr];
        // a/b rounded reaches no whole number that a/b doesn't, for a and b of 31 bits
        if (arg.op === "f64.div") return this.#quotient("i32.div_s", arg.args);
        return this.whole(arg, signless);
      }
      case "f64.ceil":
      case "f64.nearest":
        return this.whole(expr.args[0]!, signless);
      case "f64.select": {
        const [condition, then, otherwise] = expr.args as readonly [Expr, Expr, Expr];
        const a = this.whole(then, signless);
        const b = a && this.whole(otherwise, signless);
        return b && operate("i32.select", this.value(condition), a, b);
      }
      case "element": {
        const { dtype } = expr.access.array.array;
        if (dtype.startsWith("float") || dtype === "uint32") return undefined;
        return { ...expr, kind: "i32", access: this.access(expr.access) };
      }
      default:
        return undefined;
    }
  }

  /** As ToInt32 makes it, by 32-bit arithmetic alone, if that is possible. */
  wrapped(expr: Expr): Expr | undefined {
    return this.whole(expr, true) ?? this.#modulo(expr);
  }

  /** A sum or product whose exact value is below 2⁵³, modulo 2³². */
  #modulo(expr: Expr): Expr | undefined {
    if (expr.op !== "f64.add" && expr.op !== "f64.sub" && expr.op !== "f64.mul") return undefined;
    if (!this.facts.interval(expr).whole) return undefined;
    const [a, b] = expr.args.map((each) => this.whole(each, true) ?? this.#modulo(each));
    return a && b && operate(ring[expr.op]!, a, b);
  }

  #quotient(op: "i32.div_s" | "i32.rem_s", args: readonly Expr[]): Expr | undefined {
    const [a, b] = args as readonly [Expr, Expr];
    if (this.facts.interval(a).low < 0 || this.facts.interval(b).low < 1) return undefined;
    const dividend = this.whole(a, true);
    const divisor = dividend && this.whole(b, true);
    return divisor && operate(op, dividend, divisor);
  }

  #get(expr: Get): Get {
    const made = this.narrowed.get(expr.local)!;
    return { op: "get", kind: "i32", lanes: 1, local: made };
  }

  /** What an i32 counter is compared with in place of the bound of its loop. */
  bound(to: Expr, step: number, from: Expr): Expr {
    const interval = this.facts.interval(to);
    if (fits32(interval)) return this.whole(to, true) ?? this.forced(to);
    const value = this.value(to);
    const next = operate(
      "i32.trunc_sat_f64_s",
      operate(step > 0 ? "f64.ceil" : "f64.floor", value),
    );
    if (!interval.nan) return next;
    return operate("i32.select", operate("f64.eq", value, value), next, from);
  }
}

/** A check that a variable's magnitude is small enough for counters below it to be i32. */
export function isBounded(value: Expr, limit: number): Expr {
  return operate("f64.le", operate("f64.abs", value), f64(limit));
}

/** A check that a counter which starts so is never −0. */
export function isNotNegativeZero(value: Expr): Expr {
  return operate("i64.ne", operate("i64.reinterpret_f64", value), i64(-(2n ** 63n)));
}

/** Whether a check of an index would be lost with the expression. */
function readsMemory(expr: Expr): boolean {
  return everyOperand(expr).some(({ op }) => op === "element");
}
