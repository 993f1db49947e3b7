/**
 * Gives each parallel loop a body for several iterations at once, in the manner of ISPC (Pharr and
 * Mark 2012, "ispc: A SPMD compiler for high-performance CPU programming"): an iteration is a lane,
 * control flow becomes masks. Every lane computes what the scalar body would, in the same order.
 */
import type { Context } from "../../context.js";
import type { Kernel, Prange, Stmt } from "../../ir.js";
import { mapParts } from "../../walk.js";
import { VectorBody } from "./body.js";
import { Divergence } from "./divergence.js";
import { Lanes } from "./lanes.js";
import { refusal, unprofitable } from "./refusal.js";

export function vectorise(kernel: Kernel, context: Context): Kernel {
  const list = (body: readonly Stmt[]): readonly Stmt[] =>
    body.map((stmt) =>
      stmt.op === "prange" ? withVector(stmt, context) : mapParts(stmt, { body: list }),
    );
  return { ...kernel, body: list(kernel.body) };
}

function withVector(loop: Prange, context: Context): Prange {
  const { lanes } = context.options;
  const notes = context.notes(loop.loop);
  if (lanes < 2) {
    notes.vectorised = { yes: false, why: "vectors are switched off" };
    return loop;
  }
  const divergence = new Divergence(loop);
  const code = new Lanes(loop, lanes, divergence);
  const impossible = refusal(loop, divergence);
  const body = impossible === undefined ? new VectorBody(code, divergence).make() : [];
  // asked last, as the body's code knows how its elements are reached
  const why = impossible ?? unprofitable(loop, divergence, code);
  if (why !== undefined) {
    notes.vectorised = { yes: false, why };
    return loop;
  }
  const reductions = loop.reductions.map(({ local }) => code.vector(local));
  notes.vectorised = { yes: true, how: `${lanes} iterations at once` };
  return { ...loop, vector: { lanes, body, reductions } };
}
