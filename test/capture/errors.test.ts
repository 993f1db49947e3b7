import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inWorker } from "./apart.js";
import { loadModule } from "./load-module.js";

class PhaseError extends RangeError {
  override readonly name = "PhaseError";
  constructor(
    message: string,
    readonly phase: { value: number },
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
  describe() {
    return `${this.message} at ${this.phase.value}`;
  }
}

async function thrownBy(fn: () => unknown): Promise<unknown> {
  try {
    await inWorker(fn);
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("an error thrown in another thread", () => {
  it("keeps class, message, properties and methods", async () => {
    const error = await thrownBy(() => {
      throw new PhaseError("off", { value: 3 });
    });
    assert.ok(error instanceof PhaseError && error instanceof RangeError);
    assert.equal(error.describe(), "off at 3");
    assert.equal(error.name, "PhaseError");
  });

  it("keeps the causes, whatever they are", async () => {
    const error = (await thrownBy(() => {
      throw new Error("outer", {
        cause: new PhaseError("inner", { value: 1 }, { cause: { why: ["reason", NaN] } }),
      });
    })) as Error & { cause: PhaseError };
    assert.ok(error.cause instanceof PhaseError);
    assert.deepStrictEqual(error.cause.cause, { why: ["reason", NaN] });
    assert.equal(Object.getOwnPropertyDescriptor(error, "cause")!.enumerable, false);
  });

  it("keeps the errors of an AggregateError", async () => {
    const error = (await thrownBy(() => {
      throw new AggregateError([new TypeError("a"), "b"], "both");
    })) as AggregateError;
    assert.ok(error instanceof AggregateError && error.errors[0] instanceof TypeError);
    assert.equal(error.errors[1], "b");
  });

  it("keeps what Node adds: code, errno, syscall, path", async () => {
    const error = (await thrownBy(() => readFileSync("/no/such/file"))) as NodeJS.ErrnoException;
    assert.ok(error instanceof Error);
    assert.deepEqual([error.code, error.syscall, error.path], ["ENOENT", "open", "/no/such/file"]);
    const argument = (await thrownBy(() => Buffer.alloc("x" as never))) as NodeJS.ErrnoException;
    assert.ok(argument instanceof TypeError);
    assert.equal(argument.code, "ERR_INVALID_ARG_TYPE");
    const url = (await thrownBy(() => new URL("zz"))) as NodeJS.ErrnoException;
    assert.deepEqual([url instanceof TypeError, url.code], [true, "ERR_INVALID_URL"]);
  });

  it("keeps a DOMException", async () => {
    const error = await thrownBy(() => {
      throw new DOMException("enough", "AbortError");
    });
    assert.ok(error instanceof DOMException);
    assert.deepEqual([error.name, error.message, error.code], ["AbortError", "enough", 20]);
  });

  for (const thrown of ["text", null, undefined, 7, { odd: true }, ["a", NaN]]) {
    it(`keeps what isn't an error: ${JSON.stringify(thrown)}`, async () => {
      const error = await thrownBy(() => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw thrown;
      });
      assert.deepStrictEqual(error, thrown);
    });
  }

  it("names file, line and column as the same call here does", async () => {
    const { run } = loadModule(placed) as { run: () => unknown };
    let here: unknown;
    try {
      run();
    } catch (error) {
      here = error;
    }
    const places = (error: unknown): string[] =>
      (error as Error).stack!.split("\n").filter((line) => line.includes("row.js"));
    assert.equal(places(here).length, 7);
    assert.deepEqual(places(await thrownBy(run)), places(here));
  });
});

/** Every form of a function, not at the beginning of its line, as compiled code has it. */
const placed = `"use strict";
const { sep } = require("path"); const lens = { depth: 1,
  /* a comment ( */ async  /* another */ later() { return 1; },   focus(n) {
    return (0, exports.arrow)(n) + sep; },
  get deep() { throw new Error("deep"); } };
exports.arrow = undefined; const arrow = (n) => { return [declared(n)]; }; exports.arrow = arrow; class Outer { #n = 1; static make() { return new Outer().go(this); }
  go() { if (this.#n) return lens.focus(2); } }
      function declared(n) { return lens.deep; }
exports.run = function run() { return Outer.make(); };
`;
