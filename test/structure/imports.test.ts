import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

const root = path.resolve(__dirname, "../..");
const source = path.join(root, "kernel-lib", "src");

/** What each folder or file of `kernel-lib/src` may import besides itself: the journey, upstream only. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  errors: [],
  bytecode: [],
  dtype: ["errors"],
  figure: ["errors", "dtype"],
  kernelspec: ["errors"],
  compiler: ["errors", "dtype"],
  cache: ["errors", "dtype", "compiler"],
  capture: ["errors", "dtype", "bytecode", "compiler"],
  runtime: ["errors", "dtype", "bytecode", "figure", "compiler", "cache", "capture"],
  numeric: ["errors", "dtype", "compiler", "runtime"],
  display: ["errors", "dtype", "figure", "kernelspec", "runtime"],
  index: ["errors", "dtype", "figure", "cache", "capture", "runtime", "numeric", "display"],
};

function filesIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(folder, file));
}

/** The modules that a file names in import, export-from, import() and require(). */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(fs.readFileSync(file, "utf8"), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

function resolve(from: string, specifier: string): string {
  const base = path.resolve(path.dirname(from), specifier.replace(/\.js$/, ""));
  const found = [`${base}.ts`, path.join(base, "index.ts")].find((file) => fs.existsSync(file));
  assert.ok(found, `${path.relative(root, from)} imports ${specifier}, which is not there`);
  return found;
}

function folderOf(file: string): string {
  return path.relative(source, file).split(path.sep)[0]!.replace(/\.ts$/, "");
}

const graph = new Map(
  filesIn(source).map((file) => [
    file,
    importsOf(file)
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => resolve(file, specifier)),
  ]),
);

describe("the structure of kernel-lib/src", () => {
  it("imports only within a folder or upstream", () => {
    const wrong = [...graph].flatMap(([file, imports]) => {
      const folder = folderOf(file);
      const allowed = MAY_IMPORT[folder];
      assert.ok(allowed, `${folder} has no place in the journey yet: add it to MAY_IMPORT`);
      return imports
        .filter((target) => folderOf(target) !== folder && !allowed.includes(folderOf(target)))
        .map((target) => `${path.relative(source, file)} imports ${path.relative(source, target)}`);
    });
    assert.deepEqual(wrong, []);
  });

  it("lets capture and cache know of the compiler what a kernel is, not how it is compiled", () => {
    const known = [...graph].flatMap(([file, imports]) =>
      /^(capture|cache)$/.test(folderOf(file))
        ? imports.filter((target) => folderOf(target) === "compiler")
        : [],
    );
    assert.deepEqual([...new Set(known)], [path.join(source, "compiler", "types.ts")]);
  });

  it("has no import cycle", () => {
    const done = new Set<string>();
    const visit = (file: string, trail: string[]): void => {
      const at = trail.indexOf(file);
      const cycle = [...trail.slice(at), file].map((name) => path.relative(source, name));
      assert.ok(at < 0, `cycle: ${cycle.join(" → ")}`);
      if (done.has(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...trail, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
    assert.equal(done.size, graph.size);
  });

  it("lets nobody outside the folder know the extension, which knows only hotcell/figure", () => {
    const hotcell = filesIn(path.join(root, "extension", "src")).flatMap((file) =>
      importsOf(file).filter((name) => name.includes("hotcell") || name.includes("kernel-lib")),
    );
    assert.deepEqual(
      [...new Set(hotcell)].filter((name) => name !== "hotcell/figure"),
      [],
    );
  });
});
