/** What the renderer knows of a drawn figure. */
import type { Look } from "../look.js";
import type { Memory } from "../memory.js";

/** A figure as it stands in the page. */
export interface View {
  readonly node: HTMLElement;
  /** Lets go of everything outside `node`. */
  dispose(): void;
}

/** Draws one kind of figure, complete before it is put into the page. */
export type Draw<F> = (figure: F, look: Look, memory: Memory) => View | Promise<View>;
