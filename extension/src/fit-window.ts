/**
 * The window of a fit, to be moved and widened: two handles at its ends and a bar to drag all of it,
 * each also by the arrow keys. Whoever makes it is told where the window stands.
 */
import {
  type CurvesFigure,
  CURVE_SCALE_NAMES,
  fitMsd,
  type FitWindow,
  fitText,
} from "hotcell/figure";
import type { View } from "vega";
import { drag } from "./drag.js";
import { overlay, plotOf, scaleOf } from "./plot-place.js";

/** What of the window is moved. */
type Part = "from" | "to" | "both";

const NAMES: Readonly<Record<Part, string>> = {
  from: "Start of the fit",
  to: "End of the fit",
  both: "Window of the fit",
};

/** Pixels that an arrow key moves, alone and with Shift. */
const STEP = { key: 4, shift: 20 };

/** The least width of the window, in pixels. */
const LEAST = 8;

/** The handles of a window over a plot. */
export class FitHandles {
  readonly #figure: CurvesFigure;
  readonly #view: View;
  readonly #moved: (window: FitWindow) => void;
  readonly #nodes: Readonly<Record<Part, HTMLElement>>;
  #window: FitWindow;

  constructor(
    figure: CurvesFigure,
    window: FitWindow,
    view: View,
    moved: (window: FitWindow) => void,
  ) {
    this.#figure = figure;
    this.#window = window;
    this.#view = view;
    this.#moved = moved;
    this.#nodes = {
      both: this.#handle("both"),
      from: this.#handle("from"),
      to: this.#handle("to"),
    };
    this.#place();
  }

  /** To be placed in the positioned element that holds the canvas. */
  get nodes(): readonly HTMLElement[] {
    return Object.values(this.#nodes);
  }

  #handle(part: Part): HTMLElement {
    const node = overlay(`hotcell-Fit-handle hotcell-Fit-${part}`);
    node.tabIndex = 0;
    node.setAttribute("role", "slider");
    node.ariaLabel = NAMES[part];
    node.ariaOrientation = "horizontal";
    node.setAttribute("data-lm-suppress-shortcuts", "");
    node.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      node.focus();
      const start = this.#pixels();
      drag(node, event, {
        moved: ({ clientX }) => {
          this.#moveTo(part, start, clientX - event.clientX);
        },
      });
    });
    node.addEventListener("keydown", (event) => {
      const by = event.shiftKey ? STEP.shift : STEP.key;
      const sign = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (sign === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.#moveTo(part, this.#pixels(), sign * by);
    });
    return node;
  }

  /** The window's ends as places in the plot. */
  #pixels(): { readonly from: number; readonly to: number } {
    const scale = scaleOf(this.#view, CURVE_SCALE_NAMES.x);
    const { width } = plotOf(this.#view);
    const inside = (px: number): number => Math.max(0, Math.min(px, width));
    return { from: inside(scale(this.#window.from)), to: inside(scale(this.#window.to)) };
  }

  #moveTo(part: Part, { from, to }: { from: number; to: number }, by: number): void {
    const { width } = plotOf(this.#view);
    const scale = scaleOf(this.#view, CURVE_SCALE_NAMES.x);
    const shift = Math.max(-from, Math.min(by, width - to));
    const next = {
      both: { from: from + shift, to: to + shift },
      from: { from: Math.max(0, Math.min(from + by, to - LEAST)), to },
      to: { from, to: Math.min(width, Math.max(to + by, from + LEAST)) },
    }[part];
    this.#window = {
      ...this.#window,
      ...(part !== "to" && { from: scale.invert(next.from) }),
      ...(part !== "from" && { to: scale.invert(next.to) }),
    };
    this.#place();
    this.#moved(this.#window);
  }

  #place(): void {
    const plot = plotOf(this.#view);
    const { from, to } = this.#pixels();
    const text = fitText(fitMsd(this.#figure, this.#window));
    const places = { from: [from, 0], to: [to, 0], both: [from, to - from] } as const;
    for (const part of ["from", "to", "both"] as const) {
      const node = this.#nodes[part];
      const [left, width] = places[part];
      node.style.left = `${plot.left + left}px`;
      node.style.width = `${width}px`;
      node.style.top = `${plot.top}px`;
      node.style.height = part === "both" ? "10px" : `${plot.height}px`;
      node.hidden = false;
      node.ariaValueNow = String(part === "to" ? this.#window.to : this.#window.from);
      node.ariaValueText = text;
    }
  }
}
