/** All kernels of the zoo. */
import { bits } from "./bits.js";
import { innerLoops } from "./inner-loops.js";
import { language } from "./language.js";
import { linearAlgebra } from "./linear-algebra.js";
import { numbers } from "./numbers.js";
import { posts } from "./posts.js";
import { searches } from "./searches.js";
import type { Specimen } from "./specimen.js";

export const zoo: readonly Specimen[] = [
  ...posts,
  ...linearAlgebra,
  ...innerLoops,
  ...searches,
  ...numbers,
  ...bits,
  ...language,
];
