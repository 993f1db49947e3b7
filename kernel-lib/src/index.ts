/** The public API of hotcell, in the order of the journey. */
export { CaptureError, FigureError } from "./errors.js";
