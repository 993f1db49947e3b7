/**
 * `loadNpy` and `saveNpy`: arrays to and from the files that NumPy reads and writes. Numbers of any
 * width, byte order and layout come in; what NDArray has no dtype for becomes the next wider one that
 * holds all its values, or an error.
 */
import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { type DType, itemSize } from "../../dtype.js";
import { FileFormatError } from "../../errors.js";
import { array, empty } from "../../runtime/arrays.js";
import { NDArray, type NestedNumbers } from "../../runtime/ndarray.js";
import {
  formatNpyHeader,
  KINDS,
  NPY_PREFIX,
  npyLengths,
  parseNpyHeader,
  type NpyHeader,
} from "./npy-header.js";

/** Bytes that are read or written at a time. */
const CHUNK = 2 ** 24;

/** What is read of the kinds that NDArray doesn't have. */
const WIDER: Readonly<Record<string, DType>> = {
  b1: "uint8",
  f2: "float32",
  i8: "float64",
  u8: "float64",
};

/**
 * Reads an array that NumPy's `np.save` wrote.
 *
 * Either byte order, C and Fortran order (whose strides it keeps), any dtype that an NDArray has; `bool`
 * becomes uint8, `float16` float32, and 64-bit integers float64 if they are whole below 2⁵³.
 *
 * @throws FileFormatError if the file is truncated or no .npy file; RangeError for 64-bit integers that a
 * float64 doesn't hold; TypeError for complex numbers, strings, dates, objects and records.
 * @example
 * const positions = loadNpy("positions.npy"); // shape and numbers as NumPy had them
 */
export function loadNpy(path: string): NDArray {
  const file = openSync(path, "r");
  try {
    const { header, start } = readHeader(file, path);
    const dtype = KINDS[header.kind] ?? WIDER[header.kind];
    if (dtype === undefined)
      throw new TypeError(
        `loadNpy: ${path} holds numbers of type ${header.kind}: convert them with astype(np.float64)`,
      );
    const size = header.shape.reduce((product, length) => product * length, 1);
    const width = widthOf(header.kind);
    const there = fstatSync(file).size - start;
    if (there < size * width)
      throw new FileFormatError(
        path,
        `has only ${there} of the ${size * width} bytes of an array of shape [${header.shape.join(", ")}]: it is truncated`,
        { byte: start + there },
      );
    const flat = empty(size, dtype);
    readNumbers(file, start, header, flat);
    return new NDArray(dtype, flat.data, header.shape, strides(header));
  } finally {
    closeSync(file);
  }
}

/**
 * Writes an array as NumPy's `np.load` reads it: its dtype, in C order.
 *
 * The file appears under its name when it is complete, and replaces one that is there.
 *
 * @param values An NDArray, a typed array, or nested lists of numbers (as float64).
 * @example
 * saveNpy("squares.npy", array([1, 4, 9]));
 */
export function saveNpy(path: string, values: NDArray | NestedNumbers | ArrayLike<number>): void {
  const { dtype, shape, data, offset } = packed(values);
  const partial = `${path}.${process.pid}.partial`;
  const size = shape.reduce((product, length) => product * length, 1);
  const width = itemSize(dtype);
  try {
    const file = openSync(partial, "w");
    try {
      write(file, formatNpyHeader(dtype, shape));
      write(file, new Uint8Array(data.buffer, data.byteOffset + offset * width, size * width));
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}

function packed(values: NDArray | NestedNumbers | ArrayLike<number>): NDArray {
  if (!(values instanceof NDArray)) {
    const kept = ArrayBuffer.isView(values) ? dtypeOf(values) : undefined;
    return kept
      ? new NDArray(kept, values as never, [(values as Float64Array).length])
      : array(values as number[]);
  }
  if (values.contiguous) return values;
  const copy = empty(values.shape, values.dtype);
  let next = 0;
  for (const value of values) copy.data[next++] = value;
  return copy;
}

function dtypeOf(values: ArrayBufferView): DType | undefined {
  const name = values.constructor.name.replace("Array", "").toLowerCase();
  return Object.values(KINDS).find((dtype) => dtype === name);
}

function write(file: number, bytes: Uint8Array): void {
  // one write takes no more than 2 GiB
  for (let at = 0; at < bytes.length;)
    at += writeSync(file, bytes, at, Math.min(CHUNK, bytes.length - at));
}

function readHeader(
  file: number,
  path: string,
): { readonly header: NpyHeader; readonly start: number } {
  const prefix = new Uint8Array(NPY_PREFIX);
  readSync(file, prefix, 0, NPY_PREFIX, 0);
  const lengths = npyLengths(prefix);
  if (!lengths)
    throw new FileFormatError(path, "is no .npy file: it doesn't begin as NumPy writes them", {
      byte: 0,
    });
  const text = new Uint8Array(lengths.data - lengths.text);
  if (readSync(file, text, 0, text.length, lengths.text) < text.length)
    throw new FileFormatError(path, "ends within its header: it is truncated", {
      byte: lengths.text,
    });
  try {
    return { header: parseNpyHeader(Buffer.from(text).toString("latin1")), start: lengths.data };
  } catch (error) {
    throw new FileFormatError(path, (error as Error).message, { byte: lengths.text });
  }
}

function widthOf(kind: string): number {
  return parseInt(kind.slice(1), 10);
}

function strides({ shape, isFortran }: NpyHeader): number[] {
  const steps = new Array<number>(shape.length);
  let step = 1;
  for (let i = 0; i < shape.length; i++) {
    const axis = isFortran ? i : shape.length - 1 - i;
    steps[axis] = step;
    step *= shape[axis]!;
  }
  return steps;
}

function readNumbers(file: number, start: number, header: NpyHeader, flat: NDArray): void {
  const { kind, isLittle } = header;
  const width = widthOf(kind);
  const { data } = flat;
  const isDirect = KINDS[kind] !== undefined && (isLittle || width === 1);
  const chunk = Buffer.alloc(isDirect ? 0 : Math.min(CHUNK, data.length * width));
  const target = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (let done = 0; done < data.length;) {
    const count = Math.min(data.length - done, CHUNK / width);
    if (isDirect) {
      read(file, target.subarray(done * width, (done + count) * width), start + done * width);
    } else {
      read(file, chunk.subarray(0, count * width), start + done * width);
      const number = decoder(kind, isLittle, chunk);
      for (let i = 0; i < count; i++) data[done + i] = number(i * width);
    }
    done += count;
  }
}

function read(file: number, bytes: Uint8Array, position: number): void {
  const count = readSync(file, bytes, 0, bytes.length, position);
  if (count < bytes.length)
    throw new Error(`only ${count} of ${bytes.length} bytes could be read: has the file changed?`);
}

/** How a number of a kind is read at a byte. */
function decoder(kind: string, isLittle: boolean, bytes: Buffer): (at: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (kind) {
    case "f8":
      return (at) => view.getFloat64(at, isLittle);
    case "f4":
      return (at) => view.getFloat32(at, isLittle);
    case "i4":
      return (at) => view.getInt32(at, isLittle);
    case "u4":
      return (at) => view.getUint32(at, isLittle);
    case "i2":
      return (at) => view.getInt16(at, isLittle);
    case "u2":
      return (at) => view.getUint16(at, isLittle);
    case "f2":
      return (at) => half(view.getUint16(at, isLittle));
    case "i8":
      return (at) => whole(view.getBigInt64(at, isLittle));
    case "u8":
      return (at) => whole(view.getBigUint64(at, isLittle));
    default:
      return (at) => view.getUint8(at);
  }
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function whole(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new RangeError(
      `loadNpy: the integer ${value} doesn't fit into float64: convert the array in NumPy`,
    );
  return number;
}
