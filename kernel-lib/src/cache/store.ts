/**
 * Small named contents in a folder that many processes share: bytes come in under a name, the same
 * bytes or nothing go out. Whatever was cut short, altered or is in the way counts as missing;
 * nothing here throws. Knows nothing of what the bytes mean.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { distrust, makeFolder } from "./folder.js";

const MAGIC = Buffer.from("hotcell\u0001");
const CHECKSUM_BYTES = 32;
const HEAD_BYTES = MAGIC.length + CHECKSUM_BYTES;
/** Keeps the sum of all sizes, so that a new file costs no look at the others. */
const LEDGER = "ledger.json";
const TEMPORARY = ".tmp";
const DAY = 24 * 3600e3;
/** A temporary file lives for milliseconds, unless its writer was killed. */
const STALE = 600e3;
/** The time of last use is renewed no more often. */
const FRESH = 60e3;

/** A file of the store. */
interface Entry {
  readonly name: string;
  readonly bytes: number;
  readonly used: number;
}

interface Ledger {
  readonly bytes: number;
  /** When all files were last looked at. */
  readonly counted: number;
}

export class Store {
  /** @param complain is told why nothing is kept. */
  constructor(
    readonly folder: string,
    readonly limit: number,
    readonly complain: (problem: string) => void,
  ) {}

  get(name: string): Buffer | undefined {
    if (!this.#isTrusted()) return undefined;
    const path = join(this.folder, name);
    let bytes;
    try {
      bytes = readFileSync(path);
    } catch {
      return undefined;
    }
    const content = checked(name, bytes);
    if (content) touch(path);
    else remove(path);
    return content;
  }

  put(name: string, content: Uint8Array): void {
    this.#write(name, Buffer.concat([MAGIC, checksum(name, content), content]));
  }

  /**
   * The path of a file that holds just these bytes, for the operating system's loader; undefined if
   * none can be kept. Its name is to be made of the bytes, since whoever else writes it writes the same.
   */
  file(name: string, content: Uint8Array): string | undefined {
    if (!this.#isTrusted()) return undefined;
    const path = join(this.folder, name);
    try {
      if (readFileSync(path).equals(content)) {
        touch(path);
        return path;
      }
    } catch {
      // it isn't there yet
    }
    return this.#write(name, content) ? path : undefined;
  }

  /** Whether it could be kept. */
  #write(name: string, bytes: Uint8Array): boolean {
    const size = bytes.length;
    if (size > this.limit) return false;
    const path = join(this.folder, name);
    const temporary = `${path}.${process.pid}.${randomBytes(6).toString("hex")}${TEMPORARY}`;
    try {
      makeFolder(this.folder);
      if (!this.#isTrusted()) return false;
      // whoever reads meanwhile finds the old file or the new one, never a part
      writeFileSync(temporary, bytes, { flag: "wx", mode: 0o600 });
      renameSync(temporary, path);
      this.#count(size);
      return true;
    } catch (error) {
      remove(temporary);
      this.complain((error as Error).message);
      return false;
    }
  }

  /** All contents, those last used long ago first. */
  entries(): Entry[] {
    return this.#isTrusted() ? this.#files().filter(isContent) : [];
  }

  clear(): void {
    if (!this.#isTrusted()) return;
    for (const { name } of this.#files()) remove(join(this.folder, name));
  }

  /** Asked each time: the folder may have come from somebody else since. */
  #isTrusted(): boolean {
    let reason;
    try {
      reason = distrust(this.folder);
    } catch (error) {
      reason = (error as Error).message;
    }
    if (reason !== undefined) this.complain(reason);
    return reason === undefined;
  }

  #count(size: number): void {
    const path = join(this.folder, LEDGER);
    const before = readLedger(path);
    const isDue = !before || before.bytes + size > this.limit || Date.now() - before.counted > DAY;
    const after = isDue
      ? { bytes: this.#trim(), counted: Date.now() }
      : { ...before, bytes: before.bytes + size };
    writeFileSync(path, JSON.stringify(after), { mode: 0o600 });
  }

  /** Removes what killed writers left, and what was used longest ago if there is too much; gives the sum of the rest. */
  #trim(): number {
    const files = this.#files();
    for (const { name, used } of files) {
      if (name.endsWith(TEMPORARY) && Date.now() - used > STALE) remove(join(this.folder, name));
    }
    const contents = files.filter(isContent);
    let sum = contents.reduce((bytes, entry) => bytes + entry.bytes, 0);
    if (sum <= this.limit) return sum;
    for (const { name, bytes } of contents) {
      // some room is left, so that not every new file has to look at all others
      if (sum <= this.limit * 0.9) break;
      remove(join(this.folder, name));
      sum -= bytes;
    }
    return sum;
  }

  #files(): Entry[] {
    let names: string[] = [];
    try {
      names = readdirSync(this.folder);
    } catch {
      // it isn't there
    }
    const files: Entry[] = [];
    for (const name of names.filter(isOurs)) {
      const stats = statSync(join(this.folder, name), { throwIfNoEntry: false });
      if (stats) files.push({ name, bytes: stats.size, used: stats.mtimeMs });
    }
    return files.sort((a, b) => a.used - b.used);
  }
}

/** The user may have named a folder that holds other things, too. */
function isOurs(name: string): boolean {
  return name === LEDGER || /^[0-9a-f]{64}\./.test(name);
}

function isContent({ name }: Entry): boolean {
  return name !== LEDGER && !name.endsWith(TEMPORARY);
}

/** The content of a file if it is whole and was written under this name. */
function checked(name: string, bytes: Buffer): Buffer | undefined {
  if (bytes.length < HEAD_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const content = bytes.subarray(HEAD_BYTES);
  return bytes.subarray(MAGIC.length, HEAD_BYTES).equals(checksum(name, content))
    ? content
    : undefined;
}

function checksum(name: string, content: Uint8Array): Buffer {
  return createHash("sha256").update(name).update("\n").update(content).digest();
}

function readLedger(path: string): Ledger | undefined {
  try {
    const { bytes, counted } = JSON.parse(readFileSync(path, "utf8")) as Partial<Ledger>;
    if (Number.isFinite(bytes) && Number.isFinite(counted))
      return { bytes: bytes!, counted: counted! };
  } catch {
    // missing, or two processes wrote it at once: all is counted anew
  }
  return undefined;
}

/** Notes that a file was used. */
function touch(path: string): void {
  try {
    const now = Date.now();
    if (now - statSync(path).mtimeMs > FRESH) utimesSync(path, now / 1e3, now / 1e3);
  } catch {
    // gone, or not ours to change
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // gone already, or not ours to change
  }
}
