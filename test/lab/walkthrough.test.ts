import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import path from "node:path";
import { Lab } from "../support/lab.js";
import { FIGURE, type heatmapPayload, numbers } from "../support/payloads.js";
import { repository } from "../support/server.js";

/** A copy, since JupyterLab saves what it runs. */
const COPY = path.join("build", "lab", "notebooks");

function payloadOf(data: Readonly<Record<string, unknown>>) {
  return JSON.parse(data[FIGURE] as string) as ReturnType<typeof heatmapPayload>;
}

describe("notebook 01 in JupyterLab", function () {
  this.timeout(400_000);
  let lab: Lab;

  before("open it and run all cells from the menu", async () => {
    cpSync(path.join(repository, "notebooks"), path.join(repository, COPY), { recursive: true });
    lab = await Lab.open(path.join(COPY, "01-parallel-integration.ipynb"));
    await lab.page.getByRole("menuitem", { name: "Run", exact: true }).click();
    await lab.page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
    await lab.until(
      async () => (await lab.codeCells()).filter((cell) => cell.execution_count === null).length,
      (unfinished) => unfinished === 0,
      300_000,
    );
    // high enough that no figure is out of sight
    await lab.page.setViewportSize({ width: 1100, height: 5600 });
    // running all cells has scrolled to the last one
    await lab.page.evaluate(`document.querySelector(".jp-WindowedPanel-outer").scrollTop = 0`);
  });

  after("close it", () => lab.close());

  it("runs from top to bottom without an error", async () => {
    for (const { source, outputs } of await lab.codeCells()) {
      for (const output of outputs) {
        const isFault = output.output_type === "error" || output.name === "stderr";
        assert.ok(!isFault, `${source}\n\n${JSON.stringify(output)}`);
      }
    }
  });

  it("shows every figure live, and each has its PNG and its text", async () => {
    const outputs = (await lab.codeCells()).flatMap((cell) => cell.outputs);
    const bundles = outputs.flatMap(({ data }) => (data && FIGURE in data ? [data] : []));
    const kinds = bundles.map((data) => payloadOf(data).kind);
    assert.deepEqual(kinds, ["heatmap", "timings", "timeline", "timings"]);
    for (const data of bundles) {
      assert.match(String(data["image/png"]), /^iVBORw0KGgo/);
      assert.notEqual(data["text/plain"], "");
    }
    await lab.drawn(kinds.length);
  });

  it("reads out the map's exact values", async () => {
    const outputs = (await lab.codeCells()).flatMap((cell) => cell.outputs);
    const payload = outputs
      .flatMap(({ data }) => (data && FIGURE in data ? [payloadOf(data)] : []))
      .find(({ kind }) => kind === "heatmap");
    assert.ok(payload);
    const [x, y, z] = [payload.x, payload.y, payload.z].map(({ values }) => numbers(values));
    const map = lab.canvases.first();
    for (const [left, top] of [
      [300, 200],
      [420, 290],
      [500, 120],
    ] as const) {
      await map.hover({ position: { x: left, y: top } });
      const readout = await lab.readout();
      assert.ok(readout);
      assert.deepEqual(Object.keys(readout), ["phase mismatch φ / π", "focus ξ", "I(φ, ξ)"]);
      const [mismatch, focus, overlap] = Object.values(readout).map(Number);
      const column = x!.indexOf(mismatch!);
      const row = y!.indexOf(focus!);
      assert.ok(column >= 0 && row >= 0, `${mismatch}, ${focus} is no point of the grid`);
      assert.equal(overlap, z![100 * row + column]);
    }
    await lab.screenshot("walkthrough-light");
  });

  it("follows the theme with every figure", async () => {
    await lab.redrawn(() => lab.theme("dark"));
    await lab.screenshot("walkthrough-dark");
  });
});
