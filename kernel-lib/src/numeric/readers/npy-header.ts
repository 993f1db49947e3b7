/**
 * The header of .npy files: bytes to dtype, order and shape, and back. Knows nothing of the numbers.
 *
 * Source: NumPy's `numpy.lib.format`, versions 1.0 to 3.0.
 */
import type { DType } from "../../dtype.js";

/** How the numbers of a file are stored. */
export interface NpyHeader {
  /** NumPy's letter and width, such as `f8`. */
  readonly kind: string;
  readonly isLittle: boolean;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Bytes before the text: magic, version, length. */
export const NPY_PREFIX = 12;

/** The dtype of each kind that an NDArray can hold. */
export const KINDS: Readonly<Record<string, DType>> = {
  ...{ f8: "float64", f4: "float32", i4: "int32", u4: "uint32", i2: "int16", u2: "uint16" },
  ...{ i1: "int8", u1: "uint8" },
};

/** Where the text begins and the numbers do; undefined if these aren't the first bytes of a .npy file. */
export function npyLengths(
  prefix: Uint8Array,
): { readonly text: number; readonly data: number } | undefined {
  if (prefix.length < NPY_PREFIX || MAGIC.some((byte, i) => prefix[i] !== byte)) return undefined;
  const major = prefix[6]!;
  if (major < 1 || major > 3) return undefined;
  const bytes = new DataView(prefix.buffer, prefix.byteOffset);
  const text = major === 1 ? 10 : 12;
  return { text, data: text + (major === 1 ? bytes.getUint16(8, true) : bytes.getUint32(8, true)) };
}

/** @throws the message of what is wrong, as an Error. */
export function parseNpyHeader(text: string): NpyHeader {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (descr === undefined && /'descr'\s*:\s*\[/.test(text))
    throw new Error("holds records with several fields: save each field as an array of its own");
  const type = /^([<>|=]?)([a-zA-Z]\d*)$/.exec(descr ?? "");
  if (!type || order === undefined || shape === undefined)
    throw new Error(`has the header ${text.trim().slice(0, 100)}, which no .npy file has`);
  const lengths = shape
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (!lengths.every((length) => /^\d+L?$/.test(length)))
    throw new Error(`has the shape (${shape}), which isn't made of whole numbers`);
  return {
    kind: type[2]!,
    isLittle: type[1] !== ">",
    isFortran: order === "True",
    shape: lengths.map((length) => parseInt(length, 10)),
  };
}

/** A header that NumPy reads, padded so that numbers begin at a multiple of 64. */
export function formatNpyHeader(dtype: DType, shape: readonly number[]): Uint8Array {
  const kind = Object.entries(KINDS).find(([, each]) => each === dtype)![0];
  const lengths = shape.length === 1 ? `${shape[0]!},` : shape.join(", ");
  const order = kind.endsWith("1") ? "|" : "<";
  const text = `{'descr': '${order}${kind}', 'fortran_order': False, 'shape': (${lengths}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + length);
  bytes.set([...MAGIC, 1, 0, length & 255, length >> 8]);
  bytes.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), 10);
  return bytes;
}
