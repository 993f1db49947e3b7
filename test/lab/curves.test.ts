import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { Lab, shows } from "../support/lab.js";
import { curvesPayload, msdPayload } from "../support/payloads.js";
import { type Color, isColor, Pixels } from "../support/pixels.js";

/** The first two colours of curves on light ground. */
const BLUE: Color = [0, 114, 178];
const RED: Color = [213, 94, 0];

describe("curves in JupyterLab", function () {
  this.timeout(240_000);
  let lab: Lab;
  let plot: Locator;
  let msd: Locator;

  before("show plots through a kernel", async () => {
    const wave = Array.from({ length: 400 }, (_, i) => i / 20);
    const three = curvesPayload({
      title: "Three waves",
      curves: [0, 1, 2].map((phase) => ({
        label: `phase ${phase}`,
        x: wave,
        y: wave.map((t) => Math.sin(t + phase) * Math.exp(-t / 12)),
      })),
      xLabel: "time (s)",
      yLabel: "amplitude (V)",
    });
    const big = `
      const { plot } = require("hotcell");
      const x = Float64Array.from({ length: 100_000 }, (_, i) => i);
      plot({ x, y: x.map((i) => Math.sin(i / 9000) + 0.3 * Math.sin(i * i)), label: "noise" });`;
    const linked = `
      const { plotMsd } = require("hotcell");
      const lags = [1, 2, 4, 8, 16, 32];
      plotMsd({ lags, msd: lags.map((lag) => 3 * lag), dimensions: 3 }, { link: "lag" });
      plot({ x: lags, y: lags.map((lag) => 1 / lag), xLabel: "lag", link: "lag" });`;
    lab = await Lab.open([
      shows(curvesPayload(), "plain"),
      shows(msdPayload(), "msd"),
      shows(three, "three"),
      big,
      linked,
    ]);
    await lab.page.setViewportSize({ width: 1000, height: 3700 });
    await lab.runAll();
    await lab.drawn(6);
    plot = lab.figures.nth(0);
    msd = lab.figures.nth(1);
  });

  after("close the notebook", () => lab.close());

  /** How many of a screenshot's pixels have a colour. */
  async function count(figure: Locator, color: Color): Promise<number> {
    await lab.page.mouse.move(0, 0);
    const pixels = new Pixels(await figure.locator("canvas").screenshot());
    let found = 0;
    for (let y = 0; y < pixels.height; y++) {
      for (let x = 0; x < pixels.width; x++) if (isColor(pixels.at(x, y), color)) found++;
    }
    return found;
  }

  it("are drawn, each in a colour of its own", async () => {
    assert.ok((await count(plot, BLUE)) > 500);
    assert.ok((await count(plot, RED)) > 50);
    await lab.screenshot("curves-light", lab.figures.nth(2));
    await lab.screenshot("curves-plain-light", plot);
  });

  it("are read out together where they have the same abscissa, to the last bit", async () => {
    const seen = new Map<string, Record<string, string>>();
    const box = (await plot.locator("canvas").boundingBox())!;
    for (let x = 60; x < box.width; x += 15) {
      await lab.page.mouse.move(box.x + x, box.y + box.height / 2);
      const readout = await lab.readout();
      if (readout) seen.set(readout.x!, readout);
    }
    assert.deepEqual(
      [...seen.values()].sort((a, b) => Number(a.x) - Number(b.x)),
      [
        { x: "0", first: "0" },
        { x: "1", first: "0.30000000000000004", second: "5" },
        // the second has a gap there
        { x: "2", first: "4" },
        { x: "2.5", second: "1" },
        { x: "3", first: "9" },
      ],
    );
    await lab.page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
    await lab.screenshot("curves-hover", plot);
  });

  it("are read out by the arrow keys, point by point of all curves", async () => {
    const picture = plot.getByRole("application");
    await lab.page.mouse.move(0, 0);
    await lab.page.keyboard.press("Tab");
    await picture.focus();
    await picture.press("Home");
    assert.deepEqual(await lab.readout(), { x: "0", first: "0" });
    for (const x of ["1", "2", "2.5", "3", "3"]) {
      await picture.press("ArrowRight");
      assert.equal((await lab.readout())?.x, x);
    }
    await lab.until(
      () => plot.locator(".hotcell-Announcer").textContent(),
      (text) => text === "x: 3, first: 9",
    );
    await picture.blur();
  });

  it("vanish and come back by their names", async () => {
    const before = await count(plot, RED);
    const name = plot.getByRole("button", { name: "second" });
    await name.click();
    await lab.until(
      () => count(plot, RED),
      (found) => found === 0,
    );
    assert.equal(await name.getAttribute("aria-pressed"), "false");
    await lab.redrawn(() => lab.theme("dark"));
    assert.equal(await name.getAttribute("aria-pressed"), "false");
    await lab.redrawn(() => lab.theme("light"));
    await name.focus();
    await name.press("Enter");
    await lab.until(
      () => count(plot, RED),
      (found) => found === before,
    );
    assert.equal(await name.getAttribute("aria-pressed"), "true");
  });

  it("are what their names say after clicks in quick succession", async () => {
    const before = await count(plot, RED);
    // each click finds the buttons of the drawing before, if its own is not there yet
    const click = (times: number) =>
      lab.page.evaluate(`{
        const names = document.querySelectorAll(".hotcell-Legend-button");
        for (let i = 0; i < ${times}; i++) names[1].click();
      }`);
    await click(5);
    await lab.until(
      () => count(plot, RED),
      (found) => found === 0,
    );
    const name = plot.getByRole("button", { name: "second" });
    assert.equal(await name.getAttribute("aria-pressed"), "false");
    assert.equal(await plot.locator("canvas").count(), 1);
    await click(1);
    await lab.until(
      () => count(plot, RED),
      (found) => found === before,
    );
  });

  it("show D and the exponent of a window that is dragged", async () => {
    const start = msd.getByRole("slider", { name: "Start of the fit" });
    const said = async () => (await start.getAttribute("aria-valuetext")) ?? "";
    // 6 D t = 3 t, and errors of 2 % that are the same for all
    assert.equal(await said(), "D = 0.500 ± 0.010; exponent 1, 19 lags from 2 to 20");
    await lab.screenshot("msd-light", msd);
    const before = await lab.canvases.nth(1).screenshot();
    const box = (await start.boundingBox())!;
    const middle = box.y + box.height / 2;
    await lab.page.mouse.move(box.x, middle);
    await lab.page.mouse.down();
    await lab.page.mouse.move(box.x + 80, middle, { steps: 4 });
    await lab.page.mouse.up();
    const after = await said();
    const from = Number(/from (\d+) to 20$/.exec(after)?.[1]);
    assert.ok(from > 2 && from < 10, after);
    await lab.until(
      () => lab.canvases.nth(1).screenshot(),
      (now) => !now.equals(before),
    );
    for (let i = 0; i < 3; i++) await start.press("Shift+ArrowLeft");
    assert.notEqual(await said(), after);
    const end = msd.getByRole("slider", { name: "End of the fit" });
    await end.focus();
    await end.press("Shift+ArrowRight");
    assert.match(await said(), /from \d+ to 2[1-9]$/);
    await lab.screenshot("msd-moved", msd);
  });

  it("keep the window where it was left when the theme changes", async () => {
    const start = msd.getByRole("slider", { name: "Start of the fit" });
    const said = await start.getAttribute("aria-valuetext");
    await lab.redrawn(() => lab.theme("dark"));
    assert.equal(await start.getAttribute("aria-valuetext"), said);
    const focused = await lab.page.evaluate<string>("document.activeElement.ariaLabel");
    assert.equal(focused, "End of the fit");
    await lab.screenshot("msd-dark", msd);
    await lab.screenshot("curves-dark", lab.figures.nth(2));
    await lab.screenshot("curves-big-dark", lab.figures.nth(3));
    await lab.redrawn(() => lab.theme("light"));
  });

  it("show the part under a drag alone, and all again after a double click", async () => {
    const three = lab.figures.nth(2);
    const canvas = () => lab.canvases.nth(2);
    const xAt = async (x: number) => {
      await canvas().hover({ position: { x, y: 200 } });
      return Number((await lab.readout())?.["time (s)"]);
    };
    const [from, to] = [await xAt(250), await xAt(450)];
    const box = (await canvas().boundingBox())!;
    await lab.page.mouse.move(box.x + 250, box.y + 120);
    await lab.page.mouse.down();
    await lab.page.mouse.move(box.x + 450, box.y + 320, { steps: 5 });
    await lab.screenshot("curves-zooming", three);
    await lab.page.mouse.up();
    const whole = three.getByRole("button", { name: "Whole plot" });
    await whole.waitFor({ state: "visible" });
    // points are 1/20 apart; the plot is as wide as before and the pointer's place the same part of it
    const middle = await xAt(350);
    assert.ok(middle > from && middle < to, `${middle} between ${from} and ${to}`);
    const step = (await xAt(400)) - (await xAt(300));
    assert.ok(step > 0 && step < (to - from) / 2, `${step}`);
    await lab.screenshot("curves-zoomed", three);
    await lab.redrawn(() => lab.theme("dark"));
    assert.ok(Math.abs((await xAt(350)) - middle) < 0.06);
    await lab.redrawn(() => lab.theme("light"));
    await canvas().dblclick({ position: { x: 350, y: 200 } });
    await whole.waitFor({ state: "hidden" });
    assert.equal(await xAt(250), from);
  });

  it("mark the lag that is pointed at in a linked mean squared displacement, and the other way round", async () => {
    const [displacement, other] = [lab.figures.nth(4), lab.figures.nth(5)];
    const lineOf = (figure: Locator) => figure.locator(".hotcell-Cursor-line");
    const lagAt = async (figure: Locator, part: number) => {
      const box = (await figure.locator("canvas").boundingBox())!;
      await lab.page.mouse.move(box.x + part * box.width, box.y + box.height / 2);
      return (await lab.readout())?.lag;
    };
    for (const [from, to] of [
      [displacement, other],
      [other, displacement],
    ] as const) {
      const lag = await lagAt(from, 0.5);
      assert.ok(lag);
      // the line is a pixel wide, and stands where a pointer would read the same lag
      const { x } = (await lineOf(to).boundingBox())!;
      const { x: left, width } = (await to.locator("canvas").boundingBox())!;
      if (to === other) await lab.screenshot("msd-linked", other);
      assert.equal(await lagAt(to, (x + 0.5 - left) / width), lag);
    }
    await lab.page.mouse.move(0, 0);
    for (const figure of [displacement, other]) {
      assert.equal(await lineOf(figure).isVisible(), false);
    }
  });

  it("of 100,000 points are drawn by a few thousand, and read out in full", async () => {
    const box = (await lab.canvases.nth(3).boundingBox())!;
    await lab.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const readout = await lab.readout();
    const x = Number(readout?.x);
    assert.ok(Number.isInteger(x) && x > 40_000 && x < 60_000);
    assert.equal(readout?.noise, String(Math.sin(x / 9000) + 0.3 * Math.sin(x * x)));
    await lab.screenshot("curves-big", lab.figures.nth(3));
  });
});
