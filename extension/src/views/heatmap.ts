/**
 * A heatmap: its cells painted on a canvas, axes and colour bar around them by Vega, a cursor that
 * reads out the exact numbers of a cell, cuts through it, and a part of the map as large as the whole.
 */
import {
  type Cell,
  type CellRange,
  counting,
  crop,
  cutsDrawing,
  fitting,
  type HeatmapFigure,
  painting,
} from "hotcell/figure";
import { Announcer } from "../announcer.js";
import { canvasOf } from "../canvas.js";
import { canvasFor, paintShapes } from "../canvas-drawing.js";
import { CellCursor } from "../cell-cursor.js";
import { follow } from "../cursor.js";
import type { Look } from "../look.js";
import type { Memory } from "../memory.js";
import { inSlices } from "../slices.js";
import { actionButton } from "../toolbar.js";
import { Zoom } from "../zoom.js";
import { frame } from "./frame.js";
import { drawPicture, LivePicture, pictureWidth } from "./picture.js";
import type { View } from "./view.js";

/** The view of a heatmap. */
export async function drawHeatmap(given: HeatmapFigure, look: Look, memory: Memory): Promise<View> {
  const figure = { ...given, colorMap: given.colorMap ?? look.preferences.colorMap };
  const state = memory.of("cuts", () => ({ shown: false }));
  const announcer = new Announcer();
  const cuts = document.createElement("div");

  const picture = new LivePicture(async () => {
    const range = zoom.part;
    const part = range ? crop(figure, range) : figure;
    await inSlices(counting(part));
    const { node, view } = await drawPicture(part, look, {
      // no finer than a plot of so many pixels can show
      raster: async (width, height) => canvasOf(await inSlices(painting(part, { width, height }))),
    });
    const show = (cell: Cell): void => {
      if (state.shown) cuts.replaceChildren(cutsCanvas(part, cell, look));
    };
    const cursor = new CellCursor(part, view, show);
    const rectangle = zoom.over({
      node,
      isInside: ({ clientX, clientY }) => cursor.under(clientX, clientY) !== undefined,
      between(...corners) {
        const [a, b] = corners.map(({ clientX, clientY }) => cursor.nearest(clientX, clientY));
        return fitting(figure, moved(between(a!, b!), range));
      },
    });
    node.append(...cursor.nodes, rectangle);
    follow(node, cursor, announcer);
    show(cursor.start);
    return { view, nodes: [node, cuts] };
  });
  const zoom = new Zoom<CellRange>({
    noun: "map",
    // a map of another size is another map
    whole: `${figure.x.values.length} × ${figure.y.values.length}`,
    memory,
    announcer,
    draw: () => picture.draw(),
  });
  const cutting = actionButton({
    label: "Cuts",
    hint: "Show the values along the row and the column of the cell under the pointer",
    pressed: state.shown,
    act: async (pressed) => {
      state.shown = pressed;
      cuts.replaceChildren();
      if (pressed) await picture.draw();
    },
  });
  await inSlices(counting(figure));
  await picture.draw();
  return frame({ figure, picture, memory, announcer, controls: [cutting, zoom.button] });
}

/** The cells from one corner to the opposite one. */
function between(a: Cell, b: Cell): CellRange {
  const span = (from: number, to: number) => [Math.min(from, to), Math.max(from, to)] as const;
  return { columns: span(a.column, b.column), rows: span(a.row, b.row) };
}

/** A range within the cells that are shown, as one of the whole map. */
function moved({ columns, rows }: CellRange, within: CellRange | undefined): CellRange {
  const [column, row] = [within?.columns[0] ?? 0, within?.rows[0] ?? 0];
  return {
    columns: [column + columns[0], column + columns[1]],
    rows: [row + rows[0], row + rows[1]],
  };
}

function cutsCanvas(figure: HeatmapFigure, cell: Cell, look: Look): HTMLCanvasElement {
  const drawing = cutsDrawing(figure, cell, { width: pictureWidth(look), theme: look.theme });
  const { canvas, context } = canvasFor(drawing, look.pixelRatio);
  paintShapes(context, drawing.shapes, look.font);
  return canvas;
}
