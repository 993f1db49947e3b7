/**
 * The condition under which accesses of a loop's body are inside their arrays in every iteration,
 * as an expression of the first and the last value of the counter. It is evaluated in float64, which
 * is exact as long as the terms of an index aren't huge and don't cancel.
 */
import { extremes, isNotNegative, isPositive, Polynomial, type CounterRange } from "./affine.js";
import { f64, get, i32, operate } from "./build.js";
import { fits32, type Interval } from "./interval.js";
import type { Access, Expr, Local } from "./ir.js";
import { readsAny, type Place } from "./place.js";

const largest32 = 2 ** 31 - 1;

/** The range of a loop's counter, as float64 expressions. */
export interface Ends {
  readonly counter: Local;
  readonly first: Expr;
  readonly last: Expr;
}

export class Guard {
  readonly #conditions = new Map<string, Expr>();
  /** The float64 variables that have to be whole. */
  readonly #wholes = new Set<Local>();
  readonly #notNegative = new Set<Local>();
  #covers = false;

  /**
   * @param range what is known of the counter anywhere in the body.
   * @param set what the loop's body sets.
   */
  constructor(
    readonly ends: Ends,
    readonly range: Interval,
    readonly set: ReadonlySet<Local>,
  ) {}

  /** All conditions; undefined if there are none. */
  get condition(): Expr | undefined {
    const wholes = [...this.#wholes].map(isWhole32);
    const signs = [...this.#notNegative].map((each) => operate("f64.ge", get(each), f64(0)));
    const all = [...wholes, ...signs, ...this.#conditions.values()];
    return !this.#covers || all.length === 0
      ? undefined
      : all.reduce((a, b) => operate("bool.and", a, b));
  }

  /** The access unchecked, if conditions that hold before the loop can see to it. */
  covered(access: Access, place: Place): Access | undefined {
    const forms = access.indices.map((index) => place.forms.of(index));
    const reaches = forms.map((form) => form && this.#reach(form, place));
    if (access.array.shape.some((length) => this.set.has(length))) return undefined;
    if (!reaches.every((reach) => reach !== undefined)) return undefined;
    const indices = access.indices.map((index) => modulo32(index, place, () => true));
    if (!indices.every((index) => index !== undefined)) return undefined;
    reaches.forEach((reach, axis) => {
      this.#add(reach, access.array.shape[axis]!, place);
    });
    this.#covers = true;
    return { ...access, indices, checked: false };
  }

  /** The least and the greatest index in terms of the counter and of what the loop doesn't change. */
  #reach(form: Polynomial, place: Place) {
    const { counter } = this.ends;
    const inner: CounterRange[] = [];
    for (const range of place.innermostFirst) {
      if (range.counter === counter) break;
      inner.push(range);
    }
    const signs = new Set<Local>();
    const notNegative = (local: Local): boolean => {
      if (place.facts.of(local).low >= 0) return true;
      if (local.kind !== "f64" || this.set.has(local)) return false;
      signs.add(local);
      return true;
    };
    const { least, greatest } = extremes(form, inner, notNegative);
    if (!least || !greatest) return undefined;
    for (const end of [least, greatest]) {
      if (!end.split(counter)) return undefined;
      if (![...end.locals].every((each) => each === counter || this.#lasts(each, place))) {
        return undefined;
      }
    }
    for (const end of [form, least, greatest]) {
      for (const each of end.locals) if (each.kind === "f64") this.#wholes.add(each);
    }
    for (const each of signs) this.#notNegative.add(each);
    return { least, greatest };
  }

  #lasts(local: Local, { opaque }: Place): boolean {
    const expr = opaque.get(local);
    return expr ? !readsAny(expr, this.set) : !this.set.has(local);
  }

  #add(
    { least, greatest }: { readonly least: Polynomial; readonly greatest: Polynomial },
    length: Local,
    place: Place,
  ): void {
    const above = operate("f64.convert_i32_s", get(length));
    for (const [form, low] of [
      [least, true],
      [greatest, false],
    ] as const) {
      const notNegative = (local: Local): boolean => place.facts.of(local).low >= 0;
      const proven = low
        ? isNotNegative(form, notNegative)
        : isPositive(Polynomial.of(length).minus(form), notNegative);
      if (proven) continue;
      const ends = form.mentions(this.ends.counter)
        ? [this.ends.first, this.ends.last]
        : [this.ends.first];
      ends.forEach((bare, end) => {
        const [at, clamp] = this.#clamped(bare, place);
        const value = this.#evaluate(form, at, place);
        const key = `${form.key}|${end}${clamp}`;
        const condition = low ? operate("f64.ge", value, f64(0)) : operate("f64.lt", value, above);
        this.#conditions.set(low ? `low ${key}` : `below ${lengthKey(length)} ${key}`, condition);
      });
    }
    if (!isTame(greatest, place) || !isTame(least, place)) {
      for (const at of [this.ends.first, this.ends.last]) {
        for (const form of [least, greatest]) {
          this.#conditions.set(
            `size ${form.key}|${at === this.ends.first}`,
            operate("f64.le", this.#evaluate(form, at, place, true), f64(2 ** 52)),
          );
        }
      }
    }
  }

  /** An end of the counter's range, moved to where the conditions around an access let it be. */
  #clamped(at: Expr, { facts }: Place): readonly [Expr, string] {
    const { low, high } = facts.of(this.ends.counter);
    const above = low > this.range.low ? operate("f64.max", at, f64(low)) : at;
    const inside = high < this.range.high ? operate("f64.min", above, f64(high)) : above;
    return [inside, inside === at ? "" : `in ${low}..${high}`];
  }

  /** The value of a polynomial at one end, or the sum of its terms' sizes. */
  #evaluate(form: Polynomial, at: Expr, place: Place, sizes = false): Expr {
    const sized = (value: Expr): Expr => (sizes ? operate("f64.abs", value) : value);
    const terms = form.terms.map(({ coefficient, factors }) => {
      const values = factors.map((local) =>
        sized(local === this.ends.counter ? at : number(place.opaque.get(local) ?? get(local))),
      );
      const constant = f64(sizes ? Math.abs(coefficient) : coefficient);
      if (values.length === 0) return constant;
      const product = values.reduce((a, b) => operate("f64.mul", a, b));
      return coefficient === 1 ? product : operate("f64.mul", constant, product);
    });
    return terms.length === 0 ? f64(0) : terms.reduce((a, b) => operate("f64.add", a, b));
  }
}

const keys = new WeakMap<Local, number>();
let count = 0;

function lengthKey(length: Local): number {
  let known = keys.get(length);
  if (known === undefined) keys.set(length, (known = count++));
  return known;
}

/** Whether float64 sums of the terms can't be misled: those that may be huge are all positive. */
export function isTame(form: Polynomial, { facts }: Place): boolean {
  return form.terms.every(({ coefficient, factors }) =>
    factors.length <= 1
      ? Math.abs(coefficient) <= 2 ** 16
      : coefficient > 0 && factors.every((local) => facts.of(local).low >= 0),
  );
}

function number(value: Expr): Expr {
  return value.kind === "i32" ? operate("f64.convert_i32_s", value) : value;
}

function isWhole32(local: Local): Expr {
  const value = get(local);
  return operate(
    "bool.and",
    operate("f64.eq", operate("f64.floor", value), value),
    operate("f64.le", operate("f64.abs", value), f64(largest32)),
  );
}

/** An index that is known to be inside, by arithmetic modulo 2³². */
export function modulo32(
  expr: Expr,
  place: Place,
  isSmall = (local: Local): boolean => fits32(place.facts.of(local)),
): Expr | undefined {
  if (expr.kind === "i32") return expr;
  switch (expr.op) {
    case "const":
      return i32(Number(expr.value));
    case "f64.convert_i32_s":
      return expr.args[0];
    case "get": {
      const form = place.forms.of(expr);
      return form && fromPolynomial(form, isSmall);
    }
    case "f64.add":
    case "f64.sub":
    case "f64.mul": {
      const [a, b] = expr.args.map((arg) => modulo32(arg, place, isSmall));
      return a && b && operate(`i32.${expr.op.slice(4) as "add" | "sub" | "mul"}`, a, b);
    }
    case "f64.neg": {
      const inner = modulo32(expr.args[0]!, place, isSmall);
      return inner && operate("i32.sub", i32(0), inner);
    }
    default:
      return undefined;
  }
}

function fromPolynomial(form: Polynomial, isSmall: (local: Local) => boolean): Expr | undefined {
  if (![...form.locals].every((local) => local.kind === "i32" || isSmall(local))) return undefined;
  const terms = form.terms.map(({ coefficient, factors }) => {
    const values: Expr[] = factors.map((local) =>
      local.kind === "i32" ? get(local) : operate("i32.trunc_sat_f64_s", get(local)),
    );
    if (coefficient !== 1 || values.length === 0) values.push(i32(coefficient));
    return values.reduce((a, b) => operate("i32.mul", a, b));
  });
  return terms.length === 0 ? i32(0) : terms.reduce((a, b) => operate("i32.add", a, b));
}
