import assert from "node:assert/strict";
import fc from "fast-check";
import {
  FigureError,
  type HeatmapPayload,
  parseFigure,
  summary,
  toPayload,
} from "../../kernel-lib/dist/figure/index.js";
import { msdPayload } from "../support/payloads.js";
import { figures, heatmapOf } from "./figures.js";

/** What JSON does to a payload on its way into a notebook and back. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Parses, or throws a FigureError; anything else fails the test. */
function parsesOrRefuses(json: unknown): void {
  try {
    parseFigure(json);
  } catch (error) {
    assert.ok(error instanceof FigureError, String(error));
    // a message that fits into an output
    assert.ok(error.message.length < 500, error.message);
  }
}

/** Every path into a JSON value. */
function pathsOf(json: unknown, path: string[] = []): string[][] {
  if (typeof json !== "object" || json === null) return [path];
  return [path, ...Object.entries(json).flatMap(([key, value]) => pathsOf(value, [...path, key]))];
}

function replaced(json: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(json) ? [...(json as unknown[])] : { ...(json as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = replaced(copy[key], rest, value);
  return copy;
}

const small = () => toPayload(heatmapOf(2, 3, (x, y) => x + y));

describe("a figure's payload", () => {
  it("comes back from JSON as the figure it was, bit by bit", () => {
    fc.assert(
      fc.property(figures, (figure) => {
        assert.deepStrictEqual(parseFigure(throughJson(toPayload(figure))), figure);
      }),
    );
  });

  it("carries single precision as such, and 1,000 × 1,000 doubles in less than 12 MB", () => {
    const big = JSON.stringify(toPayload(heatmapOf(1000, 1000, (x, y) => Math.sin(x * y))));
    assert.ok(big.length < 12e6, `${big.length} characters`);
    const single = heatmapOf(2, 2, () => 0, {
      z: { values: Float32Array.of(1, 2, 3, NaN), label: "" },
    });
    assert.deepStrictEqual(parseFigure(throughJson(toPayload(single))), single);
  });

  it("of an older notebook has none of the newer keys, and means what it meant", () => {
    const { colorMap, colorScale, threshold, contours, ...old } = small() as HeatmapPayload;
    assert.deepEqual([colorMap, colorScale, threshold, contours], ["viridis", "linear", 1, []]);
    const plain = heatmapOf(2, 3, (x, y) => x + y, { colorMap: undefined });
    assert.deepStrictEqual(parseFigure(throughJson(old)), plain);
    const msd = msdPayload();
    const { covariance, ...fit } = msd.fit!;
    assert.equal(covariance, null);
    const figure = parseFigure({ ...msd, fit });
    assert.ok(figure.kind === "curves" && figure.fit && !("covariance" in figure.fit));
  });

  it("is parsed or refused with a FigureError, whatever JSON it is", () => {
    fc.assert(fc.property(fc.jsonValue(), parsesOrRefuses));
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom(
          "heatmap",
          "curves",
          "timeline",
          "timings",
          "animation",
          "table",
          "progress",
        ),
        (body, kind) => {
          const rest = typeof body === "object" && !Array.isArray(body) ? body : { title: body };
          parsesOrRefuses({ ...rest, version: 1, kind });
        },
      ),
    );
  });

  it("is parsed or refused with a FigureError where one part of it is changed", () => {
    const part = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(
        -1,
        0.5,
        1e308,
        2 ** 53,
        "",
        "=",
        "AAAA",
        "A".repeat(1000),
        [],
        {},
        null,
      ),
    );
    fc.assert(
      fc.property(figures, fc.nat(), part, (figure, at, value) => {
        const json = throughJson(toPayload(figure));
        const paths = pathsOf(json);
        parsesOrRefuses(replaced(json, paths[at % paths.length]!, value));
      }),
      { numRuns: 1000 },
    );
  });

  it("has a text, whatever figure it is", () => {
    fc.assert(
      fc.property(figures, (figure) => {
        assert.match(summary(figure), /\S/);
        assert.doesNotMatch(summary(figure), /undefined|\[object/);
      }),
    );
  });

  const hostile: [string, unknown][] = [
    ["another version", { ...small(), version: 2 }],
    ["another kind", { ...small(), kind: "html" }],
    ["a property more", { ...small(), url: "https://example.org/" }],
    ["a label that is an expression's object", { ...small(), title: { signal: "warn('x')" } }],
    ["a label of a megabyte", { ...small(), title: "x".repeat(1e6) }],
    ["a label with a control character", { ...small(), title: "a\u0000b" }],
    ["a prototype for keys", JSON.parse('{"__proto__":{"version":1},"kind":"heatmap"}')],
    ["sizes whose product overflows", sized([2 ** 31, 2 ** 31])],
    ["4 billion cells and no data", sized([65536, 65536])],
    ["a negative size", sized([-2, -3])],
    ["a fraction as size", sized([1.5, 2])],
    ["more data than its shape", sized([1, 1])],
    ["a colour map of ours that isn't", { ...small(), colorMap: "toString" }],
    ["a range that descends", { ...small(), range: [1, 0] }],
    ["a range of texts", { ...small(), range: ["0", "1"] }],
    ["an axis that turns back", axisOf([0, 2, 1])],
    ["an axis with NaN", axisOf([0, NaN, 1])],
    ["a log axis whose edges underflow", axisOf([1e-300, 1, 1e300], "log")],
  ];

  function sized(shape: number[]): unknown {
    const json = throughJson(small()) as { z: { values: { shape: number[] } } };
    json.z.values.shape = shape;
    return json;
  }

  function axisOf(values: number[], scale: "linear" | "log" = "linear"): unknown {
    const y = { values: Float64Array.from(values), label: "", scale };
    return throughJson(toPayload(heatmapOf(2, 3, () => 0, { y })));
  }

  for (const [what, json] of hostile) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => parseFigure(json), FigureError);
    });
  }

  it("is refused before memory for its cells is taken", () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100; i++)
      assert.throws(() => parseFigure(sized([4000, 4000])), FigureError);
    // 16 million doubles are 128 MB; a hundredth of one such array is allowed for noise
    assert.ok(process.memoryUsage().arrayBuffers - before < 1.28e6);
  });
});
