/**
 * Whether an ordinary counted loop can run several iterations at once: they touch no element of each
 * other's (`dependence` found out), hand on no variable but what is reduced in any order, and leave
 * none behind. Sums keep the order of the source, as the plain run is the specification, unless
 * `fastMath` lets them go, or the loop was written as a prange inside another.
 */
import { accumulators } from "../../chunks.js";
import type { Context } from "../../context.js";
import { asPrange } from "../../dependence/apart.js";
import { reducedBy } from "../../dependence/reductions.js";
import { Stale } from "../../dependence/stale.js";
import type { By, Expr, For, Kernel, Label, Local, Prange, Reduction, Stmt } from "../../ir.js";
import {
  bodies,
  countReads,
  everyOperand,
  everyStmt,
  expressions,
  readIn,
  setIn,
  storageLocals,
} from "../../walk.js";
import { VectorBody } from "./body.js";
import { Divergence } from "./divergence.js";
import { Lanes } from "./lanes.js";
import type { Strip } from "./strip.js";
import { costs, impossible, unprofitable, type Costs } from "./refusal.js";

/** A loop that can run several iterations at once. */
export interface Inner {
  /** Where it holds before the loop. */
  readonly apart: Expr;
  readonly reductions: readonly Reduction[];
  /** The body for all lanes. */
  readonly strip: () => Strip;
  readonly costs: Costs;
}

const verbs: Readonly<Record<By, string>> = {
  ...{ add: "adds to", mul: "multiplies", min: "lowers", max: "raises" },
  ...{ and: "takes bits of", or: "sets bits of", xor: "flips bits of" },
};

export class InnerLoops {
  /** How often the kernel reads each variable. */
  readonly #reads: ReadonlyMap<Local, number>;
  readonly #results: readonly Local[];
  readonly #found = new Map<For, Inner | string>();

  constructor(
    readonly kernel: Kernel,
    readonly context: Context,
    /** Lanes of a vector, at least 2. */
    readonly lanes: number,
  ) {
    this.#reads = countReads(kernel.body);
    this.#results = kernel.result ? storageLocals(kernel.result) : [];
  }

  /** The loop for several iterations, or why it can't have that: how it goes on after "not vectorised: ". */
  find(loop: For): Inner | string {
    const known = this.#found.get(loop) ?? this.#find(loop);
    this.#found.set(loop, known);
    return known;
  }

  #find(loop: For): Inner | string {
    const { counter, step, apart, body } = loop;
    if (counter.kind !== "i32" || step !== 1) return "it doesn't count up by 1";
    const count = times(loop);
    if (count < accumulators) return `it runs ${count} times only`;
    if (!apart) return "two of its iterations may touch the same element";
    const foreign = foreignTo(loop);
    if (foreign !== undefined) return foreign;
    const reductions: Reduction[] = [];
    for (const local of carried(body)) {
      const by = reductionOf(body, local);
      if (!by) return `it carries '${local.name}' from one iteration to the next`;
      if (!this.#isFree(loop, by)) {
        return `it ${verbs[by]} '${local.name}' in order, from which fastMath would free it`;
      }
      reductions.push({ local, by });
    }
    const reduced = new Set(reductions.map(({ local }) => local));
    const behind = this.#readBehind(loop).find((each) => !reduced.has(each));
    if (behind) return `its last '${behind.name}' is read behind it`;
    return this.#lanes(loop, apart, reductions);
  }

  #lanes(source: For, apart: Expr, reductions: readonly Reduction[]): Inner | string {
    const loop: Prange = { ...asPrange(source), reductions };
    const divergence = new Divergence(loop);
    const why = impossible(loop, divergence) ?? uncheckable(loop, divergence);
    if (why !== undefined) return why;
    const found = costs(loop, divergence, Lanes.learned(loop, this.lanes, divergence));
    const slow = unprofitable(found);
    if (slow !== undefined) return `it ${slow}`;
    const strip = (): Strip => {
      const outside = { op: "break", label: source.label } as const;
      const code = new Lanes(loop, this.lanes, divergence, outside);
      const body = new VectorBody(code, divergence).make();
      const into = reductions.map(({ local }) => code.vector(local));
      return { lanes: this.lanes, body, reductions, into };
    };
    return { apart, reductions, strip, costs: found };
  }

  /** Whether a reduction's order can't be seen, or may be. */
  #isFree({ unordered = false }: For, by: By): boolean {
    const { fastMath, parallel } = this.context.options;
    return by === "min" || by === "max" || fastMath || (unordered && parallel);
  }

  /** The variables of the loop's whose last values are read behind it. */
  #readBehind(loop: For): readonly Local[] {
    const set = setIn(loop.body);
    const inside = countReads(loop.body);
    const suspects = new Set(
      [...set].filter((each) => (this.#reads.get(each) ?? 0) > (inside.get(each) ?? 0)),
    );
    for (const each of this.#results) if (set.has(each)) suspects.add(each);
    if (suspects.size === 0) return [];
    const stale = new Stale((stmt) => (stmt === loop ? suspects : new Set()));
    const end = stale.body(this.kernel.body, new Set());
    const returned = this.#results.filter((each) => end?.has(each));
    return [...suspects].filter((each) => stale.read.has(each) || returned.includes(each));
  }
}

/** How often a loop runs, if that is known. */
function times({ from, to }: For): number {
  if (from.op !== "const" || to.op !== "const") return Infinity;
  return Math.max(0, Number(to.value) - Number(from.value));
}

/** What in a loop no lanes can do in its order: leave it, or call. */
function foreignTo(loop: For): string | undefined {
  const own = new Set<Label>();
  for (const stmt of everyStmt(loop.body)) {
    if (stmt.op === "for" || stmt.op === "loop" || stmt.op === "block") own.add(stmt.label);
  }
  for (const stmt of everyStmt(loop.body)) {
    if (stmt.op === "call") return `it calls ${stmt.callee.name}`;
    if (stmt.op === "break" && !own.has(stmt.label)) return "it may end early";
    if (stmt.op === "continue" && stmt.label !== loop.label && !own.has(stmt.label)) {
      return "it may end early";
    }
  }
  return undefined;
}

/** What a loop reduces, of which `find` said that it can be. */
export function reductionsOf({ body }: For): readonly Reduction[] {
  return carried(body).map((local) => {
    const by = reductionOf(body, local);
    if (!by) throw new Error(`${local.name} is reduced in one form of a loop and not in another`);
    return { local, by };
  });
}

function reductionOf(body: readonly Stmt[], local: Local): By | undefined {
  return local.kind === "f64" ? reducedBy(body, local) : undefined;
}

/** The variables that an iteration may read before it sets them. */
function carried(body: readonly Stmt[]): readonly Local[] {
  const set = setIn(body);
  const suspects = new Set<Local>();
  const done = new Set<Local>();
  for (const stmt of body) {
    for (const each of readIn([stmt])) {
      if (set.has(each) && !done.has(each)) suspects.add(each);
    }
    if (stmt.op === "set") done.add(stmt.local);
  }
  if (suspects.size === 0) return [];
  const stale = new Stale();
  stale.body(body, suspects);
  return [...suspects].filter((each) => stale.read.has(each));
}

/**
 * Where an index is outside, the iterations from the first of the lanes on run one by one, so that
 * the right one fails: none of them may have written anything yet, and all have to ask.
 */
function uncheckable(loop: Prange, divergence: Divergence): string | undefined {
  let written = false;
  const visit = (body: readonly Stmt[]): string | undefined => {
    for (const stmt of body) {
      const parts = expressions(stmt).flatMap((expr) => everyOperand(expr));
      const found = parts.flatMap((part) => (part.op === "element" ? [part.access] : []));
      if (stmt.op === "store") found.push(stmt.access);
      const checked = found.filter((access) => access.checked);
      if (written && (checked.length > 0 || stmt.op === "fail")) {
        return "it checks an index after it has written";
      }
      const same = checked.find(({ indices }) => !indices.some((each) => divergence.varies(each)));
      if (same)
        return `it checks an index of '${same.array.name}' that is the same in all iterations`;
      if (stmt.op === "store") written = true;
      const again = stmt.op === "for" || stmt.op === "loop" ? 2 : 1;
      for (let round = 0; round < again; round++) {
        for (const inner of bodies(stmt)) {
          const why = visit(inner);
          if (why !== undefined) return why;
        }
      }
    }
    return undefined;
  };
  return visit(loop.body);
}
