/**
 * Gives the ends of inner loops variables that are set before the `prange` around them, where they
 * are the same in all its iterations. `narrow` asks of a variable, once, whether it fits an integer.
 */
import { collect, type Emitter } from "../build.js";
import type { Expr, For, Kernel, Local, Prange, Stmt } from "../ir.js";
import { everyOperand, mapParts, setIn } from "../walk.js";

export function liftEnds(kernel: Kernel): Kernel {
  const list = (body: readonly Stmt[]): readonly Stmt[] =>
    body.flatMap((stmt) =>
      stmt.op === "prange"
        ? collect((e) => {
            e.emit(lifted(e, stmt));
          })
        : [mapParts(stmt, { body: list })],
    );
  return { ...kernel, body: list(kernel.body) };
}

function lifted(e: Emitter, loop: Prange): Stmt {
  const varying = setIn([loop]);
  const list = (body: readonly Stmt[]): readonly Stmt[] =>
    body.map((stmt) => {
      const inner = mapParts(stmt, { body: list });
      return inner.op === "for" ? withEnd(e, inner, varying) : inner;
    });
  return { ...loop, body: list(loop.body) };
}

function withEnd(e: Emitter, loop: For, varying: ReadonlySet<Local>): Stmt {
  const { to } = loop;
  return to.op !== "get" && isSame(to, varying) ? { ...loop, to: e.bind("end", to) } : loop;
}

/** Whether the value is the same in all iterations, and nothing in it can fail. */
function isSame(expr: Expr, varying: ReadonlySet<Local>): boolean {
  return everyOperand(expr).every(
    (part) => part.op !== "element" && !(part.op === "get" && varying.has(part.local)),
  );
}
