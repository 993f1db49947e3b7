/**
 * The kernelspec that runs tslab with hotcell's repairs: nothing comes in but where this file lies,
 * the content of a `kernel.json` with absolute paths goes out. Writing it is the installer's work.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** The directory under `share/jupyter/kernels/`, hence the kernelspec name inside a notebook. */
export const KERNEL_NAME = "tslab";

/** The content of a `kernel.json`. */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "signal";
}

/**
 * The kernelspec for this Node, this tslab and this hotcell.
 *
 * `tslab` is the directory of the tslab package; by default it is looked up from here, hence in the
 * `node_modules` that hotcell is installed in. Throws an Error that says what to install if there is
 * none.
 */
export function kernelSpec(tslab = findTslab()): KernelSpec {
  return {
    argv: [
      process.execPath,
      "--require",
      path.join(__dirname, "preload.js"),
      path.join(tslab, "bin", "tslab"),
      "kernel",
      "--config-path",
      "{connection_file}",
    ],
    display_name: "TypeScript",
    language: "typescript",
    interrupt_mode: "signal",
  };
}

function findTslab(): string {
  for (const from of [__filename, path.join(process.cwd(), "noname.js")]) {
    for (const base of createRequire(from).resolve.paths("tslab") ?? []) {
      const directory = path.join(base, "tslab");
      if (existsSync(path.join(directory, "bin", "tslab"))) return directory;
    }
  }
  throw new Error(`tslab is not installed beside ${__dirname}: run npm install tslab`);
}
