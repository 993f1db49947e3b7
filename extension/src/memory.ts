/**
 * What a reader has done to a figure and expects to find again after it was drawn anew, in another
 * theme or width, or with new data: an open table, a hidden curve, a zoom. Lives as long as the output.
 */

/** Named states; a view asks for its own. */
export class Memory {
  readonly #states = new Map<string, unknown>();

  /** The state of this name, which is made at the first time and changed in place from then on. */
  of<T extends object>(name: string, first: () => T): T {
    if (!this.#states.has(name)) this.#states.set(name, first());
    // whoever uses a name uses it with one type
    return this.#states.get(name) as T;
  }
}
