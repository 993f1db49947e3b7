/**
 * Replaces a method by one that calls it. It refuses to touch what it doesn't recognise, so that a
 * repair made for one tslab leaves another one as it is.
 */

/** Thrown where something isn't what a repair was made for. */
export class MismatchError extends Error {}

/** Replaces `owner[name]`, a method with `arity` parameters, by `around(original)`. */
export function wrap<Owner extends object, Name extends keyof Owner & string>(
  owner: Owner,
  name: Name,
  arity: number,
  around: (original: Owner[Name]) => Owner[Name],
): void {
  const original: unknown = owner[name];
  if (typeof original !== "function" || original.length !== arity) {
    throw new MismatchError(`${name} is not a function of ${arity} parameters`);
  }
  owner[name] = around(owner[name]);
}
