/**
 * One point of a walk through the code: what is known of the variables there, as intervals and as
 * polynomials of others, and the counters of the loops around it.
 */
import { Forms, Polynomial, type CounterRange } from "./affine.js";
import { Facts } from "./facts.js";
import type { Expr, For, If, Local, Prange, Stmt } from "./ir.js";
import { everyOperand, setIn } from "./walk.js";

/** Bounds of loops that are no polynomials, each with a variable that stands for it. */
export type Opaque = Map<Local, Expr>;

export class Place {
  readonly forms: Forms;

  private constructor(
    readonly facts: Facts,
    forms: Forms | undefined,
    readonly innermostFirst: readonly CounterRange[],
    readonly opaque: Opaque,
  ) {
    this.forms = forms ? forms.copy(facts.exact) : new Forms(facts.exact);
  }

  static start(lengths: ReadonlySet<Local>): Place {
    return new Place(new Facts(lengths), undefined, [], new Map());
  }

  copy(): Place {
    return new Place(this.facts.copy(), this.forms, this.innermostFirst, this.opaque);
  }

  /** In a branch. */
  branch({ condition }: If, holds: boolean): Place {
    const made = this.copy();
    made.facts.assume(condition, holds);
    return made;
  }

  /** In the body of a loop, in any iteration. */
  inside(loop: Extract<Stmt, { body: readonly Stmt[] }>): Place {
    const set = setIn([loop]);
    const counted = loop.op === "for" || loop.op === "prange";
    const range = counted && this.#range(loop, set);
    const interval = counted && this.facts.counter(loop);
    const made = new Place(
      this.facts.copy(),
      this.forms,
      range ? [range, ...this.innermostFirst] : this.innermostFirst,
      this.opaque,
    );
    if (loop.op !== "block") made.forget(set);
    if (interval) made.facts.set((loop as For).counter, interval);
    return made;
  }

  /** Goes behind a statement. */
  pass(stmt: Stmt): void {
    if (stmt.op === "set") {
      this.forms.pass(stmt);
      this.facts.set(stmt.local, this.facts.interval(stmt.value));
      return;
    }
    const lengths = stmt.op === "allocate" ? stmt.lengths.map((e) => this.facts.interval(e)) : [];
    this.forget(setIn([stmt]));
    if (stmt.op !== "allocate") return;
    stmt.array.shape.forEach((length, axis) => {
      const interval = lengths[axis]!;
      if (interval.whole && interval.low >= 0) this.facts.set(length, interval);
    });
  }

  /** The bound of a loop as a polynomial, of a variable that stands for it if need be. */
  bound(expr: Expr): Polynomial {
    const form = this.forms.of(expr);
    if (form) return form;
    const local: Local = { name: "bound", kind: "i32", lanes: 1 };
    this.opaque.set(local, expr);
    this.facts.set(local, this.facts.interval(expr));
    return Polynomial.of(local);
  }

  forget(set: ReadonlySet<Local>): void {
    this.facts.forget(set);
    this.forms.forget(set);
  }

  #range({ counter, from, to, step }: For | Prange, set: ReadonlySet<Local>): CounterRange {
    const one = Polynomial.constant(1);
    if (counter.kind !== "i32") return { counter, least: undefined, greatest: undefined };
    const first = this.#lasting(from, set);
    const end = this.#lasting(to, set);
    return step > 0
      ? { counter, least: first, greatest: end?.minus(one) }
      : { counter, least: end?.plus(one), greatest: first };
  }

  /** A bound in terms of what the loop doesn't change. */
  #lasting(expr: Expr, set: ReadonlySet<Local>): Polynomial | undefined {
    const form = this.bound(expr);
    const depends = (local: Local): boolean => {
      const opaque = this.opaque.get(local);
      return set.has(local) || (opaque !== undefined && readsAny(opaque, set));
    };
    return [...form.locals].some(depends) ? undefined : form;
  }
}

/** Whether an expression reads one of the variables, or any element. */
export function readsAny(expr: Expr, locals: ReadonlySet<Local>): boolean {
  return [...everyOperand(expr)].some(
    (part) => part.op === "element" || (part.op === "get" && locals.has(part.local)),
  );
}
