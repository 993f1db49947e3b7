/**
 * Whether two iterations of a loop can touch the same element of an array, one of them writing it.
 * They can't if along some axis every access of the loop has an index c·i + r with the same c and an
 * r that can't make up for a step of the counter i: other residues, a range narrower than c, further
 * off than c·i ever goes, or by whole rows of which c·i stays inside one.
 */
import {
  extremes,
  Forms,
  isNotNegative,
  isPositive,
  Polynomial,
  type CounterRange,
} from "../affine.js";
import type { Access, For, Local, Prange, Stmt } from "../ir.js";
import { everyOperand, expressions, setIn } from "../walk.js";

/** One access of a loop's body, with the counters of the loops around it inside the body. */
export interface Touch {
  readonly access: Access;
  readonly writes: boolean;
  readonly forms: readonly (Polynomial | undefined)[];
  readonly innermostFirst: readonly CounterRange[];
}

/** Every access in the body of a loop. */
export function touches(loop: Prange): readonly Touch[] {
  const found: Touch[] = [];
  const forms = new Forms();
  visit(loop.body, forms, []);
  return found;

  function visit(body: readonly Stmt[], forms: Forms, around: readonly CounterRange[]): void {
    const note = (access: Access, writes: boolean): void => {
      const indices = access.indices.map((index) => forms.of(index));
      found.push({ access, writes, forms: indices, innermostFirst: around });
    };
    for (const stmt of body) {
      for (const expr of expressions(stmt)) {
        for (const part of everyOperand(expr)) if (part.op === "element") note(part.access, false);
      }
      switch (stmt.op) {
        case "if":
          visit(stmt.then, forms.copy(), around);
          visit(stmt.otherwise, forms.copy(), around);
          forms.forget(setIn([stmt]));
          break;
        case "for":
        case "prange":
        case "loop": {
          const range = stmt.op === "loop" ? [] : [counterRange(stmt, forms)];
          forms.forget(setIn([stmt]));
          visit(stmt.body, forms.copy(), [...range, ...around]);
          break;
        }
        case "block":
          visit(stmt.body, forms.copy(), around);
          forms.forget(setIn([stmt]));
          break;
        default:
          if (stmt.op === "store") note(stmt.access, true);
          forms.pass(stmt);
      }
    }
  }
}

/** What a counter lies between, if it is whole. */
export function counterRange(
  { counter, from, to, step }: For | Prange,
  forms: Forms,
): CounterRange {
  if (!Number.isInteger(step)) return { counter, least: undefined, greatest: undefined };
  const start = forms.of(from);
  const end = forms.of(to);
  return step > 0
    ? { counter, least: start, greatest: end?.minus(Polynomial.constant(1)) }
    : { counter, least: end?.plus(Polynomial.constant(1)), greatest: start };
}

/** What is known of the variables of a loop. */
export class Ground {
  readonly #set: ReadonlySet<Local>;

  constructor(
    readonly loop: Prange,
    /** The variables that hold lengths: whole numbers that aren't negative. */
    readonly lengths: ReadonlySet<Local>,
  ) {
    this.#set = setIn(loop.body);
  }

  /** Whether the variable is the same in every iteration. */
  invariant(local: Local): boolean {
    return local !== this.loop.counter && !this.#set.has(local);
  }

  /** The variables that must be whole and not negative for the accesses to the array to be apart; undefined if they may meet all the same. */
  apart(all: readonly Touch[]): ReadonlySet<Local> | undefined {
    const axes = Math.min(...all.map(({ forms }) => forms.length));
    for (let axis = 0; axis < axes; axis++) {
      const assumed = this.#apartAlong(all, axis);
      if (assumed) return assumed;
    }
    return undefined;
  }

  #apartAlong(all: readonly Touch[], axis: number): ReadonlySet<Local> | undefined {
    const { counter, step } = this.loop;
    const parts: { coefficient: Polynomial; rest: Polynomial; touch: Touch }[] = [];
    for (const touch of all) {
      const split = touch.forms[axis]?.split(counter);
      if (!split) return undefined;
      const [coefficient, rest] = split;
      const inner = new Set(touch.innermostFirst.map((range) => range.counter));
      if (![...coefficient.locals].every((each) => this.invariant(each))) return undefined;
      if (![...rest.locals].every((each) => this.invariant(each) || inner.has(each))) {
        return undefined;
      }
      parts.push({ coefficient, rest, touch });
    }
    const stride = parts[0]!.coefficient.scaled(Math.abs(step));
    if (stride.terms.length === 0) return undefined;
    if (!parts.every((part) => part.coefficient.equals(parts[0]!.coefficient))) return undefined;
    if (this.#residues(parts, stride)) return new Set();
    return this.#ranges(parts, stride) ?? this.#distances(parts) ?? this.#rows(parts);
  }

  /** Whether the rests differ by constants that no number of strides makes up for. */
  #residues(parts: readonly { readonly rest: Polynomial }[], stride: Polynomial): boolean {
    return parts.every((a) =>
      parts.every((b) => {
        const difference = a.rest.minus(b.rest).value;
        if (difference === undefined) return false;
        const counters = [...a.rest.locals].some((each) => !this.invariant(each));
        if (counters) return false;
        return difference === 0 || (stride.value !== undefined && difference % stride.value !== 0);
      }),
    );
  }

  /** Whether the rests stay within less than a stride of each other, given that some variables are whole and not negative. */
  #ranges(
    parts: readonly { readonly rest: Polynomial; readonly touch: Touch }[],
    stride: Polynomial,
  ): ReadonlySet<Local> | undefined {
    const assumed = new Set<Local>();
    const own = counterRange(this.loop, new Forms());
    const inner = parts.flatMap(({ touch }) => touch.innermostFirst);
    const ranges = new Map([own, ...inner].map((range) => [range.counter, range]));
    const notNegative = (local: Local): boolean => {
      const range = ranges.get(local);
      if (range) return range.least !== undefined && isNotNegative(range.least, notNegative);
      if (!this.invariant(local)) return false;
      if (!this.lengths.has(local)) assumed.add(local);
      return true;
    };
    const width = stride.value !== undefined ? Polynomial.constant(Math.abs(stride.value)) : stride;
    const ends = parts.map(({ rest, touch }) =>
      extremes(rest, [...touch.innermostFirst, own], notNegative),
    );
    for (const { greatest } of ends) {
      for (const { least } of ends) {
        if (!greatest || !least) return undefined;
        if (![...greatest.locals, ...least.locals].every((each) => this.invariant(each))) {
          return undefined;
        }
        if (!isPositive(width.minus(greatest.minus(least)), notNegative)) return undefined;
      }
    }
    const triangular = inner.some(({ least, greatest }) =>
      [least, greatest].some((end) => end?.mentions(own.counter)),
    );
    for (const range of triangular ? ranges.values() : inner) this.#assumeWhole(range, assumed);
    return assumed;
  }

  /** Whether the rests are the same or further apart than the counter goes, given that some variables are whole and not negative. */
  #distances(
    parts: readonly { readonly coefficient: Polynomial; readonly rest: Polynomial }[],
  ): ReadonlySet<Local> | undefined {
    const assumed = new Set<Local>();
    const own = counterRange(this.loop, new Forms());
    const by = parts[0]!.coefficient.value;
    const extent = own.least && own.greatest?.minus(own.least);
    if (by === undefined || !extent) return undefined;
    const reach = extent.scaled(Math.abs(by));
    const notNegative = (local: Local): boolean => {
      if (!this.invariant(local)) return false;
      if (!this.lengths.has(local)) assumed.add(local);
      return true;
    };
    for (const a of parts) {
      for (const b of parts) {
        const distance = a.rest.minus(b.rest);
        if (![...a.rest.locals].every((each) => this.invariant(each))) return undefined;
        const far = (each: Polynomial): boolean => isPositive(each.minus(reach), notNegative);
        const same = distance.terms.length === 0;
        if (!same && !far(distance) && !far(distance.scaled(-1))) return undefined;
      }
    }
    this.#assumeWhole(own, assumed);
    return assumed;
  }

  /** Whether the rests differ by multiples of a length that the counter stays below, given that some variables are whole and not negative. */
  #rows(
    parts: readonly {
      readonly coefficient: Polynomial;
      readonly rest: Polynomial;
      readonly touch: Touch;
    }[],
  ): ReadonlySet<Local> | undefined {
    const assumed = new Set<Local>();
    const own = counterRange(this.loop, new Forms());
    const by = parts[0]!.coefficient.value;
    const extent = own.least && own.greatest?.minus(own.least);
    const [row] = parts
      .flatMap(({ rest }) => rest.terms)
      .filter(({ factors }) => !factors.every((each) => this.invariant(each)))
      .map((term) => ({ ...term, factors: term.factors.filter((each) => this.invariant(each)) }))
      .sort((a, b) => a.factors.length - b.factors.length);
    if (by === undefined || !extent || !row) return undefined;
    const notNegative = (local: Local): boolean => {
      if (!this.invariant(local)) return false;
      if (!this.lengths.has(local)) assumed.add(local);
      return true;
    };
    const width = Polynomial.sum([row]);
    if (!isPositive(width.minus(extent.scaled(Math.abs(by))), notNegative)) return undefined;
    const offset = parts[0]!.rest.modulo(row);
    if (![...offset.locals].every((each) => this.invariant(each))) return undefined;
    // how many rows apart two accesses are has to be whole, and so the counters and what they start from
    const isWhole = (local: Local, innermostFirst: readonly CounterRange[]): boolean => {
      if (local === this.loop.counter) return true;
      const range = innermostFirst.find(({ counter }) => counter === local);
      if (range) {
        return [range.least, range.greatest].every(
          (end) =>
            end !== undefined && [...end.locals].every((each) => isWhole(each, innermostFirst)),
        );
      }
      if (local.kind === "f64" && !this.lengths.has(local)) assumed.add(local);
      return this.invariant(local);
    };
    for (const { rest, touch } of parts) {
      const difference = rest.minus(offset);
      if (difference.modulo(row).terms.length > 0) return undefined;
      if (![...difference.locals].every((each) => isWhole(each, touch.innermostFirst)))
        return undefined;
    }
    this.#assumeWhole(own, assumed);
    return assumed;
  }

  #assumeWhole({ least, greatest }: CounterRange, assumed: Set<Local>): void {
    for (const each of [...(least?.locals ?? []), ...(greatest?.locals ?? [])]) {
      if (each.kind === "f64" && this.invariant(each)) assumed.add(each);
    }
  }
}

/** The index as a person would write it. */
export function written({ access, forms }: Touch, name: string): string {
  const indices = forms.map((form) => (form ? print(form) : "…"));
  const { array } = access.array;
  return array.typed ? `${name}[${indices.join(", ")}]` : `${name} at (${indices.join(", ")})`;
}

function print(form: Polynomial): string {
  if (form.terms.length === 0) return "0";
  const terms = [...form.terms].sort((a, b) => b.factors.length - a.factors.length);
  return terms
    .map(({ coefficient, factors }, i) => {
      const size = Math.abs(coefficient);
      const names = factors.map(({ name }) => name);
      const product = (size === 1 && names.length > 0 ? names : [String(size), ...names]).join(
        " * ",
      );
      const sign = coefficient < 0 ? "-" : "+";
      return i === 0 ? (coefficient < 0 ? `-${product}` : product) : `${sign} ${product}`;
    })
    .join(" ");
}
