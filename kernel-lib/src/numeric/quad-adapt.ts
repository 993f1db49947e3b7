/**
 * The strategy: panels come in, are bisected where the error is largest until the tolerance is met,
 * and an integral, an error and a verdict go out. Where bisection closes in on a singularity, the
 * sequence of sums is extrapolated. The algorithm is QAGS/QAGP of Piessens et al., QUADPACK, 1983,
 * sections 2.2.4 and 3.4.2, with sums formed afresh in place of running ones.
 */
import { length, Yield, type Form } from "./quad-rule.js";
import type { Panels } from "./quad-panels.js";

const EPSILON = Number.EPSILON;

/** What is asked of {@link adapt}. */
export interface Task {
  readonly f: (x: number) => unknown;
  readonly form: Form;
  readonly epsAbs: number;
  readonly epsRel: number;
  readonly limit: number;
}

/** Why a tolerance was not met. */
export type Verdict =
  "converged" | "limit" | "roundoff" | "singular" | "extrapolation" | "divergent" | "overflow";

/** The answer of {@link adapt}, one object that is used again and again. */
export class Outcome {
  re = 0;
  im = 0;
  error = 0;
  verdict: Verdict = "converged";
  /** The panel that was hardest: where to look when the verdict isn't "converged". */
  hardest = 0;
}

/**
 * Integrates over all panels to the tolerance `max(epsAbs, epsRel |integral|)`.
 *
 * @param given - How many samples of the first panel are already in its workspace.
 */
export function adapt(panels: Panels, task: Task, given: number, outcome: Outcome): Outcome {
  const { f, form, epsAbs, epsRel } = task;
  const pieces = panels.count;
  let modulus = 0;
  for (let i = 0; i < pieces; i++) {
    panels.evaluate(f, form, i, i === 0 ? given : 0);
    modulus += panels.yield[Yield.Modulus]!;
  }
  panels.total(0);
  const bound = Math.max(epsAbs, epsRel * panels.modulus);
  const error = panels.sumError;
  // a first panel whose error equals its spread has told nothing yet, even if it is within the bound
  const informed = pieces > 1 || error !== panels.yield[Yield.Spread]!;
  if (error === 0 || (error <= bound && informed)) return settle(panels, "converged", outcome);
  if (error <= 100 * EPSILON * modulus) return settle(panels, "roundoff", outcome);
  return bisect(panels, task, modulus, outcome);
}

/** The plain sum over the panels as the answer. */
function settle(panels: Panels, verdict: Verdict, outcome: Outcome): Outcome {
  outcome.re = panels.sumRe;
  outcome.im = panels.sumIm;
  outcome.error = panels.sumError;
  outcome.hardest = panels.worst;
  outcome.verdict = verdict;
  return outcome;
}

function bisect(panels: Panels, task: Task, modulus: number, outcome: Outcome): Outcome {
  const { f, form, epsAbs, epsRel, limit } = task;
  const { tableRe, tableIm } = panels;
  const pieces = panels.count;
  // a positive or negative integrand has |∫f| = ∫|f|: its integral can't be small by cancellation
  const oneSigned = panels.modulus >= (1 - 50 * EPSILON) * modulus;
  tableRe.clear();
  tableIm.clear();
  tableRe.push(panels.sumRe);
  tableIm.push(panels.sumIm);

  // panels of fewer than `depth` bisections count as large
  let depth = pieces === 1 ? 2 : 1;
  let extrapolating = false;
  let extrapolate = true;
  let verdict: Verdict = "converged";
  let noisy = false;
  let stuckLarge = 0;
  let stuckSmall = 0;
  let grown = 0;
  let idle = 0;
  let bestRe = 0;
  let bestIm = 0;
  let bestError = Infinity;
  let bestShallow = 0;
  let goal = Math.max(epsAbs, epsRel * panels.modulus);
  let next = panels.worst;

  for (;;) {
    if (panels.count >= limit) {
      verdict = "limit";
      break;
    }
    const oldRe = panels.re[next]!;
    const oldIm = panels.im[next]!;
    const oldError = panels.error[next]!;
    const lo = panels.lo[next]!;
    const hi = panels.hi[next]!;
    const middle = 0.5 * (lo + hi);
    // the outermost nodes must stay clear of the ends, where the integrand may be singular
    if (hi - lo <= 2000 * EPSILON * Math.max(Math.abs(lo), Math.abs(hi)) || hi - lo < 1e-290) {
      verdict = "singular";
      break;
    }
    const level = panels.level[next]! + 1;
    const added = panels.append(panels.side[next]!, panels.origin[next]!, middle, hi, level);
    panels.hi[next] = middle;
    panels.level[next] = level;
    panels.evaluate(f, form, next, 0);
    const spreadLeft = panels.yield[Yield.Spread]!;
    panels.evaluate(f, form, added, 0);
    const spreadRight = panels.yield[Yield.Spread]!;

    const newRe = panels.re[next]! + panels.re[added]!;
    const newIm = panels.im[next]! + panels.im[added]!;
    const newError = panels.error[next]! + panels.error[added]!;
    if (spreadLeft !== panels.error[next]! && spreadRight !== panels.error[added]!) {
      const change = length(newRe - oldRe, newIm - oldIm);
      if (change <= 1e-5 * length(newRe, newIm) && newError >= 0.99 * oldError) {
        if (extrapolating) stuckSmall++;
        else stuckLarge++;
      }
      if (panels.count > 10 && newError > oldError) grown++;
    }

    panels.total(depth);
    const bound = Math.max(epsAbs, epsRel * panels.modulus);
    if (panels.sumError <= bound) return settle(panels, "converged", outcome);
    if (!(panels.sumError < Infinity)) return settle(panels, "overflow", outcome);
    if (stuckLarge + stuckSmall >= 10 || grown >= 20) {
      verdict = "roundoff";
      break;
    }
    if (stuckSmall >= 5) noisy = true;
    next = panels.worst;

    if (panels.count === 2) {
      tableRe.push(panels.sumRe);
      tableIm.push(panels.sumIm);
      goal = bound;
      continue;
    }
    if (!extrapolate) continue;
    if (!extrapolating) {
      if (panels.level[next]! < depth) continue;
      extrapolating = true;
    }
    // extrapolation can't see the error of large panels, so bring that down first
    if (!noisy && panels.shallowError > goal && panels.worstShallow >= 0) {
      next = panels.worstShallow;
      continue;
    }
    tableRe.extrapolate(panels.sumRe);
    tableIm.extrapolate(panels.sumIm);
    const tableError = form === "number" ? tableRe.error : length(tableRe.error, tableIm.error);
    if (++idle > 5 && bestError < 1e-3 * panels.sumError) verdict = "extrapolation";
    if (tableError < bestError) {
      idle = 0;
      bestError = tableError;
      bestRe = tableRe.limit;
      bestIm = tableIm.limit;
      bestShallow = panels.shallowError;
      goal = Math.max(epsAbs, epsRel * length(bestRe, bestIm));
      if (bestError <= goal) break;
    }
    if (tableRe.size === 1 || (form !== "number" && tableIm.size === 1)) extrapolate = false;
    if (verdict === "extrapolation") break;
    depth++;
    extrapolating = false;
    panels.total(depth);
  }

  panels.total(depth);
  if (bestError === Infinity) return settle(panels, verdict, outcome);
  if (verdict !== "converged" || noisy) {
    if (noisy) bestError += bestShallow;
    if (verdict === "converged") verdict = "singular";
    // keep whichever of the extrapolated limit and the plain sum is relatively better
    const limitSize = length(bestRe, bestIm);
    const sumSize = panels.modulus;
    const worse =
      limitSize !== 0 && sumSize !== 0
        ? bestError / limitSize > panels.sumError / sumSize
        : bestError > panels.sumError;
    if (worse) return settle(panels, verdict, outcome);
  }
  const size = length(bestRe, bestIm);
  const sum = panels.modulus;
  if (oneSigned || Math.max(size, sum) > 0.01 * modulus) {
    const ratio = size / sum;
    if (!(ratio >= 0.01 && ratio <= 100) || panels.sumError > sum) verdict = "divergent";
  }
  outcome.re = bestRe;
  outcome.im = bestIm;
  outcome.error = bestError;
  outcome.hardest = panels.worst;
  outcome.verdict = verdict;
  return outcome;
}
