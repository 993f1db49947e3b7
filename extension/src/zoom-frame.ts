/** A rectangle drawn with the pointer over a heatmap, to see those cells alone. */
import type { Cell, CellRange } from "hotcell/figure";
import { overlay, stand } from "./plot-place.js";

/** A shorter way of the pointer, in CSS pixels, is a click. */
const LEAST = 5;

/** What a drag is asked of and told to. */
export interface ZoomTarget {
  /** The cell at a point of the window, the nearest where there is none. */
  readonly nearest: (clientX: number, clientY: number) => Cell;
  /** Whether there is a cell at a point. */
  readonly isInside: (clientX: number, clientY: number) => boolean;
  /** Told the cells that a drag went over. */
  readonly zoom: (range: CellRange) => void;
  /** Told of a double click. */
  readonly reset: () => void;
}

function span(a: number, b: number): readonly [number, number] {
  return [Math.min(a, b), Math.max(a, b)];
}

/** Follows drags and double clicks over a picture; returns the rectangle to be put over it. */
export function zoomFrame(picture: HTMLElement, target: ZoomTarget): HTMLElement {
  const rectangle = overlay("hotcell-Zoom");
  picture.addEventListener("dblclick", (event) => {
    if (target.isInside(event.clientX, event.clientY)) target.reset();
  });
  picture.addEventListener("pointerdown", (start) => {
    // a finger scrolls the page
    if (start.button !== 0 || start.pointerType === "touch") return;
    if (!target.isInside(start.clientX, start.clientY)) return;
    const end = new AbortController();
    const follow = { signal: end.signal };
    let isDrag = false;
    const from = target.nearest(start.clientX, start.clientY);
    const box = picture.getBoundingClientRect();
    picture.addEventListener(
      "pointermove",
      (move) => {
        const [x, y] = [move.clientX, move.clientY];
        const far = Math.max(Math.abs(x - start.clientX), Math.abs(y - start.clientY));
        if (!isDrag && far < LEAST) return;
        if (!isDrag) picture.setPointerCapture(start.pointerId);
        isDrag = true;
        const [left, right] = span(start.clientX, x);
        const [top, bottom] = span(start.clientY, y);
        stand(rectangle, {
          left: left - box.left,
          top: top - box.top,
          width: right - left,
          height: bottom - top,
        });
      },
      follow,
    );
    const stop = (): void => {
      end.abort();
      rectangle.hidden = true;
    };
    picture.addEventListener("pointercancel", stop, follow);
    picture.addEventListener(
      "pointerup",
      (up) => {
        stop();
        if (!isDrag) return;
        const to = target.nearest(up.clientX, up.clientY);
        target.zoom({ columns: span(from.column, to.column), rows: span(from.row, to.row) });
      },
      follow,
    );
  });
  return rectangle;
}
