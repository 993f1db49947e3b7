/**
 * The cursor of a picture made of marks, such as a timeline's bars: an outline around one mark, and
 * what the mark says of itself beside it. Marks that say nothing are passed over.
 */
import type { View } from "vega";
import type { Cursor, Step } from "./cursor.js";
import { canvasOf, overlay, plotOf, stand } from "./plot-place.js";
import { Readout, type Rows } from "./readout.js";

/** A mark that has something to say, and where it stands on the canvas, in CSS pixels. */
interface Spot {
  readonly rows: Rows;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What of Vega's scenegraph is read here. */
interface SceneItem {
  readonly items?: readonly SceneItem[];
  readonly x?: number;
  readonly y?: number;
  readonly bounds?: { readonly x1: number; readonly x2: number; y1: number; y2: number };
  readonly tooltip?: unknown;
  readonly marktype?: string;
}

/** Every mark with a tooltip in a part of the scene whose origin is at (left, top). */
function* spotsOf(item: SceneItem, left: number, top: number): Generator<Spot> {
  if (typeof item.tooltip === "object" && item.tooltip !== null && item.bounds) {
    const { x1, x2, y1, y2 } = item.bounds;
    const rows = Object.entries(item.tooltip).map(([name, text]) => [name, String(text)] as const);
    yield { rows, left: left + x1, right: left + x2, top: top + y1, bottom: top + y2 };
  }
  // a mark is no item: only groups, which have items of their own, shift what they hold
  const isMark = item.marktype !== undefined;
  const x = isMark ? 0 : (item.x ?? 0);
  const y = isMark ? 0 : (item.y ?? 0);
  for (const child of item.items ?? []) yield* spotsOf(child, left + x, top + y);
}

/** Reads marks out, one by one. */
export class MarkCursor implements Cursor {
  readonly #spots: readonly Spot[];
  readonly #view: View;
  readonly #readout = new Readout();
  readonly #outline = overlay("hotcell-Cursor-cell");
  #at: Spot | undefined;

  constructor(view: View) {
    const { left, top } = plotOf(view);
    const scene = (view.scenegraph() as unknown as { root: SceneItem }).root;
    this.#spots = [...spotsOf(scene, left, top)];
    this.#view = view;
  }

  /** Whether there is anything to read. */
  get isIdle(): boolean {
    return this.#spots.length === 0;
  }

  /** What the cursor draws, to be placed in the positioned element that holds the canvas. */
  get nodes(): readonly HTMLElement[] {
    return [this.#outline, this.#readout.node];
  }

  point(clientX: number, clientY: number): void {
    const canvas = canvasOf(this.#view);
    const [x, y] = [clientX - canvas.left, clientY - canvas.top];
    const spot = this.#spots.find(
      ({ left, right, top, bottom }) => x >= left && x <= right && y >= top && y <= bottom,
    );
    if (spot) this.#show(spot, clientX, clientY);
    else this.hide();
  }

  /** Along a row of marks from side to side, and to the nearest mark of the row above or below. */
  step({ right, up }: Step): Rows {
    const from = this.#at ?? this.#spots[0]!;
    const spot = right !== 0 ? this.#along(from, right) : this.#across(from, up);
    const canvas = canvasOf(this.#view);
    this.#show(spot, canvas.left + spot.right, canvas.top + spot.bottom);
    return spot.rows;
  }

  hide(): void {
    this.#outline.hidden = true;
    this.#readout.hide();
  }

  #along(from: Spot, by: number): Spot {
    const row = this.#spots.filter((spot) => middle(spot) === middle(from));
    row.sort((a, b) => a.left - b.left);
    const index = row.indexOf(from) + by;
    return row[Math.max(0, Math.min(index, row.length - 1))]!;
  }

  #across(from: Spot, by: number): Spot {
    if (by === 0) return from;
    const heights = [...new Set(this.#spots.map(middle))].sort((a, b) => a - b);
    const index = heights.indexOf(middle(from)) - by;
    const height = heights[Math.max(0, Math.min(index, heights.length - 1))]!;
    const distance = (spot: Spot): number => Math.abs(spot.left - from.left);
    return this.#spots
      .filter((spot) => middle(spot) === height)
      .reduce((best, spot) => (distance(spot) < distance(best) ? spot : best));
  }

  #show(spot: Spot, clientX: number, clientY: number): void {
    this.#at = spot;
    const { left, top, right, bottom } = spot;
    stand(this.#outline, { left, top, width: right - left, height: bottom - top });
    this.#readout.show(spot.rows, clientX, clientY);
  }
}

function middle({ top, bottom }: Spot): number {
  return (top + bottom) / 2;
}
