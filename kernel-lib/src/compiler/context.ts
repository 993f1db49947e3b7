/**
 * What goes along with a kernel through the passes: the options it is compiled under, the places
 * that can fail, and what is noted about each loop for `k.diagnostics()`.
 */
import type { Kernel, Local, LoopSource } from "./ir.js";
import type { CompileOptions, LoopDiagnosis, Site, Verdict } from "./types.js";
import { readIn, setIn, storageLocals } from "./walk.js";

/** What the passes have found out about one loop so far. */
export interface LoopNotes {
  parallel?: Verdict;
  vectorised?: Verdict;
  boundsHoisted?: Verdict;
  reductions?: readonly string[];
}

export class Context {
  readonly sites: Site[] = [];
  readonly #notes = new Map<number, LoopNotes>();
  #numbers: ReadonlyMap<Local, number> = new Map();

  constructor(readonly options: CompileOptions) {}

  /** Numbers the kernel's variables, by which those of two targets are told to be the same. */
  numberLocals({ parameters, body }: Kernel): void {
    const locals = new Set([...parameters.flatMap(storageLocals), ...setIn(body), ...readIn(body)]);
    this.#numbers = new Map([...locals].map((each, i) => [each, i]));
  }

  /** A variable's number; undefined for one that was made later. */
  numberOf(local: Local): number | undefined {
    return this.#numbers.get(local);
  }

  /** Adds a place that can fail, and gives its number. */
  site(site: Site): number {
    return this.sites.push(site) - 1;
  }

  /** The notes of a loop, to read and to write. */
  notes(loop: number): LoopNotes {
    const known = this.#notes.get(loop) ?? {};
    this.#notes.set(loop, known);
    return known;
  }

  diagnoses(loops: readonly LoopSource[]): readonly LoopDiagnosis[] {
    return loops.flatMap(({ text, position, isShown }, i) => {
      if (!isShown) return [];
      const notes = this.notes(i);
      const none: Verdict = { yes: false, why: "not a prange" };
      return {
        position,
        loop: text,
        parallel: notes.parallel ?? none,
        vectorised: notes.vectorised ?? { yes: false, why: "runs inside each lane" },
        boundsHoisted: notes.boundsHoisted ?? { yes: true, how: "no access to check" },
        reductions: notes.reductions ?? [],
      };
    });
  }
}
