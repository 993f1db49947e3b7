/**
 * The part of a picture that its reader looks at: chosen by a rectangle drawn with the pointer, left by
 * a double click or a button. What a part is, the picture knows.
 */
import type { Announcer } from "./announcer.js";
import { drag } from "./drag.js";
import type { Memory } from "./memory.js";
import { overlay, stand } from "./plot-place.js";
import { actionButton } from "./toolbar.js";

/** A shorter way of the pointer, in CSS pixels, is a click. */
const LEAST = 5;

/** A point of the window. */
export interface Point {
  readonly clientX: number;
  readonly clientY: number;
}

/** A drawn picture, as it is asked for its parts. */
export interface ZoomTarget<Part> {
  readonly node: HTMLElement;
  /** Whether there is something to zoom into at a point. */
  readonly isInside: (point: Point) => boolean;
  /** The part between two corners, if there is one. */
  readonly between: (from: Point, to: Point) => Part | undefined;
}

export interface ZoomOptions {
  /** What the picture is called: "map". */
  readonly noun: string;
  /** What it is a part of: of something else it is none. */
  readonly whole: string;
  readonly memory: Memory;
  readonly announcer: Announcer;
  /** Draws the picture with the part that is looked at now. */
  readonly draw: () => Promise<void>;
}

/** What of a picture is looked at, and how that is changed. */
export class Zoom<Part> {
  /** Shows all of the picture again; hidden while it does. */
  readonly button: HTMLButtonElement;
  readonly #options: ZoomOptions;
  readonly #state: { chosen?: { readonly part: Part; readonly whole: string } };

  constructor(options: ZoomOptions) {
    const { noun, memory } = options;
    this.#options = options;
    this.#state = memory.of("zoom", () => ({}));
    this.button = actionButton({
      label: `Whole ${noun}`,
      hint: `Show all of the ${noun} again (double click)`,
      act: () => this.#lookAt(undefined),
    });
    this.button.hidden = this.part === undefined;
  }

  /** Undefined while all is looked at. */
  get part(): Part | undefined {
    const { chosen } = this.#state;
    return chosen?.whole === this.#options.whole ? chosen.part : undefined;
  }

  async #lookAt(part: Part | undefined): Promise<void> {
    const { noun, whole, announcer, draw } = this.#options;
    if (part) this.#state.chosen = { part, whole };
    else delete this.#state.chosen;
    await draw();
    this.button.hidden = part === undefined;
    announcer.say(part ? `a part of the ${noun}` : `the whole ${noun}`);
  }

  /** Follows drags and double clicks over a picture; returns the rectangle to be put over it. */
  over({ node, isInside, between }: ZoomTarget<Part>): HTMLElement {
    const rectangle = overlay("hotcell-Zoom");
    node.addEventListener("dblclick", (event) => {
      if (isInside(event)) void this.#lookAt(undefined);
    });
    node.addEventListener("pointerdown", (start) => {
      // a finger scrolls the page
      if (start.button !== 0 || start.pointerType === "touch" || !isInside(start)) return;
      const box = node.getBoundingClientRect();
      drag(node, start, {
        moved({ clientX: x, clientY: y }) {
          const [width, height] = [Math.abs(x - start.clientX), Math.abs(y - start.clientY)];
          if (rectangle.hidden && Math.max(width, height) < LEAST) return;
          const left = Math.min(x, start.clientX) - box.left;
          const top = Math.min(y, start.clientY) - box.top;
          stand(rectangle, { left, top, width, height });
        },
        dropped: (end) => {
          const part = rectangle.hidden ? undefined : between(start, end);
          if (part) void this.#lookAt(part);
        },
        ended() {
          rectangle.hidden = true;
        },
      });
    });
    return rectangle;
  }
}
