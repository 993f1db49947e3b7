/**
 * The process of `background.ts`: compiles what it is sent, into the cache, and ends when it has had
 * nothing to do for a while.
 */
import { compileKernel } from "../compilation.js";
import type { Answer, Order } from "./background.js";

/** A notebook's next kernel finds the process warm. */
const IDLE_MS = 2000;

function end(): void {
  process.exit();
}

let idle = setTimeout(end, IDLE_MS);

process.on("message", ({ id, request, options, env }: Order) => {
  clearTimeout(idle);
  process.env = env;
  let answer: Answer = { id };
  try {
    compileKernel(request, { ...options, target: "native" });
  } catch (error) {
    answer = { id, problem: (error as Error).message };
  }
  // nobody may be there any more who wants to know
  if (process.connected) process.send!(answer, () => undefined);
  idle = setTimeout(end, process.connected ? IDLE_MS : 0);
});
process.on("error", () => undefined);
process.on("disconnect", () => {
  clearTimeout(idle);
  idle = setTimeout(end, 0);
});
