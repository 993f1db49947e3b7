/**
 * Writes a program of instructions as the bytes of a WebAssembly module: sections, types, LEB128
 * numbers (core specification, chapter 5). It knows the binary format and nothing of the compiler.
 */
import {
  alignment,
  immediates,
  opcode,
  type Immediates,
  type Instruction,
  type Mnemonic,
} from "./instructions.js";

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
  const out = new Bytes();
  out.raw(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  out.section(1, types.signatures, (each, type) => {
    each.raw(0x60);
    each.types(type.params);
    each.types(type.results);
  });
  out.section(2, [undefined, ...imports], (each, entry, i) => {
    each.text(host);
    if (entry) {
      each.text(entry.name);
      each.raw(kinds.function);
      each.unsigned(importTypes[i - 1]!);
    } else {
      each.text("memory");
      each.raw(kinds.memory, 0x03);
      each.unsigned(memory.initial);
      each.unsigned(memory.maximum);
    }
  });
  out.section(3, functionTypes, (each, type) => {
    each.unsigned(type);
  });
  const exported = functions.flatMap(({ name, exported }, i) =>
    exported ? [[name, i] as const] : [],
  );
  out.section(7, exported, (each, [name, i]) => {
    each.text(name);
    each.raw(kinds.function);
    each.unsigned(imports.length + i);
  });
  out.section(10, functions, (each, definition) => {
    const body = new Bytes();
    writeBody(body, definition);
    each.sized(body);
  });
  return out.taken();
}

/** The distinct signatures, numbered. */
class Types {
  readonly signatures: Signature[] = [];
  readonly #numbers = new Map<string, number>();

  number(signature: Signature): number {
    const key = `${signature.params.join()} -> ${signature.results.join()}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.signatures.length);
    return this.signatures.push(signature) - 1;
  }
}

function writeBody(out: Bytes, { params, locals, code }: Definition): void {
  const groups: [count: number, type: ValueType][] = [];
  for (const { type } of locals.slice(params.length)) {
    const last = groups.at(-1);
    if (last?.[1] === type) last[0]++;
    else groups.push([1, type]);
  }
  out.unsigned(groups.length);
  for (const [count, type] of groups) {
    out.unsigned(count);
    out.raw(valueTypes[type]);
  }
  for (const instruction of code) writeInstruction(out, instruction);
  writeInstruction(out, ["end"]);
}

/** What is the same for all instructions of a mnemonic. */
interface Form {
  readonly head: readonly number[];
  readonly immediates: Immediates;
  readonly alignment: number;
}

const forms = new Map<Mnemonic, Form>();

function formOf(op: Mnemonic): Form {
  const known = forms.get(op);
  if (known) return known;
  const [prefix, number] = opcode(op);
  const head = new Bytes();
  if (prefix === undefined) head.raw(number);
  else {
    head.raw(prefix);
    head.unsigned(number);
  }
  const kind = immediates(op);
  const made = {
    head: [...head.taken()],
    immediates: kind,
    alignment: kind === "memory" ? alignment(op) : 0,
  };
  forms.set(op, made);
  return made;
}

function writeInstruction(out: Bytes, instruction: Instruction): void {
  const form = formOf(instruction[0]);
  for (const byte of form.head) out.byte(byte);
  switch (form.immediates) {
    case "none":
      return;
    case "block":
      out.byte(0x40);
      return;
    case "indices":
      for (let k = 1; k < instruction.length; k++) out.unsigned(Number(instruction[k]));
      return;
    case "memory":
      out.byte(form.alignment);
      out.unsigned(Number(instruction[1]));
      if (instruction.length > 2) out.byte(Number(instruction[2]));
      return;
    case "lanes":
      for (let k = 1; k < instruction.length; k++) out.byte(Number(instruction[k]));
      return;
    case "i32":
      out.signed(Number(instruction[1]));
      return;
    case "i64":
      out.signedLong(BigInt(instruction[1]!));
      return;
    case "f64":
      out.float64(Number(instruction[1]));
  }
}

/** A list of bytes that grows. */
class Bytes {
  #bytes = new Uint8Array(256);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  raw(...bytes: readonly number[]): void {
    for (const byte of bytes) this.byte(byte);
  }

  /** Unsigned LEB128 of a number below 2^32. */
  unsigned(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Signed LEB128 of 32 bits. */
  signed(value: number): void {
    let rest = value;
    while (rest < -0x40 || rest >= 0x40) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  /** Signed LEB128 of 64 bits. */
  signedLong(value: bigint): void {
    let rest = value;
    while (rest < -0x40n || rest >= 0x40n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest & 0x7fn));
  }

  float64(value: number): void {
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  text(value: string): void {
    const bytes = new Bytes();
    bytes.raw(...new TextEncoder().encode(value));
    this.sized(bytes);
  }

  types(types: readonly ValueType[]): void {
    this.unsigned(types.length);
    for (const type of types) this.raw(valueTypes[type]);
  }

  section<T>(
    id: number,
    items: readonly T[],
    write: (out: Bytes, item: T, i: number) => void,
  ): void {
    const content = new Bytes();
    content.unsigned(items.length);
    items.forEach((item, i) => {
      write(content, item, i);
    });
    this.raw(id);
    this.sized(content);
  }

  /** Other bytes, behind their number. */
  sized(other: Bytes): void {
    const bytes = other.taken();
    this.unsigned(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  taken(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const longer = new Uint8Array(2 * (this.#length + more));
    longer.set(this.#bytes);
    this.#bytes = longer;
  }
}
