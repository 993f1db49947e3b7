import assert from "node:assert/strict";
import { startKernel, type TestKernel } from "../support/kernel.js";

/** Stands before each cell, because tslab refuses cells for a moment after one has failed. */
const PAUSE = 250;

describe("stacks of the kernel", () => {
  let kernel: TestKernel;
  let last = 0;
  /** Runs a cell that fails; gives what it says, with \`cell N\` counted from this cell as 0. */
  async function failure(code: string): Promise<string> {
    const { status, stderr, executionCount } = await kernel.execute(code);
    assert.equal(status, "error", stderr);
    last = executionCount ?? 0;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    return stderr.replace(/cell (\d+)/g, (_, n: string) => `cell ${Number(n) - last}`);
  }
  before(async () => {
    kernel = await startKernel();
    const { status } = await kernel.execute(`interface Lens {
  // compiled code has neither interfaces, nor blank lines, nor comments
  power: number;
}

type Waist = number;

function spdc(lens: Lens, waist: Waist): number {

  if (lens.power < 0) throw new RangeError("negative power");
  return lens.power * waist;
}

class Misaligned extends Error {
  constructor(readonly axis: "x" | "y") {
    super("misaligned", { cause: new TypeError("a mirror moved") });
  }
}
const spare = (n: number) => [n].map((power) => spdc({ power }, 1));`);
    assert.equal(status, "ok");
  });
  after(() => kernel.shutdown());

  it("name cell, line and column where a cell throws itself", async () => {
    assert.equal(
      await failure(`type Unused = number;

const a = 1;
  throw new RangeError("of its own");`),
      "RangeError: of its own\n    at cell 0:4:9\n",
    );
  });

  it("name the earlier cell that holds the function, and the caller's line", async () => {
    const first = last;
    const text = await failure(`

const twice = 2 * spdc({ power: 1 }, 1) + spdc(
  { power: -1 } as { power: number }, 1);`);
    const own = `cell ${1 - last}`;
    assert.ok(first < last);
    assert.equal(
      text,
      `RangeError: negative power\n    at spdc (${own}:10:29)\n    at cell 0:3:43\n`,
    );
  });

  it("name the line after an await", async () => {
    assert.equal(
      await failure(`const one = await Promise.resolve(1);

if (one === 1)

  throw new Error("later");`),
      "Error: later\n    at cell 0:5:9\n",
    );
  });

  it("name async callers", async () => {
    assert.equal(
      await failure(`async function inner() {
  await null;
  throw new Error("deep");
}

async function outer() {

  await inner();
}
await outer();`),
      `Error: deep
    at inner (cell 0:3:9)
    at async outer (cell 0:8:3)
    at async cell 0:10:1
`,
    );
  });

  it("name the lines of nested callbacks", async () => {
    assert.equal(
      await failure(`interface Row { cells: number[] }
const rows: Row[] = [{ cells: [1] }];
rows.map((row) =>
  row.cells.map((cell): number => {

    throw new Error(\`nested \${cell}\`);
  }));`),
      `Error: nested 1
    at cell 0:6:11
    at Array.map (<anonymous>)
    at cell 0:4:13
    at Array.map (<anonymous>)
    at cell 0:3:6
`,
    );
  });

  it("show own properties and the cause", async () => {
    const text = await failure(`throw new Misaligned("y");`);
    assert.match(text, /^Misaligned \[Error\]: misaligned\n {4}at cell 0:1:7 \{/);
    assert.match(text, /axis: 'y'/);
    assert.match(text, /\[cause\]: TypeError: a mirror moved\n {6}at new Misaligned \(cell/);
    assert.doesNotMatch(text, /node:|tslab/);
  });

  it("keep their lines below strings of several lines, enums, imports and classes", async () => {
    assert.equal(
      await failure(`import {
  join,
} from "node:path";
enum Axis { x, y }
const text = \`one
\${join("a", "b")}
three\`;
class Mirror {
  #angle = 1;
  constructor(private readonly axis: Axis) {}

  turn(): never { throw new Error(text + this.axis + this.#angle); }
}
new Mirror(Axis.y).turn();`),
      `Error: one\na/b\nthree11
    at Mirror.turn (cell 0:12:25)
    at cell 0:14:20
`,
    );
  });

  it("agree with what the inspector says of a function", async () => {
    const { stdout, executionCount } =
      await kernel.execute(`import { Session } from "node:inspector";
type Ignored = { a: number };

const located = (x: Ignored): number => x.a;
const names = new Map<string, string>();
const session = new Session();
session.connect();
session.on("Debugger.scriptParsed", ({ params }) => { names.set(params.scriptId, params.url); });
session.post("Debugger.enable");
(globalThis as Record<string, unknown>).located = located;
session.post("Runtime.evaluate", { expression: "located" }, (_, { result }) => {
  session.post("Runtime.getProperties", { objectId: result.objectId! }, (_, answer) => {
    const place = (answer as any).internalProperties.find((p: any) => p.name === "[[FunctionLocation]]").value.value;
    console.log(names.get(place.scriptId), place.lineNumber, place.columnNumber);
  });
});
session.disconnect();`);
    // The inspector counts lines and columns from zero.
    assert.match(stdout, new RegExp(`^cell ${executionCount} 3 16\\n`));
  });

  it("show the line of a type error", async () => {
    assert.equal(
      await failure(`const power = 3;
  spdc({ powr: power }, 1);`),
      `cell 0:2:10 - Argument of type '{ powr: number; }' is not assignable to parameter of type 'Lens'.
    spdc({ powr: power }, 1);
           ^
cell 0:2:10 - Object literal may only specify known properties, but 'powr' does not exist in type 'Lens'. Did you mean to write 'power'?
    spdc({ powr: power }, 1);
           ^
`,
    );
  });

  it("show the line of a typo", async () => {
    assert.equal(
      await failure("\nconst x = 1 +* 2;"),
      "cell 0:2:14 - Expression expected.\n  const x = 1 +* 2;\n               ^\n",
    );
  });

  it("survive values that are not errors", async () => {
    assert.equal(await failure(`throw { code: 7 };`), "{ code: 7 }\n");
    assert.equal(await failure(`throw undefined;`), "undefined\n");
  });
});

describe("cells of the kernel", () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await startKernel();
  });
  after(() => kernel.shutdown());

  it("await what stands in parentheses or brackets, and in for loops", async () => {
    const { stdout, stderr } = await kernel.execute(`const a = await (Promise.resolve(1));
const [b] = await [2];
for await (const c of [Promise.resolve(3)]) console.log(a, b, c);`);
    assert.deepEqual({ stdout, stderr }, { stdout: "1 2 3\n", stderr: "" });
  });

  it("don't end the kernel by process.exit()", async () => {
    const { status, stderr } = await kernel.execute("process.exit(3)");
    assert.equal(status, "error");
    assert.match(stderr, /^Error: process\.exit\(3\) would end this kernel/);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const { stdout } = await kernel.execute("console.log('here')");
    assert.equal(stdout, "here\n");
  });
});
