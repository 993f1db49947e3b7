/**
 * The last step of the library's build, which makes a kernel's first call fast: puts the compiler into
 * one file, `dist/compiler/compile.js`, then compiles a few kernels and keeps V8's bytecode of all that
 * ran in `dist/bytecode/`. Everything works without either, only later.
 */
import { execFileSync } from "node:child_process";
import { build } from "esbuild";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const library = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), "kernel-lib");
const dist = path.join(library, "dist");

await build({
  entryPoints: [path.join(library, "src/compiler/compile.ts")],
  outfile: path.join(dist, "compiler/compile.js"),
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["acorn"],
  plugins: [
    {
      name: "errors are those that users meet",
      setup: ({ onResolve }) => {
        onResolve({ filter: /\/errors\.js$/ }, () => ({ path: "../errors.js", external: true }));
      },
    },
  ],
});

/** Kernels that take the compiler through most of what it can do. */
const kernels = `
const { jit, philox, prange, quad, zeros } = require(${JSON.stringify(path.join(dist, "index.js"))});
const { recordBytecode } = require(${JSON.stringify(path.join(dist, "bytecode.js"))});
const keep = recordBytecode();
const width = 2;
const weight = (x) => Math.exp(-x * x) / (Math.sqrt(2 * Math.PI) * width);
const vector = zeros(100);
const matrix = zeros([10, 10]);
jit((n, seed) => {
  let total = 0;
  for (const i of prange(n)) {
    const x = philox(seed, i).normal(0, width);
    total += x * x * weight(x);
  }
  return total / n;
})(1000, 1);
jit((a, b) => {
  for (const i of prange(a.length)) {
    const x = a.at(i);
    b.set(x > 0 ? Math.sin(x) : x ** 2, i);
  }
}, { fastMath: true })(vector, zeros(100));
jit((m, out) => {
  const [rows, columns] = m.shape;
  for (const i of prange(rows)) {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      if (i === j) continue;
      const d = m.at(i, j) - m.at(j, i);
      sum += Math.sqrt(d * d + 1);
    }
    out.set(sum, i);
  }
})(matrix, zeros(10));
jit((n) => {
  let inside = 0;
  for (const i of prange(n)) {
    let x = 0;
    let k = 0;
    while (x < 2 && k < 50) {
      x = x * x + i / n;
      k++;
    }
    inside += k;
  }
  return { inside, integral: quad((x) => x * width, 0, 1).integral };
}, { parallel: false })(100);
keep();
`;

const cache = fs.mkdtempSync(path.join(os.tmpdir(), "hotcell-build-"));
try {
  fs.rmSync(path.join(dist, "bytecode"), { recursive: true, force: true });
  const env = { ...process.env, HOTCELL_CACHE_DIR: cache, NODE_OPTIONS: "" };
  execFileSync(process.execPath, ["-e", kernels], { env, stdio: ["ignore", "inherit", "inherit"] });
} finally {
  fs.rmSync(cache, { recursive: true, force: true });
}
