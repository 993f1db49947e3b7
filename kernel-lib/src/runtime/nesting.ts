/** Says whether this thread is a worker of a pool; a map inside a mapped function then runs serially. */

let inside = false;

/** Called once by the worker entry. */
export function enterWorker(): void {
  inside = true;
}

export function isInWorker(): boolean {
  return inside;
}
