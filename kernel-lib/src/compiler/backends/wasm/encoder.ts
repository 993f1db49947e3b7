/**
 * Writes a program of instructions as the bytes of a WebAssembly module: sections, types, LEB128
 * numbers (core specification, chapter 5). It knows the binary format and nothing of the compiler.
 */
import { alignment, immediates, opcode, type Instruction } from "./instructions.js";

export type ValueType = "i32" | "i64" | "f64" | "v128";

export interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface Import extends Signature {
  readonly name: string;
}

export interface Definition extends Signature {
  readonly name: string;
  readonly exported: boolean;
  /** Names and types of the locals, the parameters first. */
  readonly locals: readonly { readonly name: string; readonly type: ValueType }[];
  readonly code: readonly Instruction[];
}

/** Functions are numbered imports first; the memory is imported, shared, with these limits in pages. */
export interface Program {
  readonly host: string;
  readonly memory: { readonly initial: number; readonly maximum: number };
  readonly imports: readonly Import[];
  readonly functions: readonly Definition[];
}

const valueTypes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f64: 0x7c,
  v128: 0x7b,
};

export function encodeProgram({ host, memory, imports, functions }: Program): Uint8Array {
  const types = new Types();
  const importTypes = imports.map((each) => types.number(each));
  const functionTypes = functions.map((each) => types.number(each));
  const kinds = { function: 0x00, memory: 0x02 };
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types.bytes),
    ...section(2, [
      [
        ...text(host),
        ...text("memory"),
        kinds.memory,
        0x03,
        ...unsigned(memory.initial),
        ...unsigned(memory.maximum),
      ],
      ...imports.map(({ name }, i) => [
        ...text(host),
        ...text(name),
        kinds.function,
        ...unsigned(importTypes[i]!),
      ]),
    ]),
    ...section(3, functionTypes.map(unsigned)),
    ...section(
      7,
      functions.flatMap(({ name, exported }, i) =>
        exported ? [[...text(name), kinds.function, ...unsigned(imports.length + i)]] : [],
      ),
    ),
    ...section(10, functions.map(functionBody)),
  ];
  return Uint8Array.from(bytes);
}

/** The distinct signatures, numbered. */
class Types {
  readonly bytes: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();

  number({ params, results }: Signature): number {
    const key = `${params.join()} -> ${results.join()}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.bytes.length);
    const list = (types: readonly ValueType[]): readonly number[] =>
      vector(types.map((type) => [valueTypes[type]]));
    return this.bytes.push([0x60, ...list(params), ...list(results)]) - 1;
  }
}

function functionBody({ params, locals, code }: Definition): readonly number[] {
  const groups: [count: number, type: ValueType][] = [];
  for (const { type } of locals.slice(params.length)) {
    const last = groups.at(-1);
    if (last?.[1] === type) last[0]++;
    else groups.push([1, type]);
  }
  const declared = vector(groups.map(([count, type]) => [...unsigned(count), valueTypes[type]]));
  const body = [...declared];
  for (const instruction of code) for (const byte of instructionBytes(instruction)) body.push(byte);
  body.push(opcode("end")[1]);
  return [...unsigned(body.length), ...body];
}

function instructionBytes([op, ...values]: Instruction): readonly number[] {
  const [prefix, number] = opcode(op);
  const head = prefix === undefined ? [number] : [prefix, ...unsigned(number)];
  switch (immediates(op)) {
    case "none":
      return head;
    case "block":
      return [...head, 0x40];
    case "indices":
      return [...head, ...values.flatMap((value) => unsigned(Number(value)))];
    case "memory": {
      const [offset, ...lane] = values.map(Number);
      return [...head, alignment(op), ...unsigned(offset!), ...lane];
    }
    case "lanes":
      return [...head, ...values.map(Number)];
    case "i32":
      return [...head, ...signed(BigInt(values[0]!))];
    case "i64":
      return [...head, ...signed(BigInt(values[0]!))];
    case "f64":
      return [...head, ...new Uint8Array(new Float64Array([Number(values[0])]).buffer)];
  }
}

function section(id: number, items: readonly (readonly number[])[]): readonly number[] {
  const content = vector(items);
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): readonly number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): readonly number[] {
  return vector([...new TextEncoder().encode(value)].map((byte) => [byte]));
}

/** Unsigned LEB128 of a number below 2^53. */
function unsigned(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

/** Signed LEB128. */
function signed(value: bigint): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest < -0x40n || rest >= 0x40n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest & 0x7fn)];
}
