/**
 * 10,000 items of about 15 µs each: what is left of two cores when the items are small. The peers are
 * our own serial loop, Python's Pool and joblib.
 *
 * An item iterates the logistic map x → 3.9 x (1 − x), one dependent chain of multiplications, from a
 * start of its own. The number of iterations is calibrated at the start, in each language in the same
 * way, so that a serial loop over these very items takes 150 ms there (the fastest of five): it is the
 * pools that are compared, and not the speed of the languages' loops.
 */
import { Pool } from "hotcell";
import type { Row } from "./row.js";

const pool = new Pool();

const ITEMS = 10_000;
const ITEM_MS = 0.015;

function iterate(start: number, steps: number): number {
  let x = start;
  for (let k = 0; k < steps; k++) x = 3.9 * x * (1 - x);
  return x;
}

const starts = Array.from({ length: ITEMS }, (_, i) => (i + 0.5) / ITEMS);

function serialMs(steps: number): number {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    starts.map((start) => iterate(start, steps));
    return performance.now() - began;
  });
  return Math.min(...times);
}

/** How many iterations an item has when all of them in turn take as long as they shall. */
function calibrate(): number {
  let steps = 1000;
  for (let k = 0; k < 3; k++) steps = Math.round((steps * ITEMS * ITEM_MS) / serialMs(steps));
  return steps;
}

const steps = calibrate();
const item = (start: number): number => iterate(start, steps);

const row: Row = {
  title: "10,000 items of 15 µs",
  pairs: [
    ["pool", "serial"],
    ["pool", "pool"],
    ["pool", "joblib"],
  ],
  ours: { pool: () => pool.map(item, starts) },
  peers: { serial: () => starts.map(item) },
  rounds: 15,
  warmUp: 10,
  check({ pool: pooled }, { serial }) {
    const expected = serial as number[];
    if (!(pooled as number[]).every((x, i) => x === expected[i]))
      throw new Error("pooled and serial bits differ");
  },
  close: () => pool.close(),
};
export default row;
