/** Figures whose marks Vega knows one by one: it says which is under the pointer, and its values. */
import type { TimelineFigure, TimingsFigure } from "hotcell/figure";
import type { Look } from "../look.js";
import { Readout } from "../readout.js";
import { drawPicture } from "./picture.js";
import type { View } from "./view.js";

/** The view of a timeline or of timings. */
export async function drawMarks(figure: TimelineFigure | TimingsFigure, look: Look): Promise<View> {
  const readout = new Readout();
  const { node, view } = await drawPicture(figure, look, {
    onHover(rows, event) {
      if (rows) readout.show(rows, event.clientX, event.clientY);
      else readout.hide();
    },
  });
  node.append(readout.node);
  return { node, dispose: () => void view.finalize() };
}
