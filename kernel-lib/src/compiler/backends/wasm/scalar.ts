/**
 * The scalar operations as WebAssembly instructions. A bool is an i32 of 0 or 1. The table is
 * exhaustive: an operation that the IR gains and this lacks doesn't type-check.
 */
import { choice, inOrder, type Code, type Write } from "./code.js";
import type { Expr } from "../../ir.js";
import type { BasicOperation } from "../../operations.js";

export const scalar: Readonly<Record<BasicOperation, Write>> = {
  "f64.add": inOrder("f64.add"),
  "f64.sub": inOrder("f64.sub"),
  "f64.mul": inOrder("f64.mul"),
  "f64.div": inOrder("f64.div"),
  "f64.min": inOrder("f64.min"),
  "f64.max": inOrder("f64.max"),
  "f64.copysign": inOrder("f64.copysign"),
  "f64.madd": ([a, b, c], code) => {
    if (code.relaxedSimd) {
      // rounded as in vectors: which of both does an iteration may differ from run to run
      for (const arg of [a!, b!, c!]) {
        code.value(arg);
        code.push("f64x2.splat");
      }
      code.push("f64x2.relaxed_madd");
      code.push("f64x2.extract_lane", 0);
      return;
    }
    code.value(a!);
    code.value(b!);
    code.push("f64.mul");
    code.value(c!);
    code.push("f64.add");
  },
  "f64.neg": inOrder("f64.neg"),
  "f64.abs": inOrder("f64.abs"),
  "f64.sqrt": inOrder("f64.sqrt"),
  "f64.floor": inOrder("f64.floor"),
  "f64.ceil": inOrder("f64.ceil"),
  "f64.trunc": inOrder("f64.trunc"),
  "f64.nearest": inOrder("f64.nearest"),
  "f64.eq": inOrder("f64.eq"),
  "f64.ne": inOrder("f64.ne"),
  "f64.lt": inOrder("f64.lt"),
  "f64.le": inOrder("f64.le"),
  "f64.gt": inOrder("f64.gt"),
  "f64.ge": inOrder("f64.ge"),

  "i32.add": inOrder("i32.add"),
  "i32.sub": inOrder("i32.sub"),
  "i32.mul": inOrder("i32.mul"),
  "i32.div_s": inOrder("i32.div_s"),
  "i32.rem_s": inOrder("i32.rem_s"),
  "i32.and": inOrder("i32.and"),
  "i32.or": inOrder("i32.or"),
  "i32.xor": inOrder("i32.xor"),
  "i32.shl": inOrder("i32.shl"),
  "i32.shr_s": inOrder("i32.shr_s"),
  "i32.shr_u": inOrder("i32.shr_u"),
  "i32.clz": inOrder("i32.clz"),
  "i32.eq": inOrder("i32.eq"),
  "i32.ne": inOrder("i32.ne"),
  "i32.lt_s": inOrder("i32.lt_s"),
  "i32.le_s": inOrder("i32.le_s"),
  "i32.gt_s": inOrder("i32.gt_s"),
  "i32.ge_s": inOrder("i32.ge_s"),
  "i32.lt_u": inOrder("i32.lt_u"),

  "i64.add": inOrder("i64.add"),
  "i64.sub": inOrder("i64.sub"),
  "i64.mul": inOrder("i64.mul"),
  "i64.mul_u32": ([a, b], code) => {
    lowHalf(a!, code);
    lowHalf(b!, code);
    code.push("i64.mul");
  },
  "i64.mul_halves_upper": ([a, b], code) => {
    halves(a!, b!, code, (low, high) => {
      low();
      code.push("i64.const", -(2n ** 32n));
      code.push("i64.and");
      high();
      code.push("i64.const", 32n);
      code.push("i64.shr_u");
      code.push("i64.or");
    });
  },
  "i64.mul_halves_lower": ([a, b], code) => {
    halves(a!, b!, code, (low, high) => {
      low();
      code.push("i64.const", 32n);
      code.push("i64.shl");
      high();
      code.push("i64.const", 2n ** 32n - 1n);
      code.push("i64.and");
      code.push("i64.or");
    });
  },
  "i64.and": inOrder("i64.and"),
  "i64.or": inOrder("i64.or"),
  "i64.xor": inOrder("i64.xor"),
  "i64.shl": inOrder("i64.shl"),
  "i64.shr_s": inOrder("i64.shr_s"),
  "i64.shr_u": inOrder("i64.shr_u"),
  "i64.eq": inOrder("i64.eq"),
  "i64.ne": inOrder("i64.ne"),
  "i64.lt_s": inOrder("i64.lt_s"),

  "bool.and": inOrder("i32.and"),
  "bool.or": inOrder("i32.or"),
  "bool.xor": inOrder("i32.xor"),
  "bool.not": inOrder("i32.eqz"),

  "f64.select": choice("select"),
  "i32.select": choice("select"),
  "i64.select": choice("select"),
  "bool.select": choice("select"),

  "f64.convert_i32_s": inOrder("f64.convert_i32_s"),
  "f64.convert_i32_u": inOrder("f64.convert_i32_u"),
  "f64.convert_i64_s": inOrder("f64.convert_i64_s"),
  "i32.trunc_sat_f64_s": inOrder("i32.trunc_sat_f64_s"),
  "i32.wrap_i64": inOrder("i32.wrap_i64"),
  "i64.extend_i32_s": inOrder("i64.extend_i32_s"),
  "i64.extend_i32_u": inOrder("i64.extend_i32_u"),
  "f64.reinterpret_i64": inOrder("f64.reinterpret_i64"),
  "i64.reinterpret_f64": inOrder("i64.reinterpret_f64"),
  "f64.from_bool": inOrder("f64.convert_i32_s"),
  "i32.from_bool": inOrder(),
};

/** The low 32 bits of an i64, zero-extended; free where the high ones are known to be 0. */
function lowHalf(expr: Expr, code: Code): void {
  code.value(expr);
  if (expr.op === "i64.extend_i32_u") return;
  if (expr.op === "const" && BigInt(expr.value) >> 32n === 0n) return;
  code.push("i32.wrap_i64");
  code.push("i64.extend_i32_u");
}

/** The products of the low and of the high halves, each pushed by a call. */
function halves(
  a: Expr,
  b: Expr,
  code: Code,
  use: (low: () => void, high: () => void) => void,
): void {
  code.hold(a, (x) => {
    code.hold(b, (y) => {
      const low = (): void => {
        lowHalf(x, code);
        lowHalf(y, code);
        code.push("i64.mul");
      };
      const high = (): void => {
        for (const each of [x, y]) {
          code.value(each);
          code.push("i64.const", 32n);
          code.push("i64.shr_u");
        }
        code.push("i64.mul");
      };
      use(low, high);
    });
  });
}
