/** Figures as they stand in a notebook file, written by hand: no code of hotcell makes them. */
import { encode } from "fast-png";

export const FIGURE = "application/vnd.hotcell.figure+json";

/** A typed array as base64 of its little-endian bytes. */
export function binary(values: readonly number[], shape: readonly number[] = [values.length]) {
  const data = Buffer.from(Float64Array.from(values).buffer).toString("base64");
  return { dtype: "float64", shape, data };
}

/** The numbers of such an array. */
export function numbers({ data }: { readonly data: string }): number[] {
  const bytes = Buffer.from(data, "base64");
  return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
}

/** z row by row; by default with numbers whose digits show whether any is lost. */
export function heatmapPayload({
  title = "",
  x = [10, 20, 30],
  y = [1, 2],
  z = [0, 0.1 + 0.2, 0.6, 0.6, 0, 0.3],
  xLabel = "x",
  yLabel = "y",
  zLabel = "z",
  xScale = "linear",
  yScale = "linear",
} = {}) {
  return {
    version: 1,
    kind: "heatmap",
    title,
    x: { values: binary(x), label: xLabel, scale: xScale },
    y: { values: binary(y), label: yLabel, scale: yScale },
    z: { values: binary(z, [y.length, x.length]), label: zLabel },
    colorMap: "viridis",
    colorScale: "linear",
    threshold: 1,
    contours: [],
    range: [Math.min(...z), Math.max(...z)],
  };
}

interface CurveLine {
  readonly label?: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly error?: readonly number[];
  readonly mark?: string;
}

/** Curves, each with arrays of its own; by default two that share two of their abscissae. */
export function curvesPayload({
  title = "",
  curves = [
    { label: "first", x: [0, 1, 2, 3], y: [0, 0.1 + 0.2, 4, 9] },
    { label: "second", x: [1, 2, 2.5], y: [5, NaN, 1] },
  ] as readonly CurveLine[],
  xLabel = "x",
  yLabel = "y",
  scale = "linear",
  fit = null as { from: number; to: number; dimensions: number } | null,
} = {}) {
  const arrays: ReturnType<typeof binary>[] = [];
  const place = (values: readonly number[]) => arrays.push(binary(values)) - 1;
  return {
    version: 1,
    kind: "curves",
    title,
    x: { label: xLabel, scale },
    y: { label: yLabel, scale },
    curves: curves.map(({ label = "", x, y, error, mark = "line" }) => ({
      label,
      x: place(x),
      y: place(y),
      error: error ? place(error) : null,
      band: null,
      mark,
      dash: null,
    })),
    arrays,
    fit: fit && { ...fit, covariance: null },
  };
}

/** A mean squared displacement of 6 D t with D = 0.5, each value with an error of 2 %. */
export function msdPayload() {
  const x = Array.from({ length: 100 }, (_, i) => i + 1);
  const y = x.map((t) => 3 * t);
  return curvesPayload({
    title: "A random walk",
    curves: [
      { label: "MSD", x, y, error: y.map((value) => 0.02 * value) },
      { label: "6 D t", x, y },
    ],
    xLabel: "lag",
    yLabel: "mean squared displacement",
    scale: "log",
    fit: { from: 2, to: 20, dimensions: 3 },
  });
}

/** Two workers, four chunks, with item numbers and times that occur nowhere else. */
export function timelinePayload() {
  const chunks = [
    [0, 0, 137, 0.5, 41.5],
    [1, 137, 301, 0.75, 38.25],
    [1, 301, 444, 38.5, 80],
    [0, 444, 600, 42, 79],
  ];
  return {
    version: 1,
    kind: "timeline",
    title: "pool.map",
    threads: 2,
    elapsed: 82,
    serial: 150,
    chunks: binary(chunks.flat(), [chunks.length, 5]),
  };
}

export function timingsPayload() {
  return {
    version: 1,
    kind: "timings",
    title: "plain loop and pool",
    timings: [
      { name: "plain loop", samples: binary([150, 152, 149, 155, 151]), calls: 1 },
      { name: "pool.map", samples: binary([81, 80, 84, 79, 82]), calls: 1 },
    ],
  };
}

export function tablePayload({ title = "convergence", names = ["lemon", "apple", "fig"] } = {}) {
  return {
    version: 1,
    kind: "table",
    title,
    columns: [
      { name: "fruit", values: names },
      { name: "mass", values: binary([3.25, 0.1 + 0.2, 12]) },
    ],
  };
}

/** Fractions of ranges, in 16 bits. */
function fractions(values: readonly number[], shape: readonly number[]) {
  const numbers = Uint16Array.from(values, (value) => Math.round(value * 65_534));
  return { dtype: "uint16", shape, data: Buffer.from(numbers.buffer).toString("base64") };
}

/**
 * Two bodies on the x axis of a space from −1 to 1, the first at rest, the second on its way from the
 * right end to the middle in five frames; viridis' ends are their colours.
 */
export function animationPayload({ dimensions = 2, title = "", label = "x" } = {}) {
  const rest = Array.from({ length: dimensions - 1 }, () => 0.5);
  const positions = [0, 1, 2, 3, 4].flatMap((i) => [0.25, ...rest, 1 - i / 8, ...rest]);
  const axis = (name: string) => ({ label: name, extent: [-1, 1], range: [-1, 1] });
  return {
    version: 1,
    kind: "animation",
    title,
    axes: [label, "y", "z"].slice(0, dimensions).map(axis),
    positions: fractions(positions, [5, 2, dimensions]),
    times: binary([0, 10, 20, 30, 40]),
    timeLabel: "t",
    colors: {
      values: fractions([0, 1], [1, 2]),
      label: "mass",
      map: "viridis",
      scale: "linear",
      range: [1, 3],
    },
    curve: { values: binary([5, 4, 3, 2, 1]), label: "energy" },
    framesPerSecond: 10,
  };
}

export function progressPayload(done = 40, state = "running") {
  return { version: 1, kind: "progress", label: "quad", done, total: 100, elapsed: 1234, state };
}

/** A PNG of one colour, base64. */
export function png(width: number, height: number, color: readonly [number, number, number]) {
  const data = new Uint8Array(width * height * 3).map((_, i) => color[i % 3]!);
  return Buffer.from(encode({ width, height, data, channels: 3 })).toString("base64");
}

/** The forms of a figure in one output, as hotcell shows them. */
export function bundle(payload: object) {
  return {
    [FIGURE]: payload,
    "image/png": png(40, 30, [255, 0, 0]),
    "text/plain": "a figure in words",
  };
}
