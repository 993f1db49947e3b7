/** Buttons over the names above a plot, which hide their curve and show it again. */
import type { LegendEntry } from "hotcell/figure";
import type { Box } from "./plot-place.js";

/** Height of a button, in CSS pixels. */
const HEIGHT = 20;

/** The buttons of these names, for a plot whose area on the canvas is given. */
export function legendButtons(
  entries: readonly LegendEntry[],
  plot: Box,
  hidden: ReadonlySet<number>,
  toggle: (curve: number) => void,
): HTMLElement[] {
  return entries.map(({ curve, name, left, middle, width }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "hotcell-Legend-button";
    button.ariaLabel = name;
    button.ariaPressed = String(!hidden.has(curve));
    button.title = hidden.has(curve) ? "Show this curve" : "Hide this curve";
    Object.assign(button.style, {
      left: `${plot.left + left - 4}px`,
      top: `${plot.top + middle - HEIGHT / 2}px`,
      width: `${width + 8}px`,
      height: `${HEIGHT}px`,
    });
    button.addEventListener("click", () => {
      toggle(curve);
    });
    return button;
  });
}
