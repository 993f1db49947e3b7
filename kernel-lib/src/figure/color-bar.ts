/** A colour bar as shapes: the colours of a map, the values they stand for, and what these mean. */
import { colorAt, type ColorMap, DEFAULT_MAP } from "./color-map.js";
import { type ColorScaleName, colorScale } from "./color-scale.js";
import type { Shape } from "./drawing.js";
import type { Panel } from "./projection.js";
import { textWidth } from "./text-width.js";
import { inkOf, type Theme } from "./theme.js";

/** What the colours of a figure mean. */
export interface ColorKey {
  readonly map: ColorMap | undefined;
  readonly scale: ColorScaleName;
  readonly range: readonly [number, number];
  readonly label: string;
}

/** Space before the bar, its width, and space before its labels and before its title. */
const GAP = 16;
const BAR = 14;
const LABEL_GAP = 8;
const TITLE_GAP = 16;
const LABEL_SIZE = 12;
const TITLE_SIZE = 13;
/** Colours in the bar: more than any screen tells apart at its height. */
const STEPS = 64;

function ticksOf({ scale, range }: ColorKey, height: number) {
  return colorScale(scale, range).ticks(height / 40);
}

function labelsWidth(key: ColorKey, height: number): number {
  return Math.max(...ticksOf(key, height).map(({ label }) => textWidth(label, LABEL_SIZE)));
}

/** How much room a bar of this height takes beside its panel. */
export function colorBarWidth(key: ColorKey, height: number): number {
  const title = key.label ? TITLE_GAP + TITLE_SIZE : 0;
  return GAP + BAR + LABEL_GAP + labelsWidth(key, height) + title;
}

/** A bar beside a panel, as high as it. */
export function colorBar(key: ColorKey, panel: Panel, theme: Theme): Shape[] {
  const ink = inkOf(theme);
  const left = panel.left + panel.width + GAP;
  const { top, height } = panel;
  const colors = Array.from({ length: STEPS }, (_, i): Shape => {
    const from = (height * i) / STEPS;
    const color = colorAt(key.map ?? DEFAULT_MAP, 1 - (i + 0.5) / STEPS);
    // each down to the end, so that no seam shows between two
    return { shape: "box", left, top: top + from, width: BAR, height: height - from, color };
  });
  const scale = colorScale(key.scale, key.range);
  const right = left + BAR;
  const ticks = ticksOf(key, height).flatMap(({ value, label }): Shape[] => {
    const y = top + height * (1 - scale.fraction(value));
    const points = [
      [right, y],
      [right + (label ? 5 : 3), y],
    ] as const;
    return [
      { shape: "line", points, color: ink.line, width: 1 },
      {
        shape: "text",
        text: label,
        x: right + LABEL_GAP,
        y,
        size: LABEL_SIZE,
        color: ink.text,
        align: "start",
      },
    ];
  });
  const title: Shape = {
    shape: "text",
    text: key.label,
    x: right + LABEL_GAP + labelsWidth(key, height) + TITLE_GAP,
    y: top + height / 2,
    size: TITLE_SIZE,
    color: ink.strong,
    align: "middle",
    upright: true,
  };
  return [...colors, ...ticks, ...(key.label ? [title] : [])];
}
