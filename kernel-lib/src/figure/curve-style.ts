/**
 * How curves are told apart: a colour, a dash and a shape each. The colours are those of M. Okabe and
 * K. Ito (2008), which colour-blind eyes tell apart, some made lighter for dark ground; dashes and
 * shapes say the same in grey.
 */
import type { Curve, Dash } from "./curves.js";
import type { Theme } from "./theme.js";

const COLORS: Readonly<Record<Theme, readonly string[]>> = {
  light: ["#0072b2", "#d55e00", "#009e73", "#a6518a", "#b8860b", "#3a9ad9", "#555e68"],
  dark: ["#56b4e9", "#ff8f45", "#2cc997", "#e59cc8", "#f0c04a", "#8fd3ff", "#b6bec8"],
};

/** Lengths of dash and gap in pixels. */
const PATTERNS: Readonly<Record<Dash, readonly number[]>> = {
  solid: [],
  dashed: [7, 4],
  dotted: [1.5, 3.5],
  dashDotted: [8, 3.5, 1.5, 3.5],
};
const CYCLE = ["solid", "dashed", "dashDotted", "dotted"] as const;

const SHAPES = ["circle", "square", "diamond", "triangle-up", "cross", "triangle-down"] as const;

/** What a curve looks like. */
export interface CurveStyle {
  readonly color: string;
  /** Empty for a line without gaps. */
  readonly dash: readonly number[];
  readonly shape: (typeof SHAPES)[number];
  readonly hasLine: boolean;
  readonly hasPoints: boolean;
}

/** The style of the curve at a place among all. */
export function curveStyle({ mark, dash }: Curve, place: number, theme: Theme): CurveStyle {
  const colors = COLORS[theme];
  return {
    color: colors[place % colors.length]!,
    dash: PATTERNS[dash ?? CYCLE[place % CYCLE.length]!],
    shape: SHAPES[place % SHAPES.length]!,
    hasLine: mark !== "points",
    hasPoints: mark !== "line",
  };
}
