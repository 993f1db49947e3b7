/** A rectangle drawn with the pointer over a picture, to see that part of it alone. */
import { drag } from "./drag.js";
import { overlay, stand } from "./plot-place.js";

/** A shorter way of the pointer, in CSS pixels, is a click. */
const LEAST = 5;

/** A point of the window. */
export interface Point {
  readonly clientX: number;
  readonly clientY: number;
}

/** What a drag is asked of and told to. */
export interface ZoomTarget {
  /** Whether there is something to zoom into at a point. */
  readonly isInside: (point: Point) => boolean;
  /** Told the two corners of a drag. */
  readonly zoom: (from: Point, to: Point) => void;
  /** Told of a double click. */
  readonly reset: () => void;
}

/** Follows drags and double clicks over a picture; returns the rectangle to be put over it. */
export function zoomFrame(picture: HTMLElement, target: ZoomTarget): HTMLElement {
  const rectangle = overlay("hotcell-Zoom");
  picture.addEventListener("dblclick", (event) => {
    if (target.isInside(event)) target.reset();
  });
  picture.addEventListener("pointerdown", (start) => {
    // a finger scrolls the page
    if (start.button !== 0 || start.pointerType === "touch" || !target.isInside(start)) return;
    const box = picture.getBoundingClientRect();
    drag(picture, start, {
      moved({ clientX: x, clientY: y }) {
        const [width, height] = [Math.abs(x - start.clientX), Math.abs(y - start.clientY)];
        if (rectangle.hidden && Math.max(width, height) < LEAST) return;
        const left = Math.min(x, start.clientX) - box.left;
        const top = Math.min(y, start.clientY) - box.top;
        stand(rectangle, { left, top, width, height });
      },
      dropped(end) {
        if (rectangle.hidden) return;
        rectangle.hidden = true;
        target.zoom(start, end);
      },
    });
  });
  picture.addEventListener("pointercancel", () => {
    rectangle.hidden = true;
  });
  return rectangle;
}
