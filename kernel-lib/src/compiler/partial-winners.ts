/**
 * What is kept of one of a parallel loop's iterations, the best or the last. A chunk finds its own,
 * from none on; vectors find one a lane, of which the chunk takes the best; the kernel takes the
 * chunks in order, beginning with what the variables held. Nothing is rounded on the way, so all that matters
 * is who wins among equals: the place of each decides.
 */
import { bool, f64, get, operate, type Emitter } from "./build.js";
import { loadLocal, saveLocal } from "./frame.js";
import type { Expr, Local, Winner } from "./ir.js";
import { eachChunk } from "./partial-sums.js";
import { winnerLocals } from "./walk.js";

/** Bytes of one variable. */
const width = 8;

export class PartialWinners {
  /**
   * @param first where they begin in a chunk's partial results.
   * @param step what the loop's counter grows by.
   */
  constructor(
    readonly winners: readonly Winner[],
    readonly first: number,
    readonly step: number,
  ) {}

  /** Bytes of the partial results of a chunk. */
  get bytes(): number {
    return width * this.winners.flatMap(winnerLocals).length;
  }

  /** In a chunk, before its first iteration: none has won. */
  enter(e: Emitter): void {
    for (const winner of this.winners) {
      for (const each of winnerLocals(winner)) e.set(each, before(winner, each));
    }
  }

  /** The same in all lanes. */
  enterVectors(e: Emitter, vectors: readonly (readonly Local[])[]): void {
    this.winners.forEach((winner, w) => {
      winnerLocals(winner).forEach((each, k) => {
        e.set(vectors[w]![k]!, before(winner, each));
      });
    });
  }

  /** What lanes have found. */
  takeLanes(e: Emitter, vectors: readonly (readonly Local[])[]): void {
    this.winners.forEach((winner, w) => {
      const [{ lanes }] = vectors[w] as readonly [Local];
      for (let lane = 0; lane < lanes; lane++) {
        const found = vectors[w]!.map((vector): Expr => {
          return { op: "extract", kind: vector.kind, lanes: 1, value: get(vector), lane };
        });
        this.#take(e, winner, found, this.#isBetter(winner, found));
      }
    });
  }

  /** Behind a chunk's last iteration. */
  leave(e: Emitter, partials: Expr): void {
    this.winners.flatMap(winnerLocals).forEach((each, k) => {
      e.emit(saveLocal(partials, this.first + width * k, each));
    });
  }

  /** In the kernel: chunk after chunk, in the order of their iterations. */
  combine(e: Emitter, partials: Expr, chunks: Expr, partialBytes: Expr): void {
    if (this.winners.length === 0) return;
    eachChunk(e, partials, chunks, partialBytes, (inner, at) => {
      let offset = this.first;
      for (const winner of this.winners) {
        const found = winnerLocals(winner).map((each) => {
          const own = { ...each };
          inner.emit(loadLocal(at, offset, own));
          offset += width;
          return get(own);
        });
        this.#take(inner, winner, found, isBehind(winner, found));
      }
    });
  }

  /** Whether what a lane has found wins over what is found so far, wherever both come from. */
  #isBetter(winner: Winner, found: readonly Expr[]): Expr {
    const { key, by, place } = winner;
    const at = found[winnerLocals(winner).indexOf(place)]!;
    const isBefore = operate(this.step > 0 ? "f64.lt" : "f64.gt", at, get(place));
    if (!key) return operate("bool.and", isSome(at), operate("bool.not", isBefore));
    const [value] = found as readonly [Expr];
    const strictly = operate(by === "lt" || by === "le" ? "f64.lt" : "f64.gt", value, get(key));
    // a place that is NaN, as nothing is found so far, is behind none
    const wins = by === "le" || by === "ge" ? operate("bool.not", isBefore) : isBefore;
    const ties = operate("bool.and", operate("f64.eq", value, get(key)), wins);
    return operate("bool.and", isSome(at), operate("bool.or", strictly, ties));
  }

  #take(e: Emitter, winner: Winner, found: readonly Expr[], wins: Expr): void {
    e.if(wins, (inner) => {
      winnerLocals(winner).forEach((each, k) => {
        inner.set(each, found[k]!);
      });
    });
  }
}

/** What a variable of a winner's holds before there is one. */
function before({ key, by, place }: Winner, local: Local): Expr {
  if (local === place) return f64(NaN);
  if (key === local) return f64(by === "lt" || by === "le" ? Infinity : -Infinity);
  return local.kind === "bool" ? bool(false) : f64(0);
}

/** Whether what later iterations have found wins over what the variables hold. */
function isBehind(winner: Winner, found: readonly Expr[]): Expr {
  const { key, by, place } = winner;
  const some = isSome(found[winnerLocals(winner).indexOf(place)]!);
  return key && by !== "last"
    ? operate("bool.and", some, operate(`f64.${by}`, found[0]!, get(key)))
    : some;
}

function isSome(place: Expr): Expr {
  return operate("f64.eq", place, place);
}
