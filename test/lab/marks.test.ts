import assert from "node:assert/strict";
import { Lab, shows } from "../support/lab.js";
import {
  progressPayload,
  tablePayload,
  timelinePayload,
  timingsPayload,
} from "../support/payloads.js";

describe("timeline, timings and progress in JupyterLab", function () {
  this.timeout(240_000);
  let lab: Lab;

  before("show them through a kernel", async () => {
    const figures = [
      timelinePayload(),
      timingsPayload(),
      progressPayload(),
      progressPayload(100, "done"),
      progressPayload(70, "failed"),
      tablePayload(),
    ];
    lab = await Lab.open(figures.map((figure, i) => shows(figure, `figure${i}`)));
    await lab.page.setViewportSize({ width: 1000, height: 1400 });
    await lab.runAll();
    await lab.drawn(2);
  });

  after("close the notebook", () => lab.close());

  /** Everything the read-out says along lines across a picture, each once, in order. */
  async function sweep(picture: number): Promise<Record<string, string>[]> {
    const box = (await lab.canvases.nth(picture).boundingBox())!;
    const seen = new Map<string, Record<string, string>>();
    for (let y = 4; y < box.height; y += 12) {
      for (let x = 4; x < box.width; x += 40) {
        await lab.page.mouse.move(box.x + x, box.y + y);
        const readout = await lab.readout();
        if (readout) seen.set(JSON.stringify(readout), readout);
      }
    }
    return [...seen.values()];
  }

  it("says worker, items and duration of the chunk under the pointer", async () => {
    assert.deepEqual(await sweep(0), [
      { worker: "serial", items: "all", took: "150 ms" },
      { worker: "0", items: "0 to 136", took: "41 ms" },
      { worker: "0", items: "444 to 599", took: "37 ms" },
      { worker: "1", items: "137 to 300", took: "37.5 ms" },
      { worker: "1", items: "301 to 443", took: "41.5 ms" },
    ]);
    const box = (await lab.canvases.first().boundingBox())!;
    await lab.page.mouse.move(box.x + 150, box.y + 0.5 * box.height);
    await lab.screenshot("timeline-light");
  });

  it("says median, spread and speed of the function under the pointer", async () => {
    assert.deepEqual(await sweep(1), [
      {
        function: "plain loop",
        median: "151 ± 2 ms",
        fastest: "149 ms",
        measured: "5 runs",
        speed: "1.00",
      },
      {
        function: "pool.map",
        median: "81.0 ± 1.9 ms",
        fastest: "79.0 ms",
        measured: "5 runs",
        // 150/81, 152/80, 149/84, 155/79, 151/82: their median and the middle half
        speed: "1.85 (1.84 to 1.90)",
      },
    ]);
  });

  it("says how far a loop has come, in a bar and in words", async () => {
    const bars = lab.page.locator(".hotcell-Progress");
    assert.match((await bars.nth(0).textContent()) ?? "", /^quad: 40\/100, 1\.2 s, 1\.9 s left/);
    assert.match((await bars.nth(1).textContent()) ?? "", /^quad: 100\/100 in 1\.23 s/);
    assert.match((await bars.nth(2).textContent()) ?? "", /failed/);
    const whole = (await bars.nth(0).locator("[role=progressbar]").boundingBox())!.width;
    const done = (await bars.nth(0).locator("[role=progressbar] > div").boundingBox())!.width;
    // 40 of 100, to a device pixel
    assert.ok(Math.abs(done / whole - 0.4) < 0.5 / whole);
  });

  it("writes a table as the kernel does, and sorts it by a click on a name", async () => {
    const grid = lab.page.locator(".hotcell-Table");
    const rows = async () => {
      const texts = await grid.locator("tbody tr").allInnerTexts();
      return texts.map((text) => text.split(/\s+/).join(" "));
    };
    assert.deepEqual(await rows(), ["lemon 3.2500", "apple 0.3000", "fig 12.0000"]);
    assert.equal(await grid.getByText("0.3000").getAttribute("title"), "0.30000000000000004");
    await grid.getByRole("button", { name: "mass" }).click();
    assert.deepEqual(await rows(), ["apple 0.3000", "lemon 3.2500", "fig 12.0000"]);
    await grid.getByRole("button", { name: "fruit" }).click();
    await grid.getByRole("button", { name: "fruit" }).click();
    assert.deepEqual(await rows(), ["lemon 3.2500", "fig 12.0000", "apple 0.3000"]);
    await grid.getByRole("button", { name: "fruit" }).click();
    assert.deepEqual(await rows(), ["lemon 3.2500", "apple 0.3000", "fig 12.0000"]);
    await lab.screenshot("table-light", grid);
  });

  it("is drawn in both themes", async () => {
    await lab.redrawn(() => lab.theme("dark"));
    await lab.screenshot("marks-dark");
    await lab.redrawn(() => lab.theme("light"));
    await lab.screenshot("marks-light");
  });
});
