import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Locator } from "playwright-core";
import { Lab, shows } from "../support/lab.js";
import { bundle, heatmapPayload, timelinePayload, timingsPayload } from "../support/payloads.js";
import { isColor, Pixels } from "../support/pixels.js";

describe("the frame of a figure in JupyterLab", function () {
  this.timeout(240_000);
  let lab: Lab;
  let heatmap: Locator;

  before("show figures through a kernel", async () => {
    const figures = [
      heatmapPayload({ title: "Six: cells/1" }),
      timelinePayload(),
      timingsPayload(),
    ];
    lab = await Lab.open(figures.map((figure, i) => shows(figure, `figure${i}`)));
    await lab.page.setViewportSize({ width: 1000, height: 2200 });
    await lab.runAll();
    await lab.drawn(3);
    heatmap = lab.figures.first();
  });

  after("close the notebook", () => lab.close());

  /** What a button saves: the name, and the bytes. */
  async function saved(figure: Locator, button: string): Promise<{ name: string; bytes: Buffer }> {
    await figure.hover();
    const [download] = await Promise.all([
      lab.page.waitForEvent("download"),
      figure.getByRole("button", { name: button, exact: true }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  }

  it("saves what is seen as PNG, twice as fine, on the page's ground", async () => {
    const { name, bytes } = await saved(heatmap, "PNG");
    assert.equal(name, "six-cells-1.png");
    const pixels = new Pixels(bytes);
    const { width, height } = (await lab.canvases.first().boundingBox())!;
    assert.deepEqual([pixels.width, pixels.height], [2 * width, 2 * height]);
    assert.ok(isColor(pixels.at(1, 1), [255, 255, 255]));
    // viridis at 0, as in the matplotlib table
    assert.ok(pixels.rectangleOf([[68, 1, 84]], 60).width > 100);
  });

  it("saves it as SVG, the cells of a heatmap too", async () => {
    const { name, bytes } = await saved(heatmap, "SVG");
    assert.equal(name, "six-cells-1.svg");
    const svg = bytes.toString();
    assert.match(svg, /^<svg /);
    assert.match(svg, /<image [^>]*href="data:image\/png;base64,/);
    assert.match(svg, />Six: cells\/1</);
  });

  it("saves every number as CSV, to the last bit", async () => {
    const { name, bytes } = await saved(heatmap, "CSV");
    assert.equal(name, "six-cells-1.csv");
    const lines = bytes.toString().trim().split("\r\n");
    assert.deepEqual(lines.slice(0, 3), ["x,y,z", "10,1,0", "20,1,0.30000000000000004"]);
    assert.equal(lines.length, 7);
    const timeline = await saved(lab.figures.nth(1), "CSV");
    assert.match(
      timeline.bytes.toString(),
      /^worker,first item,last item,start \(ms\),end \(ms\)\r\n/,
    );
  });

  it("opens the data as a table that can be sorted and copied", async () => {
    await lab.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await heatmap.hover();
    await heatmap.getByRole("button", { name: "Data" }).click();
    const table = heatmap.getByRole("table");
    assert.equal(await table.getByRole("row").count(), 7);
    await table.getByRole("button", { name: "z" }).click();
    await table.getByRole("button", { name: "z" }).click();
    assert.equal(
      await table.getByRole("columnheader").nth(2).getAttribute("aria-sort"),
      "descending",
    );
    const first = await table.getByRole("row").nth(1).getByRole("cell").allTextContents();
    assert.deepEqual(first, ["30", "1", "0.6"]);
    await lab.screenshot("frame-light", heatmap);
    await heatmap.getByRole("button", { name: "Copy CSV" }).click();
    const copied = await lab.until(
      () => lab.page.evaluate<string>("navigator.clipboard.readText()"),
      (text) => text.startsWith("x,y,z"),
    );
    assert.equal(copied.split("\r\n").length, 8);
  });

  it("keeps the table open, and the focus, when the theme changes", async () => {
    await lab.redrawn(() => lab.theme("dark"));
    assert.equal(await heatmap.getByRole("table").getByRole("row").count(), 7);
    await lab.screenshot("frame-dark", heatmap);
    await lab.redrawn(() => lab.theme("light"));
    await heatmap.getByRole("button", { name: "Data" }).click();
    assert.equal(await heatmap.getByRole("table").count(), 0);
  });

  it("says aloud what the arrow keys read out", async () => {
    await lab.page.mouse.move(0, 0);
    const picture = heatmap.getByRole("application");
    await lab.page.keyboard.press("Tab");
    await picture.focus();
    await picture.press("ArrowRight");
    const status = heatmap.locator(".hotcell-Announcer");
    await lab.until(
      () => status.textContent(),
      (text) => text === "x: 30, y: 2, z: 0.3",
    );
    await picture.press("Home");
    await lab.until(
      () => status.textContent(),
      (text) => text === "x: 10, y: 2, z: 0.6",
    );
    const timeline = lab.figures.nth(1).getByRole("application");
    await timeline.focus();
    await timeline.press("ArrowDown");
    await timeline.press("ArrowRight");
    await lab.until(
      () => lab.figures.nth(1).locator(".hotcell-Announcer").textContent(),
      (text) => text === "worker: 0, items: 444 to 599, took: 37 ms",
    );
    await timeline.blur();
  });

  it("says what it shows to those who don't see it", async () => {
    const label = await lab.page.getByRole("figure").first().getAttribute("aria-label");
    assert.match(label ?? "", /^Heatmap: Six: cells\/1 \(2 × 3 cells\)/);
  });
});

describe("figures out of sight in JupyterLab", function () {
  this.timeout(240_000);
  let lab: Lab;

  after("close the notebook", () => lab.close());

  it("are drawn once they come into sight", async () => {
    const outputs = JSON.stringify([
      { output_type: "display_data", metadata: {}, data: bundle(heatmapPayload()) },
    ]);
    lab = await Lab.open(Array.from({ length: 12 }, () => ({ code: "", outputs })));
    await lab.until(
      () => lab.canvases.count(),
      (count) => count > 0,
    );
    // long enough for all of them, were they drawn
    await lab.page.waitForTimeout(500);
    const drawn = await lab.canvases.count();
    // 800 pixels of window, 600 to both sides, 240 or more a figure
    assert.ok(drawn > 0 && drawn < 10, `${drawn} drawn`);
    await lab.page.setViewportSize({ width: 1000, height: 9000 });
    await lab.drawn(12);
  });
});
