/**
 * The order in which a parallel loop's scalar reductions are taken. Iteration p of a chunk goes to
 * accumulator p mod 8; a chunk combines its 8 as a tree, the kernel combines the chunks in order
 * onto the variable's first value. Vectors hold the accumulators of consecutive lanes, so the
 * order, hence every bit, is the same for 1, 2, 4 and 8 lanes.
 */
import { collect, f64, get, i32, local, operate, splat, type Emitter } from "./build.js";
import { accumulators } from "./chunks.js";
import type { By, Expr, Local, Reduction, Stmt } from "./ir.js";
import { toInt32 } from "./to-int32.js";

/** What leaves every number as it is, and bits every int32: −0 and not 0, since −0 + 0 is 0. */
const identity: Readonly<Record<By, number>> = {
  ...{ add: -0, mul: 1, min: Infinity, max: -Infinity },
  ...{ and: -1, or: 0, xor: 0 },
};

export function combined(e: Emitter, by: By, a: Expr, b: Expr): Expr {
  switch (by) {
    case "add":
    case "mul":
    case "min":
    case "max":
      return operate(`f64.${by}`, a, b);
    case "and":
    case "or":
    case "xor":
      return operate("f64.convert_i32_s", operate(`i32.${by}`, toInt32(e, a), toInt32(e, b)));
  }
}

export function identityOf(by: By): Expr {
  return f64(identity[by]);
}

const width = 8 * accumulators;

export class PartialSums {
  constructor(readonly reductions: readonly Reduction[]) {}

  /** Bytes of the partial results of a chunk: the accumulators, the first of which ends as their total. */
  get bytes(): number {
    return width * this.reductions.length;
  }

  /** Iterations that vectors of so many lanes have to take together. */
  unit(lanes: number): number {
    return this.reductions.length > 0 ? accumulators : lanes;
  }

  enter(e: Emitter, partials: Expr): void {
    this.reductions.forEach(({ by }, r) => {
      for (let a = 0; a < accumulators; a++) {
        e.emit(write(partials, width * r + 8 * a, identityOf(by)));
      }
    });
  }

  /** Before iteration p: its accumulator becomes the variable. */
  load(e: Emitter, partials: Expr, p: Expr): void {
    this.reductions.forEach(({ local: sum }, r) => {
      e.set(sum, read(accumulator(partials, p), width * r));
    });
  }

  store(e: Emitter, partials: Expr, p: Expr): void {
    this.reductions.forEach(({ local: sum }, r) => {
      e.emit(write(accumulator(partials, p), width * r, get(sum)));
    });
  }

  /** The tree that ends a chunk. */
  leave(e: Emitter, partials: Expr): void {
    this.reductions.forEach(({ by }, r) => {
      let level = Array.from({ length: accumulators }, (_, a) => read(partials, width * r + 8 * a));
      while (level.length > 1) {
        const half = level.length / 2;
        level = level.slice(0, half).map((each, a) => combined(e, by, each, level[a + half]!));
      }
      e.emit(write(partials, width * r, level[0]!));
    });
  }

  /** In the kernel: the variable's first value, then chunk after chunk. */
  combine(e: Emitter, partials: Expr, chunks: Expr, partialBytes: Expr): void {
    if (this.reductions.length === 0) return;
    eachChunk(e, partials, chunks, partialBytes, (inner, at) => {
      this.reductions.forEach(({ local: sum, by }, r) => {
        inner.set(sum, combined(inner, by, get(sum), read(at, width * r)));
      });
    });
  }

  /** The accumulators as vectors. */
  vectors(e: Emitter, lanes: number): VectorSums {
    return new VectorSums(e, this.reductions, lanes);
  }
}

/** Each vector iteration takes the next of the vectors in turn: they rotate, by as many as iterate together. */
class VectorSums {
  readonly #rings: readonly (readonly Local[])[];

  constructor(
    e: Emitter,
    reductions: readonly Reduction[],
    readonly lanes: number,
  ) {
    this.#rings = reductions.map(({ local: { name }, by }) =>
      Array.from({ length: accumulators / lanes }, (_, v) =>
        e.variable(`${name}${v}`, splat(identityOf(by), lanes)),
      ),
    );
  }

  /** What the k-th of the iterations together adds to: a variable for each reduction. */
  take(e: Emitter, k: number, current: readonly Local[]): void {
    this.#rings.forEach((ring, r) => {
      e.set(current[r]!, get(ring[k]!));
    });
  }

  rotate(e: Emitter, currents: readonly (readonly Local[])[]): void {
    this.#rings.forEach((ring, r) => {
      const next = [...ring.slice(currents.length), ...currents.map((current) => current[r]!)];
      ring.forEach((each, v) => {
        e.set(each, get(next[v]!));
      });
    });
  }

  /** As many iterations as there are accumulators were done, so each vector is at its place again. */
  spill(e: Emitter, partials: Expr): void {
    this.#rings.forEach((ring, r) => {
      ring.forEach((each, v) => {
        e.emit(write(partials, width * r + 8 * this.lanes * v, get(each)));
      });
    });
  }
}

/** In the kernel: goes through the partial results of all chunks, in the order of their iterations. */
export function eachChunk(
  e: Emitter,
  partials: Expr,
  chunks: Expr,
  partialBytes: Expr,
  take: (inner: Emitter, at: Expr) => void,
): void {
  const chunk = local("chunk", "i32");
  const apart = operate("i32.and", operate("i32.add", partialBytes, i32(15)), i32(-16));
  const stride = e.bind("stride", apart);
  e.emit({
    op: "for",
    counter: chunk,
    from: i32(0),
    to: chunks,
    step: 1,
    label: { name: "combine" },
    loop: -1,
    body: collect((inner) => {
      const offset = operate("i32.mul", get(chunk), stride);
      take(inner, inner.bind("at", operate("i32.add", partials, offset)));
    }),
  });
}

function accumulator(partials: Expr, p: Expr): Expr {
  const place = operate("i32.shl", operate("i32.and", p, i32(accumulators - 1)), i32(3));
  return operate("i32.add", partials, place);
}

function read(address: Expr, offset: number): Expr {
  return { op: "load", kind: "f64", lanes: 1, dtype: "float64", addresses: [address], offset };
}

function write(address: Expr, offset: number, value: Expr): Stmt {
  return { op: "write", dtype: "float64", addresses: [address], offset, value };
}
