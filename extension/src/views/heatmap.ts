/**
 * A heatmap: its cells painted on a canvas, axes and colour bar around them by Vega, and a cursor
 * that reads out the exact numbers of the cell under the pointer or the arrow keys.
 */
import { type HeatmapFigure, paint } from "hotcell/figure";
import { Announcer } from "../announcer.js";
import { canvasOf } from "../canvas.js";
import { CellCursor } from "../cell-cursor.js";
import { follow } from "../cursor.js";
import type { Look } from "../look.js";
import type { Memory } from "../memory.js";
import { frame } from "./frame.js";
import { drawPicture, vegaExports } from "./picture.js";
import type { View } from "./view.js";

/** The view of a heatmap. */
export async function drawHeatmap(
  figure: HeatmapFigure,
  look: Look,
  memory: Memory,
): Promise<View> {
  const { node, view } = await drawPicture(figure, look, {
    // no finer than a plot of so many pixels can show
    raster: (width, height) => canvasOf(paint(figure, { width, height })),
  });
  const cursor = new CellCursor(figure, view);
  const announcer = new Announcer();
  node.append(...cursor.nodes);
  follow(node, cursor, announcer);
  return frame({
    figure,
    picture: node,
    exports: vegaExports(view),
    memory,
    announcer,
    dispose: () => void view.finalize(),
  });
}
