/**
 * The cursor of a plot: a hairline at the nearest abscissa that has points, a ring around each of
 * them, and their exact numbers beside it, curve by curve.
 */
import {
  CURVE_SCALE_NAMES,
  CurveIndex,
  type CurvePoint,
  type CurvesFigure,
  exactText,
  plotScales,
  type PlotWindow,
} from "hotcell/figure";
import type { View } from "vega";
import type { Cursor, Step } from "./cursor.js";
import {
  type Box,
  canvasOf,
  overlay,
  placeIn,
  plotOf,
  type Scale,
  scaleOf,
  stand,
} from "./plot-place.js";
import { Readout, type Rows } from "./readout.js";

/** How far from the pointer an abscissa may be and still be meant, in CSS pixels. */
const REACH = 60;

/** The most points that are named at one abscissa. */
const MOST = 24;

/** The diameter of a ring. */
const RING = 9;

/** Reads curves out, abscissa by abscissa. */
export class CurveCursor implements Cursor {
  readonly #figure: CurvesFigure;
  readonly #view: View;
  readonly #colors: readonly string[];
  readonly #index: CurveIndex;
  readonly #readout = new Readout();
  readonly #line = overlay("hotcell-Cursor-line");
  readonly #rings = overlay("hotcell-Cursor-rings");
  readonly #moved: (x: number | undefined) => void;
  #x: number | undefined;

  /** `moved` is told at which abscissa the cursor is. */
  constructor(
    figure: CurvesFigure,
    view: View,
    hidden: ReadonlySet<number>,
    colors: readonly string[],
    window: PlotWindow | undefined,
    moved: (x: number | undefined) => void,
  ) {
    this.#moved = moved;
    this.#figure = figure;
    this.#view = view;
    this.#colors = colors;
    this.#index = new CurveIndex(figure, plotScales(figure, hidden, window).x, hidden);
  }

  /** What the cursor draws, to be placed in the positioned element that holds the canvas. */
  get nodes(): readonly HTMLElement[] {
    return [this.#line, this.#rings, this.#readout.node];
  }

  point(clientX: number, clientY: number): void {
    const { px, isInside } = placeIn(this.#view, clientX, clientY);
    const scale = this.#scale("x");
    const x = isInside ? this.#index.nearest(scale.invert(px)) : undefined;
    if (x === undefined || Math.abs(scale(x) - px) > REACH) this.hide();
    else this.#show(x, clientX, clientY);
  }

  /** From the middle of the plot at first; up and down have nothing to move between. */
  step({ right }: Step): Rows {
    const plot = plotOf(this.#view);
    const from = this.#x ?? this.#index.nearest(this.#scale("x").invert(plot.width / 2));
    if (from === undefined) return [["plot", "no point"]];
    const x = this.#index.step(from, right);
    const canvas = canvasOf(this.#view);
    const left = canvas.left + plot.left + this.#scale("x")(x);
    return this.#show(x, left, canvas.top + plot.top + plot.height / 3);
  }

  hide(): void {
    this.#unmark();
    this.#readout.hide();
    this.#moved(undefined);
  }

  /** Marks the abscissa nearest to one that another figure is at, in silence. */
  mark(x: number | undefined): void {
    const nearest = x === undefined ? undefined : this.#index.nearest(x);
    const scale = this.#scale("x");
    // the scale has no place for what isn't on its axis
    if (nearest !== undefined && Math.abs(scale(nearest) - scale(x!)) <= REACH) this.#put(nearest);
    else this.#unmark();
  }

  #unmark(): void {
    this.#line.hidden = true;
    this.#rings.hidden = true;
  }

  #show(x: number, clientX: number, clientY: number): Rows {
    this.#x = x;
    const points = this.#put(x);
    this.#moved(x);
    const { x: xs } = this.#figure.curves[points[0]?.place ?? 0]!;
    const isFloat32 = xs instanceof Float32Array;
    const rows: Rows = [
      [this.#figure.x.label || "x", exactText(x, isFloat32)],
      ...points.map((point) => this.#row(point)),
    ];
    this.#readout.show(rows, clientX, clientY);
    return rows;
  }

  /** Puts the hairline and the rings at an abscissa, and returns the points there. */
  #put(x: number): CurvePoint[] {
    const points = this.#index.at(x).slice(0, MOST);
    const plot = plotOf(this.#view);
    const left = plot.left + this.#scale("x")(x);
    stand(this.#line, { ...plot, left, width: 1 });
    this.#line.hidden = left < plot.left || left > plot.left + plot.width;
    const rings = points.flatMap((point) => this.#ring(point, left, plot));
    this.#rings.replaceChildren(...rings);
    this.#rings.hidden = false;
    return points;
  }

  /** The ring around a point; none where the point lies beside the part that is shown. */
  #ring({ place, index }: CurvePoint, left: number, plot: Box): HTMLElement[] {
    const ring = overlay("hotcell-Cursor-ring");
    const y = plot.top + this.#scale("y")(this.#figure.curves[place]!.y[index]!);
    const isAcross = left >= plot.left && left <= plot.left + plot.width;
    if (!isAcross || y < plot.top || y > plot.top + plot.height) return [];
    ring.style.borderColor = this.#colors[place]!;
    stand(ring, { left: left - RING / 2, top: y - RING / 2, width: RING, height: RING });
    return [ring];
  }

  #row({ place, index }: CurvePoint): readonly [string, string] {
    const { curves, y: axis } = this.#figure;
    const { label, y, error, xError, band } = curves[place]!;
    const text = (values: typeof y) => exactText(values[index]!, values instanceof Float32Array);
    const name = label || (curves.length > 1 ? `curve ${place + 1}` : axis.label || "y");
    const bar = error && error[index]! > 0 ? ` ± ${text(error)}` : "";
    const wide = xError && xError[index]! > 0 ? `, x ± ${text(xError)}` : "";
    const edges = band ? ` (${text(band.lower)} to ${text(band.upper)})` : "";
    return [name, `${text(y)}${bar}${edges}${wide}`];
  }

  #scale(name: "x" | "y"): Scale {
    return scaleOf(this.#view, CURVE_SCALE_NAMES[name]);
  }
}
