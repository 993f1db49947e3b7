/** What the JupyterLab extension needs of hotcell: payload types, their checks and their specs. */
export type { Timeline, TimelineChunk } from "./timeline.js";
