/**
 * `npm run bench`: times hotcell against its peers, both in one run and in turn, so that a busy moment
 * of the machine hits both. A row is a file in test/bench (see row.ts there), its Python peers stand in
 * the file of the same name beside it, and live as long as the row, so that imports, pools and warm-up
 * are not timed. Some rows have a C file of their name as well, which is compiled for this machine and
 * called in this process. What is over quickly is called, on either side, as often as fits into a fifth
 * of a second, and its mean counts. Minimum and median of the rounds are printed; the ratio is that of
 * the medians, peer to ours.
 *
 *   npm run bench                      all rows
 *   npm run bench -- spdc pool-items   some rows
 *   npm run -s bench -- --json         one JSON array of { row, ours, peer, oursMs, peerMs, ratio }
 *
 * Progress goes to stderr. Knows no row by name and nothing of what is timed.
 */
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { root, setupBench } from "./setup.mjs";

/** @typedef {import("../test/bench/row.js").Row} Row */
/** @typedef {{ ours: string, peer: string, oursMs: number[], peerMs: number[] }} Pair */

/** A side is called often enough to take about this long. */
const LEAST_MS = 200;

const folder = path.join(root, "test", "bench");
const built = path.join(root, "build", "bench");
const threads = os.availableParallelism();
const require = createRequire(import.meta.url);

const rows = fs
  .readdirSync(folder)
  .filter((file) => file.endsWith(".py") && fs.existsSync(path.join(folder, twin(file))))
  .map((file) => path.basename(file, ".py"));
const args = process.argv.slice(2);
if (args.includes("--help")) {
  console.log(`npm run bench [-- ROW… --json]\nrows: ${rows.join(", ")}`);
  process.exit(0);
}
const json = args.includes("--json");
const names = args.filter((arg) => arg !== "--json");
const unknown = names.find((name) => !rows.includes(name));
if (unknown !== undefined) {
  console.error(`hotcell: there is no benchmark '${unknown}'; there are ${rows.join(", ")}`);
  process.exit(1);
}

const python = setupBench();
// not before set-up, which installs it
const { default: ts } = await import("typescript");
const { default: koffi } = await import("koffi");
const report = [];
/** What a C file's threads sleep in: koffi would unload a library that nothing refers to. */
const libraries = [];
for (const [i, name] of (names.length > 0 ? names : rows).entries()) {
  if (!process.stderr.isTTY) console.error(`hotcell: timing ${name} …`);
  const { row, peer } = open(name);
  if (i === 0 && !json) console.log(`${ourVersions()}\n${await peer.about()}\n${machine()}`);
  const pairs = await time(name, row, peer);
  if (!json) print(name, row, pairs);
  for (const { ours, peer, oursMs, peerMs } of pairs) {
    const mine = median(oursMs);
    const theirs = median(peerMs);
    report.push({ row: name, ours, peer, oursMs: mine, peerMs: theirs, ratio: theirs / mine });
  }
}
if (json) console.log(JSON.stringify(report));

/**
 * Loads a row as a notebook cell would be: types erased, CommonJS, ES2022.
 * @param {string} name
 */
function open(name) {
  const source = fs.readFileSync(path.join(folder, `${name}.ts`), "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  fs.mkdirSync(built, { recursive: true });
  const file = path.join(built, `${name}.cjs`);
  fs.writeFileSync(file, outputText);
  return { row: withC(name, require(file).default), peer: startPeer(name) };
}

/**
 * The row with its C file, if it has one, as a peer.
 * @param {string} name
 * @param {Row} row
 * @returns {Row}
 */
function withC(name, row) {
  if (!row.c) return row;
  const library = compile(name);
  if (library === undefined) return { ...row, pairs: row.pairs.filter(([, peer]) => peer !== "c") };
  return { ...row, peers: { ...row.peers, c: row.c((declaration) => library.func(declaration)) } };
}

/**
 * The row's C file as a library, with all that the compiler can make of it; where there is no compiler,
 * the reference is missing, and that is said.
 * @param {string} name
 */
function compile(name) {
  const command = process.env.CC || "cc";
  const file = path.join(built, `${name}.so`);
  const flags = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", "-pthread"];
  const { error, status } = spawnSync(
    command,
    [...flags, `-DTHREADS=${threads}`, path.join(folder, `${name}.c`), "-o", file, "-lm"],
    { stdio: "inherit" },
  );
  if (!error && status === 0) {
    const library = koffi.load(file);
    libraries.push(library);
    return library;
  }
  const problem = error?.message ?? `${command} has failed`;
  console.error(`hotcell: ${name} is not compared with C: ${problem} (CC names a compiler)`);
  return undefined;
}

/**
 * The row's Python process.
 * @param {string} name
 */
function startPeer(name) {
  const child = spawn(python, [path.join(folder, `${name}.py`)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, HOTCELL_BENCH_PROCESSES: String(threads) },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** @param {object} request */
  const ask = async (request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`the Python peer of '${name}' has ended; its error stands above`);
    return JSON.parse(value);
  };
  return {
    /** @returns {Promise<string>} */
    about: async () => (await ask({ about: true })).about,
    /** @type {(run: string, calls: number) => Promise<{ ms: number, value: unknown }>} */
    run: (run, calls) => ask({ run, calls }),
    close: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.stdin.end();
      await ended;
    },
  };
}

/**
 * @param {string} name
 * @param {Row} row
 * @param {ReturnType<typeof startPeer>} peer
 * @returns {Promise<Pair[]>}
 */
async function time(name, row, peer) {
  const { rounds = 5, warmUp = 3, selfTimed = false } = row;
  const sides = [
    ...unique(row.pairs.map(([ours]) => ours)).map((side) => ({
      side,
      which: /** @type {const} */ ("ours"),
      run: (/** @type {number} */ calls) => runHere(row.ours[side], calls),
    })),
    ...unique(row.pairs.map(([, peer]) => peer)).map((side) => ({
      side,
      which: /** @type {const} */ ("peers"),
      run: (/** @type {number} */ calls) =>
        row.peers?.[side] ? runHere(row.peers[side], calls) : peer.run(side, calls),
    })),
  ].map((side) => ({ ...side, calls: 1, times: /** @type {number[]} */ ([]) }));
  /** @type {Record<"ours" | "peers", Record<string, unknown>>} */
  const values = { ours: {}, peers: {} };
  for (const entry of sides) {
    const { side, which, run } = entry;
    say(`${name}: ${side} warms up`);
    let ms = 0;
    for (let k = 0; k < (which === "ours" ? warmUp : 1); k++)
      ({ ms, value: values[which][side] } = await run(1));
    if (!selfTimed) entry.calls = Math.max(1, Math.ceil(LEAST_MS / ms));
  }
  row.check?.(values.ours, values.peers);
  for (let round = 1; round <= rounds; round++) {
    say(`${name}: round ${round} of ${rounds}`);
    for (const { run, calls, times } of sides) {
      const { ms, value } = await run(calls);
      times.push(selfTimed ? Number(value) : ms);
    }
  }
  say("");
  await Promise.all([peer.close(), row.close?.()]);
  /** @type {(which: "ours" | "peers", name: string) => number[]} */
  const times = (which, name) =>
    sides.find((entry) => entry.which === which && entry.side === name)?.times ?? [];
  return row.pairs.map(([ours, peer]) => ({
    ours,
    peer,
    oursMs: times("ours", ours),
    peerMs: times("peers", peer),
  }));
}

/**
 * @param {import("../test/bench/row.js").Side | undefined} side
 * @param {number} calls
 */
async function runHere(side, calls) {
  if (side === undefined) throw new Error("a pair names a side that the row doesn't have");
  let value;
  const began = performance.now();
  for (let k = 0; k < calls; k++) value = await side();
  return { ms: (performance.now() - began) / calls, value };
}

/**
 * @param {string} name
 * @param {Row} row
 * @param {Pair[]} pairs
 */
function print(name, { title }, pairs) {
  console.log(`\n${name}: ${title}`);
  const table = [["ours", "min", "median", "peer", "min", "median", "ratio"]];
  for (const { ours, peer, oursMs, peerMs } of pairs) {
    const ratio = median(peerMs) / median(oursMs);
    table.push([
      ...[ours, ms(Math.min(...oursMs)), ms(median(oursMs))],
      ...[peer, ms(Math.min(...peerMs)), ms(median(peerMs))],
      `${Number(ratio.toPrecision(3))}×`,
    ]);
  }
  /** @param {number} column */
  const width = (column) => Math.max(...table.map((line) => line[column]?.length ?? 0));
  for (const line of table) {
    const cells = line.map((cell, column) =>
      column % 3 === 0 && column < 6 ? cell.padEnd(width(column)) : cell.padStart(width(column)),
    );
    console.log(`  ${cells.join("  ")}`);
  }
}

/** @param {number} value */
function ms(value) {
  return `${Number(value.toPrecision(3))} ms`;
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = NaN, high = low] = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return (low + high) / 2;
}

/** @param {string[]} names */
function unique(names) {
  return [...new Set(names)];
}

function ourVersions() {
  const { version } = require("hotcell/package.json");
  return `hotcell ${version}, Node ${process.versions.node}, V8 ${process.versions.v8}`;
}

function machine() {
  const model = os.cpus()[0]?.model.trim() ?? "unknown processor";
  return `${model}, ${threads} threads, ${os.platform()} ${os.release()}`;
}

/** @param {string} file */
function twin(file) {
  return file.replace(/\.py$/, ".ts");
}

/** @param {string} progress */
function say(progress) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${progress}`);
}
