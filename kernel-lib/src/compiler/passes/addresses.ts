/**
 * Turns elements of arrays into reads and writes of memory at byte addresses, and checked accesses
 * into explicit comparisons that end in `fail`. What a checked access is checked for is decided
 * here; whether it needs to be was decided before.
 */
import { Emitter, f64, get, i32, operate, splat } from "../build.js";
import { itemSize } from "../../dtype.js";
import { mapBodies } from "../function-bodies.js";
import type {
  Access,
  ArrayLocal,
  Element,
  Expr,
  Kernel,
  Module,
  Stmt,
  StoreElement,
} from "../ir.js";
import { toInt32 } from "../to-int32.js";
import { mapOperands, mapParts } from "../walk.js";
import { withFloors } from "./floors.js";

/** After `outline` on a module; on a kernel it does the same. */
export function addresses<Code extends Kernel | Module>(code: Code): Code {
  return mapBodies(code, (body) => rewrite(withFloors(body)));
}

function rewrite(body: readonly Stmt[]): readonly Stmt[] {
  const e = new Emitter();
  for (const stmt of body) {
    const value = (expr: Expr): Expr => located(e, expr);
    if (stmt.op === "store") write(e, stmt);
    else if (stmt.op === "allocate") {
      const lengths = stmt.lengths.map((length) => e.bind("length", value(length)));
      for (const length of lengths) checkLength(e, length, stmt.site);
      e.emit({ ...stmt, lengths });
    } else {
      e.emit(mapParts(stmt, { expr: value, body: rewrite }));
    }
  }
  return e.statements;
}

/** The expression with its elements read from memory; their checks are emitted, in order. */
function located(e: Emitter, expr: Expr): Expr {
  const inner = mapOperands(expr, (operand) => located(e, operand));
  if (inner.op !== "element") return inner;
  return read(e, inner);
}

function read(e: Emitter, { access, kind, lanes }: Element): Expr {
  const { mask, addresses } = locate(e, access);
  const { array } = access;
  const { dtype } = array.array;
  return { op: "load", array, kind, lanes, dtype, addresses, offset: 0, ...(mask && { mask }) };
}

function write(e: Emitter, stmt: StoreElement): void {
  const { array } = stmt.access;
  const { dtype } = array.array;
  const indices = stmt.access.indices.map((index) => located(e, index));
  const step = stmt.access.step?.map((each) => located(e, each));
  const given = stmt.access.mask && located(e, stmt.access.mask);
  const value = located(e, stmt.value);
  const { mask, addresses } = locate(e, {
    ...stmt.access,
    indices,
    ...(step && { step }),
    ...(given && { mask: given }),
  });
  const converted = splat(asStored(e, value, dtype), stmt.access.lanes);
  const under = mask && { mask };
  e.emit({ op: "write", array, dtype, addresses, offset: 0, ...under, value: converted });
}

/** As the array holds it: f64 (which the write rounds for float32) or the low bits of an i32. */
function asStored(e: Emitter, value: Expr, dtype: ArrayLocal["array"]["dtype"]): Expr {
  if (dtype === "float64" || dtype === "float32") {
    return value.kind === "i32" ? operate("f64.convert_i32_s", value) : value;
  }
  if (value.kind === "i32") return value;
  if (value.op === "f64.convert_i32_s") return value.args[0]!;
  if (value.op === "const") return splat(i32(Number(value.value)), value.lanes);
  return toInt32(e, value);
}

interface Place {
  readonly addresses: readonly Expr[];
  readonly mask?: Expr;
}

/** Where an access goes, checked if it asks for it. */
function locate(e: Emitter, access: Access): Place {
  const mask = access.mask && e.bind("mask", access.mask);
  const steps = access.step?.map((step) => e.bind("step", step));
  const indices = access.indices.map((index, axis) => wholeIndex(e, access, index, axis));
  if (access.checked) check(e, access, indices, steps, mask);
  const whole = indices.map((index) => index.whole);
  const { array, lanes, pattern } = access;
  const address = byteAddress(array, whole, array.array.contiguous || pattern === "contiguous");
  const under = mask && { mask };
  if (lanes === 1 || pattern === "contiguous") return { addresses: [address], ...under };
  const each = Array.from({ length: lanes }, (_, lane) => lane);
  const first = e.bind("address", pattern === "gather" ? splat(address, lanes) : address);
  if (pattern === "gather") {
    return {
      addresses: each.map((lane) => ({ op: "extract", kind: "i32", lanes: 1, value: first, lane })),
      ...under,
    };
  }
  const between = e.bind("between", distance(array, steps!));
  const far = (lane: number): Expr => operate("i32.mul", between, i32(lane));
  return {
    addresses: each.map((lane) => (lane === 0 ? first : operate("i32.add", first, far(lane)))),
    ...under,
  };
}

/**
 * base + itemsize · Σ index · stride, the last axis and what is constant last: a loop along the last
 * axis shares the rest, and so do neighbours.
 */
function byteAddress(array: ArrayLocal, indices: readonly Expr[], unitLast: boolean): Expr {
  const { base, strides } = array;
  const bytes = itemSize(array.array.dtype);
  const last = indices.length - 1;
  let sum: Expr = get(base);
  let constant = 0;
  indices.forEach((index, axis) => {
    const unit = unitLast && axis === last;
    const [term, more] = unit ? apart(index) : [operate("i32.mul", index, get(strides[axis]!)), 0];
    constant += more * bytes;
    if (term) sum = operate("i32.add", sum, scaled(term, bytes));
  });
  return (constant | 0) === 0 ? sum : operate("i32.add", sum, i32(constant));
}

/** An index as a variable and a constant part. */
function apart(index: Expr): readonly [Expr | undefined, number] {
  if (index.op === "const") return [undefined, Number(index.value)];
  if (index.op !== "i32.add" && index.op !== "i32.sub") return [index, 0];
  const [first, second] = index.args as readonly [Expr, Expr];
  if (second.op !== "const") return [index, 0];
  const constant = Number(second.value);
  return [first, index.op === "i32.add" ? constant : -constant];
}

/** itemsize · Σ step · stride. */
function distance(array: ArrayLocal, steps: readonly Expr[]): Expr {
  const elements = steps
    .map((step, axis) => operate("i32.mul", step, get(array.strides[axis]!)))
    .reduce((sum, term) => operate("i32.add", sum, term));
  return scaled(elements, itemSize(array.array.dtype));
}

function scaled(elements: Expr, bytes: number): Expr {
  return bytes === 1 ? elements : operate("i32.shl", elements, i32(Math.log2(bytes)));
}

/** An index as it was given and as an i32. */
interface Index {
  readonly given: Expr;
  readonly whole: Expr;
  /** Whether the conversion may have changed it. */
  readonly inexact: boolean;
  /** Of what it is the floor, if that is known. */
  readonly of?: Expr;
}

function wholeIndex(e: Emitter, access: Access, index: Expr, axis: number): Index {
  const bound = (value: Expr): Expr => (access.checked ? e.bind("index", value) : value);
  if (index.kind === "i32") {
    const whole = bound(index);
    return { given: whole, whole, inexact: false };
  }
  if (index.op === "f64.convert_i32_s") {
    const whole = bound(index.args[0]!);
    return { given: whole, whole, inexact: false };
  }
  if (
    index.op === "const" &&
    Number.isInteger(index.value) &&
    Math.abs(Number(index.value)) < 2 ** 31
  ) {
    const whole = splat(i32(Number(index.value)), index.lanes);
    return { given: whole, whole, inexact: false };
  }
  if (index.op === "f64.floor") {
    const of = bound(index.args[0]!);
    const whole = bound(operate("i32.trunc_sat_f64_s", of));
    return { given: operate("f64.floor", of), whole, inexact: true, of };
  }
  const given = bound(index);
  const name = `${access.array.name}${axis}`;
  const whole = operate("i32.trunc_sat_f64_s", given);
  return { given, whole: access.checked ? e.bind(name, whole) : whole, inexact: true };
}

/** Whether an index is one of an axis' own. −0 is, as it equals 0. */
function isInside({ given, whole, inexact, of }: Index, length: Expr): Expr {
  const inside = operate("i32.lt_u", whole, length);
  if (!inexact) return inside;
  // to cut off is to round down from 0 on, where a number is one
  if (of) return operate("bool.and", operate("f64.ge", of, splat(f64(0), of.lanes)), inside);
  return operate("bool.and", operate("f64.eq", operate("f64.convert_i32_s", whole), given), inside);
}

function asNumber(value: Expr): Expr {
  return value.kind === "i32" ? operate("f64.convert_i32_s", value) : value;
}

/** Fails unless the index is inside its axis. */
function checkAxis(e: Emitter, access: Access, index: Index, axis: number): void {
  const length = get(access.array.shape[axis]!);
  e.if(operate("bool.not", isInside(index, length)), (fail) => {
    const args = [asNumber(index.given), asNumber(length)] as const;
    fail.emit({ op: "fail", site: access.site + axis, args });
  });
}

/** Axes in order in a lane, lanes in order: what a plain loop would come to first. */
function check(
  e: Emitter,
  access: Access,
  indices: readonly Index[],
  steps: readonly Expr[] | undefined,
  mask: Expr | undefined,
): void {
  const { lanes, pattern } = access;
  const everyAxis = (to: Emitter, each: readonly Index[]): void => {
    each.forEach((index, axis) => {
      checkAxis(to, access, index, axis);
    });
  };
  if (lanes === 1) {
    everyAxis(e, indices);
    return;
  }
  const everyLane = (to: Emitter): void => {
    for (let lane = 0; lane < lanes; lane++) {
      const active = mask && extract(mask, lane);
      under(to, active, (inner) => {
        everyAxis(
          inner,
          pattern === "gather" ? gathered(indices, lane) : moved(access, indices, steps, lane),
        );
      });
    }
  };
  if (pattern !== "gather") {
    everyLane(e);
    return;
  }
  const inside = indices
    .map((index, axis) => isInside(index, get(access.array.shape[axis]!)))
    .reduce((all, each) => operate("bool.and", all, each));
  const fine = mask ? operate("bool.or", operate("bool.not", mask), inside) : inside;
  e.if(operate("bool.not", { op: "all", kind: "bool", lanes: 1, value: fine }), everyLane);
}

function under(e: Emitter, condition: Expr | undefined, body: (e: Emitter) => void): void {
  if (condition) e.if(condition, body);
  else body(e);
}

function extract(value: Expr, lane: number): Expr {
  return { op: "extract", kind: value.kind, lanes: 1, value, lane };
}

function gathered(indices: readonly Index[], lane: number): readonly Index[] {
  return indices.map(({ given, whole, inexact, of }) => ({
    given: extract(given, lane),
    whole: extract(whole, lane),
    inexact,
    ...(of && { of: extract(of, lane) }),
  }));
}

/** The indices of a later lane: further along the last axis, or along every axis by its step. */
function moved(
  { pattern }: Access,
  indices: readonly Index[],
  steps: readonly Expr[] | undefined,
  lane: number,
): readonly Index[] {
  if (lane === 0) return indices;
  return indices.map((index, axis) => {
    const last = axis === indices.length - 1;
    const by =
      pattern === "contiguous"
        ? i32(last ? lane : 0)
        : operate("i32.mul", steps![axis]!, i32(lane));
    const whole = operate("i32.add", index.whole, by);
    return { given: whole, whole, inexact: false };
  });
}

/** A length is whole, at least 0 and fits an i32. */
function checkLength(e: Emitter, length: Expr, site: number): void {
  const whole = operate("f64.convert_i32_s", operate("i32.trunc_sat_f64_s", length));
  const fine = operate(
    "bool.and",
    operate("f64.eq", whole, length),
    operate("f64.ge", length, f64(0)),
  );
  e.if(operate("bool.not", fine), (fail) => {
    fail.emit({ op: "fail", site, args: [length, f64(0)] });
  });
}
