/**
 * Which compiler this is: a text that differs whenever its files may. The build writes it down, for
 * the bundle that it made; without it, size and time of each file stand for its content.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const own = dirname(__dirname);
/** All that has a say in what a cached file holds. */
const folders = ["cache", "capture", "compiler"];

let version: string | undefined;

/** The version of the compiler and of all that it is made of. */
export function compilerVersion(): string {
  // constants are folded by the engine's own Math
  version ??= `${process.versions.v8}\n${built() ?? stamps()}`;
  return version;
}

/** What the build says, unless files have been compiled since. */
function built(): string | undefined {
  try {
    const { digest, bundle } = JSON.parse(readFileSync(join(own, "build.json"), "utf8")) as {
      readonly digest: string;
      readonly bundle: string;
    };
    return stamp(join(own, "compiler", "compile.js")) === bundle ? digest : undefined;
  } catch {
    return undefined;
  }
}

function stamps(): string {
  return [...folders.flatMap(filesIn), require.resolve("acorn")]
    .map((file) => `${file} ${stamp(file)}`)
    .join("\n");
}

function filesIn(folder: string): string[] {
  return readdirSync(join(own, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.[jt]s$/.test(entry.name) && !entry.name.endsWith(".d.ts"),
    )
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

function stamp(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${size} ${mtimeMs}`;
}
