/**
 * The cursor of a heatmap: an outline around one cell, hairlines to the axes, and the exact numbers
 * beside it. Moved by the pointer, or by the arrow keys once the picture has the focus.
 */
import type { HeatmapFigure } from "hotcell/figure";
import type { View } from "vega";
import { cellAt, edgesOf } from "./cells.js";
import { exactText } from "./exact-text.js";
import { Readout } from "./readout.js";

/** Cells that an arrow key skips together with Shift. */
const STRIDE = 10;

/** JupyterLab's own shortcuts rest while an element with this attribute has the focus. */
const NO_SHORTCUTS = "data-lm-suppress-shortcuts";

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Cell {
  readonly ix: number;
  readonly iy: number;
}

/** Reads a heatmap out, cell by cell. */
export class CellCursor {
  readonly #figure: HeatmapFigure;
  readonly #view: View;
  readonly #readout = new Readout();
  readonly #outline = marker("hotcell-Cursor-cell");
  readonly #column = marker("hotcell-Cursor-line");
  readonly #row = marker("hotcell-Cursor-line");
  #cell: Cell | undefined;

  constructor(figure: HeatmapFigure, view: View) {
    this.#figure = figure;
    this.#view = view;
  }

  /** What the cursor draws, to be placed in the positioned element that holds the canvas. */
  get nodes(): readonly HTMLElement[] {
    return [this.#column, this.#row, this.#outline, this.#readout.node];
  }

  /** Follows the pointer over the picture, and the keys while it has the focus. */
  listen(picture: HTMLElement): void {
    picture.tabIndex = 0;
    const follow = (event: PointerEvent): void => {
      const cell = this.#cellUnder(event.clientX, event.clientY);
      if (cell) this.#show(cell, event.clientX, event.clientY);
      else this.#hide();
    };
    picture.addEventListener("pointermove", follow);
    picture.addEventListener("pointerdown", follow);
    picture.addEventListener("pointerleave", () => {
      this.#hide();
    });
    picture.addEventListener("focus", () => {
      // A click focuses too, but must leave the notebook's shortcuts alive.
      if (!picture.matches(":focus-visible")) return;
      picture.setAttribute(NO_SHORTCUTS, "");
      this.#step({ ix: 0, iy: 0 });
    });
    picture.addEventListener("blur", () => {
      picture.removeAttribute(NO_SHORTCUTS);
      this.#hide();
    });
    picture.addEventListener("keydown", (event) => {
      const move = this.#moveOf(event);
      if (!move || !picture.hasAttribute(NO_SHORTCUTS)) return;
      event.preventDefault();
      this.#step(move);
    });
  }

  #moveOf(event: KeyboardEvent): Cell | undefined {
    const { x, y } = this.#figure;
    const stride = event.shiftKey ? STRIDE : 1;
    // Up and right on the screen, whichever way the values run.
    const right = ascends(x.values) ? stride : -stride;
    const up = ascends(y.values) ? stride : -stride;
    switch (event.key) {
      case "ArrowLeft":
        return { ix: -right, iy: 0 };
      case "ArrowRight":
        return { ix: right, iy: 0 };
      case "ArrowUp":
        return { ix: 0, iy: up };
      case "ArrowDown":
        return { ix: 0, iy: -up };
      default:
        return undefined;
    }
  }

  /** Moves by so many cells, from the middle at first. */
  #step(by: Cell): void {
    const nx = this.#figure.x.values.length;
    const ny = this.#figure.y.values.length;
    const from = this.#cell ?? { ix: nx >> 1, iy: ny >> 1 };
    const clamp = (i: number, n: number): number => Math.max(0, Math.min(n - 1, i));
    const cell = { ix: clamp(from.ix + by.ix, nx), iy: clamp(from.iy + by.iy, ny) };
    const box = this.#boxOf(cell);
    const canvas = this.#canvasPlace();
    this.#show(cell, canvas.left + box.left + box.width, canvas.top + box.top + box.height);
  }

  #show(cell: Cell, clientX: number, clientY: number): void {
    this.#cell = cell;
    const { x, y, z } = this.#figure;
    const box = this.#boxOf(cell);
    const plot = this.#plot();
    stand(this.#outline, box);
    stand(this.#column, { ...plot, left: box.left + box.width / 2, width: 1 });
    stand(this.#row, { ...plot, top: box.top + box.height / 2, height: 1 });
    this.#readout.show(
      [
        [x.label || "x", exactText(x.values, cell.ix)],
        [y.label || "y", exactText(y.values, cell.iy)],
        [z.label || "z", exactText(z.values, cell.iy * x.values.length + cell.ix)],
      ],
      clientX,
      clientY,
    );
  }

  #hide(): void {
    for (const node of [this.#outline, this.#column, this.#row]) node.hidden = true;
    this.#readout.hide();
  }

  #canvasPlace(): DOMRect {
    return this.#view.container()!.querySelector("canvas")!.getBoundingClientRect();
  }

  /** The plot's area on the canvas, in CSS pixels. */
  #plot(): Box {
    const [x, y] = this.#view.origin();
    const padding = this.#view.padding();
    const { left, top } = typeof padding === "number" ? { left: padding, top: padding } : padding;
    return {
      left: x + (left ?? 0),
      top: y + (top ?? 0),
      width: this.#view.width(),
      height: this.#view.height(),
    };
  }

  #cellUnder(clientX: number, clientY: number): Cell | undefined {
    const canvas = this.#canvasPlace();
    const plot = this.#plot();
    const px = clientX - canvas.left - plot.left;
    const py = clientY - canvas.top - plot.top;
    if (px < 0 || py < 0 || px > plot.width || py > plot.height) return undefined;
    const { x, y } = this.#figure;
    return {
      ix: cellAt(x, this.#scale("x").invert(px)),
      iy: cellAt(y, this.#scale("y").invert(py)),
    };
  }

  #boxOf({ ix, iy }: Cell): Box {
    const plot = this.#plot();
    const span = (name: "x" | "y", edges: readonly [number, number], room: number) => {
      const places = edges.map((edge) => Math.max(0, Math.min(room, this.#scale(name)(edge))));
      return { start: Math.min(...places), end: Math.max(...places) };
    };
    const across = span("x", edgesOf(this.#figure.x, ix), plot.width);
    const down = span("y", edgesOf(this.#figure.y, iy), plot.height);
    return {
      left: plot.left + across.start,
      top: plot.top + down.start,
      width: across.end - across.start,
      height: down.end - down.start,
    };
  }

  #scale(name: "x" | "y"): Scale {
    return this.#view.scale(name) as Scale;
  }
}

/** A continuous scale of Vega's, whose types leave it open. */
interface Scale {
  (value: number): number;
  invert(place: number): number;
}

function ascends(values: Float64Array): boolean {
  return values[values.length - 1]! >= values[0]!;
}

function marker(className: string): HTMLElement {
  const node = document.createElement("div");
  node.className = className;
  node.hidden = true;
  return node;
}

function stand(node: HTMLElement, { left, top, width, height }: Box): void {
  Object.assign(node.style, {
    left: `${left}px`,
    top: `${top}px`,
    width: `${width}px`,
    height: `${height}px`,
  });
  node.hidden = false;
}
