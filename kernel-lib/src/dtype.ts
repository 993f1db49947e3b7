/**
 * The number types of arrays: their names, widths and typed arrays. Pure data, the first step of
 * everything that handles arrays.
 */

/** The typed array of each dtype. */
export interface DTypeArrays {
  float64: Float64Array;
  float32: Float32Array;
  int32: Int32Array;
  uint32: Uint32Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int8: Int8Array;
  uint8: Uint8Array;
}

/** Name of a number type, as NumPy spells it. */
export type DType = keyof DTypeArrays;

interface TypedArrayConstructor<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): A;
}

const constructors: { readonly [D in DType]: TypedArrayConstructor<DTypeArrays[D]> } = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
};

/** All dtypes, widest and most usual first. */
const dtypes = Object.keys(constructors) as readonly DType[];

/** Bytes of one number. */
export function itemSize(dtype: DType): number {
  return constructors[dtype].BYTES_PER_ELEMENT;
}

/** The numbers in a buffer, as a typed array of this dtype. */
export function view<D extends DType>(
  dtype: D,
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
): DTypeArrays[D] {
  return new constructors[dtype](buffer, byteOffset, length);
}

/** Whether the value is the name of a dtype. */
export function isDType(dtype: unknown): dtype is DType {
  return typeof dtype === "string" && Object.hasOwn(constructors, dtype);
}

/** Throws unless the value is the name of a dtype. */
export function checkDType(dtype: unknown): asserts dtype is DType {
  if (!isDType(dtype))
    throw new TypeError(`dtype is ${String(dtype)}: give one of ${dtypes.join(", ")}`);
}
