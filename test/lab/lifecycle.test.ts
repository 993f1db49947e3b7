import assert from "node:assert/strict";
import { Lab, shows, writeNotebook } from "../support/lab.js";
import {
  curvesPayload,
  heatmapPayload,
  msdPayload,
  progressPayload,
  tablePayload,
} from "../support/payloads.js";

describe("figures through the life of a notebook in JupyterLab", function () {
  this.timeout(240_000);
  const figures = [
    curvesPayload(),
    msdPayload(),
    tablePayload(),
    heatmapPayload(),
    progressPayload(),
  ];
  let file: string;
  let lab: Lab;

  before("open a notebook", async () => {
    file = writeNotebook(figures.map((figure, i) => shows(figure, `figure${i}`)));
    lab = await Lab.open(file);
    await lab.page.setViewportSize({ width: 1000, height: 2400 });
  });

  after("close the notebook", () => lab.close());

  /** How often the page has fetched what draws figures. */
  const chunks = () =>
    lab.page.evaluate<number>(
      `performance.getEntriesByType("resource").filter(({ name }) => /hotcell-jupyterlab.*vega/.test(name)).length`,
    );

  it("load what draws them once, as soon as a kernel runs that may send them", async () => {
    await lab.until(chunks, (count) => count === 1);
    await lab.runAll();
    await lab.drawn(3);
    assert.equal(await chunks(), 1);
  });

  it("are there again when the notebook is opened, before anything runs", async () => {
    await lab.until(
      async () => (await lab.codeCells()).filter(({ outputs }) => outputs.length > 0).length,
      (count) => count === figures.length,
    );
    await lab.save();
    await lab.close();
    lab = await Lab.open(file);
    await lab.page.setViewportSize({ width: 1000, height: 2400 });
    await lab.drawn(3);
    assert.equal(await lab.page.locator(".hotcell-Table tbody tr").count(), 3);
    assert.equal(await lab.page.locator(".hotcell-Progress").count(), 1);
    assert.match(
      (await lab.page.locator(".jp-InputPrompt").first().textContent()) ?? "",
      /1|\[ \]/,
    );
    const ends = [lab.canvases.first(), lab.canvases.last()];
    for (const canvas of ends) {
      await canvas.hover({ position: { x: 300, y: 200 } });
      assert.ok(await lab.readout());
    }
  });

  it("stand in several views of one output, each with a state of its own", async () => {
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
    const fits = lab.page.locator(".jp-Notebook").getByRole("slider", { name: "Start of the fit" });
    const count = (wanted: number) =>
      lab.until(
        () => fits.count(),
        (found) => found === wanted,
      );
    await lab.page.locator(".jp-Notebook .jp-InputArea-prompt").nth(1).click();
    await lab.command("notebook:copy-cell");
    await lab.command("notebook:paste-cell-below");
    await count(2);
    // JupyterLab undoes together what was done within half a second
    await lab.page.waitForTimeout(600);
    await lab.command("notebook:cut-cell");
    await count(1);
    await lab.command("notebook:undo-cell-action");
    await count(2);
  });

  it("load nothing where no kernel may send them", async () => {
    await lab.close();
    lab = await Lab.open([{ code: "", outputs: "[]" }], { kernel: "python3" });
    await lab.runAll();
    await lab.page.waitForTimeout(500);
    assert.equal(await chunks(), 0);
  });
});
