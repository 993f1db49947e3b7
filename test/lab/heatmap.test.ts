import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { Lab, shows } from "../support/lab.js";
import { heatmapPayload } from "../support/payloads.js";
import { type Color, isColor, Pixels, type Rectangle } from "../support/pixels.js";

// viridis at 0, 1/2 and 1 in matplotlib's table
const LOW: Color = [68, 1, 84];
const MIDDLE: Color = [33, 145, 140];
const HIGH: Color = [253, 231, 37];

/** Device pixels in a CSS pixel, as lab.ts sets it. */
const SCALE = 2;

/** Where the 3 × 2 cells of `heatmapPayload()` are on a screenshot of the first picture. */
async function plotOf(lab: Lab): Promise<{ pixels: Pixels; plot: Rectangle }> {
  const pixels = new Pixels(await lab.canvases.first().screenshot());
  return { pixels, plot: pixels.rectangleOf([LOW, MIDDLE, HIGH], 60) };
}

describe("a heatmap in JupyterLab", function () {
  this.timeout(240_000);
  let lab: Lab;

  before("show heatmaps through a kernel", async () => {
    const wide = Array.from({ length: 100 }, (_, i) => i);
    const map = heatmapPayload({
      title: "A ripple",
      x: wide.map((i) => i / 10),
      y: wide.map((i) => 10 ** (i / 25 - 2)),
      z: wide.flatMap((j) => wide.map((i) => Math.sin(i / 9) * Math.cos(j / 14) + i / 100)),
      xLabel: "time (s)",
      yLabel: "frequency (Hz)",
      zLabel: "amplitude",
      yScale: "log",
    });
    lab = await Lab.open([shows(heatmapPayload(), "plain"), shows(map, "map")]);
    await lab.page.setViewportSize({ width: 1000, height: 1500 });
    await lab.runAll();
    await lab.drawn(2);
  });

  after("close the notebook", () => lab.close());

  it("paints every cell in the colour of its value, the larger y on top", async () => {
    const { pixels, plot } = await plotOf(lab);
    const centre = (column: number, row: number): Color =>
      pixels.at(
        plot.left + ((column + 0.5) / 3) * plot.width,
        plot.top + ((row + 0.5) / 2) * plot.height,
      );
    const expected = [
      [HIGH, LOW, MIDDLE],
      [LOW, MIDDLE, HIGH],
    ];
    expected.forEach((colors, row) => {
      colors.forEach((color, column) => {
        const seen = centre(column, row);
        assert.ok(isColor(seen, color), `${column}, ${row}: ${seen.join()} is not ${color.join()}`);
      });
    });
  });

  it("reads out the exact numbers of the cell under the pointer", async () => {
    const { plot } = await plotOf(lab);
    const canvas = lab.canvases.first();
    const at = (column: number, row: number) => ({
      position: {
        x: (plot.left + ((column + 0.5) / 3) * plot.width) / SCALE,
        y: (plot.top + ((row + 0.5) / 2) * plot.height) / SCALE,
      },
    });
    await canvas.hover(at(1, 1));
    assert.deepEqual(await lab.readout(), { x: "20", y: "1", z: "0.30000000000000004" });
    await canvas.hover(at(2, 0));
    assert.deepEqual(await lab.readout(), { x: "30", y: "2", z: "0.3" });
    await lab.screenshot("heatmap-cells", lab.figures.first());
    await canvas.hover({ position: { x: 2, y: 2 } });
    assert.equal(await lab.readout(), undefined);
  });

  it("reads out up to the very edge between two cells", async () => {
    const { plot } = await plotOf(lab);
    const edge = (plot.left + plot.width / 3) / SCALE;
    const y = (plot.top + plot.height / 4) / SCALE;
    // a CSS pixel to either side: the edge itself belongs to one of the two
    await lab.canvases.first().hover({ position: { x: edge - 1, y } });
    assert.equal((await lab.readout())?.x, "10");
    await lab.canvases.first().hover({ position: { x: edge + 1, y } });
    assert.equal((await lab.readout())?.x, "20");
  });

  it("moves from cell to cell by the arrow keys", async () => {
    const picture = lab.page.getByRole("application").first();
    await lab.page.mouse.move(0, 0);
    // from the keyboard's side of the page, where the focus is seen
    await lab.page.keyboard.press("Tab");
    await picture.focus();
    assert.deepEqual(await lab.readout(), { x: "20", y: "2", z: "0" });
    await picture.press("ArrowRight");
    await picture.press("ArrowDown");
    assert.deepEqual(await lab.readout(), { x: "30", y: "1", z: "0.6" });
    await picture.press("ArrowRight");
    assert.deepEqual(await lab.readout(), { x: "30", y: "1", z: "0.6" });
    await picture.blur();
    assert.equal(await lab.readout(), undefined);
  });

  it("finds cells on a log axis", async () => {
    const canvas = lab.canvases.nth(1);
    await canvas.hover({ position: { x: 300, y: 250 } });
    const readout = await lab.readout();
    const column = Math.round(Number(readout?.["time (s)"]) * 10);
    const row = Math.round((Math.log10(Number(readout?.["frequency (Hz)"])) + 2) * 25);
    const z = Math.sin(column / 9) * Math.cos(row / 14) + column / 100;
    assert.equal(readout?.amplitude, String(z));
    await lab.screenshot("heatmap-light", lab.figures.nth(1));
  });

  it("follows the theme", async () => {
    const margins = async () => {
      const { pixels, plot } = await plotOf(lab);
      return pixels.brightness({
        left: 0,
        top: plot.top,
        width: plot.left - 2,
        height: plot.height,
      });
    };
    const [lightInk, lightGround] = await margins();
    // ink on paper: more than three quarters of all brightness between them
    assert.ok(lightInk < 64 && lightGround > 250, `${lightInk} on ${lightGround}`);
    await lab.redrawn(() => lab.theme("dark"));
    const [darkGround, darkInk] = await margins();
    assert.ok(darkInk > 192 && darkGround < 64, `${darkInk} on ${darkGround}`);
    await lab.canvases.nth(1).hover({ position: { x: 300, y: 250 } });
    await lab.screenshot("heatmap-dark", lab.figures.nth(1));
    await lab.redrawn(() => lab.theme("light"));
  });

  it("is as wide as the cell, up to 760 pixels", async () => {
    const widthOf = async (part: Locator) => (await part.boundingBox())?.width;
    const widths = async () =>
      [await widthOf(lab.figures.first()), await widthOf(lab.canvases.first())] as const;
    const [, widest] = await widths();
    assert.equal(widest, 760);
    await lab.redrawn(() => lab.page.setViewportSize({ width: 700, height: 1500 }));
    const [cell, picture] = await widths();
    assert.ok(cell! < 700);
    assert.equal(picture, cell);
    await lab.screenshot("heatmap-narrow", lab.figures.nth(1));
    await lab.redrawn(() => lab.page.setViewportSize({ width: 1000, height: 1500 }));
    assert.deepEqual((await widths())[1], widest);
  });

  it("is as fine as the screen", async () => {
    const canvas = lab.canvases.first();
    const devtools = await lab.page.context().newCDPSession(lab.page);
    // The width changes too: an emulated screen tells no media query that its resolution changed.
    for (const [deviceScaleFactor, width] of [
      [1, 600],
      [3, 700],
      [SCALE, 1000],
    ] as const) {
      const screen = { width, height: 1500, mobile: false, deviceScaleFactor };
      await lab.redrawn(async () => {
        await devtools.send("Emulation.setDeviceMetricsOverride", screen);
      });
      const { width: shown } = (await canvas.boundingBox())!;
      assert.equal(await canvas.getAttribute("width"), String(shown * deviceScaleFactor));
    }
  });

  it("shows the cells under a drag alone, and all of them after a double click", async () => {
    const canvas = () => lab.canvases.nth(1);
    const box = (await canvas().boundingBox())!;
    const readout = async (x: number, y: number) => {
      await canvas().hover({ position: { x, y } });
      return Number((await lab.readout())?.["time (s)"]);
    };
    const [from, to] = [await readout(250, 200), await readout(450, 350)];
    await lab.page.mouse.move(box.x + 250, box.y + 200);
    await lab.page.mouse.down();
    await lab.page.mouse.move(box.x + 450, box.y + 350, { steps: 5 });
    await lab.page.mouse.up();
    const whole = lab.figures.nth(1).getByRole("button", { name: "Whole map" });
    await whole.waitFor({ state: "visible" });
    const middle = await readout(350, 275);
    assert.ok(middle > from && middle < to, `${middle} between ${from} and ${to}`);
    // what lay beside the drag is no more to be seen
    const [left, right] = [await readout(130, 275), await readout(600, 275)];
    assert.ok(left >= from && right <= to, `${left} and ${right}`);
    await canvas().dblclick({ position: { x: 300, y: 250 } });
    await whole.waitFor({ state: "hidden" });
    assert.equal(await readout(250, 200), from);
  });

  it("shows cuts through the row and the column of a cell", async () => {
    const figure = lab.figures.nth(1);
    const cuts = figure.getByRole("button", { name: "Cuts" });
    await lab.canvases.nth(1).hover();
    await cuts.click();
    const canvases = figure.locator(".hotcell-Picture canvas");
    await lab.until(
      () => canvases.count(),
      (count) => count === 2,
    );
    await lab.canvases.nth(1).hover({ position: { x: 300, y: 250 } });
    await lab.screenshot("heatmap-cuts", figure);
    await cuts.click();
    await lab.until(
      () => canvases.count(),
      (count) => count === 1,
    );
  });

  it("leaves the notebook's shortcuts alive when it is clicked", async () => {
    const cells = lab.page.locator(".jp-Notebook .jp-Cell");
    assert.equal(await cells.count(), 2);
    await lab.canvases.nth(1).click();
    await lab.page.keyboard.press("b");
    await lab.until(
      () => cells.count(),
      (count) => count === 3,
    );
    await lab.page.keyboard.press("d");
    await lab.page.keyboard.press("d");
    await lab.until(
      () => cells.count(),
      (count) => count === 2,
    );
  });

  it("stands in a second view of its output", async () => {
    await lab.page.locator(".jp-OutputArea-output").first().click({ button: "right" });
    await lab.page.getByText("Create New View for Cell Output").click();
    await lab.until(
      () => lab.page.locator(".jp-LinkedOutputView .hotcell-Picture canvas").count(),
      (count) => count === 1,
    );
    await lab.screenshot("heatmap-second-view");
  });
});
