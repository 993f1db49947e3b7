import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import path from "node:path";
import { Lab } from "../support/lab.js";
import { FIGURE } from "../support/payloads.js";
import { repository } from "../support/server.js";

/** A copy, since JupyterLab saves what it runs. */
const COPY = path.join("build", "lab", "notebooks");

describe("notebook 01 in JupyterLab", function () {
  this.timeout(400_000);
  let lab: Lab;

  before("open it and run all cells from the menu", async () => {
    cpSync(path.join(repository, "notebooks"), path.join(repository, COPY), { recursive: true });
    lab = await Lab.open(path.join(COPY, "01-parallel-integration.ipynb"));
    await lab.page.setViewportSize({ width: 1100, height: 7000 });
    await lab.page.getByRole("menuitem", { name: "Run", exact: true }).click();
    await lab.page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
    await lab.until(
      async () => (await lab.codeCells()).filter((cell) => cell.execution_count === null).length,
      (unfinished) => unfinished === 0,
      300_000,
    );
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
    const kinds = bundles.map((data) => (data[FIGURE] as { kind: string }).kind);
    assert.deepEqual(kinds, ["timings", "heatmap", "timeline", "timeline"]);
    for (const data of bundles) {
      assert.match(String(data["image/png"]), /^iVBORw0KGgo/);
      assert.notEqual(data["text/plain"], "");
    }
    await lab.drawn(kinds.length);
  });

  it("reads out the map's exact values", async () => {
    const map = lab.canvases.nth(1);
    await map.scrollIntoViewIfNeeded();
    await map.hover({ position: { x: 300, y: 200 } });
    const readout = await lab.readout();
    assert.deepEqual(Object.keys(readout ?? {}), ["phase mismatch φ / π", "focus ξ", "I(φ, ξ)"]);
    await lab.screenshot("walkthrough-light");
    await lab.redrawn(() => lab.theme("dark"));
    await lab.screenshot("walkthrough-dark");
  });
});
