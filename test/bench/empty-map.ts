/**
 * What a map costs that has nothing to do: over no items, and over a single one. The peer is
 * `multiprocessing.Pool.map`. Both pools are up.
 */
import { Pool } from "hotcell";
import type { Row } from "./row.js";

const pool = new Pool();

const double = (x: number): number => 2 * x;

const row: Row = {
  title: "a map over no item, and over one",
  pairs: [
    ["none", "pool-none"],
    ["one", "pool-one"],
  ],
  ours: {
    none: () => pool.map(double, []),
    one: () => pool.map(double, [1]),
  },
  rounds: 11,
  close: () => pool.close(),
};
export default row;
