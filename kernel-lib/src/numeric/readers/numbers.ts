/** Numbers in lines of text, strictly: what isn't one is an error, never NaN. */
import type { ByteSource } from "./byte-source.js";

/** The words of a line. */
export function words(line: string): string[] {
  const trimmed = line.trim();
  return trimmed === "" ? [] : trimmed.split(/\s+/);
}

/** A finite number, also as Fortran writes it (1.5D+03). */
export function finite(source: ByteSource, word: string | undefined, what: string): number {
  const value = word === undefined ? NaN : Number(word);
  if (Number.isFinite(value)) return value;
  const fortran = word === undefined ? NaN : Number(word.replace(/[dD]/, "e"));
  if (Number.isFinite(fortran)) return fortran;
  throw source.atLine(
    `has ${word === undefined ? "nothing" : `'${word.slice(0, 40)}'`} as ${what}, which is no finite number`,
  );
}

/** A whole number of at least 0. */
export function count(source: ByteSource, word: string | undefined, what: string): number {
  const value = finite(source, word, what);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw source.atLine(`has ${value} as ${what}, which is no whole number from 0 on`);
}
