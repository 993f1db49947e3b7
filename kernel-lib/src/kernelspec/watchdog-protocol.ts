/** What the watchdog thread and the main thread of a kernel say to each other. */

/** The name, as a registered symbol on the main thread's global object, of the function that judges. */
export const JUDGE = "hotcell.kernelspec.judge";

/**
 * What the main thread makes of an interrupt that the watchdog has heard of: nothing is left to do;
 * ask later, because it is busy with something that must end; send the signal again; or it is busy
 * with what can't be ended.
 */
export type Judgement = "settled" | "later" | "again" | "stuck";
