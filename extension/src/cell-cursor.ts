/**
 * The cursor of a heatmap: an outline around one cell, hairlines to the axes, and the exact numbers
 * beside it. Moved by the pointer, or by the arrow keys once the picture has the focus.
 */
import {
  type Cell,
  cellAt,
  cellOf,
  edgesOf,
  exactText,
  HEATMAP_SCALES,
  type HeatmapFigure,
} from "hotcell/figure";
import type { View } from "vega";
import type { Cursor, Step } from "./cursor.js";
import {
  type Box,
  canvasOf,
  overlay,
  placeIn,
  plotOf,
  type Scale,
  scaleOf,
  stand,
} from "./plot-place.js";
import { Readout, type Rows } from "./readout.js";

/** Reads a heatmap out, cell by cell. */
export class CellCursor implements Cursor {
  readonly #figure: HeatmapFigure;
  readonly #view: View;
  readonly #readout = new Readout();
  readonly #outline = overlay("hotcell-Cursor-cell");
  readonly #column = overlay("hotcell-Cursor-line");
  readonly #row = overlay("hotcell-Cursor-line");
  readonly #shown: (cell: Cell) => void;
  #cell: Cell | undefined;

  /** `shown` is told each cell that the cursor goes to. */
  constructor(figure: HeatmapFigure, view: View, shown: (cell: Cell) => void) {
    this.#figure = figure;
    this.#view = view;
    this.#shown = shown;
  }

  /** The cell in the middle, where the keyboard begins. */
  get start(): Cell {
    const { x, y } = this.#figure;
    return cellOf(this.#figure, x.values.length >> 1, y.values.length >> 1);
  }

  /** What the cursor draws, to be placed in the positioned element that holds the canvas. */
  get nodes(): readonly HTMLElement[] {
    return [this.#column, this.#row, this.#outline, this.#readout.node];
  }

  point(clientX: number, clientY: number): void {
    const cell = this.under(clientX, clientY);
    if (cell) this.#show(cell, clientX, clientY);
    else this.hide();
  }

  /** From the middle at first; stays inside. */
  step({ right, up }: Step): Rows {
    const { x, y } = this.#figure;
    const [nx, ny] = [x.values.length, y.values.length];
    const from = this.#cell ?? this.start;
    const clamp = (i: number, n: number): number => Math.max(0, Math.min(n - 1, i));
    // right and up on the screen, whichever way the values run
    const column = clamp(from.column + (ascends(x.values) ? right : -right), nx);
    const row = clamp(from.row + (ascends(y.values) ? up : -up), ny);
    const cell = cellOf(this.#figure, column, row);
    const box = this.#boxOf(cell);
    const canvas = canvasOf(this.#view);
    return this.#show(cell, canvas.left + box.left + box.width, canvas.top + box.top + box.height);
  }

  hide(): void {
    for (const node of [this.#outline, this.#column, this.#row]) node.hidden = true;
    this.#readout.hide();
  }

  #show(cell: Cell, clientX: number, clientY: number): Rows {
    if (cell.column !== this.#cell?.column || cell.row !== this.#cell.row) this.#shown(cell);
    this.#cell = cell;
    const { x, y, z } = this.#figure;
    const box = this.#boxOf(cell);
    const plot = plotOf(this.#view);
    stand(this.#outline, box);
    stand(this.#column, { ...plot, left: box.left + box.width / 2, width: 1 });
    stand(this.#row, { ...plot, top: box.top + box.height / 2, height: 1 });
    const rows: Rows = [
      [x.label || "x", exactText(cell.x)],
      [y.label || "y", exactText(cell.y)],
      [z.label || "z", exactText(cell.z, z.values instanceof Float32Array)],
    ];
    this.#readout.show(rows, clientX, clientY);
    return rows;
  }

  /** The cell at a point of the window; undefined beside the map. */
  under(clientX: number, clientY: number): Cell | undefined {
    const { px, py, isInside } = placeIn(this.#view, clientX, clientY);
    if (!isInside) return undefined;
    return cellAt(this.#figure, this.#scale("x").invert(px), this.#scale("y").invert(py));
  }

  /** The same, or the nearest cell beside the map. */
  nearest(clientX: number, clientY: number): Cell {
    const { px, py, plot } = placeIn(this.#view, clientX, clientY);
    // a little inside, where rounding leaves no doubt
    const within = (at: number, size: number) => Math.max(0.01, Math.min(size - 0.01, at));
    const across = this.#scale("x").invert(within(px, plot.width));
    const up = this.#scale("y").invert(within(py, plot.height));
    return cellAt(this.#figure, across, up) ?? this.start;
  }

  #boxOf({ column, row }: Cell): Box {
    const plot = plotOf(this.#view);
    const span = (name: "x" | "y", edges: readonly [number, number], room: number) => {
      const places = edges.map((edge) => Math.max(0, Math.min(room, this.#scale(name)(edge))));
      return { start: Math.min(...places), end: Math.max(...places) };
    };
    const across = span("x", edgesOf(this.#figure.x, column), plot.width);
    const down = span("y", edgesOf(this.#figure.y, row), plot.height);
    return {
      left: plot.left + across.start,
      top: plot.top + down.start,
      width: across.end - across.start,
      height: down.end - down.start,
    };
  }

  #scale(name: "x" | "y"): Scale {
    return scaleOf(this.#view, HEATMAP_SCALES[name]);
  }
}

function ascends(values: Float64Array): boolean {
  return values[values.length - 1]! >= values[0]!;
}
