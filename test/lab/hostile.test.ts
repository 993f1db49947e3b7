import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Cell, Lab, shows } from "../support/lab.js";
import {
  animationPayload,
  binary,
  curvesPayload,
  FIGURE,
  heatmapPayload,
  msdPayload,
  progressPayload,
  tablePayload,
  timelinePayload,
  timingsPayload,
} from "../support/payloads.js";
import { repository } from "../support/server.js";

/** Script, markup and URLs: wherever a text may stand, they are shown as that text. */
const POISON = [
  `<img src=x onerror="window.broken = 1"><script>window.broken = 1</script>`,
  `{"signal": "(window.broken = 1)"}`,
  `'+(window.broken=1)+'"+(window.broken=1)+"`,
  "javascript:window.broken=1//https://example.org/steal.png",
];

const animation = animationPayload();
const heatmap = heatmapPayload();
const curves = curvesPayload();
const table = tablePayload();
const ray = "\u202e".repeat(150);

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

/** 90,000 points in the payload, nine million to draw. */
function bomb(): unknown {
  const points = new Array<number>(90_000).fill(0);
  const curve = { ...curves.curves[0], x: 0, y: 0 };
  return { ...curves, arrays: [binary(points)], curves: new Array(100).fill(curve) };
}

/** JSON that is no figure of ours; each must show one short message. */
const BAD: Record<string, string> = Object.fromEntries(
  Object.entries({
    "a version from the future": { ...heatmap, version: 2 },
    "a version that is a text": { ...heatmap, version: "1" },
    "a kind that every object has": { version: 1, kind: "constructor" },
    "a kind that is markup": { version: 1, kind: POISON[0] },
    "a Vega specification": {
      $schema: "https://vega.github.io/schema/vega/v6.json",
      data: [{ name: "d", url: "https://example.org/data.json" }],
      signals: [{ name: "s", update: "(window.broken = 1)" }],
    },
    "a specification beside the data": {
      ...heatmap,
      spec: { data: { url: "https://example.org" } },
    },
    "a huge shape with little data": {
      ...heatmap,
      z: { ...heatmap.z, values: { ...heatmap.z.values, shape: [2_000_000_000, 2_000_000_000] } },
    },
    "a negative shape": {
      ...heatmap,
      z: { ...heatmap.z, values: { ...heatmap.z.values, shape: [-2, -3] } },
    },
    "a fractional shape": {
      ...heatmap,
      z: { ...heatmap.z, values: { ...heatmap.z.values, shape: [1.5, 4] } },
    },
    "data that is not base64": {
      ...heatmap,
      x: { ...heatmap.x, values: { dtype: "float64", shape: [3], data: "<".repeat(32) } },
    },
    "an element type that is a constructor's name": {
      ...heatmap,
      x: { ...heatmap.x, values: { ...heatmap.x.values, dtype: "Function" } },
    },
    "NaN as a text": { ...heatmap, range: ["NaN", "Infinity"] },
    "NaN on an axis": heatmapPayload({ x: [10, NaN, 30] }),
    "an axis that turns round": heatmapPayload({ x: [10, 30, 20] }),
    "zero on a log axis": heatmapPayload({ x: [0, 1, 2], xScale: "log" }),
    "a colour map that is a URL": { ...heatmap, colorMap: "https://example.org/map.json" },
    "contours that are a specification": { ...heatmap, contours: { data: { url: "x" } } },
    "a contour that is a text": { ...heatmap, contours: [POISON[0]] },
    "a million contours": { ...heatmap, contours: new Array(1_000_000).fill(0.1) },
    "a contour beyond all numbers": { ...heatmap, contours: [1e305] },
    "a colour scale that is an expression": { ...heatmap, colorScale: POISON[1] },
    "a log scale of negative numbers": { ...heatmap, colorScale: "log", range: [-1, 1] },
    "a threshold of nothing": { ...heatmap, colorScale: "symlog", threshold: 0 },
    "a range of no length": { ...heatmap, range: [1, 1] },
    "a colour map that every object has": { ...heatmap, colorMap: "toString" },
    "a key between those of two versions": { ...heatmap, contour: [1] },
    "a label that is a signal": { ...heatmap, x: { ...heatmap.x, label: { signal: "1" } } },
    "a label without end": { ...heatmap, title: "x".repeat(1_000_000) },
    "a curve whose array isn't there": {
      ...curves,
      curves: [{ ...curves.curves[0], y: 99 }],
    },
    "a curve whose array is a prototype's": {
      ...curves,
      curves: [{ ...curves.curves[0], y: "__proto__" }],
    },
    "a curve of two lengths": { ...curves, curves: [{ ...curves.curves[0], y: 2 }] },
    "a curve that is a signal": { ...curves, curves: [{ signal: "window.broken = 1" }] },
    "a link that is an object": { ...curves, link: { name: POISON[0] } },
    "no curves": { ...curves, curves: [] },
    "a million curves": { ...curves, curves: Array(1_000_000).fill(null) },
    "one array drawn a hundred times": bomb(),
    "a scale that is an expression": { ...curves, x: { label: "x", scale: "(broken = 1)" } },
    "a dash that is a list of strokes": {
      ...curves,
      curves: [{ ...curves.curves[0], dash: [1e9, 1e-9] }],
    },
    "a fit of the 9th dimension": {
      ...msdPayload(),
      fit: { from: 1, to: 2, dimensions: 9, covariance: null },
    },
    "a fit backwards": {
      ...msdPayload(),
      fit: { from: 9, to: 2, dimensions: 3, covariance: null },
    },
    "a covariance of points that aren't": {
      ...msdPayload(),
      fit: { from: 1, to: 9, dimensions: 3, covariance: [0, 1] },
    },
    "a table of two lengths": {
      ...table,
      columns: [table.columns[0], { name: "x", values: binary([1]) }],
    },
    "a table whose cells are elements": {
      ...table,
      columns: [{ name: "x", values: [{ tagName: "script" }] }],
    },
    "a table whose title is an element": { ...table, title: { innerHTML: POISON[0] } },
    "a table of a billion cells": {
      ...table,
      columns: [{ name: "x", values: { ...binary([1]), shape: [1_000_000_000] } }],
    },
    "a table without columns": { ...table, columns: [] },
    "a timeline of 4 billion workers": { ...timelinePayload(), threads: 2 ** 32 },
    "a chunk of a worker that isn't": {
      ...timelinePayload(),
      chunks: binary([7, 0, 1, 0, 1], [1, 5]),
    },
    "timings without a run": {
      ...timingsPayload(),
      timings: [{ name: "empty", samples: binary([]), calls: 1 }],
    },
    "an animation of a billion bodies": {
      ...animation,
      positions: { ...animation.positions, shape: [1, 1_000_000_000, 2] },
    },
    "an animation whose space has no width": {
      ...animation,
      axes: [{ label: "x", extent: [1, 1], range: [1, 1] }, animation.axes[1]],
    },
    "an animation whose times turn back": { ...animation, times: binary([0, 10, 5, 30, 40]) },
    "an animation whose colours are a URL": {
      ...animation,
      colors: { ...animation.colors, map: "https://example.org/map.json" },
    },
    "an animation with half of its colours": {
      ...animation,
      colors: { ...animation.colors, values: { ...animation.colors.values, shape: [2, 1] } },
    },
    "an animation with a curve of another length": {
      ...animation,
      curve: { values: binary([1, 2]), label: "" },
    },
    "an animation of positions in double precision": {
      ...animation,
      positions: binary(new Array<number>(20).fill(0.5), [5, 2, 2]),
    },
    "an animation of four dimensions": {
      ...animation,
      axes: [...animation.axes, ...animation.axes],
    },
    "an animation that never gets on": { ...animation, framesPerSecond: 0 },
    "an animation with a script for a speed": { ...animation, framesPerSecond: POISON[1] },
    "progress backwards": progressPayload(-1),
    "a tower of lists": { version: 1, kind: nested(200) },
    "a list": [heatmap],
    "a text": "<b>figure</b>",
    "a text of a figure that isn't": JSON.stringify({ ...heatmap, version: 2 }),
    "a text of a text": JSON.stringify(JSON.stringify(heatmap)),
    null: null,
  }).map(([name, payload]) => [name, JSON.stringify(payload)]),
);
BAD["a prototype of its own"] = `{"__proto__": ${JSON.stringify({ ...heatmap, broken: 1 })}}`;
BAD["a polluted prototype"] = JSON.stringify(heatmap).replace(
  "{",
  `{"__proto__": {"broken": 1}, "constructor": {"prototype": {"broken": 1}},`,
);

/** Figures in order, but for texts that would like to be more. */
const ODD: Record<string, unknown> = {
  ...Object.fromEntries(
    POISON.map((text) => [
      `${text} as every label of a heatmap`,
      heatmapPayload({ title: text, xLabel: text, yLabel: text, zLabel: text }),
    ]),
  ),
  ...Object.fromEntries(
    POISON.map((text) => [
      `${text} as every text of a plot`,
      curvesPayload({
        title: text,
        curves: [{ label: text, x: [1, 2, 3], y: [1, 2, 3] }],
        xLabel: text,
        yLabel: text,
        fit: { from: 1, to: 3, dimensions: 1 },
      }),
    ]),
  ),
  "points at the ends of all numbers": curvesPayload({
    curves: [
      {
        x: [-1e308, 5e-324, 1e308, Infinity],
        y: [1e308, -1e308, NaN, 0],
        error: [1e308, -1, NaN, 0],
      },
    ],
  }),
  "a log axis that has no place for anything": curvesPayload({
    curves: [{ x: [-1, 0, -0], y: [1, 2, 3] }],
    scale: "log",
  }),
  "markup as a timeline's title": { ...timelinePayload(), title: POISON[0] },
  "markup as a function's name": {
    ...timingsPayload(),
    timings: [{ name: POISON[0], samples: binary([1, 2, 3]), calls: 1 }],
  },
  "markup wherever an animation has words": {
    ...animationPayload({ dimensions: 3, title: POISON[0], label: POISON[1] }),
    timeLabel: POISON[2],
    curve: { ...animation.curve, label: POISON[3] },
  },
  "contours far outside of the map's values": {
    ...heatmapPayload(),
    contours: [-1e300, 5e-324, 1e300],
  },
  "a symlog scale at the ends of all numbers": {
    ...heatmapPayload({ z: [-1e308, -1e-308, 0, 5e-324, 1, 1e308] }),
    colorScale: "symlog",
    threshold: 1e-150,
    range: [-1e300, 1e300],
    contours: [0],
  },
  "a log scale of what has no place on it": {
    ...heatmapPayload({ z: [-1, 0, -0, NaN, -Infinity, Infinity] }),
    colorScale: "log",
    range: [1, 10],
  },
  "a title from right to left": heatmapPayload({ title: ray }),
  "the widest numbers": {
    ...heatmapPayload({ z: [-1e308, 1e300, NaN, Infinity, -Infinity, 5e-324] }),
    range: [-1e300, 1e300],
  },
};

/** An output as a stranger's notebook holds it, which JupyterLab does not trust. */
function strange(payload: string): Cell {
  const data = `{"${FIGURE}": ${payload}, "text/plain": "a figure in words"}`;
  return {
    code: "",
    outputs: `[{"output_type": "display_data", "metadata": {}, "data": ${data}}]`,
  };
}

/** Cells that show payloads of a file; JupyterLab shows no more than 50 outputs of a cell. */
function fromKernel(file: string): string[] {
  const shown = (from: string) => `
    for (const json of JSON.parse(require("node:fs").readFileSync(${JSON.stringify(file)}, "utf8")).slice(${from})) {
      ${shows({})}
      output.update({ "text/plain": "", "${FIGURE}": JSON.parse(json) });
    }`;
  return [shown("0, 50"), shown("50")];
}

describe("hostile payloads in JupyterLab", function () {
  this.timeout(240_000);
  const names = Object.keys(BAD);
  const bad = Object.values(BAD);
  let lab: Lab;

  before("open a stranger's notebook", async () => {
    const poisoned = tablePayload({
      title: POISON[0]!,
      names: ["=HYPERLINK(1)", ...POISON.slice(2)],
    });
    const figures = [...Object.values(ODD), poisoned].map((payload) => JSON.stringify(payload));
    const file = path.join(repository, "build", "hostile.json");
    writeFileSync(file, JSON.stringify(bad));
    lab = await Lab.open([...[...bad, ...figures].map(strange), ...fromKernel(file)]);
    // JupyterLab makes cells while it has nothing else to do
    await lab.until(
      () => lab.figures.count(),
      (count) => count === bad.length + figures.length,
    );
  });

  after("close the notebook", () => lab.close());

  /** Nothing of a payload has run, and nothing but Vega's canvas has been made of it. */
  async function assertHarmless(): Promise<void> {
    assert.equal(await lab.page.evaluate("window.broken ?? Object.prototype.broken ?? 0"), 0);
    const elements = ".hotcell-Figure :is(script, img, svg, iframe, object, embed, a, style)";
    assert.equal(await lab.page.locator(elements).count(), 0);
  }

  async function assertMessages(): Promise<void> {
    const messages = lab.page.locator(".hotcell-Figure > .hotcell-Message");
    await lab.until(
      () => messages.count(),
      (count) => count === bad.length,
    );
    for (const [i, text] of (await messages.allTextContents()).entries()) {
      assert.match(text, /^hotcell figure: ./, names[i]);
      assert.ok(text.length < 200, `${names[i] ?? ""}: ${text}`);
    }
    const others = lab.page.locator(
      ".hotcell-Figure:has(> .hotcell-Message) > :not(.hotcell-Message)",
    );
    assert.equal(await others.count(), 0);
    await assertHarmless();
  }

  it("show one short message each", async () => {
    await assertMessages();
    await lab.screenshot("hostile");
  });

  it("are drawn as plain text where only their texts are odd, beside those that are bad", async () => {
    for (const [i, name] of Object.keys(ODD).entries()) {
      const figure = lab.figures.nth(bad.length + i);
      await figure.scrollIntoViewIfNeeded();
      const canvas = figure.locator(".hotcell-Picture canvas").first();
      await canvas.hover({ position: { x: 300, y: 60 } });
      await canvas.hover({ position: { x: 300, y: 100 } });
      if (name.startsWith(POISON[0]!)) await lab.screenshot(`hostile-texts-${i}`, figure);
    }
    await assertHarmless();
  });

  it("are written as plain text in tables, and in what is saved of them", async () => {
    const cells = lab.page.getByRole("cell");
    await lab.figures.last().scrollIntoViewIfNeeded();
    await lab.until(
      () => cells.count(),
      (count) => count === 6,
    );
    assert.equal(await cells.nth(2).textContent(), POISON[2]);
    await assertHarmless();
    await lab.figures.last().hover();
    const [download] = await Promise.all([
      lab.page.waitForEvent("download"),
      lab.page.getByRole("button", { name: "Save CSV" }).click(),
    ]);
    assert.equal(
      download.suggestedFilename(),
      "img-src-x-onerror-window-broken-1-script-window-broken-1-scr.csv",
    );
    assert.match(
      readFileSync(await download.path(), "utf8"),
      /^fruit,mass\r\n'=HYPERLINK\(1\),3\.25\r\n/,
    );
  });

  it("show one short message each when the kernel sends them", async () => {
    // what is in empty cells vanishes as they run
    await lab.runAll();
    await assertMessages();
  });
});
