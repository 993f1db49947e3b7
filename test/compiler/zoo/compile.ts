/** `node --import tsx compile.ts SHARE SHARES`: leaves native code of a share of the zoo in the cache. */
import { jit } from "hotcell";
import { zoo } from "./zoo.js";

const [share, shares] = process.argv.slice(2).map(Number);
for (let k = share!; k < zoo.length; k += shares!) {
  const { kernel, args } = zoo[k]!;
  for (const parallel of [false, true])
    jit(kernel, { target: "native", parallel })(...(args() as never[]));
}
