/**
 * A file read from front to back, without ever being in memory as a whole: bytes or lines are asked for,
 * in order, and where they stand is known for errors. What is compressed with gzip is unpacked on the
 * way. Knows no format.
 */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { FileFormatError } from "../../errors.js";

const CHUNK = 2 ** 20;
/** No line of a trajectory is longer; a binary file taken for text has lines without end. */
const LONGEST_LINE = 2 ** 16;
const NEWLINE = 10;

export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  #before = 0;
  #isOver = false;
  /** Lines read so far: the number of the last one, counted from 1. */
  line = 0;
  /** The frame that is being read, counted from 0. */
  frame = 0;

  constructor(
    readonly path: string,
    isGzipped: boolean,
  ) {
    const file = createReadStream(path, { highWaterMark: CHUNK });
    const unpacked = isGzipped ? file.pipe(createGunzip({ chunkSize: CHUNK })) : file;
    if (isGzipped) file.on("error", (error) => unpacked.destroy(error));
    this.#chunks = unpacked[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Bytes handed out so far, of the unpacked file. */
  get byte(): number {
    return this.#before + this.#at;
  }

  /** Whether anything is left. */
  async hasMore(): Promise<boolean> {
    while (this.#at === this.#chunk.length && !this.#isOver) await this.#next();
    return this.#at < this.#chunk.length;
  }

  /**
   * The next so many bytes; good until the next call.
   *
   * @throws FileFormatError if there are fewer; `what` names them.
   */
  async bytes(count: number, what: string): Promise<Buffer> {
    if (this.#chunk.length - this.#at < count) await this.#gather(count, what);
    const taken = this.#chunk.subarray(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }

  /** The next line, without its end; undefined at the end of the file. */
  async nextLine(): Promise<string | undefined> {
    let text = "";
    while (await this.hasMore()) {
      const end = this.#chunk.indexOf(NEWLINE, this.#at);
      const to = end < 0 ? this.#chunk.length : end;
      text += this.#chunk.toString("latin1", this.#at, to);
      this.#at = end < 0 ? to : to + 1;
      if (text.length > LONGEST_LINE)
        throw this.atLine("has a line of more than 65,536 characters: is it a text file?", 1);
      if (end < 0) continue;
      this.line++;
      return text.endsWith("\r") ? text.slice(0, -1) : text;
    }
    if (text === "") return undefined;
    this.line++;
    return text;
  }

  /** The next line. @throws FileFormatError at the end of the file; `what` names the line. */
  async lineOf(what: string): Promise<string> {
    const line = await this.nextLine();
    if (line === undefined) throw this.atLine(`ends where ${what} should be: it is truncated`, 1);
    return line;
  }

  /** An error that names file, frame and line; `ahead` of the last one read. */
  atLine(problem: string, ahead = 0): FileFormatError {
    return new FileFormatError(this.path, problem, { frame: this.frame, line: this.line + ahead });
  }

  /** An error that names file, frame and byte. */
  atByte(problem: string, byte = this.byte): FileFormatError {
    return new FileFormatError(this.path, problem, { frame: this.frame, byte });
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.#chunks.return?.();
  }

  async #next(): Promise<void> {
    this.#before += this.#chunk.length;
    this.#at = 0;
    this.#chunk = Buffer.alloc(0);
    const { done, value } = await this.#read();
    if (done === true) this.#isOver = true;
    else this.#chunk = value;
  }

  async #gather(count: number, what: string): Promise<void> {
    const start = this.byte;
    const parts: Buffer[] = [];
    let have = 0;
    while (have < count && (await this.hasMore())) {
      const part = this.#chunk.subarray(this.#at, this.#at + count - have);
      // a copy would do as well, but these stay whole until they are joined
      parts.push(part);
      have += part.length;
      this.#at += part.length;
    }
    if (have < count)
      throw this.atByte(
        `ends after ${have} of the ${count} bytes of ${what}: it is truncated`,
        start,
      );
    const rest = this.#chunk.subarray(this.#at);
    this.#before = start;
    this.#at = 0;
    this.#chunk = Buffer.concat([...parts, rest]);
  }

  async #read(): Promise<IteratorResult<Buffer, unknown>> {
    try {
      return await this.#chunks.next();
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code?.startsWith("Z_") !== true) throw error;
      throw this.atByte(`can't be unpacked (${message}): the gzip file is damaged or truncated`);
    }
  }
}
