/**
 * XYZ files, plain and extended: a line with the number of atoms, a comment, one line an atom. The
 * comment of an extended file says in which columns the positions are, and the lattice.
 *
 * Source: the format's description in the libAtoms documentation (extended XYZ specification, 2021).
 */
import type { ByteSource } from "./byte-source.js";
import type { Frame } from "./frame.js";
import { count, finite, words } from "./numbers.js";

/** What an extended comment says, by lower-case key. */
function entries(comment: string): ReadonlyMap<string, string> {
  const pairs = comment.matchAll(
    /([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|\{([^}]*)\}|\[([^\]]*)\]|(\S+))/g,
  );
  return new Map(
    Array.from(pairs, ([, key, ...values]) => [
      key!.toLowerCase(),
      values.find((value: string | undefined) => value !== undefined) ?? "",
    ]),
  );
}

/** In which column x stands, counted from 0, and how many there have to be. */
function columnsOf(
  source: ByteSource,
  properties: string | undefined,
): readonly [x: number, least: number] {
  if (properties === undefined) return [1, 4];
  const fields = properties.split(":");
  let column = 0;
  let x: number | undefined;
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const width = count(source, fields[i + 2], `the number of columns of '${fields[i]!}'`);
    if (fields[i]!.toLowerCase() === "pos" && width === 3) x = column;
    column += width;
  }
  if (x === undefined) throw source.atLine(`has no pos:R:3 among its Properties '${properties}'`);
  return [x, column];
}

export async function* xyzFrames(source: ByteSource): AsyncGenerator<Frame, void, undefined> {
  for (let index = 0; ; index++) {
    source.frame = index;
    let first = await source.nextLine();
    // blank lines at the end are common, between frames they do no harm
    while (first !== undefined && first.trim() === "") first = await source.nextLine();
    if (first === undefined) return;
    const [word, ...others] = words(first);
    const atoms = count(source, others.length > 0 ? first : word, "the number of atoms");
    const said = entries(await source.lineOf("the comment"));
    const [x, least] = columnsOf(source, said.get("properties"));
    const box = latticeOf(source, said.get("lattice"));
    const time = said.get("time");
    const step = said.get("step");
    const positions = new Float64Array(3 * atoms);
    for (let i = 0; i < atoms; i++) {
      const line = words(await source.lineOf(`atom ${i + 1} of ${atoms}`));
      if (line.length < least)
        throw source.atLine(
          `has ${line.length} columns for atom ${i + 1} of ${atoms}, not ${least}`,
        );
      for (let c = 0; c < 3; c++)
        positions[3 * i + c] = finite(source, line[x + c], `${"xyz"[c]!} of atom ${i + 1}`);
    }
    yield {
      index,
      positions,
      ...(box && { box }),
      ...(time !== undefined && { time: finite(source, time, "the time") }),
      ...(step !== undefined && { step: finite(source, step, "the step") }),
    };
  }
}

function latticeOf(
  source: ByteSource,
  lattice: string | undefined,
): readonly number[][] | undefined {
  if (lattice === undefined) return undefined;
  const numbers = words(lattice).map((word) => finite(source, word, "a number of the lattice"));
  if (numbers.length !== 9)
    throw source.atLine(`has a lattice of ${numbers.length} numbers, not 9`);
  return [0, 3, 6].map((i) => numbers.slice(i, i + 3));
}
