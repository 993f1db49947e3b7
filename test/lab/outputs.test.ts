import assert from "node:assert/strict";
import { Lab, shows } from "../support/lab.js";
import { bundle, FIGURE, heatmapPayload } from "../support/payloads.js";
import { isColor, Pixels } from "../support/pixels.js";

/** Leaked views would each keep a dozen or more; a page of JupyterLab's own varies by a few. */
const SOME = 50;

describe("outputs in JupyterLab", function () {
  this.timeout(240_000);
  let lab: Lab;

  afterEach("close the notebook", () => lab.close());

  it("keep one view and leave no listener behind through 100 updates", async () => {
    const update = `
      for (let i = 0; i < 25; i++) {
        const next = ${JSON.stringify(bundle(heatmapPayload()))};
        next[${JSON.stringify(FIGURE)}].x.label = "x " + updates++;
        output.update(next);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }`;
    lab = await Lab.open([`let updates = 0; ${shows(heatmapPayload())}`, update]);
    await lab.command("notebook:run-cell");
    await lab.drawn(1);
    await lab.command("notebook:move-cursor-down");
    const devtools = await lab.page.context().newCDPSession(lab.page);
    const countAfterUpdates = async (total: number) => {
      await lab.command("notebook:run-cell");
      await lab.until(
        async () => {
          await lab.page.mouse.move(5, 5);
          await lab.canvases.first().hover({ position: { x: 200, y: 200 } });
          return lab.readout();
        },
        (readout) => readout !== undefined && `x ${total - 1}` in readout,
      );
      await lab.page.mouse.move(5, 5);
      // what one collection frees holds on to more, and a busy page comes to its timers late
      let counters = await collected();
      for (let still = 0; still < 4;) {
        const next = await collected();
        const fell = next.jsEventListeners < counters.jsEventListeners;
        still = fell || next.nodes < counters.nodes ? 0 : still + 1;
        counters = next;
      }
      return counters;
    };
    const collected = async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      await lab.page.waitForTimeout(200);
      return devtools.send("Memory.getDOMCounters");
    };
    // A leak grows each time; JupyterLab's own counts grow now and then.
    const counts: { jsEventListeners: number; nodes: number }[] = [];
    for (const total of [25, 50, 75, 100]) counts.push(await countAfterUpdates(total));
    assert.equal(await lab.canvases.count(), 1);
    assert.equal(await lab.page.locator(".hotcell-Readout").count(), 1);
    for (const what of ["jsEventListeners", "nodes"] as const) {
      const growth = counts.slice(1).map((count, i) => count[what] - counts[i]![what]);
      assert.ok(Math.min(...growth) < SOME, `${what} grow by ${growth.join(", ")}`);
    }
  });

  it("show the PNG where the extension is not installed", async () => {
    lab = await Lab.open([shows(heatmapPayload())], { withoutExtension: true });
    await lab.runAll();
    const image = lab.page.locator(".jp-OutputArea img");
    await image.waitFor();
    assert.equal(await lab.figures.count(), 0);
    const pixels = new Pixels(await image.screenshot());
    // the red of `bundle`'s PNG
    assert.ok(isColor(pixels.at(pixels.width / 2, pixels.height / 2), [255, 0, 0]));
  });
});
