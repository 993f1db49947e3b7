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
import { actionButton } from "../toolbar.js";
import { zoomFrame } from "../zoom-frame.js";
import { frame } from "./frame.js";
import { drawPicture, pictureWidth, vegaExports } from "./picture.js";
import type { View } from "./view.js";

/** What a reader has done to a plot. */
interface PlotMemory {
  readonly hidden: Set<number>;
  /** The part that is shown, and the scales of the axes that it is a part of. */
  zoom?: { readonly window: PlotWindow; readonly scales: string };
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
  const holder = document.createElement("div");
  const scaleNames = `${figure.x.scale} ${figure.y.scale}`;
  const colors = figure.curves.map((curve, i) => curveStyle(curve, i, look.theme).color);

  let cursor: CurveCursor | undefined;
  const link = new Link(figure.link, holder, (x) => cursor?.mark(x));

  /** Draws the curves that aren't hidden in place of those that were drawn before. */
  const draw = async (): Promise<VegaView> => {
    const fit = windowOf(figure, state);
    const window = state.zoom?.scales === scaleNames ? state.zoom.window : undefined;
    const { node, view } = await drawPicture(figure, look, {
      state: { hidden: state.hidden, ...(fit && { fit }), ...(window && { window }) },
    });
    cursor = new CurveCursor(figure, view, state.hidden, colors, window, (x) => {
      link.tell(x);
    });
    const scales = plotScales(figure, state.hidden, window);
    const rectangle = zoomFrame(node, {
      isInside: ({ clientX, clientY }) => placeIn(view, clientX, clientY).isInside,
      zoom(...corners) {
        const places = corners.map(({ clientX, clientY }) => placeIn(view, clientX, clientY));
        const x = places.map(({ px, plot }) => px / plot.width);
        const y = places.map(({ py, plot }) => 1 - py / plot.height);
        const part = windowBetween(scales, ascending(x), ascending(y));
        if (part) void lookAt(part);
      },
      reset: () => void lookAt(undefined),
    });
    whole.hidden = !window;
    node.append(...cursor.nodes, rectangle);
    follow(node, cursor, announcer);
    const entries = legendOf(figure, pictureWidth(look));
    const names = legendButtons(entries, plotOf(view), state.hidden, (curve) => void toggle(curve));
    holder.replaceChildren(node, ...fitHandles(figure, fit, view, state, scales), ...names);
    return view;
  };
  const redraw = async (): Promise<void> => {
    const before = view;
    view = await draw();
    before.finalize();
  };
  const lookAt = async (window: PlotWindow | undefined): Promise<void> => {
    if (window) state.zoom = { window, scales: scaleNames };
    else delete state.zoom;
    await redraw();
    announcer.say(window ? "a part of the plot" : "the whole plot");
  };
  const whole = actionButton({
    label: "Whole plot",
    hint: "Show all of the plot again (double click)",
    act: () => lookAt(undefined),
  });
  const toggle = async (curve: number): Promise<void> => {
    if (!state.hidden.delete(curve)) state.hidden.add(curve);
    await redraw();
    const { label } = figure.curves[curve]!;
    announcer.say(`${label} ${state.hidden.has(curve) ? "hidden" : "shown"}`);
    const buttons = [...holder.querySelectorAll("button")];
    buttons.find((button) => button.ariaLabel === label)?.focus();
  };
  let view = await draw();
  return frame({
    figure,
    picture: holder,
    exports: {
      png: (ground, scale) => vegaExports(view).png(ground, scale),
      svg: (ground) => vegaExports(view).svg(ground),
    },
    memory,
    announcer,
    controls: [whole],
    dispose() {
      link.leave();
      view.finalize();
    },
  });
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
