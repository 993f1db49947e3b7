import assert from "node:assert/strict";
import { runInThisContext } from "node:vm";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import Complex from "complex.js";
import fc from "fast-check";
import { capture } from "../../kernel-lib/dist/capture/capture.js";
import { revive } from "../../kernel-lib/dist/capture/revive.js";
import { inWorker } from "./apart.js";
import { assertSame } from "./same.js";

class Point {
  constructor(
    readonly x: unknown,
    readonly y: unknown,
  ) {}
}
class Tagged extends Map<unknown, unknown> {
  tag: unknown = "none";
}
class PhaseError extends RangeError {
  override readonly name = "PhaseError";
  constructor(
    message: string,
    readonly phase: unknown,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
const mark = Symbol("mark");
const uses = (x: unknown): unknown => [x, Point, Tagged, PhaseError, mark];

/** The two ends of one call, in one thread, with a real message port between them. */
function ends() {
  const { capsule, courier: main } = capture(uses);
  const { courier: worker } = revive(overPort(capsule));
  return { main, worker };
}

function overPort<T>(value: T): T {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const { message } = receiveMessageOnPort(port2) as { message: T };
  port1.close();
  return message;
}

const { main, worker } = ends();

/** There and back. */
function travel<T>(value: T): T {
  const there = worker.unpack(overPort(main.pack(value, "input")));
  return main.unpack(overPort(worker.pack(there, "result"))) as T;
}

const leaf = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, NaN, -0, 0, Infinity, "", true, mark, Symbol.iterator),
  fc.constantFrom<unknown>(Symbol.for("shared"), Point, Math.sin, Math, Array.from),
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: "binary" }),
  // Node's deepStrictEqual holds two invalid dates for different
  fc.date({ noInvalidDate: true }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.float64Array(),
  fc.uint8Array({ minLength: 8 }).map((bytes) => new DataView(bytes.buffer, 4, 2)),
  fc.uint16Array({ minLength: 4 }).map((list) => list.subarray(1, 3)),
  fc.bigInt64Array(),
  fc
    .constantFrom("g", "iu", "")
    .map((flags) => Object.assign(new RegExp("a(b)?", flags), { lastIndex: 2 })),
  fc.tuple(fc.string(), fc.integer()).map(([re, im]) => new Complex(Number(re) || 0, im)),
);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
      maxDepth: 2,
    }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
    fc.tuple(tie("value"), tie("value")).map(([x, y]) => new Point(x, y)),
    fc.tuple(tie("value"), tie("value")).map(([k, v]) => new Tagged([[k, v]])),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => new Set(items)),
    fc.tuple(fc.string(), tie("value")).map(([m, v]) => new PhaseError(m, v, { cause: v })),
    fc.tuple(tie("value"), tie("value")).map(([a, b]) => ({ first: a, again: a, both: [a, b] })),
    tie("value").map((a) => {
      const ring: Record<string, unknown> = { a };
      ring.self = ring;
      return ring;
    }),
    tie("value").map((a) => Object.freeze({ a, [mark]: 1 })),
    tie("value").map((a) => Object.defineProperty({}, "hidden", { value: a })),
    tie("value").map((a) => Object.assign([1, 2], { named: a })),
  ),
}));

describe("an object that is named as compilers name modules", () => {
  const model_1 = {
    default: { a: 1 },
    scale: 2,
    f(x: number): number {
      return x * this.scale;
    },
  };
  const import_model = { __esModule: true, ...model_1, add: (x: number): number => x + 1 };

  it("is `this` of its methods", async () => {
    assert.equal(await inWorker((x: number) => model_1.f(x), 3), 6);
    assert.equal(await inWorker((x: number) => import_model.f(x) + import_model.add(x), 3), 10);
  });

  it("is itself when a function takes it in two ways", async () => {
    const fn = (x: number): unknown => {
      model_1.scale = x;
      return [model_1.scale, model_1.f(x), model_1.default.a];
    };
    assert.deepEqual(await inWorker(fn, 3), [3, 9, 1]);
  });
});

describe("a class with static members that end without a semicolon", () => {
  it("leaves the fields before them to themselves", async () => {
    // compilers put semicolons everywhere, so this text must reach the engine as it is
    const Grid = runInThisContext(`(class {
      foo = 1
      static x = 2;
      *gen() { yield this.foo; }
      bar = 3
      static { this.y = 4 }
      [Symbol.iterator]() { return this.gen(); }
    })`) as {
      new (): { foo: number; bar: number; gen(): Iterable<number> };
      x: number;
      y: number;
    };
    const fn = (): unknown => {
      const grid = new Grid();
      return [grid.foo, grid.bar, [...grid.gen()], Grid.x, Grid.y];
    };
    assert.deepEqual(await inWorker(fn), [1, 3, [1], 2, 4]);
  });
});

describe("a value on its way between two threads", () => {
  it("comes back the same, whatever it is", () => {
    fc.assert(
      fc.property(value, (original) => {
        assertSame(travel(original), original);
      }),
      { numRuns: 1500 },
    );
  });

  it("comes back as an invalid date if it is one", () => {
    assert.ok(Number.isNaN(travel(new Date(NaN)).getTime()));
  });

  const values: Record<string, unknown> = {
    holes: [1, , undefined, 3],
    "a long list with a name": Object.assign(
      Array.from({ length: 5000 }, (_, i) => i),
      { label: 1 },
    ),
    "a match of a regular expression": /(?<a>b)/.exec("abc"),
    "an object without prototype": Object.assign(Object.create(null) as object, { a: 1 }),
    "a key called __proto__": JSON.parse('{"__proto__": {"a": 1}}') as unknown,
    "an empty Buffer": Buffer.alloc(0),
    "a URL": new URL("https://a.b/c?d#e"),
    "an AggregateError": new AggregateError([new TypeError("a"), 7], "several"),
    "an error with a cause": new Error("outer", {
      cause: new SyntaxError("inner", { cause: "why" }),
    }),
    "an error of the system": systemError(),
    "complex numbers": [new Complex(1, 2), { z: new Complex(0, -1) }],
    "a class itself": [Point, Complex, Map],
  };
  for (const [name, original] of Object.entries(values)) {
    it(`comes back the same: ${name}`, () => {
      assertSame(travel(original), original);
    });
  }

  it("keeps all kinds of typed arrays and their common buffer", () => {
    const buffer = new ArrayBuffer(64);
    const views = [
      Int8Array,
      Uint8Array,
      Uint8ClampedArray,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
      BigInt64Array,
      BigUint64Array,
    ].map((View) => new View(buffer, 8, 2));
    const { back } = { back: travel({ views, point: new Point(buffer, 1) }) };
    assertSame(back.views, views);
    for (const view of back.views) assert.equal(view.buffer, back.point.x);
  });

  it("keeps shared memory shared", () => {
    const cells = new Float64Array(new SharedArrayBuffer(16));
    const there = travel({ cells, point: new Point(cells, 0) });
    there.cells[0] = 5;
    assert.deepEqual([cells[0], there.point.x], [5, there.cells]);
  });

  it("keeps accessors", () => {
    const there = travel({
      n: 2,
      get twice() {
        return this.n * 2;
      },
    });
    there.n = 5;
    assert.equal(there.twice, 10);
  });

  it("brings functions with what they close over", () => {
    const add = (n: number) => (x: number) => x + n;
    assert.equal(travel(add(3))(4), 7);
  });

  it("gives the instances of one class one class", () => {
    class Late {
      constructor(readonly n: number) {}
    }
    const [a, b] = [travel(new Late(1)), travel(new Late(2))];
    assert.ok(a instanceof Late && b instanceof Late);
    const there = [new Late(1), new Late(2)].map((late) =>
      worker.unpack(overPort(main.pack(late, "input"))),
    );
    assert.equal((there[0] as Late).constructor, (there[1] as Late).constructor);
  });

  it("keeps what leads back to instances, however many there were before", () => {
    const paths = fc.array(
      fc.array(fc.constantFrom("list", "record", "map", "twin"), {
        maxLength: 3,
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.array(paths, { minLength: 2, maxLength: 4 }), (shapes) => {
        for (const shape of shapes) {
          const back: unknown[] = [];
          const ring = new Point(back, 1);
          back.push(...shape.map((steps) => steps.reduceRight(wrap, ring as unknown)));
          assertSame(travel(ring), ring);
          const there = worker.unpack(overPort(main.pack(ring, "input")));
          assertSame(main.unpack(overPort(worker.pack(there, "result"))), ring);
        }
        function wrap(inner: unknown, step: string): unknown {
          if (step === "list") return [inner];
          if (step === "record") return { owner: inner };
          if (step === "map") return new Map([["owner", inner]]);
          return new Point(inner, 2);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("makes a class of the worker known here", async () => {
    const made = await inWorker(() => {
      class Local {
        constructor(readonly n: number) {}
        twice() {
          return this.n * 2;
        }
      }
      return [new Local(1), new Local(2)];
    });
    assert.equal(made[1]!.twice(), 4);
    assert.equal(made[0]!.constructor, made[1]!.constructor);
  });

  it("passes plain data as it is", () => {
    const plain = [1, "a", { b: [new Map([[1, { c: new Date(0) }]])], d: new Float32Array(3) }];
    assert.equal(main.pack(plain, "input"), plain);
  });

  const refused: [string, () => unknown, RegExp][] = [
    [
      "a WeakMap",
      () => ({ cache: new WeakMap() }),
      /^input → cache: a WeakMap can't be sent to a worker; build/,
    ],
    [
      "a Promise",
      () => [Promise.resolve(1)],
      /^input → \[0\]: a Promise can't be sent to a worker; await it first$/,
    ],
    ["a Proxy", () => ({ p: new Proxy({}, {}) }), /^input → p: a Proxy can't be sent/],
    [
      "an unknown symbol",
      () => ({ s: Symbol("s") }),
      /^input → s: Symbol\(s\), a symbol that the other side lacks/,
    ],
    [
      "a bound function",
      () => [Math.max.bind(null, 1)],
      /^input → \[0\]: a bound function can't be sent/,
    ],
    [
      "a generator",
      () =>
        (function* () {
          yield 1;
        })(),
      /^input: a running generator can't be sent/,
    ],
    ["an iterator", () => new Map([[1, 2]]).entries(), /^input: an iterator can't be sent/],
    ["a chain of a million objects", () => chain(1e6), /is nested too deeply/],
    [
      "a Map's value",
      () => new Map([["k", new WeakSet()]]),
      /^input → get\("k"\): a WeakSet can't be sent/,
    ],
  ];
  for (const [name, make, message] of refused) {
    it(`is refused with the path to it: ${name}`, () => {
      assert.throws(() => main.pack(make(), "input"), { name: "CaptureError", message });
    });
  }

  it("says which way it can't go", () => {
    assert.throws(() => worker.pack([new WeakRef({})], "result of item 3"), {
      message:
        /^result of item 3 → \[0\]: a WeakRef can't be sent back from a worker; send the object/,
    });
  });
});

function systemError(): unknown {
  try {
    process.chdir("/nowhere/at/all");
  } catch (error) {
    return error;
  }
  return undefined;
}

function chain(length: number): unknown {
  let object: unknown = mark;
  for (let i = 0; i < length; i++) object = { object };
  return object;
}
