/** `node --import tsx compile.ts SHARE SHARES`: leaves native code of a share of the zoo in the cache. */
import { jit } from "hotcell";
import { isParallel } from "./specimen.js";
import { zoo } from "./zoo.js";

const [share, shares] = process.argv.slice(2).map(Number);
for (let k = share!; k < zoo.length; k += shares!) {
  const specimen = zoo[k]!;
  const { kernel, args } = specimen;
  for (const parallel of isParallel(specimen) ? [false, true] : [true])
    jit(kernel, { target: "native", parallel })(...(args() as never[]));
}
