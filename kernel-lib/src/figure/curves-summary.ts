/** Curves in words: what a terminal prints and a screen reader says in place of the picture. */
import type { Curve, CurvesFigure, CurveAxis } from "./curves.js";
import { isDrawable } from "./curve-scale.js";
import { fitMsd, fitText } from "./msd-fit.js";
import { countText, numberText } from "./number-text.js";

/** The most curves that are described one by one. */
const MOST = 12;

/** What the points of a curve are: drawn, missing, or with no place on a log axis. */
function countsOf({ x, y }: Curve, axes: { x: CurveAxis; y: CurveAxis }) {
  let drawn = 0;
  let missing = 0;
  for (let i = 0; i < x.length; i++) {
    if (isDrawable(x[i]!, axes.x.scale) && isDrawable(y[i]!, axes.y.scale)) drawn++;
    else if (!Number.isFinite(x[i]!) || !Number.isFinite(y[i]!)) missing++;
  }
  return { drawn, missing, off: x.length - drawn - missing };
}

/** What a plot doesn't show; empty if it shows all. */
export function curvesRemark(figure: CurvesFigure, hidden: ReadonlySet<number>): string {
  let [drawn, missing, off] = [0, 0, 0];
  figure.curves.forEach((curve, i) => {
    if (hidden.has(i)) return;
    const counts = countsOf(curve, figure);
    drawn += counts.drawn;
    missing += counts.missing;
    off += counts.off;
  });
  if (drawn === 0 && hidden.size === 0) return "no finite point";
  const isLog = figure.x.scale === "log" || figure.y.scale === "log";
  return [
    missing > 0 ? `${countText(missing, "point")} not finite, shown as gaps` : "",
    off > 0
      ? `${countText(off, "point")} ${isLog ? "without a place on a log axis" : "too large to draw"}`
      : "",
  ]
    .filter(Boolean)
    .join("; ");
}

function curveText(curve: Curve, i: number, figure: CurvesFigure): string {
  const name = curve.label || `curve ${i + 1}`;
  const { drawn } = countsOf(curve, figure);
  const count = countText(curve.x.length, "point");
  if (drawn === 0) return `${name}: ${count}, none finite`;
  let [low, high, first, last] = [-1, -1, -1, -1];
  for (let at = 0; at < curve.x.length; at++) {
    if (!isDrawable(curve.x[at]!, figure.x.scale) || !isDrawable(curve.y[at]!, figure.y.scale)) {
      continue;
    }
    if (first < 0) first = at;
    last = at;
    if (low < 0 || curve.y[at]! < curve.y[low]!) low = at;
    if (high < 0 || curve.y[at]! > curve.y[high]!) high = at;
  }
  const place = (at: number) => `(${numberText(curve.x[at]!)}, ${numberText(curve.y[at]!)})`;
  if (drawn === 1) return `${name}: one point, ${place(first)}`;
  const ends = `from ${place(first)} to ${place(last)}`;
  return `${name}: ${count} ${ends}; min ${place(low)}, max ${place(high)}`;
}

/** A plot's axes, each curve's ends and extremes, the fit, and what isn't shown. */
export function curvesSummary(figure: CurvesFigure): string {
  const { curves, title, x, y, fit } = figure;
  const axis = (name: string, { label, scale }: CurveAxis) =>
    `${label ? `${name}: ${label}` : name}${scale === "linear" ? "" : `, ${scale} scale`}`;
  const more = curves.length - MOST;
  return [
    title ? `Plot: ${title}` : "Plot",
    axis("x", x),
    axis("y", y),
    ...curves.slice(0, MOST).map((curve, i) => curveText(curve, i, figure)),
    ...(more > 0 ? [`and ${countText(more, "more curve")}`] : []),
    ...(fit ? [fitText(fitMsd(figure, fit))] : []),
    curvesRemark(figure, new Set()),
  ]
    .filter(Boolean)
    .join("\n");
}
