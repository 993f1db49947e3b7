/**
 * What the first map of a session costs, each time in a fresh process: from `require("hotcell")` to
 * the first result, threads and all, and the import alone. The peers are a Pool that Python makes for
 * its first map, imports and interpreter already up, and the import of SciPy's quad and of Pool in a
 * fresh interpreter.
 */
import { execFileSync } from "node:child_process";
import type { Row } from "./row.js";

/** Runs a program that prints milliseconds. */
function fresh(program: string): number {
  return Number(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }));
}

const hotcell = JSON.stringify(require.resolve("hotcell"));
const importIt = `const began = performance.now(); const { pool } = require(${hotcell});`;
const tell = "console.log(performance.now() - began)";

const row: Row = {
  title: "the first map of a session, and the import",
  pairs: [
    ["first-map", "pool"],
    ["import", "scipy-import"],
  ],
  ours: {
    "first-map": () =>
      fresh(`${importIt} pool.map((x) => x * x, [1, 2, 3, 4]).then(() => { ${tell}; });`),
    import: () => fresh(`${importIt} ${tell};`),
  },
  rounds: 9,
  warmUp: 1,
  selfTimed: true,
};
export default row;
