/**
 * Index expressions as polynomials over variables, and a proof that such a polynomial is positive.
 * An expression becomes one only where its operations are exact on the whole numbers that indices
 * are; what a variable is (a counter, a length, an argument) the passes that ask know.
 */
import type { Expr, Local, Stmt } from "./ir.js";
import { arrayLocals, setIn } from "./walk.js";

/** A coefficient times a product of variables. */
export interface Term {
  readonly coefficient: number;
  readonly factors: readonly Local[];
}

/** Coefficients and constants beyond this are left alone, so that sums of them stay exact. */
const largest = 2 ** 31;

const numbers = new WeakMap<Local, number>();
let next = 0;

function numberOf(local: Local): number {
  let known = numbers.get(local);
  if (known === undefined) numbers.set(local, (known = next++));
  return known;
}

/** A sum of terms, kept in one normal form: equal polynomials have equal keys. */
export class Polynomial {
  static readonly zero = new Polynomial([]);

  private constructor(readonly terms: readonly Term[]) {}

  static constant(value: number): Polynomial {
    return value === 0 ? Polynomial.zero : new Polynomial([{ coefficient: value, factors: [] }]);
  }

  static of(local: Local): Polynomial {
    return new Polynomial([{ coefficient: 1, factors: [local] }]);
  }

  /** The sum of terms of any order; terms of the same factors are added. */
  static sum(terms: readonly Term[]): Polynomial {
    const sums = new Map<string, Term>();
    for (const term of terms) {
      const key = keyOf(term);
      const coefficient = (sums.get(key)?.coefficient ?? 0) + term.coefficient;
      if (coefficient === 0) sums.delete(key);
      else sums.set(key, { coefficient, factors: term.factors });
    }
    const sorted = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
    return new Polynomial(sorted.map(([, term]) => term));
  }

  plus(other: Polynomial): Polynomial {
    return Polynomial.sum([...this.terms, ...other.terms]);
  }

  minus(other: Polynomial): Polynomial {
    return this.plus(other.scaled(-1));
  }

  times(other: Polynomial): Polynomial {
    return Polynomial.sum(
      this.terms.flatMap((a) =>
        other.terms.map((b) => ({
          coefficient: a.coefficient * b.coefficient,
          factors: [...a.factors, ...b.factors].sort((x, y) => numberOf(x) - numberOf(y)),
        })),
      ),
    );
  }

  scaled(by: number): Polynomial {
    return Polynomial.sum(this.terms.map((t) => ({ ...t, coefficient: t.coefficient * by })));
  }

  equals(other: Polynomial): boolean {
    return this.key === other.key;
  }

  get key(): string {
    return this.terms.map((term) => `${term.coefficient}*${keyOf(term)}`).join("+");
  }

  /** The value if no variable is left. */
  get value(): number | undefined {
    if (this.terms.length === 0) return 0;
    return this.terms.length === 1 && this.terms[0]!.factors.length === 0
      ? this.terms[0]!.coefficient
      : undefined;
  }

  get locals(): ReadonlySet<Local> {
    return new Set(this.terms.flatMap(({ factors }) => factors));
  }

  mentions(local: Local): boolean {
    return this.terms.some(({ factors }) => factors.includes(local));
  }

  /** `[c, r]` with this = c · local + r and neither containing it; undefined if its square occurs. */
  split(local: Local): readonly [coefficient: Polynomial, rest: Polynomial] | undefined {
    const coefficient: Term[] = [];
    const rest: Term[] = [];
    for (const term of this.terms) {
      const times = term.factors.filter((each) => each === local).length;
      if (times > 1) return undefined;
      if (times === 0) rest.push(term);
      else coefficient.push({ ...term, factors: term.factors.filter((each) => each !== local) });
    }
    return [Polynomial.sum(coefficient), Polynomial.sum(rest)];
  }

  /** The terms that are no multiples of another, with whole numbers for the variables. */
  modulo(by: Term): Polynomial {
    const isMultiple = ({ coefficient, factors }: Term): boolean => {
      const left = [...factors];
      for (const each of by.factors) {
        const at = left.indexOf(each);
        if (at < 0) return false;
        left.splice(at, 1);
      }
      return coefficient % by.coefficient === 0;
    };
    return Polynomial.sum(this.terms.filter((term) => !isMultiple(term)));
  }

  /** The polynomial with a variable replaced. */
  substitute(local: Local, by: Polynomial): Polynomial | undefined {
    const parts = this.split(local);
    return parts && parts[0].times(by).plus(parts[1]);
  }
}

function keyOf({ factors }: Term): string {
  return factors.map(numberOf).join(".");
}

/**
 * What the variables stand for at one point of a walk through the code: those that were last set to
 * a polynomial of others, none of which has changed since, are replaced by it.
 */
export class Forms {
  readonly #known = new Map<Local, Polynomial>();

  /** @param exact whether 32-bit arithmetic (or a conversion to 32 bits) gives the very value here. */
  constructor(readonly exact: (expr: Expr) => boolean = () => false) {}

  copy(exact = this.exact): Forms {
    const made = new Forms(exact);
    for (const [local, form] of this.#known) made.#known.set(local, form);
    return made;
  }

  /** Forgets all that depends on these variables' values. */
  forget(locals: ReadonlySet<Local>): void {
    if (locals.size === 0) return;
    for (const [local, form] of this.#known) {
      if (locals.has(local) || form.terms.some((t) => t.factors.some((f) => locals.has(f)))) {
        this.#known.delete(local);
      }
    }
  }

  /** Takes note of a statement that isn't a loop, a branch or a block. */
  pass(stmt: Stmt): void {
    if (stmt.op === "set") {
      const form = this.of(stmt.value);
      this.forget(new Set([stmt.local]));
      if (form && !form.mentions(stmt.local)) this.#known.set(stmt.local, form);
    } else if (stmt.op === "allocate") {
      this.forget(new Set(arrayLocals(stmt.array)));
    } else this.forget(setIn([stmt]));
  }

  /** The polynomial of an expression, if it is one. */
  of(expr: Expr): Polynomial | undefined {
    if (expr.lanes !== 1) return undefined;
    switch (expr.op) {
      case "const": {
        const value = Number(expr.value);
        return Number.isInteger(value) && Math.abs(value) <= largest
          ? Polynomial.constant(value)
          : undefined;
      }
      case "get":
        return this.#known.get(expr.local) ?? Polynomial.of(expr.local);
      case "f64.convert_i32_s":
        return this.of(expr.args[0]!);
      case "f64.neg":
        return this.of(expr.args[0]!)?.scaled(-1);
      case "i32.trunc_sat_f64_s":
        return this.exact(expr) ? this.of(expr.args[0]!) : undefined;
      case "i32.add":
      case "f64.add":
        if (expr.kind === "i32" && !this.exact(expr)) return undefined;
        return this.#both(expr.args, (a, b) => a.plus(b));
      case "i32.sub":
      case "f64.sub":
        if (expr.kind === "i32" && !this.exact(expr)) return undefined;
        return this.#both(expr.args, (a, b) => a.minus(b));
      case "i32.mul":
      case "f64.mul":
        if (expr.kind === "i32" && !this.exact(expr)) return undefined;
        return this.#both(expr.args, (a, b) => a.times(b));
      default:
        return undefined;
    }
  }

  /** A sum or product from which no variable falls out: (i + h) − h isn't i when h is 1e300, nor 0 · h 0. */
  #both(
    [a, b]: readonly Expr[],
    combine: (a: Polynomial, b: Polynomial) => Polynomial,
  ): Polynomial | undefined {
    const x = this.of(a!);
    const y = x && this.of(b!);
    if (!y) return undefined;
    const form = combine(x, y);
    const kept = form.locals;
    const whole = [...x.locals, ...y.locals].every((local) => kept.has(local));
    const small = form.terms.every((t) => Math.abs(t.coefficient) <= largest);
    return whole && small && form.terms.length <= 12 ? form : undefined;
  }
}

/** A loop's counter and what it lies between: the least value, and the greatest or what it stays below. */
export interface CounterRange {
  readonly counter: Local;
  /** Undefined where it isn't a polynomial. */
  readonly least: Polynomial | undefined;
  readonly greatest: Polynomial | undefined;
}

/** The polynomials between which a polynomial of counters lies, as far as they are known. */
export function extremes(
  form: Polynomial,
  innermostFirst: readonly CounterRange[],
  notNegative: (local: Local) => boolean,
): { readonly least: Polynomial | undefined; readonly greatest: Polynomial | undefined } {
  const reach = (start: Polynomial, up: boolean): Polynomial | undefined => {
    let reached = start;
    for (const { counter, least, greatest } of innermostFirst) {
      const parts = reached.split(counter);
      if (!parts) return undefined;
      const [coefficient, rest] = parts;
      if (coefficient.terms.length === 0) continue;
      const rises = isNotNegative(coefficient, notNegative);
      if (!rises && !isNotNegative(coefficient.scaled(-1), notNegative)) return undefined;
      const end = rises === up ? greatest : least;
      if (!end) return undefined;
      reached = coefficient.times(end).plus(rest);
    }
    return reached;
  };
  return { least: reach(form, false), greatest: reach(form, true) };
}

/** Whether no term is negative, for variables that aren't. */
export function isNotNegative(form: Polynomial, notNegative: (local: Local) => boolean): boolean {
  return form.terms.every((t) => t.coefficient >= 0 && t.factors.every(notNegative));
}

/** Whether no term is negative and a positive constant is among them. */
export function isPositive(form: Polynomial, notNegative: (local: Local) => boolean): boolean {
  return (
    isNotNegative(form, notNegative) &&
    form.terms.some((t) => t.factors.length === 0 && t.coefficient > 0)
  );
}
