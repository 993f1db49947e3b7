import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Pool, WorkerError } from "hotcell";

type ItemError = Error & { index: number; input: unknown };

/** The error a promise rejects with. */
async function failure(promise: Promise<unknown>): Promise<ItemError> {
  try {
    await promise;
  } catch (error) {
    return error as ItemError;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}

class PhaseError extends Error {
  constructor(
    message: string,
    readonly phase: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "PhaseError";
  }
}

describe("an item that fails", () => {
  const pool = new Pool({ threads: 2 });
  after(() => pool.close());

  it("rejects with its own error: class, message, properties and cause", async () => {
    const measure = (phi: unknown) => {
      if (typeof phi !== "number")
        throw new PhaseError("phi is no number", 3, { cause: new RangeError("deep") });
      return phi;
    };
    const error = await failure(pool.map(measure, [0.1, 0.2, "0.3", 0.4]));
    assert.ok(error instanceof PhaseError);
    assert.equal(error.message, "phi is no number");
    assert.equal(error.phase, 3);
    assert.ok(error.cause instanceof RangeError);
    assert.equal(error.cause.message, "deep");
  });

  it("says its index and input as properties and in the last stack line, the user's code before", async () => {
    const xs = [
      { phi: 0.1, xi: 1 },
      { phi: "0.3", xi: 1 },
    ];
    const error = await failure(
      pool.map(({ phi }) => {
        if (typeof phi === "string") throw new TypeError("no number");
        return phi;
      }, xs),
    );
    assert.equal(error.index, 1);
    assert.equal(error.input, xs[1], "the caller's own object");
    const lines = error.stack!.split("\n");
    assert.equal(lines[0], "TypeError: no number");
    assert.match(lines[1]!, /failures\.test\.ts:\d+:\d+/);
    assert.equal(lines.at(-1), "    at item 1 of pool.map, input { phi: '0.3', xi: 1 }");
    assert.ok(!lines.some((line) => /piscina|worker\.js/.test(line)), error.stack);
  });

  it("shortens a long input in the stack line only", async () => {
    const input = Array.from({ length: 1e5 }, (_, i) => i);
    const error = await failure(
      pool.map(() => {
        throw new Error("long");
      }, [input]),
    );
    assert.equal(error.input, input);
    assert.ok(error.stack!.split("\n").at(-1)!.length < 300);
  });

  it("is the one of the lowest index, whichever worker is faster", async () => {
    for (const chunkSize of [1, 3, 10]) {
      // item 2 ends when another that fails has begun, or has been cancelled
      const gate = new Int32Array(new SharedArrayBuffer(4));
      const error = await failure(
        pool.map(
          (x) => {
            if (x === 2 && chunkSize === 1) Atomics.wait(gate, 0, 0);
            if (x === 3) {
              Atomics.store(gate, 0, 1);
              Atomics.notify(gate, 0);
            }
            if (x >= 2) throw new Error(`item ${x}`);
            return x;
          },
          [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
          { chunkSize },
        ),
      );
      assert.equal(error.index, 2);
    }
  });

  it("cancels the rest and leaves the pool usable", async () => {
    const seen = new Int32Array(new SharedArrayBuffer(4));
    const run = pool.map(
      (x) => {
        Atomics.add(seen, 0, 1);
        if (x === 0) throw new Error("first");
        const until = performance.now() + 2;
        while (performance.now() < until);
      },
      Array.from({ length: 5000 }, (_, i) => i),
    );
    assert.equal((await failure(run)).index, 0);
    const begun = Atomics.load(seen, 0);
    assert.ok(begun < 1000, `${begun} items were begun after the first failed`);
    assert.deepEqual(await pool.map((x) => x, [1]), [1]);
    assert.equal(Atomics.load(seen, 0), begun, "no worker went on after the map rejected");
  });

  it("may throw anything: objects get index and input, primitives stay themselves", async () => {
    const thrown = await failure(
      pool.map(() => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw { code: 7 };
      }, ["a"]),
    );
    assert.deepEqual(Object.entries(thrown), [["code", 7]]);
    assert.equal(thrown.index, 0);
    assert.equal(
      await failure(
        pool.map(() => {
          // eslint-disable-next-line @typescript-eslint/only-throw-error
          throw "text";
        }, [1]),
      ),
      "text",
    );
  });

  it("may reject: an async function's error arrives in the same way", async () => {
    const error = await failure(
      pool.map(
        async (x) => {
          await Promise.resolve();
          throw new RangeError(`late ${x}`);
        },
        [5],
      ),
    );
    assert.ok(error instanceof RangeError);
    assert.match(error.stack!, /RangeError: late 5\n[^]*at item 0 of pool\.map, input 5$/);
  });

  it("arrives as itself when it is frozen, though it takes no index", async () => {
    const error = await failure(
      pool.map(() => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- it is one, frozen
        throw Object.freeze(new RangeError("my own"));
      }, [1]),
    );
    assert.ok(error instanceof RangeError);
    assert.equal(error.message, "my own");
  });

  it("keeps an index of its own class's making", async () => {
    class LayerError extends Error {
      get index() {
        return 7;
      }
    }
    const error = await failure(
      pool.map(() => {
        throw new LayerError("delaminated");
      }, ["a"]),
    );
    assert.ok(error instanceof LayerError);
    assert.equal(error.index, 7);
    assert.equal(error.input, "a");
  });

  it("names the module that doesn't load in a worker", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hotcell-failures-"));
    try {
      const file = join(folder, "node_modules", "mainonly", "index.js");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(
        file,
        `if (!require("node:worker_threads").isMainThread) throw new TypeError("main thread only");
         exports.twice = (x) => 2 * x;`,
      );
      const lens = createRequire(__filename)(file) as { twice: (x: number) => number };
      const error = await failure(pool.map((x) => lens.twice(x), [1, 2]));
      assert.ok(error instanceof WorkerError);
      assert.match(
        error.message,
        /could not load the function of pool\.map .*mainonly.*TypeError: main thread only/,
      );
      assert.match(error.stack!, /failures\.test\.ts/);
      assert.match((error.cause as Error).message, /main thread only/);
      assert.deepEqual(await pool.map((x) => x, [1]), [1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("names the item whose result can't be sent, and the path inside it", async () => {
    const error = await failure(pool.map((x) => (x === 2 ? { cache: new WeakMap() } : x), [1, 2]));
    assert.equal(error.name, "CaptureError");
    assert.match(error.message, /result of item 1.*cache.*WeakMap/);
    assert.equal(error.index, 1);
  });

  it("names the input that can't be sent", async () => {
    const error = await failure(pool.map((x) => x, [1, { timer: new WeakRef({}) }]));
    assert.match(error.message, /input 1.*timer.*WeakRef/);
  });

  it("overflows its stack like any other error", async () => {
    const error = await failure(
      pool.map(
        (x) => {
          const down = (n: number): number => down(n + 1) + 1;
          return down(x);
        },
        [0],
      ),
    );
    assert.ok(error instanceof RangeError);
    assert.match(error.message, /call stack/);
  });

  it("asks for memory that can't be had like any other error", async () => {
    const error = await failure(pool.map(() => new ArrayBuffer(2 ** 52).byteLength, [0]));
    assert.ok(error instanceof RangeError);
    assert.match(error.message, /allocation failed/);
  });
});
