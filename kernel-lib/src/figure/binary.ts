/**
 * Large arrays in a JSON payload: `{ dtype, shape, data }` with base64 of the little-endian bytes.
 * A typed array goes in, a typed array comes out; sizes are checked before anything is allocated.
 */
import { type DTypeArrays, itemSize, view } from "../dtype.js";
import { FigureError } from "../errors.js";
import { checkInteger, checkList, checkRecord, checkWord } from "./checks.js";

/** The arrays of a figure in memory. */
export type FloatArray = Float64Array | Float32Array;

const FLOATS = ["float64", "float32"] as const;
/** Numbers and, as `uint16`, fractions (fractions.ts). */
type FigureDType = (typeof FLOATS)[number] | "uint16";

/** A typed array as it stands in a payload. */
export interface BinaryArray {
  readonly dtype: FigureDType;
  readonly shape: readonly number[];
  /** base64 (RFC 4648, padded) of the little-endian elements, last axis fastest. */
  readonly data: string;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const ENCODE = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
/** The two characters of each 12 bits, in the order of this machine's bytes: little-endian. */
const PAIRS = Uint16Array.from(
  { length: 4096 },
  (_, bits) => ENCODE[bits >> 6]! | (ENCODE[bits & 63]! << 8),
);
const PAD = "=".charCodeAt(0);
const INVALID = 255;
const DECODE = new Uint8Array(256).fill(INVALID);
/** How many characters are decoded at once, and the place for their codes. */
const PART = 65_536;
const codes = new Uint8Array(PART);
/** ECMAScript's own decoder, several times as fast; engines have it since 2025. */
const { fromBase64: decodeNatively } = Uint8Array as {
  fromBase64?: (text: string) => Uint8Array<ArrayBuffer>;
};
ENCODE.forEach((code, value) => (DECODE[code] = value));

/** base64 of bytes: two characters at a time for every 12 bits. */
function toBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  const pairs = new Uint16Array(text.buffer);
  const whole = bytes.length - (bytes.length % 3);
  let at = 0;
  for (let i = 0; i < whole; i += 3) {
    const word = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    pairs[at] = PAIRS[word >> 12]!;
    pairs[at + 1] = PAIRS[word & 4095]!;
    at += 2;
  }
  if (whole < bytes.length) {
    const word = (bytes[whole]! << 16) | ((bytes[whole + 1] ?? 0) << 8);
    pairs[at] = PAIRS[word >> 12]!;
    pairs[at + 1] = PAIRS[word & 4095]!;
    text.fill(PAD, text.length - (3 - (bytes.length % 3)));
  }
  return new TextDecoder().decode(text);
}

/** The bytes of a base64 text that must hold exactly `length` of them. */
function fromBase64(text: string, length: number, place: string): Uint8Array {
  if (text.length !== 4 * Math.ceil(length / 3)) {
    throw new FigureError(`${place} has not the length that its shape asks for`);
  }
  const padding = (3 - (length % 3)) % 3;
  if (text.slice(text.length - padding) !== "=".repeat(padding)) {
    throw new FigureError(`${place} is not padded base64`);
  }
  const bytes = decodeNatively ? native(text, decodeNatively) : decoded(text, length, padding);
  // blanks, which count for nothing, leave fewer
  if (bytes?.length !== length) {
    throw new FigureError(`${place} has a character that is not base64`);
  }
  return bytes;
}

function native(text: string, decode: NonNullable<typeof decodeNatively>) {
  try {
    return decode(text);
  } catch {
    return undefined;
  }
}

/** The same by hand; undefined where a character is none of base64's. */
function decoded(text: string, length: number, padding: number): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  const end = text.length - padding;
  const encoder = new TextEncoder();
  let seen = 0;
  let at = 0;
  for (let start = 0; start < end; start += PART) {
    const stop = Math.min(start + PART, end);
    // beyond ASCII a character is several bytes, of which none is base64's
    const { read } = encoder.encodeInto(text.slice(start, stop), codes);
    if (read < stop - start) seen = INVALID;
    // after a last group that is cut short stands padding, which means nothing
    codes.fill(ENCODE[0]!, stop - start);
    for (let i = 0; i < stop - start; i += 4) {
      const a = DECODE[codes[i]!]!;
      const b = DECODE[codes[i + 1]!]!;
      const c = DECODE[codes[i + 2]!]!;
      const d = DECODE[codes[i + 3]!]!;
      seen |= a | b | c | d;
      // a typed array ignores what is written past its end
      bytes[at] = (a << 2) | (b >> 4);
      bytes[at + 1] = (b << 4) | (c >> 2);
      bytes[at + 2] = (c << 6) | d;
      at += 3;
    }
  }
  return seen > 63 ? undefined : bytes;
}

/** The name of an array's elements. */
function dtypeOf(array: FloatArray | Uint16Array): FigureDType {
  if (array instanceof Uint16Array) return "uint16";
  return array instanceof Float64Array ? "float64" : "float32";
}

/** A typed array as payload. The bytes are those of this machine, which is little-endian. */
export function encodeArray(
  array: FloatArray | Uint16Array,
  shape: readonly number[],
): BinaryArray {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return { dtype: dtypeOf(array), shape: [...shape], data: toBase64(bytes) };
}

/** The characters that an array of so many elements takes in a payload. */
export function encodedLength(elements: number, dtype: FigureDType): number {
  return 4 * Math.ceil((elements * itemSize(dtype)) / 3);
}

/** The typed array and shape of a hostile payload; `maxLength` bounds the number of elements. */
function decode<D extends FigureDType>(
  json: unknown,
  place: string,
  dimensions: number,
  maxLength: number,
  dtypes: readonly D[],
): { array: DTypeArrays[D]; shape: number[] } {
  const record = checkRecord(json, place, ["dtype", "shape", "data"]);
  const dtype = checkWord(record.dtype, `${place}.dtype`, dtypes);
  const shape = checkList(record.shape, `${place}.shape`, dimensions, dimensions).map((size, i) =>
    checkInteger(size, `${place}.shape[${i}]`, 0, maxLength),
  );
  const length = shape.reduce((product, size) => product * size, 1);
  if (length > maxLength) {
    throw new FigureError(`${place} has ${length} elements, at most ${maxLength} fit`);
  }
  if (typeof record.data !== "string") throw new FigureError(`${place}.data is not a text`);
  const bytes = fromBase64(record.data, length * itemSize(dtype), `${place}.data`);
  return { array: view(dtype, bytes.buffer, 0, length), shape };
}

/** The numbers and shape of a hostile payload; `maxLength` bounds how many they are. */
export function decodeArray(
  json: unknown,
  place: string,
  dimensions: number,
  maxLength: number,
): { array: FloatArray; shape: number[] } {
  return decode(json, place, dimensions, maxLength, FLOATS);
}

/** The same for fractions in 16 bits. */
export function decodeFractions(
  json: unknown,
  place: string,
  dimensions: number,
  maxLength: number,
): { array: Uint16Array; shape: number[] } {
  return decode(json, place, dimensions, maxLength, ["uint16"]);
}
