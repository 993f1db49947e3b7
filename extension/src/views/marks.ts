/** Figures whose marks Vega draws one by one, and a cursor that goes from mark to mark. */
import type { TimelineFigure, TimingsFigure } from "hotcell/figure";
import { Announcer } from "../announcer.js";
import { follow } from "../cursor.js";
import type { Look } from "../look.js";
import { MarkCursor } from "../mark-cursor.js";
import type { Memory } from "../memory.js";
import { frame } from "./frame.js";
import { drawPicture, LivePicture } from "./picture.js";
import type { View } from "./view.js";

/** The view of a timeline or of timings. */
export async function drawMarks(
  figure: TimelineFigure | TimingsFigure,
  look: Look,
  memory: Memory,
): Promise<View> {
  const announcer = new Announcer();
  const picture = new LivePicture(async () => {
    const { node, view } = await drawPicture(figure, look, {});
    const cursor = new MarkCursor(view);
    node.append(...cursor.nodes);
    if (!cursor.isIdle) follow(node, cursor, announcer);
    return { view, nodes: [node] };
  });
  await picture.draw();
  return frame({ figure, picture, memory, announcer });
}
