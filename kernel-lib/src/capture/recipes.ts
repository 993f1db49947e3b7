/**
 * Functions that don't travel by their text, since another function made them: a compiled kernel is
 * made anew on the other side. Who makes such functions registers how; nothing here knows them.
 */
import type { AnyFunction } from "./function-reader.js";

/** `maker(...args)` gives such a function again. */
export interface Recipe {
  /** Exported by hotcell. */
  readonly maker: AnyFunction;
  readonly args: readonly unknown[];
}

const cooks: ((fn: AnyFunction) => Recipe | undefined)[] = [];

/** Registers how to make certain functions again; undefined for any other function. */
export function addRecipe(cook: (fn: AnyFunction) => Recipe | undefined): void {
  cooks.push(cook);
}

export function recipeOf(fn: AnyFunction): Recipe | undefined {
  for (const cook of cooks) {
    const recipe = cook(fn);
    if (recipe) return recipe;
  }
  return undefined;
}
