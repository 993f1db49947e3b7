/**
 * What a generated piece of a kernel may refer to where it stands. A piece is a function from a scope
 * to text, and picks names by number, so that any part of a program can shrink and the rest remains
 * a program. Knows nothing of what is generated.
 */
import fc from "fast-check";

/** An array by name: how to read it, how long its axes are, and what may be done with its elements. */
export interface ArrayName {
  readonly name: string;
  readonly isTyped: boolean;
  /** The length of each axis as text. */
  readonly lengths: readonly string[];
  /** Anything, read at any index, touch only at the loop's own index, or only reduce into its elements. */
  readonly access: "free" | "read" | "own" | "reduced";
  /** The ordinary loop whose own index that is, if it isn't the parallel one's. */
  readonly by?: string;
}

/** A variable that iterations reduce into. */
export interface ReducedName {
  readonly name: string;
  readonly by:
    "+" | "*" | "&" | "|" | "^" | "min" | "max" | "<" | "<=" | ">" | ">=" | "last" | "any";
  /** Variables that belong to the iteration which won. */
  readonly along: readonly string[];
  /** Whether what is added are small whole numbers, so that no order of theirs rounds. */
  readonly isExact: boolean;
}

/** A counter that stays from 0 to below a length. */
export interface CounterName {
  readonly name: string;
  readonly below: string;
}

interface Names {
  readonly numbers: readonly string[];
  readonly booleans: readonly string[];
  readonly settable: readonly string[];
  readonly settableBooleans: readonly string[];
  readonly arrays: readonly ArrayName[];
  readonly counters: readonly CounterName[];
  readonly reduced: readonly ReducedName[];
  readonly helpers: readonly { readonly name: string; readonly arity: number }[];
  /** Loops that a jump may name, innermost first. */
  readonly labels: readonly string[];
  /** Whether a plain `break` and `continue` have a loop to leave. */
  readonly jumps: boolean;
  /** What `return` takes; undefined where nothing may be returned. */
  readonly returns: "number" | "result" | undefined;
  /** The counter of the loop that runs in parallel. */
  readonly own: string | undefined;
  /** Loops around, to bound a program's work. */
  readonly depth: number;
  readonly isInLoop: boolean;
}

/** What is the same for a whole program. */
export interface Printing {
  /** Whether elements of typed arrays are read and written by functions that check the index. */
  readonly isOracle: boolean;
  /** Whether some indices may be outside. */
  readonly isWild: boolean;
  next: number;
}

export class Scope {
  private constructor(
    readonly printing: Printing,
    readonly names: Names,
  ) {}

  static empty(printing: Printing): Scope {
    return new Scope(printing, {
      numbers: [],
      booleans: [],
      settable: [],
      settableBooleans: [],
      arrays: [],
      counters: [],
      reduced: [],
      helpers: [],
      labels: [],
      jumps: false,
      returns: undefined,
      own: undefined,
      depth: 0,
      isInLoop: false,
    });
  }

  with(change: Partial<Names>): Scope {
    return new Scope(this.printing, { ...this.names, ...change });
  }

  number(name: string, isSettable: boolean): Scope {
    const { numbers, settable } = this.names;
    return this.with({
      numbers: [name, ...numbers],
      ...(isSettable && { settable: [name, ...settable] }),
    });
  }

  boolean(name: string): Scope {
    const { booleans, settableBooleans } = this.names;
    return this.with({
      booleans: [name, ...booleans],
      settableBooleans: [name, ...settableBooleans],
    });
  }

  fresh(prefix: string): string {
    return `${prefix}${this.printing.next++}`;
  }
}

/** Part of a program: its text, where it is put. */
export type Piece = (scope: Scope) => string;
/** A statement: its text, and the scope of those behind it. */
export type Line = (scope: Scope) => { readonly text: string; readonly scope: Scope };

/** One of a list by any whole number; undefined of an empty list. */
export function pick<T>(list: readonly T[], by: number): T | undefined {
  return list[by % list.length];
}

/** A number from 0 to `most`, each as likely: which of several forms a piece takes, the simplest at 0. */
export function form(most: number): fc.Arbitrary<number> {
  return fc.noBias(fc.nat({ max: most }));
}

/** Which of a list a piece takes. */
export const which = form(11);

/** Statements one after the other; what one declares the next may use. */
export function block(lines: readonly Line[], scope: Scope): string {
  let inner = scope;
  const texts: string[] = [];
  for (const line of lines) {
    const { text, scope } = line(inner);
    inner = scope;
    if (text !== "") texts.push(text);
  }
  return texts.map((text) => text.replace(/^/gm, "  ")).join("\n");
}

/** A statement that declares nothing. */
export const plain =
  (piece: Piece): Line =>
  (scope) => ({ text: piece(scope), scope });
