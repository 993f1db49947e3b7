/**
 * Names and what they stand for, block by block. Knows JavaScript's rules of visibility; what a value
 * is it doesn't ask.
 */
import type { Stmt } from "../ir.js";

export interface Binding<Value> {
  readonly name: string;
  /** Undefined before its declaration was reached. */
  value: Value | undefined;
  /** "const" may not be assigned to, a "variable" may. */
  readonly kind: "const" | "variable";
  /** It is assigned to somewhere after its declaration, so it needs variables of its own. */
  readonly assigned: boolean;
  /** For a variable declared without a value: what makes it undefined goes in here, once its type is known. */
  blank?: Stmt[];
}

export class Scope<Value> {
  readonly #bindings = new Map<string, Binding<Value>>();

  /** @param depth - Of how many functions of their own (recursive ones) it is inside. */
  constructor(
    readonly parent: Scope<Value> | undefined,
    readonly depth: number = parent?.depth ?? 0,
  ) {}

  declare(binding: Binding<Value>): Binding<Value> {
    this.#bindings.set(binding.name, binding);
    return binding;
  }

  own(name: string): Binding<Value> | undefined {
    return this.#bindings.get(name);
  }

  /** The binding that a name refers to here, and the scope that holds it. */
  find(
    name: string,
  ): { readonly binding: Binding<Value>; readonly scope: Scope<Value> } | undefined {
    const binding = this.#bindings.get(name);
    if (binding) return { binding, scope: this };
    return this.parent?.find(name);
  }
}
