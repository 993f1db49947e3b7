/** The options that everything about gravity shares, and their checks. */
import { inspect } from "node:util";

/** The law of force between two bodies. */
export interface GravityOptions {
  /**
   * Plummer softening ε, a length: bodies at the distance r attract each other as if it were
   * √(r² + ε²), with the potential −G m/√(r² + ε²). Default 0: points, as Newton has them.
   */
  readonly softening?: number;
  /** The gravitational constant in your units; see `unitSystem`. Default 1. */
  readonly G?: number;
}

export type GravityLaw = Required<GravityOptions>;

/** The law that options stand for. `known` are the other options of the call. */
export function gravityLaw(
  options: GravityOptions,
  call: string,
  known: readonly string[] = [],
): GravityLaw {
  checkOptions(options, call, ["softening", "G", ...known]);
  const { softening = 0, G = 1 } = options;
  return {
    softening: within(softening, 0, Infinity, `${call}: softening`, "a length of at least 0"),
    G: within(G, -Infinity, Infinity, `${call}: G`, "a finite number"),
  };
}

/** Refuses what is no object of options, and options that there aren't. */
export function checkOptions(options: unknown, call: string, names: readonly string[]): void {
  if (typeof options !== "object" || options === null)
    throw new TypeError(
      `${call} got ${inspect(options)} as its options: give an object of ${names.join(", ")}`,
    );
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`${call} has no option '${unknown}': there are ${names.join(", ")}`);
}

/** A finite number from a closed range. */
export function within(
  value: unknown,
  from: number,
  to: number,
  what: string,
  wanted: string,
): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= from && value <= to)
    return value;
  throw new RangeError(`${what} is ${inspect(value)}: give ${wanted}`);
}

/** A whole number of at least `from`. */
export function whole(value: unknown, from: number, what: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= from) return value as number;
  throw new RangeError(`${what} is ${inspect(value)}: give a whole number of at least ${from}`);
}
