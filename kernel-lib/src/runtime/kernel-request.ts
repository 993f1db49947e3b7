/** What a kernel asks the compiler for, whatever this machine makes of it. */
import type { CompileRequest } from "../compiler/types.js";

export interface KernelRequest extends Omit<CompileRequest, "options"> {
  /** Some of the arrays share memory. */
  readonly aliased: boolean;
}
