import assert from "node:assert/strict";
import { lowered, type AnyKernel } from "../source.js";
import { run, type Argument } from "../run.js";
import type { For, Kernel } from "../../../kernel-lib/src/compiler/ir.js";
import { bounds } from "../../../kernel-lib/src/compiler/passes/bounds.js";
import { count } from "../../../kernel-lib/src/compiler/passes/count.js";
import { dependence } from "../../../kernel-lib/src/compiler/passes/dependence.js";
import { expand } from "../../../kernel-lib/src/compiler/passes/expand.js";
import { narrow } from "../../../kernel-lib/src/compiler/passes/narrow.js";
import { simplify } from "../../../kernel-lib/src/compiler/passes/simplify.js";
import { accesses, everyStmt } from "../../../kernel-lib/src/compiler/walk.js";
import { verify } from "../../../kernel-lib/src/compiler/verify.js";

const numbers = (): Float64Array => Float64Array.from({ length: 23 }, (_, i) => Math.sin(i * i));

/** The kernel behind the passes that integers and checks take, having given what the plain run gives. */
function passed(fn: AnyKernel, ...more: readonly number[]): Kernel {
  const [ours, theirs] = [numbers(), numbers()];
  const { kernel, context } = lowered(fn, [ours, ...more]);
  const made = [simplify, count, dependence, narrow, simplify, bounds, expand, simplify].reduce(
    (each, pass) => {
      const next = pass(each, context);
      verify(next);
      return next;
    },
    kernel,
  );
  const { result } = run(made, [ours, ...more] as Argument[], { context });
  assert.deepEqual(result, fn(theirs, ...more));
  assert.deepEqual(ours, theirs);
  return made;
}

function loopsOf({ body }: Kernel): { readonly counted: readonly For[]; readonly others: number } {
  const all = everyStmt(body);
  return {
    counted: all.filter((stmt) => stmt.op === "for"),
    others: all.filter((stmt) => stmt.op === "loop" && stmt.loop >= 0).length,
  };
}

describe("counted loops", () => {
  const counted: Record<string, AnyKernel> = {
    "while (i < n)": (x: Float64Array) => {
      let [s, i] = [0, 0];
      while (i < x.length) s += x[i++]!;
      return [s, i];
    },
    "with the count in the middle": (x: Float64Array) => {
      let [s, i] = [0, 0];
      while (i < x.length) {
        s += x[i]!;
        i++;
        if (i % 2 === 0) continue;
        s *= i;
      }
      return [s, i];
    },
    "downwards to 0": (x: Float64Array) => {
      let [s, i] = [0, x.length - 1];
      while (i >= 0) {
        s = s * 0.5 + x[i]!;
        i -= 1;
      }
      return [s, i];
    },
    "downwards, counted first": (x: Float64Array) => {
      let [s, i] = [0, x.length];
      while (--i >= 0) s = s * 0.5 + x[i]!;
      return [s, i];
    },
    "that end earlier, by a condition or a jump": (x: Float64Array) => {
      let [s, i] = [0, 0];
      while (i < x.length && s < 2) {
        if (x[i]! < -0.9) break;
        s += x[i]!;
        i++;
      }
      return [s, i];
    },
    "in fractions": () => {
      let [s, t] = [0, 0];
      while (t < 1) {
        s += t;
        t += 0.1;
      }
      return [s, t];
    },
    "for without a declaration": (x: Float64Array) => {
      let [i, k] = [3, 0];
      for (; i < x.length; i++, k += 2) x[i] = k;
      return [i, k];
    },
  };
  for (const [what, fn] of Object.entries(counted)) {
    it(`are found: ${what}`, () => {
      const loops = loopsOf(passed(fn));
      assert.equal(loops.others, 0);
      assert.ok(loops.counted.length > 0);
    });
  }

  const uncounted: Record<string, AnyKernel> = {
    "whose end changes": (x: Float64Array) => {
      let [i, j] = [0, x.length - 1];
      while (i < j) {
        i++;
        j--;
      }
      return [i, j];
    },
    "that count on one path only": (x: Float64Array) => {
      let [i, s] = [0, 0];
      while (i < x.length) {
        s += x[i]!;
        if (s > 0.5) s -= 1;
        else i++;
      }
      return [i, s];
    },
    "that count twice": (x: Float64Array) => {
      let i = 0;
      while (i < x.length) {
        i++;
        if (x[i - 1]! > 0) i += 1;
      }
      return i;
    },
    "that count away from their end": (x: Float64Array) => {
      let [i, s] = [0, 0];
      while (i < 1) {
        s += x[i + 3]!;
        i--;
        if (i < -3) break;
      }
      return [i, s];
    },
  };
  for (const [what, fn] of Object.entries(uncounted)) {
    it(`are not found: ${what}`, () => {
      assert.equal(loopsOf(passed(fn)).others, 1);
    });
  }

  it("have integers for counters, and their checks before them", () => {
    const made = passed((x: Float64Array) => {
      let [s, i] = [0, 0];
      while (i < x.length) {
        s += x[i]!;
        i++;
      }
      return s;
    });
    assert.deepEqual(
      loopsOf(made).counted.map(({ counter }) => counter.kind),
      ["i32"],
    );
    assert.ok(accesses(made.body).every(({ checked }) => !checked));
  });

  const tiled = (x: Float64Array, size: number) => {
    let s = 0;
    for (let from = 0; from < x.length; from += size)
      for (let i = from; i < Math.min(from + size, x.length); i++) s = s * 0.9 + x[i]!;
    return s;
  };
  for (const size of [4, 100]) {
    it(`in tiles of ${size} have integers inside where they may`, () => {
      const { counted } = loopsOf(passed(tiled, size));
      assert.deepEqual(
        new Set(counted.map(({ counter }) => counter.kind)),
        new Set(["i32", "f64"]),
      );
    });
  }

  it("keep the sign of a zero that they start from", () => {
    const inverse = (_x: Float64Array, from: number) => {
      let s = 0;
      for (let i = from; i < 3; i++) s += 1 / i;
      return s;
    };
    passed(inverse, -0);
    passed(inverse, 0);
  });
});
