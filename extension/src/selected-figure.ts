/**
 * Which figure a command means: that in the active cell of the notebook in front, and of several the
 * one that was last clicked or focused. What a figure can do is what its buttons do.
 */

/** What a figure may have a button for. */
export type Deed = "png" | "svg" | "csv" | "data" | "play";

const FIGURE = ".hotcell-Figure";
const ACTIVE_CELL = ".jp-Cell.jp-mod-active";

let touched: Element | undefined;

/** Remembers which figure was last clicked or focused. */
export function watchFigures(): void {
  for (const event of ["pointerdown", "focusin"]) {
    document.addEventListener(
      event,
      ({ target }) => {
        touched = (target instanceof Element && target.closest(FIGURE)) || touched;
      },
      { capture: true },
    );
  }
}

/** The button of the selected figure that does this, in a part of the page; undefined without one. */
export function buttonFor(deed: Deed, page: Element): HTMLButtonElement | undefined {
  const within = page.querySelector(ACTIVE_CELL) ?? page;
  const figure = touched && within.contains(touched) ? touched : within.querySelector(FIGURE);
  return figure?.querySelector<HTMLButtonElement>(`button[data-deed="${deed}"]`) ?? undefined;
}
