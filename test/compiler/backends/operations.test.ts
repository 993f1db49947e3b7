import assert from "node:assert/strict";
import { Instance } from "../run.js";
import { randomBits, special, valueFrom, type Value } from "../values.js";
import {
  collect,
  get,
  i32,
  i64,
  local,
  operate,
  splat,
} from "../../../kernel-lib/src/compiler/build.js";
import { evaluate } from "../../../kernel-lib/src/compiler/evaluate.js";
import type { Expr, Func, Load, Stmt } from "../../../kernel-lib/src/compiler/ir.js";
import {
  operations,
  type BasicOperation,
  type Kind,
} from "../../../kernel-lib/src/compiler/operations.js";

const names = Object.keys(operations).filter((op) => !op.startsWith("math.")) as BasicOperation[];
const room = 1 << 16;
const outAt = 4 * room;

function width(kind: Kind): Load["dtype"] {
  return kind === "f64" ? "float64" : kind === "i64" ? "i64" : "int32";
}

const bytes = (kind: Kind): number => (kind === "f64" || kind === "i64" ? 8 : 4);

function place(i: Expr, at: number, kind: Kind): Expr {
  return operate("i32.add", operate("i32.mul", i, i32(bytes(kind))), i32(at));
}

function read(i: Expr, at: number, kind: Kind, lanes: number): Expr {
  const loaded: Load = {
    op: "load",
    kind: kind === "bool" ? "i32" : kind,
    lanes,
    dtype: width(kind),
    addresses: [place(i, at, kind)],
    offset: 0,
  };
  return kind === "bool" ? operate("i32.ne", loaded, i32(0)) : loaded;
}

function write(i: Expr, value: Expr): Stmt {
  return {
    op: "write",
    dtype: width(value.kind),
    addresses: [place(i, outAt, value.kind)],
    offset: 0,
    value: value.kind === "bool" ? operate("i32.from_bool", value) : value,
  };
}

function put(memory: DataView, kind: Kind, at: number, value: Value): void {
  if (kind === "f64") memory.setFloat64(at, Number(value), true);
  else if (kind === "i64") memory.setBigInt64(at, BigInt(value), true);
  else memory.setInt32(at, Number(value), true);
}

function take(memory: DataView, kind: Kind, at: number): Value {
  if (kind === "f64") return memory.getFloat64(at, true);
  return kind === "i64" ? memory.getBigInt64(at, true) : memory.getInt32(at, true);
}

/** Executes `make(operands)` for rows of operands, `lanes` rows at a time. */
function execute(
  kinds: readonly Kind[],
  rows: readonly (readonly Value[])[],
  lanes: number,
  make: (args: readonly Expr[]) => Expr,
): readonly Value[] {
  const frame = local("frame", "i32");
  const i = local("i", "i32");
  let result: Kind = "f64";
  const body = collect((e) => {
    e.emit({
      op: "for",
      counter: i,
      from: i32(0),
      to: i32(rows.length),
      step: lanes,
      label: { name: "rows" },
      loop: 0,
      body: collect((inner) => {
        const value = make(kinds.map((kind, k) => read(get(i), k * room, kind, lanes)));
        result = value.kind;
        inner.emit(write(get(i), value));
      }),
    });
  });
  const kernel: Func = { name: "kernel", params: [frame], results: [], exported: true, body };
  const instance = new Instance({ functions: [kernel] });
  const memory = new DataView(instance.memory.buffer);
  rows.forEach((row, r) => {
    row.forEach((value, k) => {
      put(memory, kinds[k]!, k * room + r * bytes(kinds[k]!), value);
    });
  });
  instance.exports["kernel"]!(0);
  return rows.map((_, r) => take(memory, result, outAt + r * bytes(result)));
}

/** All pairs (triples are drawn at random) of special values, and random ones; an even number of rows. */
function rowsFor(op: BasicOperation): readonly (readonly Value[])[] {
  const kinds: readonly Kind[] = operations[op].slice(0, -1);
  const random = randomBits();
  const draw = (kind: Kind): Value => {
    const choices = special[kind];
    const bits = random.next().value;
    return bits % 3n === 0n
      ? valueFrom(kind, random.next().value)
      : choices[Number((bits >> 8n) % BigInt(choices.length))]!;
  };
  const [first, second] = kinds;
  const rows = special[first!].flatMap((a): Value[][] =>
    kinds.length === 1 ? [[a]] : kinds.length === 2 ? special[second!].map((b) => [a, b]) : [],
  );
  while (rows.length < 3000) rows.push(kinds.map(draw));
  const meaningful = rows.filter((row) => hasMeaning(op, row));
  return meaningful.slice(0, meaningful.length & ~1);
}

function hasMeaning(op: BasicOperation, [a, b]: readonly Value[]): boolean {
  switch (op) {
    case "i32.div_s":
      return b !== 0 && !(a === -(2 ** 31) && b === -1);
    case "i32.rem_s":
      return b !== 0;
    case "f64.convert_i64_s":
      return BigInt(a!) < 2n ** 51n && BigInt(a!) > -(2n ** 51n);
    case "f64.copysign":
      return !Number.isNaN(b);
    case "i64.reinterpret_f64":
      return !Number.isNaN(a);
    default:
      return true;
  }
}

function assertSame(op: string, row: readonly Value[], found: Value, wanted: Value): void {
  assert.ok(
    Object.is(found, wanted),
    `${op}(${row.map(show).join()}): ${show(found)}, not ${show(wanted)}`,
  );
}

const show = (value: Value): string => (Object.is(value, -0) ? "-0" : String(value));

describe("operations of the WebAssembly backend", () => {
  for (const op of names) {
    const kinds: readonly Kind[] = operations[op].slice(0, -1);
    const rows = rowsFor(op);
    for (const lanes of [1, 2]) {
      it(`${op} gives what JavaScript gives on ${lanes} lane${lanes > 1 ? "s" : ""}`, () => {
        const found = execute(kinds, rows, lanes, (args) => operate(op, ...args));
        rows.forEach((row, r) => {
          assertSame(op, row, found[r]!, evaluate(op, row));
        });
      });
    }
  }

  it("shifts two lanes by a constant and by a scalar", () => {
    const random = randomBits();
    for (const op of ["i64.shl", "i64.shr_s", "i64.shr_u"] as const) {
      const rows = [...special.i64, ...special.i64.map(() => random.next().value)].map((value) => [
        BigInt.asIntN(64, BigInt(value)),
      ]);
      for (const amount of [0n, 1n, 31n, 32n, 52n, 63n, 64n]) {
        const scalar = operate("i64.add", i64(amount - 1n), i64(1n));
        for (const by of [splat(i64(amount), 2), splat(scalar, 2)]) {
          const found = execute(["i64"], rows, 2, ([value]) => operate(op, value!, by));
          rows.forEach((row, r) => {
            assertSame(op, [...row, amount], found[r]!, evaluate(op, [row[0]!, amount]));
          });
        }
      }
    }
    for (const op of ["i32.shl", "i32.shr_s", "i32.shr_u"] as const) {
      const rows = [...special.i32, 5].map((value) => [value]);
      for (const amount of [0, 1, 31, 32]) {
        const scalar = operate("i32.add", i32(amount - 1), i32(1));
        for (const by of [splat(i32(amount), 2), splat(scalar, 2)]) {
          const found = execute(["i32"], rows, 2, ([value]) => operate(op, value!, by));
          rows.forEach((row, r) => {
            assertSame(op, [...row, amount], found[r]!, evaluate(op, [row[0]!, amount]));
          });
        }
      }
    }
  });

  it("multiplies low halves that come from masks, shifts, extensions, splats and constants", () => {
    const rows = special.i64.flatMap((a) => special.i64.map((b) => [a, b]));
    const shapes: ((value: Expr) => Expr)[] = [
      (value) => operate("i64.and", value, i64(0xffffffffn)),
      (value) => operate("i64.and", value, i64(0xffffn)),
      (value) => operate("i64.shr_u", value, i64(32n)),
      (value) => operate("i64.shr_s", value, i64(32n)),
      (value) => operate("i64.shr_u", value, i64(12n)),
      (value) => operate("i64.extend_i32_s", operate("i32.wrap_i64", value)),
      (value) => operate("i64.extend_i32_u", operate("i32.wrap_i64", value)),
      (value) => splat(i64(0xd2511f53n), value.lanes),
      (value) => splat(operate("i64.add", i64(0x1cd9e8d57n), i64(-3n)), value.lanes),
    ];
    for (const shape of shapes) {
      const make = ([a, b]: readonly Expr[]): Expr => operate("i64.mul_u32", shape(a!), b!);
      assert.deepEqual(
        execute(["i64", "i64"], rows.slice(0, 840), 2, make),
        execute(["i64", "i64"], rows.slice(0, 840), 1, make),
      );
    }
  });
});
