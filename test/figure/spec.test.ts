import assert from "node:assert/strict";
import fc from "fast-check";
import { toVegaLite, type VegaPicture } from "../../kernel-lib/dist/figure/index.js";
import { compileSpec, toSvg } from "../../kernel-lib/dist/display/vega.js";
import { heatmapOf, pictures } from "./figures.js";

const THEMES = ["light", "dark"] as const;

/** Everything that Vega-Lite has to say against a specification. */
function warningsOf(picture: VegaPicture, width: number, theme: (typeof THEMES)[number]): string[] {
  const warnings: string[] = [];
  compileSpec(toVegaLite(picture, { width, theme }), (text) => warnings.push(text));
  return warnings;
}

/** All texts at the places of a specification where Vega evaluates expressions. */
function expressionsOf(spec: unknown): string[] {
  if (typeof spec !== "object" || spec === null) return [];
  return Object.entries(spec).flatMap(([key, value]: [string, unknown]) =>
    ["expr", "signal", "test", "update", "labelExpr", "calculate", "filter", "init"].includes(key)
      ? [JSON.stringify(value)]
      : expressionsOf(value),
  );
}

const timings = (names: string[]): VegaPicture => ({
  kind: "timings",
  title: "",
  timings: names.map((name, i) => ({ name, samples: Float64Array.of(1 + i, 2, 9), calls: 1 })),
});

describe("a figure's Vega-Lite specification", () => {
  it("compiles without a warning, in both themes, whatever picture it is", () => {
    fc.assert(
      fc.property(
        pictures,
        fc.integer({ min: 200, max: 2000 }),
        fc.constantFrom(...THEMES),
        (picture, width, theme) => {
          assert.deepEqual(warningsOf(picture, width, theme), []);
        },
      ),
    );
  });

  it("fills the width it is given, and needs no clipping or fading group", () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const { svg, width, height } = toSvg(toVegaLite(picture, { width: 640, theme: "light" }));
        assert.equal(width, 640);
        assert.ok(height > 40 && height < 2000, `${height} high`);
        assert.doesNotMatch(svg, /\s(transform|d|[xy]2?|width|height)="[^"]*(NaN|Infinity)/);
        // resvg 2.6 ends the process where such a group lies off the canvas
        assert.doesNotMatch(svg, /<[^<>]*\s(clip-path="url|opacity="0?\.)/);
      }),
      { numRuns: 50 },
    );
  });

  it("evaluates nothing that a notebook wrote", () => {
    const attack = "warn('x')];datum.z\"]['constructor']";
    const plain = { title: "plain", name: "plain" };
    for (const label of [attack, "datum.x", "{{x}}", "<script>alert(1)</script>", "signal:width"]) {
      const both = [plain.title, label].map((title) => {
        const x = { values: Float64Array.of(0, 1), label: title, scale: "linear" as const };
        const map = heatmapOf(2, 2, () => 0, {
          title,
          x,
          y: x,
          z: { values: new Float64Array(4), label: title },
        });
        return [map, { ...timings([title, "b"]), title }].map((picture: VegaPicture) =>
          expressionsOf(
            JSON.parse(JSON.stringify(toVegaLite(picture, { width: 640, theme: "light" }))),
          ),
        );
      });
      assert.deepEqual(both[1], both[0]);
    }
  });

  it("draws titles that Vega would take for names", () => {
    for (const title of Object.getOwnPropertyNames(Object.prototype)) {
      const x = { values: Float64Array.of(0, 1), label: title, scale: "linear" as const };
      const map = heatmapOf(2, 2, () => 0, {
        title,
        x,
        y: x,
        z: { values: new Float64Array(4), label: title },
      });
      const { svg } = toSvg(toVegaLite(map, { width: 640, theme: "light" }));
      assert.equal(svg.split(`>${title}<`).length - 1, 4);
    }
  });

  it("sets labels as plain text", () => {
    const title = "</text><script>alert(1)</script>";
    const spec = toVegaLite(
      heatmapOf(2, 2, () => 0, { title }),
      { width: 640, theme: "light" },
    );
    const { svg } = toSvg(spec);
    assert.doesNotMatch(svg, /<script/);
    assert.match(svg, /&lt;script/);
  });

  it("shows the same data, scales and labels in both themes", () => {
    const figure = heatmapOf(3, 2, (x, y) => x * y, { title: "product" });
    const [light, dark] = THEMES.map((theme) => {
      const spec = toVegaLite(figure, { width: 640, theme });
      return { ...spec, config: undefined };
    });
    assert.deepEqual(light, dark);
  });
});
