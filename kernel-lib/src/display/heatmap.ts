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
import { quoted } from "./quoted.js";
import { showPicture } from "./picture.js";

/** An n-dimensional array such as hotcell's NDArray: flat data, and how they are laid out. */
export interface StridedArray {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  /** Elements from one index to the next, an entry an axis; default: the last axis is contiguous. */
  readonly strides?: readonly number[];
  /** Where the first element stands in `data`; default 0. */
  readonly offset?: number;
}

/** What `heatmap` draws. */
export interface HeatmapOptions extends HeatmapColorOptions {
  /**
   * The values: `z[iy][ix]` belongs to `y[iy]` and `x[ix]`, as in matplotlib's `pcolormesh`. Rows of
   * numbers, an array of the shape [ny, nx], or one flat array of ny × nx numbers, row after row.
   * NaN is shown in grey, ±∞ in the colour of that end.
   */
  readonly z: ArrayLike<ArrayLike<number>> | ArrayLike<number> | StridedArray;
  /** Centres of the columns, ascending or descending, in steps of any size; default 0, 1, 2 … */
  readonly x?: ArrayLike<number> | StridedArray;
  /** Centres of the rows, likewise. */
  readonly y?: ArrayLike<number> | StridedArray;
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** What the colours mean; stands beside the colour bar. */
  readonly zLabel?: string;
  /** Default "linear"; "log" needs positive centres. */
  readonly xScale?: "linear" | "log";
  readonly yScale?: "linear" | "log";
}

function isStrided(value: object): value is StridedArray {
  return "data" in value && "shape" in value;
}

function notANumber(place: string, value: unknown): FigureError {
  return new FigureError(`heatmap: ${place} is ${quoted(value)}, not a number`);
}

function lengthOf(value: unknown, place: string): number {
  const length = (value as { length?: unknown } | null | undefined)?.length;
  if (typeof value !== "object" || typeof length !== "number") {
    throw new FigureError(`heatmap: ${place} is ${quoted(value)}, not an array of numbers`);
  }
  return length;
}

/** The elements of an array whose elements aren't trusted to be numbers. */
function numbers(array: ArrayLike<unknown>, place: string): Float64Array {
  const copy = new Float64Array(array.length);
  for (let i = 0; i < array.length; i++) {
    const value = array[i];
    if (typeof value !== "number") throw notANumber(`${place}[${i}]`, value);
    copy[i] = value;
  }
  return copy;
}

/** The elements of a strided array, last axis fastest. */
function packed({ data, shape, strides, offset = 0 }: StridedArray, place: string): FloatArray {
  const [rows = 1, columns = 1] = shape.length === 1 ? [1, shape[0]] : shape;
  const [rowStride = columns, columnStride = 1] =
    strides?.length === 1 ? [0, strides[0]] : (strides ?? []);
  const isFloat32 = data instanceof Float32Array;
  const copy = isFloat32 ? new Float32Array(rows * columns) : new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const index = offset + row * rowStride + column * columnStride;
      const value: unknown = data[index];
      if (typeof value !== "number") throw notANumber(`${place}.data[${index}]`, value);
      copy[row * columns + column] = value;
    }
  }
  return copy;
}

interface Grid {
  readonly values: FloatArray;
  /** Rows and columns; undefined where z is flat and only its length is known. */
  readonly shape: readonly [number, number] | undefined;
}

function gridOf(z: unknown): Grid {
  const length = typeof z === "object" && z !== null && isStrided(z) ? 0 : lengthOf(z, "z");
  const source = z as StridedArray | ArrayLike<unknown>;
  if (isStrided(source)) {
    const [ny, nx] = source.shape;
    if (ny === undefined || nx === undefined || source.shape.length !== 2) {
      throw new FigureError(`heatmap: z has the shape [${source.shape.join(", ")}], not [ny, nx]`);
    }
    checkSize(ny * nx);
    return { values: packed(source, "z"), shape: [ny, nx] };
  }
  checkSize(length);
  if (source instanceof Float64Array || source instanceof Float32Array) {
    return { values: source.slice(), shape: undefined };
  }
  if (typeof source[0] !== "object") return { values: numbers(source, "z"), shape: undefined };
  const nx = lengthOf(source[0], "z[0]");
  checkSize(length * nx);
  const values = new Float64Array(length * nx);
  for (let iy = 0; iy < length; iy++) {
    const row = source[iy] as ArrayLike<unknown>;
    const found = lengthOf(row, `z[${iy}]`);
    if (found !== nx) {
      throw new FigureError(`heatmap: z[${iy}] has ${found} values, but z[0] has ${nx}`);
    }
    values.set(numbers(row, `z[${iy}]`), iy * nx);
  }
  return { values, shape: [length, nx] };
}

function checkSize(cells: number): void {
  if (cells === 0) throw new FigureError("heatmap: z is empty");
  if (cells > MAX_CELLS) {
    throw new FigureError(
      `heatmap: z has ${cells} cells, at most ${MAX_CELLS} (4,000 × 4,000) can be drawn: average it, or take a part`,
    );
  }
}

function axisOf(
  name: "x" | "y",
  given: HeatmapOptions["x"],
  size: number,
  label = "",
  scale: AxisScale = "linear",
): HeatmapAxis {
  if (!AXIS_SCALES.includes(scale)) {
    throw new FigureError(`heatmap: ${name}Scale is ${quoted(scale)}; it is "linear" or "log"`);
  }
  const values = given === undefined ? indices(size) : centresOf(given, name);
  checkCentres(values, scale, `heatmap: ${name}`);
  return { values, label: checkText(label, `heatmap: ${name}Label`), scale };
}

function indices(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => i);
}

function centresOf(given: ArrayLike<number> | StridedArray, name: string): Float64Array {
  if (typeof given === "object" && isStrided(given)) {
    return Float64Array.from(packed(given, name));
  }
  lengthOf(given, name);
  return numbers(given, name);
}

/** The figure that `heatmap` shows. */
export function heatmapFigure(options: HeatmapOptions): HeatmapFigure {
  const { z, x, y, title = "", zLabel = "" } = options;
  const { values, shape } = gridOf(z);
  const nx = shape?.[1] ?? (x === undefined ? undefined : centresOf(x, "x").length);
  const ny = shape?.[0] ?? (y === undefined ? undefined : centresOf(y, "y").length);
  if (nx === undefined || ny === undefined) {
    throw new FigureError(
      `heatmap: z is a flat array of ${values.length} values: give x and y too, or rows, or an array of a shape`,
    );
  }
  const axes = {
    x: axisOf("x", x, nx, options.xLabel, options.xScale),
    y: axisOf("y", y, ny, options.yLabel, options.yScale),
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
