/** A progress line as a small SVG, for front ends that show neither our payload nor a text's bar. */
import { type ProgressFigure, type ProgressState, progressText } from "./progress.js";
import { escaped } from "./svg-text.js";
import { FONT, inkOf } from "./theme.js";

const WIDTH = 640;
const HEIGHT = 28;
const BAR = { x: 4, y: 11, width: 180, height: 6 };

const COLORS: Readonly<Record<ProgressState, string>> = {
  running: "#1976d2",
  done: "#388e3c",
  stopped: "#f57c00",
  failed: "#d32f2f",
};

function bar(width: number, color: string): string {
  const { x, y, height } = BAR;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3" fill="${color}"/>`;
}

/** The SVG of a progress line, and its size in CSS pixels. */
export function progressSvg(figure: ProgressFigure): {
  svg: string;
  width: number;
  height: number;
} {
  const { done, total, state } = figure;
  const ink = inkOf("light");
  const filled = total === undefined ? 0 : Math.min(1, done / Math.max(1, total));
  const words = escaped(progressText(figure, false));
  const text = `<text x="${BAR.x + BAR.width + 12}" y="19" font-family="${FONT}" font-size="13" fill="${ink.strong}">${words}</text>`;
  const parts = [bar(BAR.width, ink.grid), bar(BAR.width * filled, COLORS[state]), text];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${parts.join("")}</svg>`;
  return { svg, width: WIDTH, height: HEIGHT };
}
