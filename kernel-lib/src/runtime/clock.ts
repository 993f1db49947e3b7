/** Milliseconds on a clock that all threads share; `performance.now()` starts anew in each. */
export function clock(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
