/**
 * Loads a large CommonJS file together with V8's bytecode of it, which the build keeps in `bytecode/`:
 * a file that takes 30 ms to parse and compile, function by function, as they are first called, is
 * then there in 3. Bytecode of another text, V8 or machine is left aside, and the file loads as any
 * other. Knows nothing of what it loads.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";

const folder = join(__dirname, "bytecode");
const CHECKSUM_BYTES = 32;

interface Loaded {
  readonly file: string;
  readonly text: string;
  readonly script: Script;
}

/** Where bytecode is being recorded, what was loaded. */
let recorded: Loaded[] | undefined;

/** What `require(file)` gives, for an absolute path. */
export function requireFast(file: string): unknown {
  const known = require.cache[file];
  if (known) return known.exports;
  const kept = read(placeOf(file));
  if (!kept && !recorded) return require(file) as unknown;
  const text = readFileSync(file, "utf8");
  const cachedData = kept?.subarray(CHECKSUM_BYTES);
  if (cachedData && !kept!.subarray(0, CHECKSUM_BYTES).equals(checksum(text, cachedData)))
    return require(file) as unknown;
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${text}\n})`,
    { filename: file, ...(cachedData && { cachedData }) },
  );
  recorded?.push({ file, text, script });
  const made = new Module(file);
  made.filename = file;
  require.cache[file] = made;
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  const args = [made.exports, createRequire(file), made, file, dirname(file)];
  try {
    Reflect.apply(run, made.exports, args);
  } catch (error) {
    Reflect.deleteProperty(require.cache, file);
    throw error;
  }
  made.loaded = true;
  return made.exports;
}

/**
 * For the build: from now on remembers what is loaded. The function returned keeps the bytecode of all
 * functions of those files that have been called by then.
 */
export function recordBytecode(): () => void {
  recorded = [];
  return () => {
    mkdirSync(folder, { recursive: true });
    for (const { file, text, script } of recorded ?? []) {
      const place = placeOf(file);
      const draft = `${place}.${process.pid}`;
      const made = script.createCachedData();
      writeFileSync(draft, Buffer.concat([checksum(text, made), made]));
      renameSync(draft, place);
    }
    recorded = undefined;
  };
}

function placeOf(file: string): string {
  return join(folder, `${basename(file)}.bin`);
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** V8 itself tells texts apart by their length alone, and takes the bytes on trust. */
function checksum(text: string, bytecode: Uint8Array): Buffer {
  return createHash("sha256").update(text).update(bytecode).digest();
}
