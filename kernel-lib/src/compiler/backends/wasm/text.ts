/**
 * Lists a program as people read WebAssembly: names instead of numbers, blocks indented. It is made
 * from the very instructions that `encoder` turns into bytes; nothing parses it.
 */
import type { Definition, Program } from "./encoder.js";
import { immediates, type Instruction } from "./instructions.js";

export function listing({ host, memory, imports, functions }: Program): string {
  const names = distinct([...imports, ...functions].map(({ name }) => `$${name}`));
  return [
    "(module",
    `  (import "${host}" "memory" (memory ${memory.initial} ${memory.maximum} shared))`,
    ...imports.map(
      ({ name, params, results }) =>
        `  (import "${host}" "${name}" (func $${name}${types("param", params)}${types("result", results)}))`,
    ),
    ...functions.flatMap((each, i) => definition(each, names[imports.length + i]!, names)),
    ")",
    "",
  ].join("\n");
}

function types(word: string, list: readonly string[]): string {
  return list.length > 0 ? ` (${word} ${list.join(" ")})` : "";
}

function definition(
  { name, exported, params, results, locals, code }: Definition,
  id: string,
  functions: readonly string[],
): readonly string[] {
  const names = distinct(locals.map((each) => `$${each.name}`));
  const declared = locals.map(({ type }, i) => `${names[i]!} ${type}`);
  const head = [
    `(func ${id}`,
    ...(exported ? [`(export "${name}")`] : []),
    ...declared.slice(0, params.length).map((each) => `(param ${each})`),
    ...(results.length > 0 ? [`(result ${results.join(" ")})`] : []),
  ].join(" ");
  let depth = 2;
  const lines = code.map((instruction) => {
    const [op] = instruction;
    if (op === "end" || op === "else") depth--;
    const indented = `${"  ".repeat(depth)}${line(instruction, names, functions)}`;
    if (op === "block" || op === "loop" || op === "if" || op === "else") depth++;
    return indented;
  });
  const own = declared.slice(params.length).map((each) => `    (local ${each})`);
  return [`  ${head}`, ...own, ...lines, "  )"];
}

function line(
  [op, ...values]: Instruction,
  locals: readonly string[],
  functions: readonly string[],
): string {
  const [first, second] = values.map(Number);
  if (op.startsWith("local.")) return `${op} ${locals[first!]!}`;
  if (op === "call") return `call ${functions[first!]!}`;
  switch (immediates(op)) {
    case "none":
    case "block":
      return op;
    case "memory":
      return [
        op,
        ...(first ? [`offset=${first}`] : []),
        ...(second === undefined ? [] : [second]),
      ].join(" ");
    case "lanes":
      return op === "v128.const"
        ? `${op} ${vectorText(values.map(Number))}`
        : [op, ...values].join(" ");
    case "f64":
      return `${op} ${number(first!)}`;
    default:
      return [op, ...values.map(String)].join(" ");
  }
}

/** As two f64 where that reads well, else as two i64. */
function vectorText(bytes: readonly number[]): string {
  const view = new DataView(Uint8Array.from(bytes).buffer);
  const floats = [0, 8].map((at) => view.getFloat64(at, true));
  if (floats.every((each) => each === 0 || (Math.abs(each) > 1e-200 && Math.abs(each) < 1e200))) {
    return `f64x2 ${floats.map(number).join(" ")}`;
  }
  const words = [0, 8].map((at) => `0x${view.getBigUint64(at, true).toString(16)}`);
  return `i64x2 ${words.join(" ")}`;
}

function number(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (Object.is(value, -0)) return "-0";
  return String(value).replace("Infinity", "inf");
}

/** The same names, numbered where they occur again. */
function distinct(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name}.${n}`;
    taken.add(unique);
    return unique;
  });
}
