import assert from "node:assert/strict";
import { MIME_TYPE, parseFigure, type Figure } from "../../kernel-lib/dist/figure/index.js";
import { startKernel, type TestKernel } from "../support/kernel.js";
import { Png } from "./png.js";

const figureOf = (display: Record<string, unknown>): Figure => parseFigure(display[MIME_TYPE]);

describe("figures in a tslab notebook", () => {
  let kernel: TestKernel;

  before(async () => {
    kernel = await startKernel();
    await kernel.execute(
      'import { compare, heatmap, pool, progress, timeit, timeline } from "hotcell";',
    );
  });

  // for a fifth of a second after an error tslab aborts what comes
  afterEach(() => new Promise((resolve) => setTimeout(resolve, 300)));

  after(async () => {
    await kernel.shutdown();
  });

  it("are one output each: payload, PNG and text, and nothing is printed", async () => {
    const cell = await kernel.execute("heatmap({ z: [[1, 2], [3, 4]], title: 'four' })");
    assert.equal(cell.status, "ok");
    assert.equal(cell.stdout + cell.stderr, "");
    assert.equal(cell.displays.length, 1);
    const display = cell.displays[0]!;
    assert.deepEqual(Object.keys(display), [MIME_TYPE, "image/png", "text/plain"]);
    const figure = figureOf(display);
    assert.ok(figure.kind === "heatmap" && figure.title === "four");
    const { metadata } = cell.outputs.find(({ output_type }) => output_type === "display_data")!;
    const png = new Png(display["image/png"] as string);
    assert.deepEqual(metadata?.["image/png"], { width: png.width / 2, height: png.height / 2 });
  });

  it("read well with await too, and show a call's timeline", async () => {
    const cell = await kernel.execute(
      "const doubled = await pool.map((x) => 2 * x, [1, 2, 3]);\nawait timeline(doubled)",
    );
    assert.equal(cell.stdout + cell.stderr, "");
    const figure = figureOf(cell.displays[0]!);
    assert.ok(figure.kind === "timeline");
    assert.equal(
      figure.timeline.chunks.reduce((sum, { from, to }) => sum + to - from, 0),
      3,
    );
  });

  it("print one line where a timing ends the cell", async () => {
    const cell = await kernel.execute("timeit(() => 1, { minTime: 10 })");
    assert.match(cell.stdout, /^TimeitResult: median .*\n$/);
    assert.equal(figureOf(cell.displays[0]!).kind, "timings");
  });

  it("update a progress line in place, and leave it settled", async () => {
    const cell = await kernel.execute(
      "for (const i of progress([1, 2, 3, 4], { label: 'steps' })) await new Promise((r) => setTimeout(r, 120));",
    );
    assert.equal(cell.stdout + cell.stderr, "");
    assert.equal(cell.displays.length, 1);
    // one for each of the four steps, which are longer than a tenth of a second, or settled
    assert.ok(cell.updates >= 4 && cell.updates <= 5, `${cell.updates} updates`);
    const figure = figureOf(cell.displays[0]!);
    assert.ok(figure.kind === "progress" && figure.state === "done" && figure.done === 4);
    assert.match(String(cell.displays[0]!["text/plain"]), /^steps: 4\/4 in /);
    assert.equal(new Png(cell.displays[0]!["image/png"] as string).width, 2 * 640);
  });

  it("give a loop within a loop one line for all its runs, and the next cell lines of its own", async () => {
    const loops =
      "for (const i of progress([1, 2, 3], { label: 'outer' })) for (const j of progress([1, 2], { label: 'inner' })) {}";
    for (const again of ["first", "second"]) {
      const cell = await kernel.execute(`${loops} // ${again}`);
      const texts = cell.displays.map((display) => String(display["text/plain"]));
      assert.equal(texts.length, 2);
      assert.match(texts[0]!, /^outer: 3\/3 in /);
      assert.match(texts[1]!, /^inner: 2\/2 in /);
    }
  });

  it("draw the pool's progress, also of a call that fails", async () => {
    const done = await kernel.execute("await pool.map((x) => x, [1, 2, 3], { progress: true });");
    const figure = figureOf(done.displays[0]!);
    assert.ok(figure.kind === "progress" && figure.state === "done" && figure.done === 3);
    const failed = await kernel.execute(
      "await pool.map((x) => { throw new Error('no'); }, [1], { progress: true });",
    );
    const last = figureOf(failed.displays[0]!);
    assert.ok(last.kind === "progress" && last.state === "failed");
  });

  it("name what is wrong as the user's own error", async () => {
    const cell = await kernel.execute("heatmap({ z: [[1, 2], [3]] })");
    assert.match(cell.stderr, /FigureError: heatmap: z\[1\] has 1 values, but the first has 2/);
    assert.equal(cell.displays.length, 0);
  });

  it("have types in the cell", async () => {
    const cell = await kernel.execute("heatmap({ z: [[1, '2']] })");
    assert.match(cell.stderr, /Type 'string' is not assignable to type 'number'/);
  });
});
