/**
 * Curves as a table: curves over the same abscissae side by side, a row an abscissa; else a row a
 * point, curve after curve.
 */
import type { FloatArray } from "./binary.js";
import type { Curve, CurvesFigure } from "./curves.js";
import type { DataTable } from "./data-table.js";
import { exactNumber } from "./exact-text.js";

/** A column of one curve. */
interface Column {
  readonly name: string;
  readonly values: FloatArray;
}

function columnsOf({ y, error, xError, band }: Curve, name: string, xName: string): Column[] {
  return [
    { name, values: y },
    ...(error ? [{ name: `${name} error`, values: error }] : []),
    ...(xError ? [{ name: `${name} error of ${xName}`, values: xError }] : []),
    ...(band
      ? [
          { name: `${name} lower`, values: band.lower },
          { name: `${name} upper`, values: band.upper },
        ]
      : []),
  ];
}

function datum(values: FloatArray | undefined, at: number): number {
  return values ? exactNumber(values[at]!, values instanceof Float32Array) : NaN;
}

function isShared({ curves }: CurvesFigure): boolean {
  const { x } = curves[0]!;
  return curves.every((curve) => {
    return (
      curve.x === x ||
      (curve.x.length === x.length && curve.x.every((at, i) => Object.is(at, x[i])))
    );
  });
}

/** The table of curves. */
export function curvesTable(figure: CurvesFigure): DataTable {
  const { curves } = figure;
  const xName = figure.x.label || "x";
  const yName = figure.y.label || "y";
  if (isShared(figure)) {
    const { x } = curves[0]!;
    const columns = curves.flatMap((curve, i) => {
      const name = curve.label || (curves.length > 1 ? `${yName} ${i + 1}` : yName);
      return columnsOf(curve, name, xName);
    });
    return {
      columns: [xName, ...columns.map(({ name }) => name)],
      length: x.length,
      row: (index) => [datum(x, index), ...columns.map(({ values }) => datum(values, index))],
    };
  }
  const hasError = curves.some(({ error }) => error);
  const hasXError = curves.some(({ xError }) => xError);
  const hasBand = curves.some(({ band }) => band);
  return {
    columns: [
      "curve",
      xName,
      yName,
      ...(hasError ? ["error"] : []),
      ...(hasXError ? [`error of ${xName}`] : []),
      ...(hasBand ? ["lower", "upper"] : []),
    ],
    length: curves.reduce((sum, { x }) => sum + x.length, 0),
    row(index) {
      let at = index;
      let i = 0;
      while (at >= curves[i]!.x.length) at -= curves[i++]!.x.length;
      const { label, x, y, error, xError, band } = curves[i]!;
      return [
        label || String(i + 1),
        datum(x, at),
        datum(y, at),
        ...(hasError ? [datum(error, at)] : []),
        ...(hasXError ? [datum(xError, at)] : []),
        ...(hasBand ? [datum(band?.lower, at), datum(band?.upper, at)] : []),
      ];
    },
  };
}
