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
import type { View as VegaView } from "vega";
import { Announcer } from "../announcer.js";
import { canvasOf } from "../canvas.js";
import { canvasFor, paintShapes } from "../canvas-drawing.js";
import { CellCursor } from "../cell-cursor.js";
import { follow } from "../cursor.js";
import type { Look } from "../look.js";
import type { Memory } from "../memory.js";
import { inSlices } from "../slices.js";
import { actionButton } from "../toolbar.js";
import { zoomFrame } from "../zoom-frame.js";
import { frame } from "./frame.js";
import { drawPicture, pictureWidth, vegaExports } from "./picture.js";
import type { View } from "./view.js";

/** What a reader has done to a heatmap. */
interface MapMemory {
  /** The cells that are shown, of how many; all of them at first. */
  zoom?: { readonly range: CellRange; readonly cells: number };
  cuts: boolean;
}

/** The view of a heatmap. */
export async function drawHeatmap(given: HeatmapFigure, look: Look, memory: Memory): Promise<View> {
  const figure = { ...given, colorMap: given.colorMap ?? look.preferences.colorMap };
  const state = memory.of<MapMemory>("map", () => ({ cuts: false }));
  const announcer = new Announcer();
  const holder = document.createElement("div");
  const cuts = document.createElement("div");
  const cells = figure.z.values.length;

  /** Draws the cells that are shown in place of what was drawn before. */
  const draw = async (): Promise<VegaView> => {
    // a map of another size is another map
    const zoom = state.zoom?.cells === cells ? state.zoom.range : undefined;
    const part = zoom ? crop(figure, zoom) : figure;
    await inSlices(counting(part));
    const { node, view } = await drawPicture(part, look, {
      // no finer than a plot of so many pixels can show
      raster: async (width, height) => canvasOf(await inSlices(painting(part, { width, height }))),
    });
    const show = (cell: Cell): void => {
      if (state.cuts) cuts.replaceChildren(cutsCanvas(part, cell, look));
    };
    const cursor = new CellCursor(part, view, show);
    const rectangle = zoomFrame(node, {
      isInside: ({ clientX, clientY }) => cursor.under(clientX, clientY) !== undefined,
      zoom: (...corners) => {
        const [a, b] = corners.map(({ clientX, clientY }) => cursor.nearest(clientX, clientY));
        void lookAt(moved(between(a!, b!), zoom));
      },
      reset: () => void lookAt(undefined),
    });
    node.append(...cursor.nodes, rectangle);
    follow(node, cursor, announcer);
    if (state.cuts) show(cursor.start);
    whole.hidden = !zoom;
    holder.replaceChildren(node, cuts);
    return view;
  };
  const lookAt = async (range: CellRange | undefined): Promise<void> => {
    if (range) state.zoom = { range: fitting(figure, range), cells };
    else delete state.zoom;
    await redraw();
    announcer.say(range ? "a part of the map" : "the whole map");
  };
  // one after the other, since each takes the place of the one before
  let drawn = Promise.resolve();
  const redraw = (): Promise<void> => (drawn = drawn.then(replace, replace));
  const replace = async (): Promise<void> => {
    const before = view;
    view = await draw();
    before.finalize();
  };

  const whole = actionButton({
    label: "Whole map",
    hint: "Show all cells again (double click)",
    act: () => lookAt(undefined),
  });
  const cutting = actionButton({
    label: "Cuts",
    hint: "Show the values along the row and the column of the cell under the pointer",
    pressed: state.cuts,
    act: async (pressed) => {
      state.cuts = pressed;
      cuts.replaceChildren();
      if (pressed) await redraw();
    },
  });
  await inSlices(counting(figure));
  let view = await draw();
  return frame({
    figure,
    picture: holder,
    exports: {
      png: (ground, scale) => vegaExports(view).png(ground, scale),
      svg: (ground) => vegaExports(view).svg(ground),
    },
    memory,
    announcer,
    controls: [cutting, whole],
    dispose: () => void view.finalize(),
  });
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
