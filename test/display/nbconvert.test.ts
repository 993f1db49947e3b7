import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pictureBundle } from "../../kernel-lib/dist/display/picture.js";
import { parseFigure } from "../../kernel-lib/dist/figure/index.js";
import {
  animationPayload,
  curvesPayload,
  heatmapPayload,
  msdPayload,
  progressPayload,
  tablePayload,
  timelinePayload,
  timingsPayload,
} from "../support/payloads.js";
import { Png } from "./png.js";

const python = path.resolve(__dirname, "../../.venv/bin/python");

describe("figures in exported notebooks", function () {
  this.timeout(240_000);
  let folder: string;
  const bundles = [
    heatmapPayload({ title: "a map" }),
    curvesPayload({ title: "two curves" }),
    msdPayload(),
    timelinePayload(),
    timingsPayload(),
    animationPayload({ title: "two bodies" }),
    tablePayload(),
    progressPayload(100, "done"),
  ].map((payload) => pictureBundle(parseFigure(payload)).bundle);

  before("write a notebook with a figure of each kind", () => {
    folder = mkdtempSync(path.join(tmpdir(), "hotcell-nbconvert-"));
    const cells = bundles.map((data, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      execution_count: i,
      metadata: {},
      source: "",
      outputs: [{ output_type: "display_data", metadata: {}, data }],
    }));
    const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
    writeFileSync(path.join(folder, "figures.ipynb"), JSON.stringify(notebook));
  });

  after("remove it", () => {
    rmSync(folder, { recursive: true, force: true });
  });

  const convert = (to: string) => {
    const args = ["-m", "nbconvert", "--to", to, "figures.ipynb"];
    execFileSync(python, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  };
  const images = bundles.map((bundle) => String(bundle["image/png"]));

  it("stand in HTML as their PNGs", () => {
    convert("html");
    const html = readFileSync(path.join(folder, "figures.html"), "utf8");
    const found = [...html.matchAll(/<img[^>]* src="data:image\/png;base64,([^"]+)"/g)].map(
      ([, data]) => data,
    );
    assert.deepEqual(found, images);
  });

  it("stand in Markdown as files of their PNGs", () => {
    convert("markdown");
    const text = readFileSync(path.join(folder, "figures.md"), "utf8");
    const files = [...text.matchAll(/!\[png\]\((figures_files\/[^)]+\.png)\)/g)].map(
      ([, file]) => file!,
    );
    assert.equal(files.length, images.length);
    assert.equal(readdirSync(path.join(folder, "figures_files")).length, images.length);
    files.forEach((file, i) => {
      const data = readFileSync(path.join(folder, file)).toString("base64");
      assert.equal(data, images[i]);
      // a table is as wide as it must be, a picture as a notebook is
      assert.ok(new Png(data).width >= 200);
    });
  });
});
