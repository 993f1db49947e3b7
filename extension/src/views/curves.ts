/**
 * Curves: drawn by Vega, read out by a cursor, each hidden and shown by its name. Where there is a fit,
 * its window can be moved, and the line and its numbers follow at once.
 */
import {
  type CurvesFigure,
  curveStyle,
  fitData,
  type FitWindow,
  legendOf,
  plotScales,
  type PlotWindow,
  windowBetween,
} from "hotcell/figure";
import type { View as VegaView } from "vega";
import { Announcer } from "../announcer.js";
import { CurveCursor } from "../curve-cursor.js";
import { follow } from "../cursor.js";
import { FitHandles } from "../fit-window.js";
import { legendButtons } from "../legend-buttons.js";
import { Link } from "../link.js";
import type { Look } from "../look.js";
import type { Memory } from "../memory.js";
import { placeIn, plotOf } from "../plot-place.js";
import { Zoom } from "../zoom.js";
import { frame } from "./frame.js";
import { drawPicture, LivePicture, pictureWidth } from "./picture.js";
import type { View } from "./view.js";

/** What a reader has done to a plot. */
interface PlotMemory {
  readonly hidden: Set<number>;
  /** Where the window of the fit was moved, and from where. */
  fit?: { readonly given: FitWindow; readonly moved: FitWindow };
}

/** The window as the reader left it, unless the figure has a new one since. */
function windowOf({ fit }: CurvesFigure, memory: PlotMemory): FitWindow | undefined {
  const { given, moved } = memory.fit ?? {};
  const isSame = fit && given && given.from === fit.from && given.to === fit.to;
  return isSame ? moved : fit;
}

/** The view of curves. */
export async function drawCurves(figure: CurvesFigure, look: Look, memory: Memory): Promise<View> {
  const state = memory.of<PlotMemory>("curves", () => ({ hidden: new Set() }));
  const announcer = new Announcer();
  const colors = figure.curves.map((curve, i) => curveStyle(curve, i, look.theme).color);
  let cursor: CurveCursor | undefined;

  const picture = new LivePicture(async () => {
    const fit = windowOf(figure, state);
    const window = zoom.part;
    const { node, view } = await drawPicture(figure, look, {
      state: { hidden: state.hidden, ...(fit && { fit }), ...(window && { window }) },
    });
    cursor = new CurveCursor(figure, view, state.hidden, colors, window, (x) => {
      link.tell(x);
    });
    const scales = plotScales(figure, state.hidden, window);
    const rectangle = zoom.over({
      node,
      isInside: ({ clientX, clientY }) => placeIn(view, clientX, clientY).isInside,
      between(...corners) {
        const places = corners.map(({ clientX, clientY }) => placeIn(view, clientX, clientY));
        const x = places.map(({ px, plot }) => px / plot.width);
        const y = places.map(({ py, plot }) => 1 - py / plot.height);
        return windowBetween(scales, ascending(x), ascending(y));
      },
    });
    node.append(...cursor.nodes, rectangle);
    follow(node, cursor, announcer);
    const entries = legendOf(figure, pictureWidth(look));
    const names = legendButtons(entries, plotOf(view), state.hidden, (curve) => void toggle(curve));
    return { view, nodes: [node, ...fitHandles(figure, fit, view, state, scales), ...names] };
  });
  const zoom = new Zoom<PlotWindow>({
    noun: "plot",
    // a part is one of these axes
    whole: `${figure.x.scale} ${figure.y.scale}`,
    memory,
    announcer,
    draw: () => picture.draw(),
  });
  const toggle = async (curve: number): Promise<void> => {
    if (!state.hidden.delete(curve)) state.hidden.add(curve);
    await picture.draw();
    const { label } = figure.curves[curve]!;
    announcer.say(`${label} ${state.hidden.has(curve) ? "hidden" : "shown"}`);
    const buttons = [...picture.node.querySelectorAll("button")];
    buttons.find((button) => button.ariaLabel === label)?.focus();
  };
  await picture.draw();
  const link = new Link(figure.link, picture.node, (x) => cursor?.mark(x));
  const framed = frame({ figure, picture, memory, announcer, controls: [zoom.button] });
  return {
    node: framed.node,
    dispose() {
      link.leave();
      framed.dispose();
    },
  };
}

function ascending([a, b]: readonly number[]): readonly [number, number] {
  return [Math.min(a!, b!), Math.max(a!, b!)];
}

/** The handles of the fit's window; the picture follows them once a frame. */
function fitHandles(
  figure: CurvesFigure,
  fit: FitWindow | undefined,
  view: VegaView,
  state: PlotMemory,
  scales: ReturnType<typeof plotScales>,
): readonly HTMLElement[] {
  const given = figure.fit;
  if (!fit || !given) return [];
  let frame: number | undefined;
  const redraw = (): void => {
    frame = undefined;
    const data = fitData(figure, state.fit?.moved ?? fit, scales);
    for (const [name, rows] of Object.entries(data)) view.data(name, rows as object[]);
    view.run();
  };
  const handles = new FitHandles(figure, fit, view, (moved) => {
    state.fit = { given, moved };
    frame ??= requestAnimationFrame(redraw);
  });
  return handles.nodes;
}
