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
} from "hotcell/figure";
import type { View as VegaView } from "vega";
import { Announcer } from "../announcer.js";
import { CurveCursor } from "../curve-cursor.js";
import { follow } from "../cursor.js";
import { FitHandles } from "../fit-window.js";
import { legendButtons } from "../legend-buttons.js";
import type { Look } from "../look.js";
import type { Memory } from "../memory.js";
import { plotOf } from "../plot-place.js";
import { frame } from "./frame.js";
import { drawPicture, pictureWidth, vegaExports } from "./picture.js";
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
  const holder = document.createElement("div");
  const colors = figure.curves.map((curve, i) => curveStyle(curve, i, look.theme).color);

  /** Draws the curves that aren't hidden in place of those that were drawn before. */
  const draw = async (): Promise<VegaView> => {
    const fit = windowOf(figure, state);
    const { node, view } = await drawPicture(figure, look, {
      state: { hidden: state.hidden, ...(fit && { fit }) },
    });
    const cursor = new CurveCursor(figure, view, state.hidden, colors);
    node.append(...cursor.nodes);
    follow(node, cursor, announcer);
    const entries = legendOf(figure, pictureWidth(look));
    const names = legendButtons(entries, plotOf(view), state.hidden, (curve) => void toggle(curve));
    holder.replaceChildren(node, ...fitHandles(figure, fit, view, state), ...names);
    return view;
  };
  const toggle = async (curve: number): Promise<void> => {
    if (!state.hidden.delete(curve)) state.hidden.add(curve);
    const before = view;
    view = await draw();
    before.finalize();
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
    dispose: () => void view.finalize(),
  });
}

/** The handles of the fit's window; the picture follows them once a frame. */
function fitHandles(
  figure: CurvesFigure,
  fit: FitWindow | undefined,
  view: VegaView,
  state: PlotMemory,
): readonly HTMLElement[] {
  const given = figure.fit;
  if (!fit || !given) return [];
  const scales = plotScales(figure, state.hidden);
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
