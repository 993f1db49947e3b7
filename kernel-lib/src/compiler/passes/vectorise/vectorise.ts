/**
 * Gives each parallel loop a body for several iterations at once, in the manner of ISPC (Pharr and
 * Mark 2012, "ispc: A SPMD compiler for high-performance CPU programming"): an iteration is a lane,
 * control flow becomes masks. Every lane computes what the scalar body would, in the same order.
 * Where iterations of a loop inside make the better lanes, or there is no other, those do.
 */
import type { Context } from "../../context.js";
import type { Kernel, Prange, Stmt } from "../../ir.js";
import { everyStmt, mapParts, winnerLocals } from "../../walk.js";
import { VectorBody } from "./body.js";
import { Divergence } from "./divergence.js";
import { InnerLoops } from "./inner.js";
import { Lanes } from "./lanes.js";
import { Nest } from "./nest.js";
import { costs, refusal, unprofitable, type Costs } from "./refusal.js";
import { withoutApart } from "./strip.js";

export function vectorise(kernel: Kernel, context: Context): Kernel {
  // what is decided is the same without vectors, so that the order of a reduction is
  const lanes = Math.max(context.options.lanes, 2);
  const loops = new InnerLoops(kernel, context, lanes);
  const outside = new Nest(loops, context);
  const list = (body: readonly Stmt[]): readonly Stmt[] =>
    body.flatMap((stmt) => {
      if (stmt.op === "prange") return [parallel(stmt, loops, context)];
      return holdsPrange([stmt])
        ? [mapParts(stmt, { body: list })]
        : outside.decide([stmt]).list([stmt]);
    });
  const body = list(kernel.body);
  outside.note();
  return { ...kernel, body: forgetting(body) };
}

function parallel(loop: Prange, loops: InnerLoops, context: Context): Prange {
  const { lanes } = loops;
  const divergence = new Divergence(loop);
  const impossible = refusal(loop, divergence);
  const own = costs(loop, divergence, Lanes.learned(loop, lanes, divergence));
  const nest = new Nest(loops, context);
  const slow = impossible ?? unprofitable(own);
  if (slow !== undefined || own.gathered > 0) nest.decide(loop.body);
  const why = slow ?? better(nest.costs, own);
  const notes = context.notes(loop.loop);
  if (why !== undefined) {
    notes.vectorised = { yes: false, why };
    nest.note();
    const { guard } = loop;
    const careful = guard && { ...guard, careful: nest.list(guard.careful) };
    return { ...loop, body: nest.list(loop.body), ...(careful && { guard: careful }) };
  }
  if (context.options.lanes < 2) {
    notes.vectorised = { yes: false, why: "vectors are switched off" };
    return loop;
  }
  notes.vectorised = { yes: true, how: `${lanes} iterations at once` };
  const code = new Lanes(loop, lanes, divergence);
  const body = new VectorBody(code, divergence).make();
  const reductions = loop.reductions.map(({ local }) => code.vector(local));
  const winners = loop.winners.map((each) => winnerLocals(each).map((own) => code.vector(own)));
  return { ...loop, vector: { lanes, body, reductions, winners } };
}

/** Why loops inside do better than the loop's own iterations: most of the work is theirs, and they gather less. */
function better(inner: Costs, own: Costs): string | undefined {
  return 2 * inner.floating > own.floating && inner.gathered < own.gathered
    ? "a loop in it reaches its elements side by side"
    : undefined;
}

function holdsPrange(body: readonly Stmt[]): boolean {
  return everyStmt(body).some(({ op }) => op === "prange");
}

/** The statements without what was known of their loops. */
function forgetting(body: readonly Stmt[]): readonly Stmt[] {
  return body.map((stmt) => {
    const inner = mapParts(stmt, { body: forgetting });
    return inner.op === "for" ? withoutApart(inner) : inner;
  });
}
