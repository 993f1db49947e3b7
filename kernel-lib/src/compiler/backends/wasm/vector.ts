/**
 * The operations on two lanes as SIMD128 instructions. f64 and i64 fill a v128; an i32 stands in its
 * low half (the high one holds anything); a mask is an i64x2 of all ones or zeros. The table is
 * exhaustive, as `scalar` is.
 */
import { choice, inOrder, laneOf, type Code, type Write } from "./code.js";
import type { Mnemonic } from "./instructions.js";
import { scalar } from "./scalar.js";
import type { Const, Expr } from "../../ir.js";
import { operations, type BasicOperation } from "../../operations.js";

const lanes = 2;

/** A comparison of i32, widened to a mask of 64 bits. */
const compare = (op: Mnemonic): Write => inOrder(op, "i64x2.extend_low_i32x4_s");

export const vector: Readonly<Record<BasicOperation, Write>> = {
  "f64.add": inOrder("f64x2.add"),
  "f64.sub": inOrder("f64x2.sub"),
  "f64.mul": inOrder("f64x2.mul"),
  "f64.div": inOrder("f64x2.div"),
  "f64.min": inOrder("f64x2.min"),
  "f64.max": inOrder("f64x2.max"),
  "f64.copysign": ([magnitude, sign], code) => {
    code.value(sign!);
    code.value(magnitude!);
    pushConst(code, "i64", 1n << 63n);
    code.push("v128.bitselect");
  },
  "f64.madd": ([a, b, c], code) => {
    code.value(a!);
    code.value(b!);
    if (!code.relaxedSimd) code.push("f64x2.mul");
    code.value(c!);
    code.push(code.relaxedSimd ? "f64x2.relaxed_madd" : "f64x2.add");
  },
  "f64.neg": inOrder("f64x2.neg"),
  "f64.abs": inOrder("f64x2.abs"),
  "f64.sqrt": inOrder("f64x2.sqrt"),
  "f64.floor": inOrder("f64x2.floor"),
  "f64.ceil": inOrder("f64x2.ceil"),
  "f64.trunc": inOrder("f64x2.trunc"),
  "f64.nearest": inOrder("f64x2.nearest"),
  "f64.eq": inOrder("f64x2.eq"),
  "f64.ne": inOrder("f64x2.ne"),
  "f64.lt": inOrder("f64x2.lt"),
  "f64.le": inOrder("f64x2.le"),
  "f64.gt": inOrder("f64x2.gt"),
  "f64.ge": inOrder("f64x2.ge"),

  "i32.add": inOrder("i32x4.add"),
  "i32.sub": inOrder("i32x4.sub"),
  "i32.mul": inOrder("i32x4.mul"),
  "i32.div_s": laneByLane("i32.div_s"),
  "i32.rem_s": laneByLane("i32.rem_s"),
  "i32.and": inOrder("v128.and"),
  "i32.or": inOrder("v128.or"),
  "i32.xor": inOrder("v128.xor"),
  "i32.shl": shift("i32.shl", "i32x4.shl"),
  "i32.shr_s": shift("i32.shr_s", "i32x4.shr_s"),
  "i32.shr_u": shift("i32.shr_u", "i32x4.shr_u"),
  "i32.clz": laneByLane("i32.clz"),
  "i32.eq": compare("i32x4.eq"),
  "i32.ne": compare("i32x4.ne"),
  "i32.lt_s": compare("i32x4.lt_s"),
  "i32.le_s": compare("i32x4.le_s"),
  "i32.gt_s": compare("i32x4.gt_s"),
  "i32.ge_s": compare("i32x4.ge_s"),
  "i32.lt_u": compare("i32x4.lt_u"),

  "i64.add": inOrder("i64x2.add"),
  "i64.sub": inOrder("i64x2.sub"),
  "i64.mul": inOrder("i64x2.mul"),
  "i64.mul_u32": ([a, b], code) => {
    lowHalves(a!, code);
    lowHalves(b!, code);
    code.push("i64x2.extmul_low_i32x4_u");
  },
  // of the products' words, two from each: V8 has one instruction for such a choice
  "i64.mul_halves_upper": productsOfHalves([3, 1, 7, 5]),
  "i64.mul_halves_lower": productsOfHalves([2, 0, 6, 4]),
  "i64.and": inOrder("v128.and"),
  "i64.or": inOrder("v128.or"),
  "i64.xor": inOrder("v128.xor"),
  "i64.shl": shift("i64.shl", "i64x2.shl"),
  "i64.shr_s": shift("i64.shr_s", "i64x2.shr_s"),
  "i64.shr_u": shift("i64.shr_u", "i64x2.shr_u"),
  "i64.eq": inOrder("i64x2.eq"),
  "i64.ne": inOrder("i64x2.ne"),
  "i64.lt_s": inOrder("i64x2.lt_s"),

  "bool.and": inOrder("v128.and"),
  "bool.or": inOrder("v128.or"),
  "bool.xor": inOrder("v128.xor"),
  "bool.not": inOrder("v128.not"),

  "f64.select": choice("v128.bitselect"),
  "i32.select": ([condition, then, otherwise], code) => {
    code.value(then!);
    code.value(otherwise!);
    narrowMask(condition!, code);
    code.push("v128.bitselect");
  },
  "i64.select": choice("v128.bitselect"),
  "bool.select": choice("v128.bitselect"),

  "f64.convert_i32_s": inOrder("f64x2.convert_low_i32x4_s"),
  "f64.convert_i32_u": inOrder("f64x2.convert_low_i32x4_u"),
  // |x| < 2^51 added to the bits of 1.5 · 2^52 gives those of 1.5 · 2^52 + x
  "f64.convert_i64_s": ([value], code) => {
    code.value(value!);
    pushConst(code, "i64", 0x4338000000000000n);
    code.push("i64x2.add");
    pushConst(code, "f64", 1.5 * 2 ** 52);
    code.push("f64x2.sub");
  },
  "i32.trunc_sat_f64_s": inOrder("i32x4.trunc_sat_f64x2_s_zero"),
  "i32.wrap_i64": ([value], code) => {
    lowHalves(value!, code);
  },
  "i64.extend_i32_s": inOrder("i64x2.extend_low_i32x4_s"),
  "i64.extend_i32_u": inOrder("i64x2.extend_low_i32x4_u"),
  "f64.reinterpret_i64": inOrder(),
  "i64.reinterpret_f64": inOrder(),
  "f64.from_bool": ([value], code) => {
    code.value(value!);
    pushConst(code, "f64", 1);
    code.push("v128.and");
  },
  "i32.from_bool": ([value], code) => {
    narrowMask(value!, code);
    code.push("i32x4.neg");
  },
};

/** A constant in both lanes. */
export function pushConst(code: Code, kind: Const["kind"], value: number | bigint): void {
  const bytes = new DataView(new ArrayBuffer(16));
  for (let lane = 0; lane < lanes; lane++) {
    if (kind === "f64") bytes.setFloat64(8 * lane, Number(value), true);
    else if (kind === "i32") bytes.setInt32(4 * lane, Number(value), true);
    else bytes.setBigInt64(8 * lane, kind === "bool" ? -BigInt(value) : BigInt(value), true);
  }
  code.push("v128.const", ...new Uint8Array(bytes.buffer));
}

/** 0 and 1, the numbers of the lanes. */
export function pushLanes(code: Code, kind: Const["kind"]): void {
  const second = {
    f64: new Uint8Array(new Float64Array([1]).buffer),
    i32: [0, 0, 0, 0, 0, 0, 0, 0],
    i64: [1, 0, 0, 0, 0, 0, 0, 0],
    bool: [255, 255, 255, 255, 255, 255, 255, 255],
  }[kind];
  const first = kind === "i32" ? [0, 0, 0, 0, 1, 0, 0, 0] : [0, 0, 0, 0, 0, 0, 0, 0];
  code.push("v128.const", ...first, ...second);
}

/** A scalar in both lanes. */
export function pushSplat(code: Code, value: Expr): void {
  switch (value.kind) {
    case "f64":
      code.value(value);
      code.push("f64x2.splat");
      break;
    case "i64":
      code.value(value);
      code.push("i64x2.splat");
      break;
    case "i32":
      code.value(value);
      code.push("i32x4.splat");
      break;
    case "bool":
      code.push("i32.const", 0);
      code.value(value);
      code.push("i32.sub");
      code.push("i32x4.splat");
  }
}

/** One lane as a scalar. */
export function pushLane(code: Code, value: Expr, lane: number): void {
  code.value(value);
  switch (value.kind) {
    case "f64":
      code.push("f64x2.extract_lane", lane);
      break;
    case "i64":
      code.push("i64x2.extract_lane", lane);
      break;
    case "i32":
      code.push("i32x4.extract_lane", lane);
      break;
    case "bool":
      code.push("i32x4.extract_lane", 2 * lane);
      code.push("i32.const", 1);
      code.push("i32.and");
  }
}

/** 32 of the 64 bits of each lane, in the low half: word 0 the low ones, word 1 the high ones. */
function takeWords(value: Expr, word: 0 | 1, code: Code): void {
  code.hold(value, (held) => {
    code.value(held);
    code.value(held);
    const bytes = [word, word + 2, word, word + 2].flatMap((k) =>
      [0, 1, 2, 3].map((b) => 4 * k + b),
    );
    code.push("i8x16.shuffle", ...bytes);
  });
}

/** A mask in the layout of i32. */
export function narrowMask(mask: Expr, code: Code): void {
  takeWords(mask, 0, code);
}

/** The low 32 bits of each i64 in the layout of i32, looking through what doesn't change them. */
function lowHalves(value: Expr, code: Code): void {
  const [first, second] = "args" in value ? value.args : [];
  const constant = second?.op === "const" ? BigInt.asUintN(64, BigInt(second.value)) : undefined;
  switch (value.op) {
    case "const":
      pushConst(code, "i32", Number(BigInt.asIntN(32, BigInt(value.value))));
      return;
    case "splat":
      code.value(value.value);
      code.push("i32.wrap_i64");
      code.push("i32x4.splat");
      return;
    case "i64.extend_i32_s":
    case "i64.extend_i32_u":
      code.value(first!);
      return;
    case "i64.and":
      if (constant !== undefined && (constant & 0xffffffffn) === 0xffffffffn) {
        lowHalves(first!, code);
        return;
      }
      break;
    case "i64.shr_u":
    case "i64.shr_s":
      if (constant === 32n) {
        takeWords(first!, 1, code);
        return;
      }
      break;
    default:
  }
  takeWords(value, 0, code);
}

/** A shift of both lanes by the same amount; lane by lane where the amounts may differ. */
function shift(op: BasicOperation, instruction: Mnemonic): Write {
  const each = laneByLane(op);
  return ([value, amount], code) => {
    if (amount!.op !== "const" && amount!.op !== "splat") {
      each([value!, amount!], code);
      return;
    }
    const count = laneOf(amount!, 0);
    code.value(value!);
    if (count.op === "const") code.push("i32.const", Number(BigInt(count.value) & 63n));
    else {
      code.value(count);
      if (count.kind === "i64") code.push("i32.wrap_i64");
    }
    code.push(instruction);
  };
}

/** For what SIMD128 lacks: the scalar operation in each lane. Its result is an i32 or i64. */
function laneByLane(op: BasicOperation): Write {
  const shape = operations[op].at(-1) === "i64" ? "i64x2" : "i32x4";
  return (args, code) => {
    const write = (held: readonly Expr[]): void => {
      scalar[op](
        held.map((arg) => laneOf(arg, 0)),
        code,
      );
      code.push(`${shape}.splat`);
      for (let lane = 1; lane < lanes; lane++) {
        scalar[op](
          held.map((arg) => laneOf(arg, lane)),
          code,
        );
        code.push(`${shape}.replace_lane`, lane);
      }
    };
    const holdAll = (rest: readonly Expr[], held: readonly Expr[]): void => {
      const [next, ...others] = rest;
      if (!next) write(held);
      else
        code.hold(next, (each) => {
          holdAll(others, [...held, each]);
        });
    };
    holdAll(args, []);
  };
}

/** Four words of the products of both lanes' halves, which V8 computes once for all who ask. */
function productsOfHalves(words: readonly number[]): Write {
  const bytes = words.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte));
  return ([a, b], code) => {
    code.hold(a!, (x) => {
      code.hold(b!, (y) => {
        for (const half of ["low", "high"] as const) {
          code.value(x);
          code.value(y);
          code.push(`i64x2.extmul_${half}_i32x4_u`);
        }
        code.push("i8x16.shuffle", ...bytes);
      });
    });
  };
}
