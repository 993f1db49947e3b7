/**
 * Arrays that a parallel loop reduces into (histograms): each chunk fills a copy of its own, row-major
 * and without gaps, and the kernel combines the copies chunk by chunk, so that threads never meet and the order
 * of the additions is fixed.
 */
import { collect, get, i32, local, operate, type Emitter } from "./build.js";
import { itemSize } from "../dtype.js";
import type { ArrayLocal, ArrayReduction, By, Expr, Local, Stmt } from "./ir.js";
import { combined, eachChunk, identityOf } from "./partial-sums.js";

export class PartialArrays {
  /** @param first where the copies begin in a chunk's partial results. */
  constructor(
    readonly reductions: readonly ArrayReduction[],
    readonly first: number,
  ) {}

  /** i32: bytes of the partial results of a chunk. */
  bytes(e: Emitter): Expr {
    return this.reductions.reduce<Expr>(
      (sum, { array }) => operate("i32.add", sum, e.bind("copyBytes", bytesOf(array))),
      i32(this.first),
    );
  }

  /** In a chunk: the arrays become their copies, filled with what changes nothing. */
  enter(e: Emitter, partials: Expr): void {
    const at = local("copy", "i32");
    if (this.reductions.length > 0) e.set(at, operate("i32.add", partials, i32(this.first)));
    for (const { array, by } of this.reductions) {
      e.set(array.base, get(at));
      e.set(at, operate("i32.add", get(at), bytesOf(array)));
      array.strides.reduceRight<Expr>((step, stride, axis) => {
        e.set(stride, step);
        return operate("i32.mul", step, get(array.shape[axis]!));
      }, i32(1));
      const { dtype } = array.array;
      if (by !== "and" && !dtype.startsWith("float")) continue;
      e.emit(
        ...overElements(array, (inner, indices) => {
          inner.emit(store(array, indices, identityOf(by)));
        }),
      );
    }
  }

  /** In the kernel: copy after copy onto the array. */
  combine(e: Emitter, partials: Expr, chunks: Expr, partialBytes: Expr): void {
    if (this.reductions.length === 0) return;
    eachChunk(e, partials, chunks, partialBytes, (inner, start) => {
      const at = local("at", "i32");
      inner.set(at, operate("i32.add", start, i32(this.first)));
      for (const { array, by } of this.reductions) combineOne(inner, array, by, at);
    });
  }
}

function combineOne(e: Emitter, array: ArrayLocal, by: By, at: Local): void {
  const end = e.bind("end", operate("i32.add", get(at), bytesOf(array)));
  const { dtype } = array.array;
  e.emit(
    ...overElements(array, (inner, indices) => {
      const own: Expr = {
        op: "load",
        kind: "f64",
        lanes: 1,
        dtype,
        addresses: [get(at)],
        offset: 0,
      };
      const sum: Expr = { op: "element", kind: "f64", lanes: 1, access: access(array, indices) };
      inner.emit(store(array, indices, combined(inner, by, sum, own)));
      inner.set(at, operate("i32.add", get(at), i32(itemSize(dtype))));
    }),
  );
  e.set(at, end);
}

/** i32: the bytes of an array without gaps, a multiple of 8. */
function bytesOf({ array, shape }: ArrayLocal): Expr {
  const elements = shape.reduce<Expr>(
    (product, length) => operate("i32.mul", product, get(length)),
    i32(itemSize(array.dtype)),
  );
  return operate("i32.and", operate("i32.add", elements, i32(7)), i32(-8));
}

/** A loop an axis around what is done with each element. */
function overElements(
  { shape }: ArrayLocal,
  body: (e: Emitter, indices: readonly Expr[]) => void,
): readonly Stmt[] {
  const counters = shape.map((_, axis) => local(`i${axis}`, "i32"));
  return shape.reduceRight<readonly Stmt[]>(
    (inner, length, axis) => [
      {
        op: "for",
        counter: counters[axis]!,
        from: i32(0),
        to: get(length),
        step: 1,
        label: { name: `axis${axis}` },
        loop: -1,
        body: inner,
      },
    ],
    collect((e) => {
      body(e, counters.map(get));
    }),
  );
}

function access(array: ArrayLocal, indices: readonly Expr[]) {
  return { array, indices, lanes: 1, pattern: "scalar", checked: false, site: 0 } as const;
}

function store(array: ArrayLocal, indices: readonly Expr[], value: Expr): Stmt {
  return { op: "store", access: access(array, indices), value };
}
