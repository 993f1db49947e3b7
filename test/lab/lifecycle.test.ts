import assert from "node:assert/strict";
import { Lab, shows, writeNotebook } from "../support/lab.js";
import { curvesPayload, heatmapPayload, msdPayload, tablePayload } from "../support/payloads.js";

describe("figures through the life of a notebook in JupyterLab", function () {
  this.timeout(240_000);
  let lab: Lab;

  afterEach("close the notebook", () => lab.close());

  it("stand in several views of one output, each with a state of its own", async () => {
    lab = await Lab.open([shows(curvesPayload())]);
    await lab.runAll();
    await lab.drawn(1);
    for (const views of [1, 2]) {
      await lab.page
        .locator(".jp-Notebook .jp-OutputArea-output")
        .first()
        .click({ button: "right" });
      await lab.page.getByText("Create New View for Cell Output").click();
      await lab.until(
        () => lab.page.locator(".jp-LinkedOutputView .hotcell-Figure").count(),
        (count) => count === views,
      );
    }
    const linked = lab.page.locator(".jp-LinkedOutputView .hotcell-Figure:visible").first();
    await linked.getByRole("button", { name: "second" }).click();
    await lab.until(
      () => linked.getByRole("button", { name: "second" }).getAttribute("aria-pressed"),
      (pressed) => pressed === "false",
    );
    const first = lab.page.locator(".jp-Notebook .hotcell-Figure").first();
    assert.equal(
      await first.getByRole("button", { name: "second" }).getAttribute("aria-pressed"),
      "true",
    );
    await lab.screenshot("curves-views");
  });

  it("are there again after a cell is copied, cut and the cut is undone", async () => {
    lab = await Lab.open([shows(msdPayload()), ""]);
    await lab.command("notebook:run-cell");
    await lab.drawn(1);
    await lab.command("notebook:copy-cell");
    await lab.command("notebook:paste-cell-below");
    await lab.drawn(2);
    // JupyterLab undoes together what was done within half a second
    await lab.page.waitForTimeout(1000);
    await lab.command("notebook:cut-cell");
    await lab.drawn(1);
    await lab.command("notebook:undo-cell-action");
    await lab.drawn(2);
    assert.equal(await lab.page.getByRole("slider", { name: "Start of the fit" }).count(), 2);
  });

  it("are there again when the notebook is opened, curves and tables too", async () => {
    const figures = [curvesPayload(), msdPayload(), tablePayload(), heatmapPayload()];
    const file = writeNotebook(figures.map((figure, i) => shows(figure, `figure${i}`)));
    lab = await Lab.open(file);
    await lab.runAll();
    await lab.until(
      async () => (await lab.codeCells()).filter(({ outputs }) => outputs.length > 0).length,
      (count) => count === figures.length,
    );
    await lab.save();
    await lab.close();
    lab = await Lab.open(file);
    await lab.page.setViewportSize({ width: 1000, height: 3000 });
    await lab.drawn(3);
    assert.equal(await lab.page.locator(".hotcell-Table tbody tr").count(), 3);
    const canvas = lab.canvases.first();
    await canvas.hover({ position: { x: 300, y: 200 } });
    assert.ok(await lab.readout());
  });

  it("load what draws them once, as soon as a kernel runs that may send them", async () => {
    lab = await Lab.open([shows(tablePayload(), "table"), shows(curvesPayload(), "curves")]);
    const chunks = () =>
      lab.page.evaluate<number>(
        `performance.getEntriesByType("resource").filter(({ name }) => /hotcell-jupyterlab.*vega/.test(name)).length`,
      );
    await lab.until(chunks, (count) => count === 1);
    await lab.runAll();
    await lab.drawn(1);
    assert.equal(await chunks(), 1);
    await lab.close();
    lab = await Lab.open([{ code: "", outputs: "[]" }], { kernel: "python3" });
    await lab.runAll();
    await lab.page.waitForTimeout(1000);
    assert.equal(await chunks(), 0);
  });
});
