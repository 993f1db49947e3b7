/** A progress line: a bar where the number of items is known, and the words that say how far. */
import { type ProgressFigure, progressText } from "hotcell/figure";
import type { View } from "./view.js";

/** The view of a progress line. It holds no listeners, so that ten a second cost nothing. */
export function drawProgress(figure: ProgressFigure): View {
  const words = document.createElement("span");
  words.className = "hotcell-Progress-words";
  words.textContent = progressText(figure, false);

  const bar = document.createElement("div");
  bar.className = "hotcell-Progress-bar";
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-label", figure.label);
  bar.setAttribute("aria-valuetext", words.textContent);
  if (figure.total !== undefined) {
    bar.ariaValueMax = String(figure.total);
    bar.ariaValueNow = String(figure.done);
    const fill = document.createElement("div");
    fill.style.width = `${100 * Math.min(1, figure.done / Math.max(1, figure.total))}%`;
    bar.append(fill);
  }

  const node = document.createElement("div");
  node.className = "hotcell-Progress";
  node.dataset.state = figure.state;
  node.append(bar, words);
  return { node, dispose() {} };
}
