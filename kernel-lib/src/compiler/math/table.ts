/**
 * The functions of JavaScript in basic operations, one entry an operation of the IR. Arguments are
 * constants or variables; what comes out holds for any number of lanes, and is the same in each.
 */
import type { Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import type { MathOperation } from "../operations.js";
import { toInt32 } from "../to-int32.js";
import { atan, atan2 } from "./atan.js";
import { cbrt } from "./cbrt.js";
import { exp } from "./exp.js";
import { expm1 } from "./expm1.js";
import { cosh, sinh, tanh } from "./hyperbolic.js";
import { hypot } from "./hypot.js";
import { acosh, asinh, atanh } from "./inverse-hyperbolic.js";
import { acos, asin } from "./inverse-trig.js";
import { log } from "./log.js";
import { log10, log1p, log2 } from "./log2.js";
import type { MathOptions } from "./options.js";
import { pow } from "./pow.js";
import { rem } from "./remainder.js";
import { fround, round, sign } from "./rounding.js";
import { cos, sin, tan } from "./trig.js";
import { cosTurn, sinTurn } from "./turns.js";

/** Writes a function of its arguments out. */
export type MathFunction = (e: Emitter, args: readonly Expr[], options: MathOptions) => Expr;

export const table: Readonly<Record<MathOperation, MathFunction>> = {
  "math.exp": unary(exp),
  "math.expm1": unary(expm1),
  "math.log": unary(log),
  "math.log1p": unary(log1p),
  "math.log2": unary(log2),
  "math.log10": unary(log10),
  "math.sin": unary(sin),
  "math.cos": unary(cos),
  "math.tan": unary(tan),
  "math.asin": unary(asin),
  "math.acos": unary(acos),
  "math.atan": unary(atan),
  "math.sinh": unary(sinh),
  "math.cosh": unary(cosh),
  "math.tanh": unary(tanh),
  "math.asinh": unary(asinh),
  "math.acosh": unary(acosh),
  "math.atanh": unary(atanh),
  "math.cbrt": unary(cbrt),
  "math.sinTurn": unary(sinTurn),
  "math.cosTurn": unary(cosTurn),
  "math.round": unary(round),
  "math.sign": unary(sign),
  "math.fround": unary(fround),
  "math.pow": binary(pow),
  "math.atan2": binary(atan2),
  "math.hypot": binary(hypot),
  "math.rem": binary(rem),
  "math.to_int32": unary(toInt32),
};

/** So short that a call of a function of their own would cost more. */
export const short: ReadonlySet<MathOperation> = new Set([
  "math.round",
  "math.sign",
  "math.fround",
  "math.to_int32",
]);

function unary(write: (e: Emitter, x: Expr, options: MathOptions) => Expr): MathFunction {
  return (e, [x], options) => write(e, x!, options);
}

function binary(write: (e: Emitter, x: Expr, y: Expr, options: MathOptions) => Expr): MathFunction {
  return (e, [x, y], options) => write(e, x!, y!, options);
}
