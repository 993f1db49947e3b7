import assert from "node:assert/strict";
import fc from "fast-check";
import { expectSame, lowered, prange } from "../source.js";
import { LoopRefusal } from "../../../kernel-lib/src/compiler/loop-refusal.js";
import { dependence } from "../../../kernel-lib/src/compiler/passes/dependence.js";
import { simplify } from "../../../kernel-lib/src/compiler/passes/simplify.js";

type Search = (x: Float64Array, start: number) => unknown;

/** What `k.diagnostics()` says of the one loop. */
function found(fn: Search): readonly string[] {
  const { kernel, context } = lowered(fn, [new Float64Array(3), 0]);
  dependence(simplify(kernel), context);
  return context.diagnoses(kernel.loops)[0]!.reductions;
}

/** Numbers that compare in every way there is. */
const value = fc.constantFrom(-Infinity, -1, -0, 0, 0.5, 0.5, 2, Infinity, NaN);

describe("a search in a parallel loop", () => {
  const searches: Record<string, [shown: string, Search]> = {
    "for the least by <": [
      "the first smallest best",
      (x, best) => {
        for (const i of prange(x.length)) if (x[i]! < best) best = x[i]!;
        return best;
      },
    ],
    "for the least by <= and where it is": [
      "the last smallest best with at",
      (x, best) => {
        let at = -1;
        for (const i of prange(x.length)) {
          if (best >= x[i]!) {
            best = x[i]!;
            at = i;
          }
        }
        return { best, at };
      },
    ],
    "for the greatest by > of a value that is computed": [
      "the first largest best with at, isNext",
      (x, best) => {
        let [at, isNext] = [0, false];
        for (const i of prange(x.length)) {
          const d = Math.abs(x[i]!) * 2;
          if (d > best) [best, at, isNext] = [d, i, x[i + 1 - 1]! > 0];
        }
        return { best, at, isNext };
      },
    ],
    "for the greatest by ?: and >=": [
      "the last largest best",
      (x, best) => {
        for (const i of prange(x.length)) best = x[i]! >= best ? x[i]! : best;
        return best;
      },
    ],
    "under other conditions, in two places": [
      "the first smallest best with at",
      (x, best) => {
        let at = -1;
        for (const i of prange(x.length)) {
          if (i % 2 === 0 && x[i]! < best) [best, at] = [x[i]!, i];
          for (let j = 0; j < 2; j++) {
            const other = x[i]! + j;
            if (other < best) [at, best] = [-i - j, other];
          }
        }
        return { best, at };
      },
    ],
    "for the last that is set": [
      "the last last",
      (x, last) => {
        for (const i of prange(x.length)) if (x[i]! > 0) last = i + x[i]!;
        return last;
      },
    ],
    "for whether any is, and all are": [
      "the last any,the last all",
      (x) => {
        let [any, all] = [false, true];
        for (const i of prange(x.length)) {
          any = any || x[i]! > 0.5;
          any ||= i > 35;
          all &&= x[i]! < 2 || x[i]! > 3;
        }
        return { any, all };
      },
    ],
    "for whether there is any": [
      "the last any",
      (x) => {
        let any = false;
        for (const i of prange(x.length)) if (x[i] === 2) any = true;
        return any;
      },
    ],
  };

  for (const [what, [shown, search]] of Object.entries(searches)) {
    it(what, () => {
      assert.equal(found(search).join(), shown);
      fc.assert(
        fc.property(fc.array(value, { maxLength: 40, size: "max" }), value, (x, start) => {
          expectSame(search, [Float64Array.from(x), start], {});
        }),
        { numRuns: 60, seed: 1 },
      );
    });
  }

  const refused: Record<string, Search> = {
    "whose best is read elsewhere": (x, best) => {
      for (const i of prange(x.length)) {
        if (x[i]! < best) best = x[i]!;
        x[i] = best;
      }
      return best;
    },
    "that keeps something else than it compares": (x, best) => {
      for (const i of prange(x.length)) if (x[i]! < best) best = Math.sqrt(x[i]!);
      return best;
    },
    "that lets NaN win": (x, best) => {
      for (const i of prange(x.length)) if (!(x[i]! >= best)) best = x[i]!;
      return best;
    },
    "that counts its records": (x, best) => {
      let records = 0;
      for (const i of prange(x.length)) {
        if (x[i]! < best) {
          best = x[i]!;
          records++;
        }
      }
      return [best, records];
    },
    "that writes where it wins": (x, best) => {
      for (const i of prange(x.length)) {
        if (x[i]! < best) {
          best = x[i]!;
          x[i] = 1;
        }
      }
      return best;
    },
    "that does something else where it loses": (x, best) => {
      let most = -Infinity;
      for (const i of prange(x.length)) {
        if (x[i]! < best) best = x[i]!;
        else if (x[i]! > most) most = x[i]!;
      }
      return [best, most];
    },
    "that keeps a variable along in one of two places": (x, best) => {
      let at = -1;
      for (const i of prange(x.length)) {
        if (x[i]! < best) [best, at] = [x[i]!, i];
        if (-x[i]! < best) best = -x[i]!;
      }
      return [best, at];
    },
    "that compares in two ways": (x, best) => {
      for (const i of prange(x.length)) {
        if (x[i]! < best) best = x[i]!;
        if (-x[i]! <= best) best = -x[i]!;
      }
      return best;
    },
    "whose place others set, too": (x, best) => {
      let at = -1;
      for (const i of prange(x.length)) {
        at = -2;
        if (x[i]! < best) [best, at] = [x[i]!, i];
      }
      return [best, at];
    },
  };

  for (const [what, search] of Object.entries(refused)) {
    it(`is refused ${what}`, () => {
      assert.throws(
        () => found(search),
        (error) => error instanceof LoopRefusal && /carries '(best|most)'/.test(error.problem),
      );
    });
  }
});
