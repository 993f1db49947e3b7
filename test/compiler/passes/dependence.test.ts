import assert from "node:assert/strict";
import { add, at, lt, max, min, mul, number, Scene, sub, type Code } from "../loops.js";
import { options, run } from "../run.js";
import { f64, operate } from "../../../kernel-lib/src/compiler/build.js";
import { Context } from "../../../kernel-lib/src/compiler/context.js";
import type { Func, Prange } from "../../../kernel-lib/src/compiler/ir.js";
import { LoopRefusal } from "../../../kernel-lib/src/compiler/loop-refusal.js";
import { dependence } from "../../../kernel-lib/src/compiler/passes/dependence.js";
import { everyStmt } from "../../../kernel-lib/src/compiler/walk.js";

type Body = (scene: Scene, code: Code) => void;

const seven: Func = {
  name: "seven",
  params: [],
  results: ["f64"],
  body: [{ op: "return", values: [f64(7)] }],
};

function judged(body: Body, change = {}) {
  const scene = new Scene();
  const context = new Context({ ...options, ...change });
  const source = scene.kernel((code) => {
    body(scene, code);
  });
  const kernel = dependence(source, context);
  const pranges = [...everyStmt(kernel.body)].filter((s): s is Prange => s.op === "prange");
  const arguments_ = () =>
    [
      12,
      4,
      Float64Array.from({ length: 48 }, (_, i) => Math.sin(i)),
      Float64Array.from({ length: 48 }, (_, i) => Math.cos(i)),
      { data: new Float64Array(48), shape: [12, 4] },
      new Int32Array(48),
    ] as const;
  const outcome = () => {
    const given = arguments_();
    const plain = arguments_();
    return {
      parallel: [run(kernel, given, { context }).result, ...given],
      serial: [
        run(dependence(source, new Context({ ...options, parallel: false })), plain).result,
        ...plain,
      ],
    };
  };
  return { kernel, pranges, notes: context.notes(0), outcome };
}

describe("independent iterations", () => {
  const accepted: Record<string, Body> = {
    "write at the index": ({ a, b, i, n }, code) => {
      code.prange(i, 0, n, (c) => {
        c.store(a, [i], mul(at(b, i), 2));
      });
    },
    "update the element at the index": ({ a, i, n }, code) => {
      code.prange(i, 0, n, (c) => {
        c.store(a, [i], add(at(a, i), 1));
      });
    },
    "write at an index moved by an argument": ({ a, w, i, n }, code) => {
      code.prange(i, 0, n, (c) => {
        c.store(a, [add(i, w)], i);
      });
    },
    "write the even and the odd elements": ({ a, i, n }, code) => {
      code.prange(i, 0, n, (c) => {
        c.store(a, [mul(i, 2)], 1);
        c.store(a, [add(mul(i, 2), 1)], at(a, mul(2, i)));
      });
    },
    "write what a step leaves room for": ({ a, i, n }, code) => {
      code.prange(
        i,
        0,
        n,
        (c) => {
          c.store(a, [i], at(a, add(i, 1)));
        },
        2,
      );
    },
    "write a row each": ({ m, i, j, n, w }, code) => {
      code.prange(i, 0, n, (c) => {
        c.for(j, 0, w, (inner) => {
          inner.store(m, [i, j], add(at(m, i, sub(3, j)), j));
        });
      });
    },
    "write a row each of an array without rows": ({ a, i, j, n, w }, code) => {
      code.prange(i, 0, n, (c) => {
        c.for(j, 0, w, (inner) => {
          inner.store(a, [add(mul(i, w), j)], add(i, j));
        });
      });
    },
    "write a pixel of three numbers each": ({ a, i, j, k, w }, code) => {
      code.prange(i, 0, 4, (c) => {
        c.for(j, 0, w, (inner) => {
          inner.set(k, mul(add(mul(i, w), j), 3));
          for (const channel of [0, 1, 2]) inner.store(a, [add(k, channel)], channel);
        });
      });
    },
    "write a block of a constant width each": ({ a, i, j }, code) => {
      code.prange(i, 0, 4, (c) => {
        c.for(j, 0, 5, (inner) => {
          inner.store(a, [add(mul(i, 5), j)], j);
        });
      });
    },
    "write below the diagonal": ({ a, i, j, n }, code) => {
      const size = 12;
      code.prange(i, 0, 4, (c) => {
        c.for(j, 0, i, (inner) => {
          inner.store(a, [add(mul(i, size), j)], n);
        });
      });
    },
  };
  for (const [what, body] of Object.entries(accepted)) {
    it(what, () => {
      const { pranges, notes, outcome } = judged(body);
      assert.equal(pranges.length, 1);
      assert.deepEqual(pranges[0]!.arrayReductions, []);
      assert.deepEqual(notes.parallel, { yes: true });
      const { parallel, serial } = outcome();
      assert.deepEqual(parallel, serial);
    });
  }

  it("run in order where an argument that had better be a length isn't", () => {
    // rows of a third and three numbers an element: neighbours write two elements in common
    const body: Body = ({ a, i, j, k, w, total }, code) => {
      code.set(total, 0);
      code.prange(i, 0, 4, (c) => {
        c.for(j, 0, w, (inner) => {
          inner.set(k, mul(add(mul(i, w), j), 3));
          for (const channel of [0, 1, 2]) inner.store(a, [add(k, channel)], i);
        });
      });
    };
    const { kernel } = judged(body);
    const written = new Float64Array(8);
    const rest = [
      new Float64Array(1),
      { data: new Float64Array(1), shape: [1, 1] },
      new Int32Array(1),
    ] as const;
    const { instance } = run(kernel, [12, 1 / 3, written, ...rest]);
    assert.deepEqual(instance.chunks, []);
    assert.deepEqual(written, Float64Array.of(0, 1, 2, 3, 3, 3, 0, 0));
  });
});

describe("iterations that depend on each other", () => {
  const refused: Record<string, readonly [RegExp, Body]> = {
    "write one element": [
      /one element of 'a'.*one writes a\[0\], another writes a\[0\]/,
      ({ a, i, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.store(a, [0], i);
        });
      },
    ],
    "read what another writes": [
      /one writes a\[i\], another reads a\[i - 1\]/,
      ({ a, i, n }, code) => {
        code.prange(i, 1, n, (c) => {
          c.store(a, [i], at(a, sub(i, 1)));
        });
      },
    ],
    "write at an index from an array": [
      /one writes a\[…\]/,
      ({ a, b, i, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.store(a, [at(b, i)], i);
        });
      },
    ],
    "write rows that overlap": [
      /one writes a\[4 \* i \+ j\]/,
      ({ a, i, j }, code) => {
        code.prange(i, 0, 4, (c) => {
          c.for(j, 0, 5, (inner) => {
            inner.store(a, [add(mul(i, 4), j)], j);
          });
        });
      },
    ],
    "write a matrix and its transpose": [
      /m at \(i, j\)/,
      ({ m, i, j, n, w }, code) => {
        code.prange(i, 0, n, (c) => {
          c.for(j, 0, w, (inner) => {
            inner.store(m, [i, j], 1);
            inner.store(m, [j, i], 1);
          });
        });
      },
    ],
    "write at inner bounds that vary": [
      /one element of 'a'/,
      ({ a, b, x, i, j, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.set(x, at(b, i));
          c.for(j, x, add(x, 2), (inner) => {
            inner.store(a, [add(mul(i, 3), j)], 1);
          });
        });
      },
    ],
    "write where a difference that rounds away says i": [
      /one element of 'a'/,
      ({ a, w, i, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.store(a, [sub(add(i, w), w)], 1);
        });
      },
    ],
    "hand a variable on": [
      /carries 'x' from one iteration/,
      ({ a, x, i, n }, code) => {
        code.set(x, 0);
        code.prange(i, 0, n, (c) => {
          c.store(a, [i], x);
          c.set(x, i);
        });
      },
    ],
    "hand a variable on in one branch": [
      /carries 'x'/,
      ({ a, x, i, n }, code) => {
        code.set(x, 0);
        code.prange(i, 0, n, (c) => {
          c.if(lt(i, 3), (then) => {
            then.set(x, i);
          });
          c.store(a, [i], x);
        });
      },
    ],
    "subtract from the running total the wrong way round": [
      /carries 'total'/,
      ({ total, i, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.set(total, sub(i, total));
        });
      },
    ],
    "add and multiply": [
      /carries 'total'/,
      ({ total, i, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.set(total, add(total, i));
          c.set(total, mul(total, 2));
        });
      },
    ],
    "look at the running total": [
      /carries 'total'/,
      ({ a, total, i, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.set(total, add(total, i));
          c.store(a, [i], total);
        });
      },
    ],
    "leave a call's result behind": [
      /reads 'x' after 'for \(const i of prange\(n\)\)'/,
      ({ x, total, i, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.e.emit({ op: "call", callee: seven, args: [], results: [x] });
        });
        code.set(total, x);
      },
    ],
    "reduce halves into whole numbers": [
      /one element of 'counts'/,
      ({ counts, b, i, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.store(counts, [at(b, i)], add(at(counts, at(b, i)), 0.5));
        });
      },
    ],
  };
  for (const [what, [message, body]] of Object.entries(refused)) {
    it(what, () => {
      assert.throws(
        () => judged(body),
        (error) => {
          assert.ok(error instanceof LoopRefusal);
          assert.match(error.problem, message);
          assert.match(error.remedy, /plain for/);
          return true;
        },
      );
    });
  }
});

describe("reductions", () => {
  const scalar: Record<string, readonly [string, Body]> = {
    "a sum, in branches and inner loops": [
      "total +=",
      ({ a, total, i, j, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.for(j, 0, 3, (inner) => {
            inner.set(total, add(at(a, add(i, j)), total));
          });
          c.if(lt(i, 4), (then) => {
            then.set(total, sub(total, i));
          });
        });
      },
    ],
    "a sum of two terms": [
      "total +=",
      ({ total, i, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.set(total, add(add(total, i), 1));
        });
      },
    ],
    "a minimum": [
      "total = Math.min",
      ({ a, total, i, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.set(total, min(total, at(a, i)));
        });
      },
    ],
  };
  for (const [what, [shown, body]] of Object.entries(scalar)) {
    it(`finds ${what}`, () => {
      const { pranges, notes, outcome } = judged(body);
      assert.equal(pranges.length, 1);
      assert.deepEqual(notes.reductions, [shown]);
      const { parallel, serial } = outcome();
      // sums of about 40 numbers near 1 in another order: 40 roundings of a total below 100
      assert.ok(Math.abs((parallel[0] as number) - (serial[0] as number)) < 40 * 100 * 2 ** -53);
      assert.deepEqual(parallel.slice(1), serial.slice(1));
    });
  }

  it("finds a product", () => {
    const { pranges, outcome } = judged(({ total, i }, code) => {
      code.set(total, 1);
      code.prange(i, 1, 11, (c) => {
        c.set(total, mul(i, total));
      });
    });
    assert.equal(pranges[0]!.reductions[0]!.by, "mul");
    // 10! and all its factors are exact
    assert.equal(outcome().parallel[0], 3628800);
  });

  it("finds a histogram", () => {
    const { pranges, notes, outcome } = judged(({ counts, b, x, k, i, n }, code) => {
      code.prange(i, 0, n, (c) => {
        c.set(k, operate("f64.floor", add(mul(at(b, i), 4), 5)));
        c.set(x, at(counts, k));
        c.store(counts, [k], add(x, 1));
      });
    });
    assert.equal(pranges[0]!.arrayReductions[0]!.by, "add");
    assert.deepEqual(notes.reductions, ["counts[…] +="]);
    const { parallel, serial } = outcome();
    assert.deepEqual(parallel, serial);
  });

  it("finds the maximum of each bin", () => {
    const { pranges, outcome } = judged(({ a, b, i, n }, code) => {
      code.prange(i, 0, n, (c) => {
        const k = operate("f64.floor", add(mul(at(b, i), 4), 5));
        c.store(a, [k], max(at(b, i), at(a, k)));
      });
    });
    assert.equal(pranges[0]!.arrayReductions[0]!.by, "max");
    const { parallel, serial } = outcome();
    assert.deepEqual(parallel, serial);
  });
});

describe("pranges that are ordinary loops", () => {
  const nested: Body = ({ m, i, j, n, w }, code) => {
    code.prange(i, 0, n, (c) => {
      c.prange(j, 0, w, (inner) => {
        inner.store(m, [i, j], add(i, j));
      });
    });
  };

  it("stand inside another", () => {
    const { pranges, outcome } = judged(nested);
    assert.equal(pranges.length, 1);
    const { parallel, serial } = outcome();
    assert.deepEqual(parallel, serial);
  });

  it("run without the option parallel, or over arrays that share memory, with a reason", () => {
    for (const change of [{ parallel: false }, { aliased: true }]) {
      const { pranges, notes } = judged(nested, change);
      assert.equal(pranges.length, 0);
      assert.equal(notes.parallel?.yes, false);
    }
  });

  it("may hand variables on", () => {
    const last = number("last");
    const { outcome } = judged(
      ({ total, i, n }, code) => {
        code.prange(i, 0, n, (c) => {
          c.set(last, i);
        });
        code.set(total, last);
      },
      { parallel: false },
    );
    assert.equal(outcome().parallel[0], 11);
  });
});
