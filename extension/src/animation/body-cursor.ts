/** Says which body is under the pointer: its number, where it is, and what its colour stands for. */
import {
  type AnimationFigure,
  bodyColumns,
  bodyUnder,
  bodyValues,
  DIGITS,
  numberText,
} from "hotcell/figure";
import type { Rows } from "../readout.js";
import type { Stage } from "./stage.js";

/** The rows of a read-out at a point of the stage; undefined where there is no body. */
export function rowsAt(
  figure: AnimationFigure,
  stage: Stage,
  frame: number,
  x: number,
  y: number,
): Rows | undefined {
  const { left, top, width, height } = stage.space;
  const [px, py] = [x - left, y - top];
  if (px < 0 || py < 0 || px > width || py > height) return undefined;
  const body = bodyUnder(figure, frame, stage.projection, px, py);
  if (body === undefined) return undefined;
  const values = bodyValues(figure, frame, body).map((value) => numberText(value, DIGITS));
  const names = bodyColumns(figure);
  return [["body", String(body)], ...names.map((name, i) => [name, values[i]!] as const)];
}
