/**
 * Compiled kernels on disk: a compile request comes in, its artifact goes out, from the cache or
 * from the compiler. Also what is kept so that an unchanged kernel needs no parser, and what the user
 * sees of it all. Doesn't know who compiles.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import type { Artifact, CompileRequest } from "../compiler/types.js";
import { cacheFolder } from "./folder.js";
import { cacheKey, hash, textKey } from "./key.js";
import { Store } from "./store.js";
import { compilerVersion } from "./version.js";

const MEBIBYTE = 2 ** 20;
const DEFAULT_LIMIT = 256;

const counts = { hits: 0, misses: 0 };

/** What `cacheInfo` tells. */
export interface CacheInfo {
  /** Where compiled kernels are kept. */
  readonly directory: string;
  /** How many are kept there. */
  readonly entries: number;
  /** What they take, with what helps to find them. */
  readonly bytes: number;
  /** What they may take at most, in bytes; beyond it those go that were used longest ago. */
  readonly limit: number;
  /** Kernels of this process that were found there, also native code that another process had put there meanwhile, */
  readonly hits: number;
  /** and those that had to be compiled. */
  readonly misses: number;
}

/**
 * Where compiled kernels are kept on disk, how many, and how often this process found one there.
 *
 * The folder is `HOTCELL_CACHE_DIR`, or `hotcell` in the operating system's folder for caches;
 * it may take `HOTCELL_CACHE_LIMIT` MiB, 256 by default.
 *
 * @example
 * console.log(cacheInfo());
 * // 12 kernels, 183.4 of 256.0 MiB in /home/ada/.cache/hotcell; 3 found, 1 compiled
 */
export function cacheInfo(): CacheInfo {
  const store = currentStore();
  const entries = store.entries();
  const info = {
    directory: store.folder,
    entries: entries.filter(({ name }) => name.endsWith(KERNEL)).length,
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
    limit: store.limit,
    ...counts,
  };
  return Object.defineProperty(info, inspect.custom, { value: () => describe(info) });
}

/**
 * Removes all compiled kernels from disk. Kernels that this process uses stay compiled.
 *
 * @example
 * clearCache();
 * cacheInfo().entries; // 0
 */
export function clearCache(): void {
  currentStore().clear();
}

function describe({ directory, entries, bytes, limit, hits, misses }: CacheInfo): string {
  const kernels = `${entries} kernel${entries === 1 ? "" : "s"}`;
  const sizes = `${(bytes / MEBIBYTE).toFixed(1)} of ${(limit / MEBIBYTE).toFixed(1)} MiB`;
  return `${kernels}, ${sizes} in ${directory}; ${hits} found, ${misses} compiled`;
}

/** The artifact of a request, and whether it was on disk; else it is compiled and kept. */
export function cachedArtifact(
  request: CompileRequest,
  compile: (request: CompileRequest) => Artifact,
): { readonly artifact: Artifact; readonly fromCache: boolean } {
  const kept = keptArtifact(request);
  if (kept) return { artifact: kept, fromCache: true };
  const artifact = compile(request);
  counts.misses++;
  currentStore().put(nameOf(request), encode(artifact));
  return { artifact, fromCache: false };
}

/** The artifact of a request, if it is on disk. */
export function keptArtifact(request: CompileRequest): Artifact | undefined {
  const kept = decode(currentStore().get(nameOf(request)));
  if (kept) counts.hits++;
  return kept;
}

/** The name of a request's file. A text that was seen before needs no parser. */
function nameOf(request: CompileRequest): string {
  const store = currentStore();
  const version = compilerVersion();
  const text = `${textKey(request, version)}${TEXT}`;
  const known = store.get(text);
  if (known) return `${known.toString()}${KERNEL}`;
  const key = cacheKey(request, version);
  store.put(text, Buffer.from(key));
  return `${key}${KERNEL}`;
}

/** Keeps plain data that was found in a function's text, by that text. */
export const textMemo = {
  get(text: string): unknown {
    const kept = currentStore().get(outlineName(text));
    return kept && (JSON.parse(kept.toString()) as unknown);
  },
  put(text: string, found: unknown): void {
    currentStore().put(outlineName(text), Buffer.from(JSON.stringify(found)));
  },
};

/** The bytes that stand for a text, from disk if they are to be kept, or made. */
export function cachedBytes(text: string, isKept: boolean, make: () => Uint8Array): Uint8Array {
  const name = `${hash(text)}.bytes`;
  const kept = isKept ? currentStore().get(name) : undefined;
  if (kept) return kept;
  const made = make();
  if (isKept) currentStore().put(name, made);
  return made;
}

/**
 * The path of a file of these bytes, for the operating system's loader. Where nothing can be kept,
 * or is to be (`isKept` false), it is a temporary file of this process.
 */
export function objectFile(bytes: Uint8Array, isKept: boolean): string {
  const name = `${createHash("sha256").update(bytes).digest("hex")}.so`;
  const path =
    (isKept ? currentStore().file(name, bytes) : undefined) ?? temporary().file(name, bytes);
  if (path === undefined) throw new Error("there is no folder to load native code from");
  return path;
}

let temporaryStore: Store | undefined;

function temporary(): Store {
  if (temporaryStore) return temporaryStore;
  const folder = mkdtempSync(join(tmpdir(), "hotcell-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return (temporaryStore = new Store(folder, Infinity, () => undefined));
}

/** Registers how the user is told that nothing can be kept; a process warning by default. */
export function setCacheNotice(write: (message: string) => void): void {
  say = write;
}

let say = (message: string): void => {
  process.emitWarning(message, "HotcellWarning");
};

const KERNEL = ".kernel";
const TEXT = ".text";

function outlineName(text: string): string {
  return `${hash(`${compilerVersion()}\n${text}`)}.outline`;
}

let store: Store | undefined;

/** The environment may change at any time, in a notebook most of all. */
function currentStore(): Store {
  const folder = cacheFolder();
  const limit = limitOf(process.env["HOTCELL_CACHE_LIMIT"]);
  if (store?.folder === folder && store.limit === limit) return store;
  let said = false;
  store = new Store(folder, limit, (problem) => {
    if (said) return;
    said = true;
    say(
      `compiled kernels aren't kept in ${folder}: ${problem}; ` +
        `set HOTCELL_CACHE_DIR to a folder of your own, or go on without`,
    );
  });
  return store;
}

function limitOf(mebibytes: string | undefined): number {
  const limit = Number(mebibytes);
  const isGiven = mebibytes !== undefined && mebibytes.trim() !== "" && limit >= 0;
  return (isGiven ? limit : DEFAULT_LIMIT) * MEBIBYTE;
}

/** Length of the JSON, JSON of all but the bytes, the bytes. */
function encode({ code, ...rest }: Artifact): Buffer {
  const json = Buffer.from(JSON.stringify(rest));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, code]);
}

function decode(bytes: Buffer | undefined): Artifact | undefined {
  if (!bytes) return undefined;
  const end = 4 + bytes.readUInt32LE(0);
  const rest = JSON.parse(bytes.toString("utf8", 4, end)) as Omit<Artifact, "code">;
  // a copy, since a small file's bytes stand in a buffer that Node shares among many
  return { code: Uint8Array.from(bytes.subarray(end)), ...rest };
}
