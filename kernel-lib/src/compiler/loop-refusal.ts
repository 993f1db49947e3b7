/**
 * What a pass throws when it must refuse a loop: where, what and what to do instead. The compiler
 * makes a `CompileError` of it, which shows the line; a pass doesn't have the source.
 */
import type { Position } from "./types.js";

export class LoopRefusal extends Error {
  /**
   * @param problem reads after "kernel 'step'", as in "writes …".
   * @param remedy what to write instead.
   */
  constructor(
    readonly position: Position,
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`${problem}: ${remedy}`);
  }
}
