/**
 * How a cursor is moved, whatever it moves over: by the pointer over the picture, or by the arrow
 * keys while the picture has the focus, which then say aloud what the pointer only shows.
 */
import type { Announcer } from "./announcer.js";
import type { Rows } from "./readout.js";

/** A step on the screen, to the right and upwards; ±Infinity is all the way. */
export interface Step {
  readonly right: number;
  readonly up: number;
}

/** Something that points at data. */
export interface Cursor {
  /** Goes to what is under a point of the window, or hides where there is nothing. */
  point(clientX: number, clientY: number): void;
  /** Moves from where it was last, at first from a place of its own, and returns what it says there. */
  step(by: Step): Rows;
  hide(): void;
}

/** Steps that an arrow key makes together with Shift. */
const STRIDE = 10;

/** JupyterLab's own shortcuts rest while an element with this attribute has the focus. */
const NO_SHORTCUTS = "data-lm-suppress-shortcuts";

const STEPS: Readonly<Record<string, Step>> = {
  ArrowLeft: { right: -1, up: 0 },
  ArrowRight: { right: 1, up: 0 },
  ArrowUp: { right: 0, up: 1 },
  ArrowDown: { right: 0, up: -1 },
  Home: { right: -Infinity, up: 0 },
  End: { right: Infinity, up: 0 },
  PageUp: { right: 0, up: Infinity },
  PageDown: { right: 0, up: -Infinity },
};

function stepOf({ key, shiftKey }: KeyboardEvent): Step | undefined {
  const step = STEPS[key];
  return step && shiftKey ? { right: step.right * STRIDE, up: step.up * STRIDE } : step;
}

/** Lets a cursor follow the pointer over the picture, and the keys while it has the focus. */
export function follow(picture: HTMLElement, cursor: Cursor, announcer: Announcer): void {
  picture.tabIndex = 0;
  // arrow keys are for the cursor, not for a screen reader's own
  picture.setAttribute("role", "application");
  picture.ariaRoleDescription = "interactive figure";
  picture.ariaLabel = "Arrow keys read the figure out; with Shift, ten steps at once";
  const point = (event: PointerEvent): void => {
    cursor.point(event.clientX, event.clientY);
  };
  const step = (by: Step): void => {
    announcer.sayRows(cursor.step(by));
  };
  picture.addEventListener("pointermove", point);
  picture.addEventListener("pointerdown", point);
  picture.addEventListener("pointerleave", () => {
    cursor.hide();
  });
  picture.addEventListener("focus", () => {
    // A click focuses too, but must leave the notebook's shortcuts alive.
    if (!picture.matches(":focus-visible")) return;
    picture.setAttribute(NO_SHORTCUTS, "");
    step({ right: 0, up: 0 });
  });
  picture.addEventListener("blur", () => {
    picture.removeAttribute(NO_SHORTCUTS);
    cursor.hide();
  });
  picture.addEventListener("keydown", (event) => {
    const by = stepOf(event);
    if (!by || event.target !== picture || !picture.hasAttribute(NO_SHORTCUTS)) return;
    event.preventDefault();
    step(by);
  });
}
