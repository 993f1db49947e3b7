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
});
