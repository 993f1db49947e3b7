/**
 * The strategy: panels come in, are divided where the error is largest until the tolerance is met, and
 * an integral, an error and a verdict go out. Where division closes in on a singularity, the sequence
 * of sums is extrapolated.
 *
 * The algorithm is QAGS/QAGP of Piessens et al., QUADPACK, 1983, sections 2.2.4 and 3.4, with three
 * changes: sums are formed afresh in place of running ones; a panel with a lone peak is divided round
 * it (quad-peak); and a tolerance that is met without one right digit is not believed at once.
 */
import { length } from "../compiler/intrinsics/quad.js";
import type { Form } from "./quad-rule.js";
import type { Panels } from "./quad-panels.js";

const EPSILON = Number.EPSILON;
/** An error above this part of ∫|f| means that the integrand has not been seen yet. */
const BLIND = 0.1;
/** Panels more than at first, after which a tolerance that was met blindly is believed. */
const LOOKS = 24;
/** Where to look again for what the samples missed: closer to the ends, and everywhere a little. */
const AGAIN = new Float64Array([
  -0.9999, -0.999, -0.99, -0.9, -0.5, 0, 0.5, 0.9, 0.99, 0.999, 0.9999,
]);

/** What is asked of {@link adapt}. */
export interface Task {
  readonly f: (x: number) => unknown;
  readonly form: Form;
  readonly epsAbs: number;
  readonly epsRel: number;
  readonly limit: number;
}

/** Whether the tolerance was met, or why not. */
export type Verdict =
  "converged" | "limit" | "roundoff" | "singular" | "extrapolation" | "divergent" | "overflow";

/** The answer of {@link adapt}. */
export interface Outcome {
  readonly re: number;
  readonly im: number;
  readonly error: number;
  readonly verdict: Verdict;
}

/**
 * Integrates over all panels to the tolerance `max(epsAbs, epsRel |integral|)`.
 *
 * @param given - How many samples of the first panel are already in its workspace.
 */
export function adapt(panels: Panels, task: Task, given: number): Outcome {
  const { f, form, epsAbs, epsRel } = task;
  const pieces = panels.count;
  panels.negligible = epsAbs;
  for (let i = 0; i < pieces; i++) panels.evaluate(f, form, i, i === 0 ? given : 0);
  panels.total(0);
  const bound = tolerance(panels, epsAbs, epsRel);
  for (let i = 0; i < pieces; i++) if (isUnseen(panels, i, bound)) lookAgain(panels, task, i);
  panels.total(0);
  const enough = panels.count + LOOKS;
  if (isMet(panels, tolerance(panels, epsAbs, epsRel), enough)) return settle(panels, "converged");
  if (!(panels.sumError < Infinity)) return settle(panels, "overflow");
  if (panels.sumError <= 100 * EPSILON * panels.sumModulus) return settle(panels, "roundoff");
  return refine(panels, task, enough);
}

/** Whether the samples of panel `i` tell nothing of the integrand there, and nothing else will. */
function isUnseen(panels: Panels, i: number, bound: number): boolean {
  const error = panels.error[i]!;
  const modulus = panels.modulus[i]!;
  return modulus === 0 || (error > BLIND * modulus && error <= bound);
}

/** Puts finer panels in the place of panel `i`, unless they see nothing either or there are too many. */
function lookAgain(panels: Panels, { f, form, limit }: Task, i: number): void {
  const from = panels.count;
  if (from + AGAIN.length + 1 > limit) return;
  panels.append(panels.side[i]!, panels.origin[i]!, panels.lo[i]!, panels.hi[i]!, -1);
  panels.cut(from, AGAIN, AGAIN.length);
  let modulus = 0;
  for (let k = from; k < panels.count; k++) {
    panels.evaluate(f, form, k, 0);
    modulus += panels.modulus[k]!;
  }
  if (modulus > 0) panels.replace(i);
  else panels.count = from;
}

function tolerance(panels: Panels, epsAbs: number, epsRel: number): number {
  return Math.max(epsAbs, epsRel * panels.size);
}

function isMet(panels: Panels, bound: number, enough: number): boolean {
  const { sumError, sumModulus, count } = panels;
  return (
    sumError <= bound && bound < Infinity && (sumError <= BLIND * sumModulus || count >= enough)
  );
}

/** The plain sum over the panels as the answer. */
function settle(panels: Panels, verdict: Verdict): Outcome {
  return { re: panels.sumRe, im: panels.sumIm, error: panels.sumError, verdict };
}

function refine(panels: Panels, task: Task, enough: number): Outcome {
  const { f, form, epsAbs, epsRel, limit } = task;
  const { tableRe, tableIm } = panels;
  const modulus = panels.sumModulus;
  // where |∫f| = ∫|f|, nothing cancels, and the integral can't be small by chance
  const oneSigned = panels.size >= (1 - 50 * EPSILON) * modulus;
  tableRe.clear();
  tableIm.clear();
  tableRe.push(panels.sumRe);
  tableIm.push(panels.sumIm);

  // panels of fewer than `depth` divisions count as large
  let depth = panels.count === 1 ? 2 : 1;
  let first = panels.count === 1;
  let extrapolating = false;
  let hopeful = true;
  let noisy = false;
  let verdict: Verdict = "converged";
  let stuckLarge = 0;
  let stuckSmall = 0;
  let grown = 0;
  let idle = 0;
  let limitRe = 0;
  let limitIm = 0;
  let limitError = Infinity;
  let limitShallow = 0;
  let goal = tolerance(panels, epsAbs, epsRel);
  let next = panels.worst;

  for (;;) {
    const lo = panels.lo[next]!;
    const hi = panels.hi[next]!;
    if (panels.count >= limit) {
      verdict = "limit";
      break;
    }
    // the outermost nodes must stay clear of the ends, where the integrand may be singular
    if (hi - lo <= 2000 * EPSILON * Math.max(Math.abs(lo), Math.abs(hi)) || hi - lo < 1e-290) {
      verdict = "singular";
      break;
    }
    const oldRe = panels.re[next]!;
    const oldIm = panels.im[next]!;
    const oldError = panels.error[next]!;
    const added = panels.count;
    panels.divide(next, !extrapolating && panels.level[next]! < depth, limit);
    let informed = panels.evaluate(f, form, next, 0);
    let newRe = panels.re[next]!;
    let newIm = panels.im[next]!;
    let newError = panels.error[next]!;
    for (let i = added; i < panels.count; i++) {
      informed = panels.evaluate(f, form, i, 0) && informed;
      newRe += panels.re[i]!;
      newIm += panels.im[i]!;
      newError += panels.error[i]!;
    }
    if (informed) {
      const change = length(newRe - oldRe, newIm - oldIm);
      if (change <= 1e-5 * length(newRe, newIm) && newError >= 0.99 * oldError) {
        if (extrapolating) stuckSmall++;
        else stuckLarge++;
      }
      if (panels.count > 10 && newError > oldError) grown++;
    }

    panels.total(depth);
    const bound = tolerance(panels, epsAbs, epsRel);
    if (isMet(panels, bound, enough)) return settle(panels, "converged");
    if (!(panels.sumError < Infinity)) return settle(panels, "overflow");
    if (stuckLarge + stuckSmall >= 10 || grown >= 20) {
      verdict = "roundoff";
      break;
    }
    if (stuckSmall >= 5) noisy = true;
    next = panels.worst;

    if (first) {
      first = false;
      tableRe.push(panels.sumRe);
      tableIm.push(panels.sumIm);
      goal = bound;
      continue;
    }
    // what has met its tolerance blindly needs a closer look, no limit of what was seen so far
    if (!hopeful || panels.sumError <= bound) continue;
    if (!extrapolating) {
      if (panels.level[next]! < depth) continue;
      extrapolating = true;
    }
    // extrapolation can't see the error of large panels, so bring that down first
    if (!noisy && panels.shallowError > goal) {
      next = panels.worstShallow;
      continue;
    }
    tableRe.extrapolate(panels.sumRe);
    tableIm.extrapolate(panels.sumIm);
    const error = form === "number" ? tableRe.error : length(tableRe.error, tableIm.error);
    if (++idle > 5 && limitError < 1e-3 * panels.sumError) verdict = "extrapolation";
    if (error < limitError) {
      idle = 0;
      limitError = error;
      limitRe = tableRe.limit;
      limitIm = form === "number" ? 0 : tableIm.limit;
      limitShallow = panels.shallowError;
      goal = Math.max(epsAbs, epsRel * length(limitRe, limitIm));
      if (limitError <= goal) break;
    }
    // one part of a complex integral may well stand still while the other converges
    if (tableRe.size === 1 && (form === "number" || tableIm.size === 1)) hopeful = false;
    if (verdict === "extrapolation") break;
    depth++;
    extrapolating = false;
    panels.total(depth);
  }

  const bound = tolerance(panels, epsAbs, epsRel);
  if (panels.sumError <= bound) return settle(panels, "converged");
  if (verdict === "limit" && keepsGrowing(panels)) return settle(panels, "divergent");
  if (limitError === Infinity) return settle(panels, verdict);
  const limitSize = length(limitRe, limitIm);
  if (verdict !== "converged" || noisy) {
    if (noisy) limitError += limitShallow;
    if (verdict === "converged") verdict = "singular";
    const relative = limitSize !== 0 && panels.size !== 0;
    const [ours, theirs] = relative
      ? [limitError / limitSize, panels.sumError / panels.size]
      : [limitError, panels.sumError];
    if (ours > theirs) return settle(panels, verdict);
  }
  if (oneSigned || Math.max(limitSize, panels.size) > 0.01 * modulus) {
    // signed: a limit on the other side of zero is none
    const ratio = (limitRe * panels.sumRe + limitIm * panels.sumIm) / panels.size ** 2;
    const plausible = ratio >= 0.01 && ratio <= 100 && panels.sumError <= panels.size;
    // the limit of a divergent sequence may be anything, such as −1 for 1/x² on [0, 1]
    if (!plausible) return settle(panels, "divergent");
  }
  return { re: limitRe, im: limitIm, error: limitError, verdict };
}

/** Whether the panels' integrals don't fall off towards the place where division went on longest. */
function keepsGrowing(panels: Panels): boolean {
  const deepest = panels.level[panels.worst]!;
  if (deepest < 20) return false;
  let near = 0;
  let far = 0;
  for (let i = 0; i < panels.count; i++) {
    if (i === panels.worst) continue;
    if (panels.level[i] === deepest) near += length(panels.re[i]!, panels.im[i]!);
    if (panels.level[i] === deepest - 10) far += length(panels.re[i]!, panels.im[i]!);
  }
  // 2^(−10 s) for an integrand like x^(s − 1), so that s = 0.02 still counts as convergent
  return near > 0.9 * far;
}
