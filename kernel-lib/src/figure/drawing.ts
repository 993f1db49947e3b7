/**
 * Drawings of a few plain shapes, for figures that move too fast for Vega: a list of shapes is made
 * once and then painted as SVG (drawing-svg.ts) or, in the extension, on a canvas.
 */
import type { Panel } from "./projection.js";

/** A polyline, open. */
export interface LineShape {
  readonly shape: "line";
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly color: string;
  readonly width: number;
}

/** A filled rectangle. */
export interface BoxShape extends Panel {
  readonly shape: "box";
  readonly color: string;
}

/** A filled circle. */
export interface DotShape {
  readonly shape: "dot";
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly color: string;
}

/** One line of text; its middle is at the given height. */
export interface TextShape {
  readonly shape: "text";
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly color: string;
  readonly align: "start" | "middle" | "end";
  readonly bold?: boolean;
  /** Turned to be read from below. */
  readonly upright?: boolean;
}

export type Shape = LineShape | BoxShape | DotShape | TextShape;

/** Shapes on a ground of a size in CSS pixels, the first at the bottom. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** From the middle of a text's height to its base line, as a part of the font size. */
export const BASE_LINE = 0.35;

/** The line along the edges of a panel. */
export function outline({ left, top, width, height }: Panel, color: string): LineShape {
  const [right, bottom] = [left + width, top + height];
  const points = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ] as const;
  return { shape: "line", points, color, width: 1 };
}
