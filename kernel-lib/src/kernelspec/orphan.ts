/**
 * Repair: a kernel whose Jupyter was killed ends too, instead of holding its memory and cores for
 * good. Jupyter says in `JPY_PARENT_PID` that it started this process.
 */

/** How often to look, in milliseconds. */
const PAUSE = 2000;

export function endWithParent(): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    // an orphan is given another parent
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, PAUSE).unref();
}
