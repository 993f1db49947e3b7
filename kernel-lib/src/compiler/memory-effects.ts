/**
 * What statements may write to memory, and so which reads may give something else behind them.
 * Two arrays share memory if they are one, if either is a view, or if the caller said so.
 */
import type { ArrayLocal, Expr, Load, Stmt } from "./ir.js";
import { everyStmt, someOperand } from "./walk.js";

export class MemoryEffects {
  readonly #written: (ArrayLocal | undefined)[] = [];
  #anything = false;

  constructor(
    body: readonly Stmt[],
    readonly aliased: boolean,
  ) {
    for (const stmt of everyStmt(body)) {
      if (stmt.op === "write") this.#written.push(stmt.array);
      else if (stmt.op === "store") this.#written.push(stmt.access.array);
      else if (stmt.op === "call" || stmt.op === "parallel" || stmt.op === "prange") {
        this.#anything = true;
      }
    }
  }

  /** Whether nothing is written. */
  get none(): boolean {
    return !this.#anything && this.#written.length === 0;
  }

  /** Whether a read in the expression may give something else afterwards. */
  change(expr: Expr): boolean {
    if (this.none) return false;
    return someOperand(expr, (part) => part.op === "load" && this.#changeLoad(part));
  }

  #changeLoad({ array }: Load): boolean {
    return this.#anything || this.#written.some((written) => this.#mayShare(array, written));
  }

  #mayShare(a: ArrayLocal | undefined, b: ArrayLocal | undefined): boolean {
    if (this.aliased || !a || !b) return true;
    return a.base === b.base || a.origin === "view" || b.origin === "view";
  }
}
