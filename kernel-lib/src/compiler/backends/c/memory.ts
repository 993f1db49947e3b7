/**
 * Reads and writes of memory in C. An address is a number of bytes from the beginning of the shared
 * memory, unsigned; a lane outside the mask is neither read from nor written to its address.
 */
import type { Load, StoreMemory } from "../../ir.js";
import { typeName } from "./operations.js";

type Stored = Load["dtype"];

interface Width {
  readonly bytes: number;
  readonly type: string;
  /** Integers of at most 32 bits are i32 between memory and what f64 is made of them. */
  readonly integer?: "s" | "u";
}

const widths: Readonly<Record<Stored, Width>> = {
  float64: { bytes: 8, type: "f64" },
  i64: { bytes: 8, type: "i64" },
  float32: { bytes: 4, type: "float" },
  int32: { bytes: 4, type: "i32", integer: "s" },
  uint32: { bytes: 4, type: "u32", integer: "u" },
  int16: { bytes: 2, type: "short", integer: "s" },
  uint16: { bytes: 2, type: "unsigned short", integer: "s" },
  int8: { bytes: 1, type: "signed char", integer: "s" },
  uint8: { bytes: 1, type: "unsigned char", integer: "s" },
};

/** Types that may stand at any address and share it with others; for the prelude. */
export function memoryTypes(lanes: number): string {
  return Object.entries(widths)
    .flatMap(([dtype, { type, bytes }]) => [
      `typedef ${type} at_${dtype} __attribute__((aligned(1), may_alias));`,
      ...(lanes > 1
        ? [
            `typedef ${type} ${dtype}x${lanes} __attribute__((vector_size(${bytes * lanes})));`,
            `typedef ${dtype}x${lanes} at_${dtype}x${lanes} __attribute__((aligned(1), may_alias));`,
          ]
        : []),
    ])
    .join("\n");
}

function place(address: string, offset: number): string {
  return `memory + (u32)${address}${offset === 0 ? "" : ` + ${offset}`}`;
}

function scalarAt(dtype: Stored, address: string, offset: number): string {
  return `*(at_${dtype} *)(${place(address, offset)})`;
}

/** `write` gives an operand as C. */
export function load(expr: Load, write: (part: Load["addresses"][number]) => string): string {
  const { dtype, kind, lanes, addresses, offset } = expr;
  const { integer } = widths[dtype];
  const at = addresses.map(write);
  if (lanes === 1) {
    const value = scalarAt(dtype, at[0]!, offset);
    return kind === "f64" && integer === "s" ? `(f64)(i32)(${value})` : `(${kind})(${value})`;
  }
  const mask = expr.mask && write(expr.mask);
  const type = typeName(kind, lanes);
  if (at.length === 1 && mask === undefined) {
    const value = `*(at_${dtype}x${lanes} *)(${place(at[0]!, offset)})`;
    if (dtype === "float64" || dtype === "i64") return `(${type})(${value})`;
    if (dtype === "float32") return `__builtin_convertvector(${value}, ${type})`;
    const whole = `__builtin_convertvector(${value}, i32x${lanes})`;
    return kind === "i32" ? whole : `f64x${lanes}_convert_i32_${integer!}(${whole})`;
  }
  const { bytes } = widths[dtype];
  const lane = (k: number): string => {
    const value =
      at.length === 1
        ? scalarAt(dtype, at[0]!, offset + k * bytes)
        : scalarAt(dtype, at[k]!, offset);
    return mask === undefined ? value : `${mask}[${k}] ? ${value} : 0`;
  };
  return `(${type}){${Array.from({ length: lanes }, (_, k) => lane(k)).join(", ")}}`;
}

/** The statements that write `value`, which can be named as often as need be, as can the mask and addresses. */
export function store(
  { dtype, offset, addresses }: StoreMemory,
  lanes: number,
  at: readonly string[],
  value: string,
  mask: string | undefined,
): readonly string[] {
  const { bytes, integer } = widths[dtype];
  const isPacked = addresses.length === 1;
  if (lanes === 1) return [`${scalarAt(dtype, at[0]!, offset)} = ${value};`];
  if (isPacked && mask === undefined) {
    const vector = `${dtype}x${lanes}`;
    const stored =
      dtype === "float64" || dtype === "i64"
        ? `(${vector})${value}`
        : `__builtin_convertvector(${integer === "u" ? `(u32x${lanes})${value}` : value}, ${vector})`;
    return [`*(at_${vector} *)(${place(at[0]!, offset)}) = ${stored};`];
  }
  return Array.from({ length: lanes }, (_, k) => {
    const target = isPacked
      ? scalarAt(dtype, at[0]!, offset + k * bytes)
      : scalarAt(dtype, at[k]!, offset);
    return `${mask === undefined ? "" : `if (${mask}[${k}]) `}${target} = ${value}[${k}];`;
  });
}
