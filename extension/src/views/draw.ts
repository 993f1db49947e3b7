/** Which view draws which kind of figure. */
import type { Figure } from "hotcell/figure";
import type { Look } from "../look.js";
import type { Memory } from "../memory.js";
import { drawAnimation } from "./animation.js";
import { drawCurves } from "./curves.js";
import { drawHeatmap } from "./heatmap.js";
import { drawMarks } from "./marks.js";
import { drawProgress } from "./progress.js";
import { drawTable } from "./table.js";
import type { Draw, View } from "./view.js";

const draws: { readonly [K in Figure["kind"]]: Draw<Extract<Figure, { kind: K }>> } = {
  heatmap: drawHeatmap,
  curves: drawCurves,
  timeline: drawMarks,
  timings: drawMarks,
  table: drawTable,
  animation: drawAnimation,
  progress: drawProgress,
};

/** The view of a figure. */
export async function draw(figure: Figure, look: Look, memory: Memory): Promise<View> {
  // The key and the figure have the same kind, which the table's type can't say.
  const drawKind = draws[figure.kind] as Draw<Figure>;
  return drawKind(figure, look, memory);
}
