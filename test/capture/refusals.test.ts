import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { createReadStream } from "node:fs";
import { capture } from "../../kernel-lib/dist/capture/capture.js";

type AnyFunction = (...args: never[]) => unknown;

const lens = { cache: new WeakMap(), nested: { list: [1, new WeakSet()] } };
const promise = Promise.resolve(1);
const bound = Math.max.bind(null, 1);
const proxy = new Proxy({}, {});
const emitter = new EventEmitter();
const format = new Intl.NumberFormat("en");
const generator = (function* () {
  yield 1;
})();
const abort = new AbortController();
class Secret {
  readonly #key = 1;
  read() {
    return this.#key;
  }
  arrow = () => this;
}
const secret = new Secret();
const hidden = { deep: new Map([["s", secret]]) };
const { read } = Secret.prototype as { read: () => unknown };
const { arrow } = secret;
function withArguments() {
  return () => arguments.length;
}
const counter = { total: 0 };
let [total, count, first, last] = [0, 0, 0, 0];

describe("what can't travel is refused with the path to it and a remedy:", () => {
  const rows: [string, AnyFunction, RegExp][] = [
    [
      "a WeakMap",
      () => lens.cache,
      /^spdc → lens → cache: a WeakMap can't be sent to a worker; build it inside the function$/,
    ],
    ["a WeakSet in a list", () => [lens.nested.list], /^spdc → lens → cache: /],
    [
      "a Promise",
      () => promise,
      /^spdc → promise: a Promise can't be sent to a worker; await it first$/,
    ],
    [
      "a bound function",
      () => bound(2),
      /^spdc → bound: a bound function can't be sent to a worker; send an arrow function/,
    ],
    [
      "a Proxy",
      () => proxy,
      /^spdc → proxy: a Proxy can't be sent to a worker; send the object behind it$/,
    ],
    [
      "an event emitter",
      () => emitter,
      /^spdc → emitter: an EventEmitter can't be sent to a worker; build it inside the function$/,
    ],
    ["a stream", streamReader(), /^spdc → stream: a ReadStream can't be sent to a worker; build/],
    [
      "a number format",
      () => format.format(1),
      /^spdc → format: a NumberFormat can't be sent to a worker; build/,
    ],
    [
      "an abort controller",
      () => abort.signal,
      /^spdc → abort: an AbortController can't be sent to a worker/,
    ],
    [
      "a running generator",
      () => [...generator],
      /^spdc → generator: a running generator can't be sent to a worker/,
    ],
    [
      "an instance with private members",
      () => hidden,
      /^spdc → hidden → deep → get\("s"\): an instance of Secret, which has #private members, can't be sent/,
    ],
    [
      "a method with private members",
      () => read,
      /^spdc → read: a method that uses #private members or super\(\) can't be sent/,
    ],
    [
      "an arrow function's this",
      () => arrow(),
      /^spdc → arrow: uses `this` of the code around it; put what it needs into a variable$/,
    ],
    [
      "an arrow function's arguments",
      withArguments(),
      /^spdc: uses `arguments` of the function around it/,
    ],
    ["eval", (x: string) => eval(x) as unknown, /^spdc: calls eval/],
    ["a bound function itself", bound, /^spdc: a bound function can't be sent/],
    [
      "a missing global",
      () => (globalThis as { mocha?: unknown } & typeof globalThis).it,
      /^spdc: uses globalThis.it, which a worker's globalThis lacks/,
    ],
  ];
  for (const [name, fn, message] of rows) {
    it(name, () => {
      assert.throws(() => capture(fn, "spdc"), { name: "CaptureError", message });
    });
  }

  it("the error knows the path as a list, and its stack begins at the call", () => {
    assert.throws(
      () => capture(() => lens, "spdc"),
      (error: Error & { path: string[] }) => {
        assert.deepEqual(error.path, ["spdc", "lens", "cache"]);
        assert.match(
          error.stack!.split("\n").find((line) => line.startsWith("    at"))!,
          /refusals\.test/,
        );
        return true;
      },
    );
  });
});

describe("assigning to a variable from outside is refused by name:", () => {
  const rows: [string, AnyFunction, string][] = [
    [
      "total += x",
      (x: number) => {
        total += x;
      },
      "total",
    ],
    ["count++", () => count++, "count"],
    [
      "a destructuring",
      (x: number[]) => {
        [first, last] = x as [number, number];
      },
      "first",
    ],
    [
      "a loop variable",
      (x: number[]) => {
        for (last of x);
      },
      "last",
    ],
    [
      "a nested function",
      (x: number) => {
        const add = () => {
          total += x;
        };
        add();
      },
      "total",
    ],
    [
      "a function it calls",
      (x: number) => {
        addTo(x);
      },
      "total",
    ],
  ];
  for (const [name, fn, variable] of rows) {
    it(name, () => {
      assert.throws(() => capture(fn, "f"), {
        name: "CaptureError",
        message: new RegExp(
          `^f( → \\w+)*: assigns to \`${variable}\`, a variable from outside it, .*return the value instead$`,
        ),
      });
    });
  }

  it("and nothing was assigned by that", () => {
    assert.deepEqual([total, count, first, last], [0, 0, 0, 0]);
  });

  it("but not to its own", () => {
    const fn = (x: number): number => {
      let sum = 0;
      const add = (): void => {
        sum += x;
      };
      add();
      return sum;
    };
    assert.deepEqual(capture(fn).warnings, []);
  });
});

function adder(this: { total: number }, x: number): void {
  this.total += x;
}
const acc = {
  total: 0,
  add: adder,
  twice(x: number) {
    this.add(2 * x);
  },
  read() {
    return this.total;
  },
};
class Rng {
  state = 1;
  next() {
    return (this.state = (this.state * 16807) % 2147483647);
  }
  peek() {
    return this.state;
  }
}
const rng = new Rng();
const nested = { a: { list: [1] } };

describe("changing an object from outside is a warning by name:", () => {
  const log: number[] = [];
  const seen = new Set<number>();
  const cache: Record<string, number> = {};
  const table = new Map<string, number>();
  const image = new Float64Array(4);
  const shared = new Float64Array(new SharedArrayBuffer(32));
  const field = { data: shared };
  const rows: [string, AnyFunction, string | undefined][] = [
    [
      "push",
      (x: number) => log.push(x),
      "f calls push on `log`, an array from outside it: each worker changes its own copy; return the values instead",
    ],
    [
      "an element",
      (x: number) => {
        log[0] = x;
      },
      "f assigns to `log`, an array from outside it: ",
    ],
    [
      "a length",
      () => {
        log.length = 0;
      },
      "f assigns to `log`, an array",
    ],
    ["a set", (x: number) => seen.add(x), "f calls add on `seen`, a Set"],
    ["a map", (x: number) => table.set("a", x), "f calls set on `table`, a Map"],
    [
      "a property by a computed name",
      (x: string) => {
        cache[x] = 1;
      },
      "f assigns to `cache`, an object",
    ],
    ["a count", () => counter.total++, "f assigns to `counter`, an object"],
    ["delete", () => delete cache.a, "f assigns to `cache`, an object"],
    [
      "Object.assign",
      (x: object) => Object.assign(counter, x),
      "f calls Object.assign on `counter`, an object",
    ],
    [
      "a typed array",
      (x: number) => {
        image[0] = x;
      },
      "f assigns to `image`, a typed array",
    ],
    [
      "shared memory",
      (x: number) => {
        shared[0] = x;
        shared.fill(0);
        field.data[1] = 1;
      },
      undefined,
    ],
    [
      "a method",
      (x: number) => {
        acc.add(x);
      },
      "f calls add on `acc`, an object from outside it",
    ],
    [
      "a method's method",
      (x: number) => {
        acc.twice(x);
      },
      "f calls twice on `acc`, an object",
    ],
    ["an instance's method", () => rng.next(), "f calls next on `rng`, an object"],
    [
      "another name for it",
      (x: number) => {
        const l = log;
        l.push(x);
      },
      "f calls push on `log`, an array",
    ],
    [
      "a part under a name of its own",
      (x: number) => {
        const { list } = nested.a;
        list.push(x);
      },
      "f calls push on `nested`, an array",
    ],
    [
      "an object made inside",
      (x: number) => {
        const own = { total: 0, list: [x], add: adder };
        const { list } = own;
        list.push(x);
        own.add(x);
        const made = new Rng();
        const copy = log.slice();
        copy.push(made.next(), acc.read(), rng.peek());
        return copy;
      },
      undefined,
    ],
    [
      "only reading",
      () => [log.length, cache.a, table.get("a"), image.at(0), [...log].sort()],
      undefined,
    ],
  ];
  for (const [name, fn, warning] of rows) {
    it(name, () => {
      const { warnings } = capture(fn, "f");
      assert.equal(warnings.length, warning === undefined ? 0 : 1, warnings.join());
      if (warning !== undefined) assert.ok(warnings[0]!.startsWith(warning), warnings[0]);
    });
  }

  it("and so is a variable before its declaration", () => {
    const fn = (): number => later;
    assert.deepEqual(capture(fn, "f").warnings, [
      "f uses `later`, which has no value at this moment",
    ]);
    const later = 1;
    assert.deepEqual(capture(fn, "f").warnings, []);
  });

  it("once for each name", () => {
    const fn = (x: number): void => {
      log.push(x);
      log.push(x);
      counter.total++;
    };
    assert.equal(capture(fn).warnings.length, 2);
  });
});

function addTo(x: number): void {
  total += x;
}

function streamReader(): AnyFunction {
  const stream = createReadStream(__filename);
  stream.destroy();
  return () => stream.read() as unknown;
}
