/**
 * `heatmap`: numbers as a user has them become a checked figure, and one output. Every way to lay
 * out a grid ends here as one flat array; pixels and axes are made in figure/.
 */
import { FigureError } from "../errors.js";
import type { FloatArray } from "../figure/binary.js";
import { checkText } from "../figure/checks.js";
import {
  AXIS_SCALES,
  type AxisScale,
  checkCentres,
  type HeatmapAxis,
  type HeatmapFigure,
  MAX_CELLS,
} from "../figure/heatmap.js";
import { colorsOf, type HeatmapColorOptions } from "./heatmap-colors.js";
import { layoutOf, type Numbers, numbersOf, packed, sizeOf, type StridedArray } from "./numbers.js";
import { showPicture } from "./picture.js";
import { quoted } from "./quoted.js";

/** What `heatmap` draws. */
export interface HeatmapOptions extends HeatmapColorOptions {
  /**
   * The values: `z[iy][ix]` belongs to `y[iy]` and `x[ix]`, as in matplotlib's `pcolormesh`. Rows of
   * numbers, an array of the shape [ny, nx], or one flat array of ny × nx numbers, row after row.
   * NaN is shown in grey, ±∞ in the colour of that end.
   */
  readonly z: ArrayLike<ArrayLike<number>> | ArrayLike<number> | StridedArray;
  /** Centres of the columns, ascending or descending, in steps of any size; default 0, 1, 2 … */
  readonly x?: Numbers;
  /** Centres of the rows, likewise. */
  readonly y?: Numbers;
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** What the colours mean; stands beside the colour bar. */
  readonly zLabel?: string;
  /** Default "linear"; "log" needs positive centres. */
  readonly xScale?: "linear" | "log";
  readonly yScale?: "linear" | "log";
}

interface Grid {
  readonly values: FloatArray;
  /** Rows and columns; undefined where z is flat and only its length is known. */
  readonly shape: readonly [number, number] | undefined;
}

function gridOf(z: unknown): Grid {
  const layout = layoutOf(z, "heatmap: z");
  const { shape } = layout;
  if (shape.length > 2) {
    throw new FigureError(`heatmap: z has the shape [${shape.join(", ")}], not [ny, nx]`);
  }
  checkSize(sizeOf(layout));
  const [ny, nx] = shape as [number, number?];
  return { values: packed(layout), shape: nx === undefined ? undefined : [ny, nx] };
}

function checkSize(cells: number): void {
  if (cells > MAX_CELLS) {
    throw new FigureError(
      `heatmap: z has ${cells} cells, at most ${MAX_CELLS} (4,000 × 4,000) can be drawn: average it, or take a part`,
    );
  }
}

function axisOf(
  name: "x" | "y",
  values: Float64Array,
  label = "",
  scale: AxisScale = "linear",
): HeatmapAxis {
  if (!AXIS_SCALES.includes(scale)) {
    throw new FigureError(`heatmap: ${name}Scale is ${quoted(scale)}; it is "linear" or "log"`);
  }
  checkCentres(values, scale, `heatmap: ${name}`);
  return { values, label: checkText(label, `heatmap: ${name}Label`), scale };
}

function centresOf(given: Numbers | undefined, name: string): Float64Array | undefined {
  return given === undefined ? undefined : new Float64Array(numbersOf(given, `heatmap: ${name}`));
}

function indices(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => i);
}

/** The figure that `heatmap` shows. */
export function heatmapFigure(options: HeatmapOptions): HeatmapFigure {
  const { title = "", zLabel = "" } = options;
  const { values, shape } = gridOf(options.z);
  const [x, y] = [centresOf(options.x, "x"), centresOf(options.y, "y")];
  const [ny, nx] = shape ?? [y?.length, x?.length];
  if (nx === undefined || ny === undefined) {
    throw new FigureError(
      `heatmap: z is a flat array of ${values.length} values: give x and y too, or rows, or an array of a shape`,
    );
  }
  const axes = {
    x: axisOf("x", x ?? indices(nx), options.xLabel, options.xScale),
    y: axisOf("y", y ?? indices(ny), options.yLabel, options.yScale),
  };
  const [columns, rows] = [axes.x.values.length, axes.y.values.length];
  if (values.length !== nx * ny || columns !== nx || rows !== ny) {
    const found = shape ? `${ny} rows of ${nx} values` : `${values.length} values`;
    throw new FigureError(
      `heatmap: z has ${found}, but y has ${rows} values and x has ${columns}; z[iy][ix] belongs to y[iy] and x[ix]`,
    );
  }
  return {
    kind: "heatmap",
    title: checkText(title, "heatmap: title"),
    ...axes,
    z: { values, label: checkText(zLabel, "heatmap: zLabel") },
    ...colorsOf(values, options),
  };
}

/**
 * Draws a grid of numbers in colours, with axes and a colour bar, as an output of the cell.
 *
 * The edges of the cells lie half way between their centres, on a log axis in the logarithm. The
 * output is live in JupyterLab with hotcell's extension, a PNG elsewhere. Nothing is returned.
 * Throws a FigureError where lengths don't fit together or a value is not a number.
 *
 * @example
 * heatmap({ x, y, z, xLabel: "phase mismatch φ/π", yLabel: "ξ", yScale: "log", zLabel: "overlap" });
 */
export function heatmap(options: HeatmapOptions): void {
  showPicture(heatmapFigure(options));
}
