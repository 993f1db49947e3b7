import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { Lab, shows } from "../support/lab.js";
import { animationPayload, curvesPayload } from "../support/payloads.js";
import { type Color, Pixels } from "../support/pixels.js";

// the ends of viridis, a violet and a yellow; in space what is far lets the paper shine through
const isLow = ([red, green, blue]: Color) => red > green + 25 && blue > red + 5;
const isHigh = ([red, green, blue]: Color) => red > blue + 60 && green > blue + 60;

/** Device pixels in a CSS pixel, as lab.ts sets it. */
const SCALE = 2;

/** The middle of the pixels of such a colour left of the colour bar, in CSS pixels; undefined without any. */
function middleOf(
  pixels: Pixels,
  isWanted: (color: Color) => boolean,
): { x: number; y: number } | undefined {
  let [count, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width * 0.82; x++) {
      if (!isWanted(pixels.at(x, y))) continue;
      count++;
      sumX += x + 0.5;
      sumY += y + 0.5;
    }
  }
  return count === 0 ? undefined : { x: sumX / count / SCALE, y: sumY / count / SCALE };
}

describe("an animation in JupyterLab", function () {
  this.timeout(240_000);
  let lab: Lab;

  before("show animations through a kernel", async () => {
    const space = animationPayload({ dimensions: 3, title: "Two bodies in space" });
    const falls = curvesPayload({
      curves: [{ x: [0, 10, 20, 30, 40], y: [5, 4, 3, 2, 1] }],
      xLabel: "t",
    });
    lab = await Lab.open([
      shows({ ...animationPayload(), link: "time" }, "flat"),
      shows(space, "space"),
      shows({ ...falls, link: "time" }, "linked"),
      shows(falls, "alone"),
    ]);
    // nothing moves by itself for those who don't want it
    await lab.page.emulateMedia({ reducedMotion: "reduce" });
    await lab.page.setViewportSize({ width: 1000, height: 2600 });
    await lab.runAll();
    await lab.drawn(4);
    await lab.until(
      () => stages().count(),
      (count) => count === 2,
    );
  });

  after("close the notebook", () => lab.close());

  const stages = () => lab.page.locator(".hotcell-Stage");
  const player = (i: number) => lab.page.locator(".hotcell-Player").nth(i);
  const time = (i: number) => player(i).locator("output").textContent();
  const play = (i: number) => player(i).getByRole("button", { name: /Play|Pause/ });
  const frame = (i: number): Locator => player(i).getByRole("slider", { name: "Frame" });

  async function bodies(i: number) {
    // the pointer shows what is under it, which covers bodies
    await lab.page.mouse.move(0, 0);
    const pixels = new Pixels(await stages().nth(i).screenshot());
    return { low: middleOf(pixels, isLow), high: middleOf(pixels, isHigh) };
  }

  async function seek(i: number, to: number): Promise<void> {
    await frame(i).fill(String(to));
    await lab.until(
      () => time(i),
      (text) => text === `t = ${10 * to}`,
    );
  }

  it("stands at its first frame where motion is not wanted", async () => {
    assert.equal(await time(0), "t = 0");
    assert.equal(await play(0).getAttribute("aria-label"), "Play");
  });

  it("has each body at its place, in its colour, and moves it frame by frame", async () => {
    const steps: number[] = [];
    let still: number | undefined;
    for (const index of [0, 2, 4]) {
      await seek(0, index);
      const { low, high } = await bodies(0);
      // on one line, the first at rest
      assert.ok(Math.abs(low!.y - high!.y) < 1);
      still ??= low!.x;
      assert.ok(Math.abs(low!.x - still) < 1);
      steps.push(high!.x - low!.x);
    }
    // 1.5, 1 and 0.5 apart
    const unit = steps[1]!;
    assert.ok(Math.abs(steps[0]! / unit - 1.5) < 0.02, steps.join());
    assert.ok(Math.abs(steps[2]! / unit - 0.5) < 0.02, steps.join());
  });

  it("reads out the body under the pointer", async () => {
    await seek(0, 4);
    const { low, high } = await bodies(0);
    await stages().first().hover({ position: high! });
    // 0.5 of −1 to 1 lies half way between two steps of 16 bits, which five digits don't show
    const readout = await lab.until(
      () => lab.readout(),
      (seen) => seen !== undefined,
    );
    assert.equal(readout?.body, "1");
    assert.equal(readout.mass, "3");
    assert.ok(Math.abs(Number(readout.y?.replace("−", "-")) - 0) < 1e-4);
    await stages().first().hover({ position: low! });
    await lab.until(
      () => lab.readout(),
      (seen) => seen?.body === "0" && seen.mass === "1",
    );
    await lab.page.mouse.move(0, 0);
    assert.equal(await lab.readout(), undefined);
  });

  it("shows the time in plots that it is linked with, and the time that is pointed at there", async () => {
    const [linked, alone] = [2, 3].map((i) => lab.figures.nth(i)) as [Locator, Locator];
    const line = linked.locator(".hotcell-Cursor-line");
    const lineAt = async () => ((await line.isVisible()) ? (await line.boundingBox())!.x : NaN);
    await seek(0, 1);
    const early = await lab.until(lineAt, (x) => !Number.isNaN(x));
    await seek(0, 3);
    const late = await lab.until(lineAt, (x) => x > early);
    const { y, height } = (await linked.locator("canvas").boundingBox())!;
    // the line is a pixel wide
    await lab.page.mouse.move((early + late) / 2 + 0.5, y + height / 2);
    assert.deepEqual(await lab.readout(), { t: "20", y: "3" });
    await lab.until(
      () => time(0),
      (text) => text === "t = 20",
    );
    await lab.screenshot("animation-linked");
    assert.equal(await time(1), "t = 0");
    assert.equal(await alone.locator(".hotcell-Cursor-line").isVisible(), false);
    await lab.page.mouse.move(0, 0);
    assert.equal(await lineAt(), NaN);
    assert.equal(await time(0), "t = 20");
  });

  it("is led along its curve", async () => {
    const box = (await stages().first().boundingBox())!;
    const left = await bodies(0).then(({ low }) => low!.x);
    // the curve starts where space does, left of the body at a quarter of it
    const y = box.y + box.height - 90;
    await lab.page.mouse.move(box.x + left, y);
    await lab.page.mouse.down();
    await lab.until(
      () => time(0),
      (text) => text !== "t = 40",
    );
    const before = await time(0);
    await lab.page.mouse.move(box.x + left + 200, y, { steps: 4 });
    await lab.page.mouse.up();
    await lab.until(
      () => time(0),
      (text) => text !== before,
    );
  });

  it("plays, pauses, and starts again after its end", async () => {
    await seek(0, 3);
    await play(0).click();
    const seen = new Set<string | null>();
    await lab.until(
      async () => seen.add(await time(0)),
      () => seen.has("t = 0") && seen.has("t = 20"),
    );
    await play(0).click();
    const paused = await time(0);
    await lab.page.waitForTimeout(400);
    assert.equal(await time(0), paused);
    assert.equal(await player(0).locator("output").getAttribute("aria-live"), "polite");
  });

  it("rests while it can't be seen", async () => {
    await play(0).click();
    await lab.page.setViewportSize({ width: 1000, height: 400 });
    await lab.page.locator(".jp-Notebook .jp-Cell").last().scrollIntoViewIfNeeded();
    await stages().nth(1).scrollIntoViewIfNeeded();
    await lab.page.waitForTimeout(200);
    const before = await time(0);
    // four frames' time
    await lab.page.waitForTimeout(400);
    assert.equal(await time(0), before);
    await lab.page.setViewportSize({ width: 1000, height: 1800 });
    await stages().first().scrollIntoViewIfNeeded();
    await lab.until(
      () => time(0),
      (text) => text !== before,
    );
    await play(0).click();
  });

  it("turns space as it is dragged, and looks along its axes", async () => {
    await player(1).getByRole("combobox", { name: "View" }).selectOption("x y");
    await lab.page.waitForTimeout(100);
    const flat = await bodies(1);
    assert.ok(Math.abs(flat.low!.y - flat.high!.y) < 1);
    const box = (await stages().nth(1).boundingBox())!;
    await lab.page.mouse.move(box.x + 200, box.y + 120);
    await lab.page.mouse.down();
    await lab.page.mouse.move(box.x + 260, box.y + 120, { steps: 5 });
    await lab.page.mouse.up();
    await lab.page.waitForTimeout(100);
    const turned = await bodies(1);
    // seen from above, a drag to the right turns by its length
    const angle = Math.atan2(turned.high!.y - turned.low!.y, turned.high!.x - turned.low!.x);
    assert.ok(Math.abs(Math.abs(angle) - 60 * 0.009) < 0.02, `${angle}`);
  });

  it("is led by the keyboard, and leaves the notebook's shortcuts alone", async () => {
    const theatre = lab.page.getByRole("application").first();
    await seek(0, 1);
    await lab.page.keyboard.press("Tab");
    await theatre.focus();
    await theatre.press("ArrowRight");
    assert.equal(
      await lab.until(
        () => time(0),
        (text) => text === "t = 20",
      ),
      "t = 20",
    );
    await theatre.press("End");
    await lab.until(
      () => time(0),
      (text) => text === "t = 40",
    );
    await theatre.press("Home");
    await lab.until(
      () => time(0),
      (text) => text === "t = 0",
    );
    await theatre.press("t");
    const trails = player(0).getByRole("button", { name: "trails" });
    await lab.until(
      () => trails.getAttribute("aria-pressed"),
      (state) => state === "true",
    );
    await theatre.press("t");
    await theatre.press(" ");
    await lab.until(
      () => play(0).getAttribute("aria-label"),
      (label) => label === "Pause",
    );
    await theatre.press(" ");
    await theatre.blur();
    assert.equal(await lab.page.locator(".jp-Notebook .jp-Cell").count(), 4);
  });

  it("goes on where it was in another theme", async () => {
    await seek(0, 2);
    for (const theme of ["dark", "light"] as const) {
      await lab.theme(theme);
      await lab.until(
        () => time(0),
        (text) => text === "t = 20",
      );
      const { low, high } = await bodies(0);
      assert.ok(low && high);
      await lab.screenshot(`animation-${theme}`);
    }
  });
});
