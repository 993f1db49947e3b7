import assert from "node:assert/strict";
import path from "node:path";
import ts from "@tslab/typescript-for-tslab";
import { repository } from "../support/server.js";

/** What tslab's TypeScript 5.0, set up as tslab does it, says of a cell. */
function complaints(cell: string): string[] {
  const file = path.join(repository, "cell.ts");
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      module: "esnext",
      moduleResolution: "node10",
      target: "es2022",
      lib: ["es2022"],
      esModuleInterop: true,
      noEmit: true,
      types: ["node"],
      typeRoots: ["node_modules/@types"],
    },
    repository,
  );
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, cell, ts.ScriptTarget.ES2022)
      : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  const declarations = program
    .getSourceFiles()
    .filter(({ fileName }) => /[\\/](kernel-lib|hotcell)[\\/]dist[\\/]/.test(fileName));
  assert.ok(declarations.length > 0, "hotcell's declarations were not found");
  return [...declarations, program.getSourceFile(file)!].flatMap((source) =>
    [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ code, messageText }) =>
        `${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n").split("\n")[0]}`,
    ),
  );
}

describe("the declarations, read by tslab's TypeScript", () => {
  it("have no errors of their own and accept what is right", () => {
    assert.deepEqual(
      complaints(`import { heatmap, pool, quad } from "hotcell";
export async function right() {
  const squares: number[] = await pool.map((n: number) => n * n, [1, 2, 3]);
  const { integral }: { integral: number } = quad((x: number) => x, 0, 1);
  return [squares, integral, heatmap] as const;
}`),
      [],
    );
  });

  it("are no silent any: what is wrong is refused", () => {
    const wrong = complaints(`import { pool, quad } from "hotcell";
export async function wrong() {
  const text: string = (await pool.map((n: number) => n * n, [1, 2, 3]))[0]!;
  const flag: boolean = (await pool.map((n: number) => n, [1])).timeline.threads;
  const integral: string = quad((x: number) => x, 0, 1).integral;
  quad((x: number) => x, "zero", 1);
  pool.map(1, [2]);
  pool.mapp;
  return [text, flag, integral];
}`);
    const codes = wrong.map((complaint) => complaint.slice(0, 4));
    assert.deepEqual(codes, ["2322", "2322", "2322", "2345", "2769", "2551"], wrong.join("\n"));
  });

  it("give arrays, pictures and timings types of their own", () => {
    assert.deepEqual(
      complaints(`import * as h from "hotcell";
export async function right() {
  const arrays: h.NDArray<"float64">[] = [h.zeros(2), h.empty([2, 3]), h.full(2, 1), h.array([[1, 2]]),
    h.arange(3), h.linspace(0, 1), h.logspace(0, 1)];
  const ints: Int32Array = h.zeros(2, "int32").data;
  const kept: Uint8Array = h.shared(new Uint8Array(2));
  h.timeline(await h.pool.map((n: number) => n, [1]), { serial: 1 });
  const once: number = h.timeit(() => 1).median;
  const later: number = (await h.timeit(async () => 1)).median;
  const ratio: number = h.compare({ a: () => 1, b: () => 2 }).b.ratio;
  for (const n of h.progress([1, 2])) n.toFixed();
  const walk: h.NDArray<"float64"> = h.unwrap([[[1, 2]]], [3, 3]);
  const spread: Float64Array = h.msd(walk, { lags: [1], msdType: "xy", box: [3, 3] }).standardError;
  const { D }: { D: number } = h.diffusion(await h.msd.async(walk, { progress: true }), { from: 1 });
  return [arrays, ints, kept, once, later, ratio, spread, D];
}`),
      [],
    );
    const lines = [
      'h.zeros("2");',
      'h.empty(2, "float16");',
      'h.full(2, "1");',
      'h.array("12");',
      'h.arange("3");',
      'h.linspace(0, "1");',
      'h.logspace("0", 1);',
      "h.shared(1);",
      "h.zeros(2).at('0');",
      "const a: string = h.zeros(2).at(0);",
      'const b: Int32Array = h.zeros(2, "float64").data;',
      "const c: string = h.zeros([2, 2]).slice(0).size;",
      "h.heatmap(1);",
      "h.timeline(1);",
      "h.timeit(1);",
      "const d: string = h.timeit(() => 1).median;",
      "h.compare([1]);",
      "h.compare({ a: () => 1 }).b;",
      "h.progress(1);",
      "for (const n of h.progress([1])) n.toUpperCase();",
      "h.msd([1]);",
      'h.msd([[[1]]], { msdType: "yx" });',
      "const e: string = h.msd([[[1]]]).msd;",
      "const f: h.Msd = h.msd.async([[[1]]]);",
      'h.unwrap([[[1]]], "box");',
      "h.diffusion([1]);",
    ];
    // TypeScript complains of a line that passes: its types are any, or too wide.
    const expecting = lines.map((line) => `// @ts-expect-error\n${line}`);
    assert.deepEqual(complaints(['import * as h from "hotcell";', ...expecting].join("\n")), []);
  });
});
