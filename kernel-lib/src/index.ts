/** The public API of hotcell, in the order of the journey. */
export { CaptureError, FigureError, IntegrandError } from "./errors.js";
export { quad, type ComplexValue, type QuadOptions, type QuadResult } from "./numeric/quad.js";
