/**
 * The last step of the library's build, which makes a kernel's first call fast: puts the compiler into
 * one file, `dist/compiler/compile.js`, then compiles a few kernels and keeps V8's bytecode of all that
 * ran in `dist/bytecode/`, and writes down which compiler that is. Everything works without, only later.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { build } from "esbuild";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const library = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), "kernel-lib");
const dist = path.join(library, "dist");
const require = createRequire(import.meta.url);

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

// what kernels are cached under, see cache/version.ts
const digest = createHash("sha256").update(fs.readFileSync(require.resolve("acorn")));
for (const folder of ["cache", "capture", "compiler"]) {
  for (const file of fs.readdirSync(path.join(dist, folder), { recursive: true }).sort()) {
    const name = path.join(dist, folder, String(file));
    if (name.endsWith(".js")) digest.update(`${folder}/${file}`).update(fs.readFileSync(name));
  }
}
const { size, mtimeMs } = fs.statSync(path.join(dist, "compiler/compile.js"));
const version = { digest: digest.digest("hex"), bundle: `${size} ${mtimeMs}` };
fs.writeFileSync(path.join(dist, "build.json"), JSON.stringify(version));

/** Kernels that take the compiler through most of what it can do, as WebAssembly and as C. */
const kernels = `
const { jit, philox, prange, quad, zeros } = require(${JSON.stringify(path.join(dist, "index.js"))});
const { recordBytecode } = require(${JSON.stringify(path.join(dist, "bytecode.js"))});
const keep = recordBytecode();
const run = (fn, args, options) => {
  const kernel = jit(fn, { target: "wasm", ...options });
  kernel(...args);
  kernel.inspect("c");
};
const width = 2;
const weight = (x) => Math.exp(-x * x) / (Math.sqrt(2 * Math.PI) * width);
run((n, seed) => {
  let total = 0;
  for (const i of prange(n)) {
    const x = philox(seed, i).normal(0, width);
    total += x * x * weight(x);
  }
  return total / n;
}, [1000, 1]);
run((a, b) => {
  for (const i of prange(a.length)) {
    const x = a.at(i);
    b.set(x > 0 ? Math.sin(x) : x ** 2, i);
  }
}, [zeros(100), zeros(100)], { fastMath: true });
run((m, out) => {
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
}, [zeros([10, 10]), zeros(10)]);
run((n) => {
  let steps = 0;
  for (const i of prange(n)) {
    let x = 0;
    let k = 0;
    while (x < 2 && k < 50) {
      x = x * x + i / n;
      k++;
    }
    steps += k;
  }
  return { steps, integral: quad((x) => x * width, 0, 1).integral };
}, [100], { parallel: false });
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
