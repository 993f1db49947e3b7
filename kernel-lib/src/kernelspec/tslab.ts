/**
 * Where tslab lives in this process: its loaded modules come in from Node's module cache, typed by
 * the few members hotcell touches; out goes nothing if this process is not a tslab kernel. Only a
 * version whose internals have been read is touched; every other version is left as it is.
 */
import path from "node:path";

/** The tslab versions whose internals match the types below. */
const KNOWN_VERSIONS: readonly string[] = ["1.0.22"];

/** What tslab sends as the content of a `display_data` message. */
export interface DisplayContent {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient: { readonly display_id?: string };
}

export type WriteDisplayData = (content: DisplayContent, update: boolean) => void;

/** `tslab/dist/jupyter.js`: the protocol. */
export interface JupyterModule {
  /** Sends to the cell that ran last; null before the first cell. */
  readonly lastWriteDisplayData: WriteDisplayData | null;
}

/** `tslab/dist/public.js`: what `import "tslab"` gives a cell. */
export interface PublicModule {
  newDisplay(): { raw(mimeType: string, data: string): void };
}

/** A loaded module of tslab by its file name, or undefined where it isn't loaded. */
function loaded(file: string): NodeJS.Module | undefined {
  const tail = path.join("tslab", "dist", file);
  for (const [filename, module] of Object.entries(require.cache)) {
    if (filename.endsWith(path.sep + tail) && module?.loaded === true) return module;
  }
  return undefined;
}

/** The version of the tslab that `module` belongs to. */
export function versionOf(module: NodeJS.Module): string {
  const manifest = require(path.join(module.filename, "..", "..", "package.json")) as {
    version: string;
  };
  return manifest.version;
}

export function isKnown(version: string): boolean {
  return KNOWN_VERSIONS.includes(version);
}

/** The running kernel's protocol module; undefined outside a kernel or in an unknown version. */
export function jupyterModule(): JupyterModule | undefined {
  const module = loaded("jupyter.js");
  if (module === undefined || !isKnown(versionOf(module))) return undefined;
  return module.exports as JupyterModule;
}

/** tslab's public module, loaded or loadable beside the running kernel; undefined outside one. */
export function publicModule(): PublicModule | undefined {
  const module = loaded("jupyter.js");
  if (module === undefined) return undefined;
  return require(path.join(module.filename, "..", "public.js")) as PublicModule;
}
