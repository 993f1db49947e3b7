/**
 * An emitter that binds a value once: a name for what is computed already, and whose variables have
 * not been set since, costs nothing. Values that read memory are computed anew.
 */
import { Emitter } from "./build.js";
import type { Expr, Get, Local, Stmt } from "./ir.js";
import { localsOf, ValueNumbers } from "./value-numbers.js";
import { setIn, someOperand } from "./walk.js";

export class SharingEmitter extends Emitter {
  readonly #numbers: ValueNumbers;
  readonly #bound = new Map<number, Get>();
  /** By variable, the values that are computed from it. */
  readonly #dependent = new Map<Local, Set<number>>();

  /** An emitter of statements inside those of `outer` knows what is bound there. */
  constructor(outer?: SharingEmitter) {
    super();
    this.#numbers = outer ? outer.#numbers : new ValueNumbers();
    if (!outer) return;
    for (const [number, bound] of outer.#bound) this.#bound.set(number, bound);
    for (const [of, numbers] of outer.#dependent) this.#dependent.set(of, new Set(numbers));
  }

  override emit(...statements: readonly Stmt[]): void {
    super.emit(...statements);
    this.forget(setIn(statements));
  }

  /** Statements that set these variables run before what is emitted next. */
  forget(locals: Iterable<Local>): void {
    for (const local of locals) {
      for (const number of this.#dependent.get(local) ?? []) this.#bound.delete(number);
      this.#dependent.delete(local);
    }
  }

  override bind(name: string, value: Expr): Expr {
    return this.once(value, () => super.bind(name, value));
  }

  override once(value: Expr, make: () => Expr): Expr {
    if (someOperand(value, ({ op }) => op === "element" || op === "load")) return make();
    const number = this.#numbers.of(value);
    const known = this.#bound.get(number);
    if (known) return known;
    const made = make();
    if (made.op !== "get") return made;
    this.#bound.set(number, made);
    for (const local of [...localsOf(value), made.local]) {
      const dependent = this.#dependent.get(local) ?? new Set();
      this.#dependent.set(local, dependent.add(number));
    }
    return made;
  }
}
