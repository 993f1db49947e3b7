/**
 * The largest figures in the page. What they take is printed: it depends on the machine, and on what
 * else it does, so nothing here fails for being slow.
 */
import assert from "node:assert/strict";
import { Lab } from "../support/lab.js";
import { FIGURE } from "../support/payloads.js";

/** Notes in the page when its next figure was attached and drawn, and how long its thread was held up. */
const PROBE = `{
  const probe = (window.probe = { stalls: [] });
  const before = document.querySelectorAll(".hotcell-Figure").length;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.stalls.push(duration);
  }).observe({ type: "longtask" });
  new MutationObserver(() => {
    const figure = document.querySelectorAll(".hotcell-Figure")[before];
    if (figure) probe.attached ??= performance.now();
    if (figure?.querySelector("canvas")) probe.drawn ??= performance.now();
  }).observe(document.body, { childList: true, subtree: true });
}`;

interface Probe {
  readonly attached: number;
  readonly drawn: number;
  readonly stalls: readonly number[];
}

/** Milliseconds between the page's frames while an animation plays for a second and a half. */
const FRAMES = `new Promise((resolve) => {
  const times = [];
  const tick = (now) => {
    times.push(now);
    if (now < times[0] + 1500) requestAnimationFrame(tick);
    else resolve(times.slice(1).map((time, i) => time - times[i]));
  };
  requestAnimationFrame(tick);
})`;

const CURVE = `
  const { animate, heatmap, plot } = require("hotcell");
  plot({ x: [1, 2, 3], y: [1, 4, 9] });`;

const MAP = (n: number) => `{
  const n = ${n};
  const z = Float32Array.from({ length: n * n }, (_, i) => Math.sin(i / n / 40) * Math.cos((i % n) / 90));
  heatmap({ z: { data: z, shape: [n, n] } });
}`;

const BODIES = (axes: number) => `{
  const bodies = 100_000, frames = 10;
  let seed = 1;
  const random = () => (seed = (1103515245 * seed + 12345) % 2147483648) / 2147483648;
  const start = Float32Array.from({ length: ${axes} * bodies }, () => random() + random() + random() - 1.5);
  const data = Float32Array.from({ length: frames * start.length }, (_, i) => {
    const at = i % start.length;
    return start[at] + 0.004 * Math.floor(i / start.length) * Math.sin(at);
  });
  animate({ positions: { data, shape: [frames, bodies, ${axes}] }, colors: start.slice(0, bodies), framesPerSecond: 30 });
}`;

describe("the largest figures in JupyterLab", function () {
  this.timeout(240_000);
  const cells = [CURVE, MAP(1000), BODIES(2), BODIES(3), MAP(4000)];
  let lab: Lab;
  let shown = 0;

  before("open a notebook", async () => {
    lab = await Lab.open(cells);
  });

  after("close the notebook", () => lab.close());

  /** Runs the next cell. */
  async function show(): Promise<Probe> {
    await lab.page.evaluate(PROBE);
    if (shown > 0) await lab.command("notebook:move-cursor-down");
    await lab.command("notebook:run-cell");
    await lab.drawn(++shown);
    await lab.figures.last().scrollIntoViewIfNeeded();
    return lab.page.evaluate<Probe>("probe");
  }

  const ms = (time: number) => `${Math.round(time)} ms`;
  const say = (what: string, { attached, drawn, stalls }: Probe) => {
    const stall = ms(Math.max(0, ...stalls));
    console.log(
      `      ${what}: drawn in ${ms(drawn - attached)}, page held up for ${stall} at most`,
    );
  };

  const sayFrames = async (what: string) => {
    const frames = await lab.page.evaluate<number[]>(FRAMES);
    const sorted = frames.sort((a, b) => a - b);
    const at = (part: number) => ms(sorted[Math.floor(part * (sorted.length - 1))]!);
    console.log(`        ${what}: ${at(0.5)} a frame, nine of ten within ${at(0.9)}`);
  };

  it("draw a first figure", async () => {
    say("three points", await show());
  });

  it("draw 1,000 × 1,000 cells from less than 12 MB", async () => {
    say("1,000 × 1,000 cells", await show());
    const output = (await lab.codeCells())[1]!.outputs.find(({ data }) => data && FIGURE in data)!;
    const size = JSON.stringify(output.data![FIGURE]).length;
    console.log(`        ${(size / 1e6).toFixed(2)} MB`);
    assert.ok(size < 12e6);
    await lab.canvases.last().hover({ position: { x: 300, y: 200 } });
    assert.ok(await lab.readout());
  });

  for (const axes of [2, 3]) {
    it(`move 100,000 bodies in ${axes} dimensions`, async () => {
      say(`100,000 bodies in ${axes} dimensions`, await show());
      await sayFrames("alone");
      await lab.figures.last().getByRole("button", { name: "trails" }).click();
      await sayFrames("with trails");
      if (axes === 3) {
        const box = (await lab.figures.last().locator(".hotcell-Stage").boundingBox())!;
        await lab.page.mouse.move(box.x + 100, box.y + 150);
        await lab.page.mouse.down();
        const turned = lab.page.mouse.move(box.x + 500, box.y + 200, { steps: 60 });
        await sayFrames("with trails, turned");
        await turned;
        await lab.page.mouse.up();
      }
      const time = () => lab.figures.last().locator(".hotcell-Player output").textContent();
      const before = await time();
      await lab.until(time, (now) => now !== before);
      // the next figure has the page for itself
      await lab.figures.last().getByRole("button", { name: "Pause" }).click();
    });
  }

  it("draw 4,000 × 4,000 cells, and read them out", async () => {
    say("4,000 × 4,000 cells", await show());
    await lab.canvases.last().hover({ position: { x: 300, y: 200 } });
    const readout = await lab.readout();
    const [x, y] = [Number(readout?.x), Number(readout?.y)];
    // in single precision, as it was given
    const z = Math.fround(Math.sin((y * 4000 + x) / 4000 / 40) * Math.cos(x / 90));
    assert.equal(Math.fround(Number(readout?.z)), z);
  });
});
