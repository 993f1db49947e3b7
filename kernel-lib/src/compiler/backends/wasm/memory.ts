/**
 * Reads and writes of memory: scalars, lanes that follow one another, lanes each at an address of
 * its own, with or without a mask. Takes byte addresses and values of the right kind (`addresses`
 * sees to both); a lane outside the mask is neither read from nor written to its address.
 */
import { laneOf, type Code } from "./code.js";
import type { Mnemonic } from "./instructions.js";
import { narrowMask } from "./vector.js";
import { i32, operate } from "../../build.js";
import type { Expr, Load, StoreMemory } from "../../ir.js";

interface Width {
  readonly bytes: number;
  readonly load: Mnemonic;
  readonly store: Mnemonic;
  /** Two numbers that follow one another, and what makes f64, i64 or i32 lanes of them. */
  readonly pair: readonly Mnemonic[];
  /** An integer's conversion to f64; undefined for what isn't an integer of at most 32 bits. */
  readonly convert?: "s" | "u";
}

const widths: Readonly<Record<Load["dtype"], Width>> = {
  float64: { bytes: 8, load: "f64.load", store: "f64.store", pair: ["v128.load"] },
  i64: { bytes: 8, load: "i64.load", store: "i64.store", pair: ["v128.load"] },
  float32: {
    bytes: 4,
    load: "f32.load",
    store: "f32.store",
    pair: ["v128.load64_zero", "f64x2.promote_low_f32x4"],
  },
  int32: {
    bytes: 4,
    load: "i32.load",
    store: "i32.store",
    pair: ["v128.load64_zero"],
    convert: "s",
  },
  uint32: {
    bytes: 4,
    load: "i32.load",
    store: "i32.store",
    pair: ["v128.load64_zero"],
    convert: "u",
  },
  int16: {
    bytes: 2,
    load: "i32.load16_s",
    store: "i32.store16",
    pair: ["v128.load32_zero", "i32x4.extend_low_i16x8_s"],
    convert: "s",
  },
  uint16: {
    bytes: 2,
    load: "i32.load16_u",
    store: "i32.store16",
    pair: ["v128.load32_zero", "i32x4.extend_low_i16x8_u"],
    convert: "s",
  },
  int8: {
    bytes: 1,
    load: "i32.load8_s",
    store: "i32.store8",
    pair: ["v128.load16_splat", "i16x8.extend_low_i8x16_s", "i32x4.extend_low_i16x8_s"],
    convert: "s",
  },
  uint8: {
    bytes: 1,
    load: "i32.load8_u",
    store: "i32.store8",
    pair: ["v128.load16_splat", "i16x8.extend_low_i8x16_u", "i32x4.extend_low_i16x8_u"],
    convert: "s",
  },
};

export function load(code: Code, expr: Load): void {
  const { dtype, lanes, kind, addresses, offset, mask } = expr;
  const { convert } = widths[dtype];
  if (lanes === 1) {
    loadScalar(code, expr);
    return;
  }
  if (mask) {
    loadMasked(code, expr, mask);
    return;
  }
  if (addresses.length === 1) {
    const [first, ...rest] = widths[dtype].pair;
    code.value(addresses[0]!);
    code.push(first!, offset);
    for (const op of rest) code.push(op);
  } else loadLanes(code, dtype, addresses, offset);
  if (kind === "f64" && convert) code.push(`f64x2.convert_low_i32x4_${convert}`);
}

function loadScalar(code: Code, { dtype, kind, addresses, offset }: Load): void {
  const { load, convert } = widths[dtype];
  code.value(addresses[0]!);
  code.push(load, offset);
  if (dtype === "float32") code.push("f64.promote_f32");
  if (kind === "f64" && convert) code.push(`f64.convert_i32_${convert}`);
}

/** Lanes of f64, i64 or i32, each from its own address. */
function loadLanes(
  code: Code,
  dtype: Load["dtype"],
  [first, second]: readonly Expr[],
  offset: number,
): void {
  const { bytes, load } = widths[dtype];
  if (bytes < 4) {
    code.value(first!);
    code.push(load, offset);
    code.push("i32x4.splat");
    code.value(second!);
    code.push(load, offset);
    code.push("i32x4.replace_lane", 1);
    return;
  }
  code.value(second!);
  code.value(first!);
  code.push(bytes === 8 ? "v128.load64_zero" : "v128.load32_zero", offset);
  code.push(bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", offset, 1);
  if (dtype === "float32") code.push("f64x2.promote_low_f32x4");
}

/** Lanes outside the mask read address 0, which is always there, and are then cleared. */
function loadMasked(code: Code, expr: Load, mask: Expr): void {
  code.hold(mask, (mask) => {
    holdAddresses(code, expr, (addresses) => {
      const safe = addresses.map((address, lane) =>
        operate("i32.select", laneOf(mask, lane), address, i32(0)),
      );
      loadLanes(code, expr.dtype, safe, 0);
    });
    const { convert } = widths[expr.dtype];
    if (expr.kind === "f64" && convert) code.push(`f64x2.convert_low_i32x4_${convert}`);
    if (expr.kind === "i32") narrowMask(mask, code);
    else code.value(mask);
    code.push("v128.and");
  });
}

/** The address of each lane, offset included. */
function holdAddresses(
  code: Code,
  { dtype, lanes, addresses, offset }: Load | StoreMemoryLanes,
  use: (addresses: readonly Expr[]) => void,
): void {
  const moved = (address: Expr, by: number): Expr =>
    by === 0 ? address : operate("i32.add", address, i32(by));
  if (addresses.length > 1) use(addresses.map((address) => moved(address, offset)));
  else
    code.hold(addresses[0]!, (held) => {
      use(Array.from({ length: lanes }, (_, k) => moved(held, offset + k * widths[dtype].bytes)));
    });
}

type StoreMemoryLanes = StoreMemory & { readonly lanes: number };

export function store(code: Code, write: StoreMemory): void {
  const { dtype, addresses, offset, mask, value } = write;
  const { bytes } = widths[dtype];
  if (value.lanes === 1) {
    storeScalar(code, dtype, addresses[0]!, offset, value);
    return;
  }
  if (!mask && addresses.length === 1 && bytes >= 4) {
    code.value(addresses[0]!);
    code.value(value);
    if (dtype === "float32") code.push("f32x4.demote_f64x2_zero");
    if (bytes === 8) code.push("v128.store", offset);
    else code.push("v128.store64_lane", offset, 0);
    return;
  }
  code.hold(value, (value) => {
    const lanes = { ...write, lanes: value.lanes };
    if (!mask) {
      holdAddresses(code, lanes, (each) => {
        each.forEach((address, lane) => {
          storeLane(code, dtype, address, value, lane);
        });
      });
      return;
    }
    code.hold(mask, (mask) => {
      holdAddresses(code, lanes, (each) => {
        each.forEach((address, lane) => {
          code.value(laneOf(mask, lane));
          code.push("if");
          storeLane(code, dtype, address, value, lane);
          code.push("end");
        });
      });
    });
  });
}

function storeLane(
  code: Code,
  dtype: Load["dtype"],
  address: Expr,
  value: Expr,
  lane: number,
): void {
  if (dtype !== "float64" && dtype !== "i64" && dtype !== "int32" && dtype !== "uint32") {
    storeScalar(code, dtype, address, 0, laneOf(value, lane));
    return;
  }
  code.value(address);
  code.value(value);
  code.push(widths[dtype].bytes === 8 ? "v128.store64_lane" : "v128.store32_lane", 0, lane);
}

function storeScalar(
  code: Code,
  dtype: Load["dtype"],
  address: Expr,
  offset: number,
  value: Expr,
): void {
  code.value(address);
  code.value(value);
  if (dtype === "float32") code.push("f32.demote_f64");
  code.push(widths[dtype].store, offset);
}
