import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type AnimationFigure,
  bodyUnder,
  bodyValues,
  BodiesPainter,
  FigureError,
  frameAt,
  liveDrawing,
  parseFigure,
  START,
  stillDrawing,
  toPayload,
  type Viewpoint,
} from "../../kernel-lib/dist/figure/index.js";
import { drawingSvg } from "../../kernel-lib/dist/figure/drawing-svg.js";
import { at, projection } from "../../kernel-lib/dist/figure/projection.js";
import { animations } from "./figures.js";

const WHOLE = 65_534;
const ABSENT = 65_535;

/** Bodies at fractions of the axes −1 to 1. */
function animationOf(
  frames: readonly (readonly number[])[][],
  more: Partial<AnimationFigure> = {},
): AnimationFigure {
  const dimensions = frames[0]![0]!.length;
  const axes = Array.from({ length: dimensions }, () => ({
    label: "",
    extent: [-1, 1] as const,
    range: [-1, 1] as const,
  }));
  return {
    kind: "animation",
    title: "",
    axes,
    bodies: frames[0]!.length,
    positions: Uint16Array.from(frames.flat(2), (x) =>
      Number.isNaN(x) ? ABSENT : Math.round(((x + 1) / 2) * WHOLE),
    ),
    times: Float64Array.from(frames, (_, i) => i),
    timeLabel: "t",
    colors: undefined,
    curve: undefined,
    framesPerSecond: 30,
    ...more,
  };
}

const PANEL = { left: 0, top: 0, width: 200, height: 200 };
const SQUARE = { width: 200, height: 200 };

/** Two bodies' colours at the two ends of viridis. */
const ENDS = {
  values: Uint16Array.of(0, WHOLE),
  label: "",
  map: "viridis" as const,
  scale: "linear" as const,
  range: [0, 1] as const,
};

describe("the projection of an animation", () => {
  const { axes } = animationOf([[[0, 0, 0]]]);
  const angle = fc.double({ min: -4, max: 4, noNaN: true });
  const viewpoints = fc.record({ azimuth: angle, elevation: angle, zoom: fc.constant(1) });

  it("keeps lengths: three perpendicular unit vectors' images have the squares' sum 2", () => {
    fc.assert(
      fc.property(viewpoints, (viewpoint) => {
        const seen = projection(axes, PANEL, viewpoint, true);
        // an orthographic image of an orthonormal frame: the rows of two dimensions of a rotation
        const scale2 = [0, 1, 2].reduce((sum, i) => sum + seen.x[i]! ** 2 + seen.y[i]! ** 2, 0) / 2;
        for (const row of [seen.x, seen.y]) {
          const length2 = row[0] ** 2 + row[1] ** 2 + row[2] ** 2;
          // rounding of a handful of products
          assert.ok(Math.abs(length2 / scale2 - 1) < 1e-12);
        }
        const dot = [0, 1, 2].reduce((sum, i) => sum + seen.x[i]! * seen.y[i]!, 0);
        assert.ok(Math.abs(dot) < 1e-12 * scale2);
      }),
    );
  });

  it("looks along each axis", () => {
    const images = (viewpoint: Viewpoint) => {
      const seen = projection(axes, PANEL, viewpoint, true);
      return [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ].map((point) => [Math.round(at(seen.x, point)) - 100, 100 - Math.round(at(seen.y, point))]);
    };
    const [fromAbove, fromFront, fromRight] = [
      images({ azimuth: 0, elevation: Math.PI / 2, zoom: 1 }),
      images({ azimuth: 0, elevation: 0, zoom: 1 }),
      images({ azimuth: -Math.PI / 2, elevation: 0, zoom: 1 }),
    ];
    const unit = fromAbove[0]![0]!;
    assert.ok(unit > 40);
    const plus = (v: number[][]) => v.map((point) => point.map((x) => x + 0));
    assert.deepEqual(
      plus(fromAbove),
      plus([
        [unit, 0],
        [0, unit],
        [0, 0],
      ]),
    );
    assert.deepEqual(
      plus(fromFront),
      plus([
        [unit, 0],
        [0, 0],
        [0, unit],
      ]),
    );
    assert.deepEqual(
      plus(fromRight),
      plus([
        [0, 0],
        [unit, 0],
        [0, unit],
      ]),
    );
  });

  it("has one unit for both axes of a plane, whatever the panel's proportions", () => {
    const flat = animationOf([[[0, 0]]]).axes;
    const seen = projection(flat, { ...PANEL, width: 700 }, START, true);
    assert.equal(seen.x[0], -seen.y[1]);
    const unlike = [flat[0]!, { ...flat[1]!, extent: [0, 1e6] as const }];
    const own = projection(unlike, PANEL, START, true);
    const [top, bottom] = [at(own.y, [0, 1e6]), at(own.y, [0, 0])];
    // a tenth of the panel is margin; rounding of a few products
    assert.ok(Math.abs(top - 10) < 1e-9 && Math.abs(bottom - 190) < 1e-9);
  });

  it("shows the same place for the same fraction of the panel, in any drawing", () => {
    fc.assert(
      fc.property(
        animations,
        fc.constantFrom("light" as const, "dark" as const),
        (figure, theme) => {
          for (const drawing of [
            stillDrawing(figure, { width: 640, theme }),
            liveDrawing(figure, { width: 400, theme, viewpoint: START }),
          ]) {
            const svg = drawingSvg(drawing, [], "Inter");
            assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
            assert.ok(drawing.height > 40 && drawing.height < 1200, `${drawing.height} high`);
            for (const { panel } of drawing.spaces) {
              assert.ok(panel.width > 20 && panel.left + panel.width <= drawing.width);
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("the pixels of an animation", () => {
  const seen = (figure: AnimationFigure, viewpoint = START) =>
    projection(figure.axes, PANEL, viewpoint, true);

  function pixelsOf(figure: AnimationFigure, frame = 0, trails = false, viewpoint = START) {
    const painter = new BodiesPainter(figure, SQUARE, 1);
    const options = { frame, projection: seen(figure, viewpoint), theme: "light" as const, trails };
    const { width, rgba } = painter.paint(options);
    return (x: number, y: number) => [
      ...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
    ];
  }

  it("has each body's colour at its place, and nothing elsewhere", () => {
    const figure = animationOf(
      [
        [
          [-0.5, 0.5],
          [0.5, -0.5],
        ],
      ],
      { colors: ENDS },
    );
    const pixel = pixelsOf(figure);
    // a tenth of the panel is margin: 0.5 is 45 pixels from the middle
    assert.deepEqual(pixel(55, 55), [68, 1, 84, 255]);
    assert.deepEqual(pixel(145, 145), [253, 231, 36, 255]);
    assert.deepEqual(pixel(145, 55), [0, 0, 0, 0]);
    assert.deepEqual(pixel(100, 100), [0, 0, 0, 0]);
  });

  it("leaves out a body that is absent, and shows one at the very edge", () => {
    const figure = animationOf([
      [
        [NaN, 0],
        [0, NaN],
        [1, 1],
      ],
    ]);
    const painter = new BodiesPainter(figure, SQUARE, 1);
    const count = (zoom: number) => {
      const options = {
        frame: 0,
        projection: seen(figure, { ...START, zoom }),
        theme: "light" as const,
        trails: false,
      };
      return painter.paint(options).rgba.filter((channel, i) => i % 4 === 3 && channel > 0).length;
    };
    const whole = count(1);
    assert.ok(whole > 20);
    // at the panel's corner a quarter of the disc is left
    const corner = count(100 / 90);
    assert.ok(corner > whole / 8 && corner < whole / 2, `${corner} of ${whole}`);
    assert.equal(count(2), 0);
  });

  it("paints the nearer body over the farther, whichever comes first in the data", () => {
    const above = { azimuth: 0, elevation: Math.PI / 2, zoom: 1 };
    for (const [first, second] of [
      [-1, 1],
      [1, -1],
    ] as const) {
      const figure = animationOf(
        [
          [
            [0, 0, first],
            [0, 0, second],
          ],
        ],
        { colors: ENDS },
      );
      const [red] = pixelsOf(figure, 0, false, above)(100, 100);
      // viridis ends in 253 of red and begins with 68; some of what is below shines through
      assert.ok(second > first ? red! > 200 : red! < 120, `${red!}`);
    }
  });

  it("draws where bodies came from, fainter the longer ago", () => {
    const frames = [-0.8, -0.4, 0, 0.4].map((x) => [[x, 0]]);
    const opacity = (trails: boolean, x: number) =>
      pixelsOf(animationOf(frames), 3, trails)(100 + Math.round(90 * x), 100)[3]!;
    assert.equal(opacity(false, -0.2), 0);
    const [old, young] = [opacity(true, -0.6), opacity(true, 0.2)];
    // 60 frames until the most opaque is gone: two of them leave 255 ** (-2 / 60) = 0.83
    assert.ok(Math.abs(old / young - 0.83) < 0.03, `${old}, then ${young}`);
    assert.equal(opacity(true, 0.7), 0);
  });

  it("draws the same trails whether it was played or sought, and none for ever", () => {
    const circle = Array.from({ length: 100 }, (_, i) => [
      [0.8 * Math.cos(i / 12), 0.8 * Math.sin(i / 12)],
    ]);
    const figure = animationOf(circle);
    const painter = new BodiesPainter(figure, SQUARE, 1);
    const opacities = (frame: number) => {
      const options = { frame, projection: seen(figure), theme: "light" as const, trails: true };
      return painter.paint(options).rgba.filter((_, i) => i % 4 === 3);
    };
    for (let frame = 0; frame < 99; frame++) opacities(frame);
    const played = opacities(99);
    opacities(3);
    const sought = opacities(99);
    const apart = played.map((opacity, i) => Math.abs(opacity - sought[i]!));
    // what is older than a trail may have been rounded once on its way out
    assert.ok(Math.max(...apart) <= 1);
    // 60 of the 99 steps of 0.8 · 90/12 = 6 pixels, less the faintest, and the body
    const seenPixels = sought.filter((opacity) => opacity > 0).length;
    assert.ok(seenPixels > 40 * 6 && seenPixels < 66 * 6 + 100, `${seenPixels} pixels`);
  });

  it("finds the body under a point, and its values", () => {
    const figure = animationOf(
      [
        [
          [-0.5, 0.5],
          [0.5, -0.5],
        ],
      ],
      { colors: ENDS },
    );
    const found = bodyUnder(figure, 0, seen(figure), 146, 144);
    assert.equal(found, 1);
    // within half a step of 16 bits
    const [x, y, color] = bodyValues(figure, 0, 1) as [number, number, number];
    assert.ok(Math.abs(x - 0.5) < 2 / WHOLE && Math.abs(y + 0.5) < 2 / WHOLE);
    assert.equal(color, 1);
    assert.equal(bodyUnder(figure, 0, seen(figure), 100, 100), undefined);
  });
});

describe("the curve beside an animation", () => {
  it("leads to the frame whose time is nearest", () => {
    const figure = animationOf(
      Array.from({ length: 5 }, () => [[0, 0]]),
      { times: Float64Array.of(0, 1, 2, 8, 10) },
    );
    const panel = { left: 50, top: 0, width: 100, height: 50 };
    const nearest = [0, 14, 16, 45, 55, 95, 200].map((x) => frameAt(figure, panel, 50 + x));
    assert.deepEqual(nearest, [0, 1, 2, 2, 3, 4, 4]);
    assert.equal(frameAt(figure, panel, -1000), 0);
  });
});

describe("an animation's payload", () => {
  const good = () =>
    JSON.parse(
      JSON.stringify(
        toPayload(
          animationOf([[[0, 0]], [[1, 1]]], {
            colors: { ...ENDS, values: Uint16Array.of(0) },
            curve: { values: Float64Array.of(1, 2), label: "" },
          }),
        ),
      ),
    ) as Record<string, unknown>;
  const positions = (shape: number[]) => ({
    ...good(),
    positions: { ...(good().positions as object), shape },
  });
  const axis = { label: "", extent: [0, 1], range: [0, 1] };

  const hostile: [string, unknown][] = [
    ["no frame", positions([0, 1, 2])],
    ["four billion bodies", positions([2 ** 31, 2 ** 31, 2])],
    ["as many dimensions as it likes", positions([1, 1, 4])],
    [
      "floating-point positions",
      { ...good(), positions: { dtype: "float64", shape: [2, 1, 2], data: "" } },
    ],
    ["one axis", { ...good(), axes: [axis] }],
    ["an axis without length", { ...good(), axes: [axis, { ...axis, extent: [1, 1] }] }],
    ["an endless axis", { ...good(), axes: [axis, { ...axis, range: [-1e308, 1e308] }] }],
    [
      "times that stand still",
      { ...good(), times: { dtype: "float64", shape: [2], data: "A".repeat(21) + "=" } },
    ],
    [
      "colours for other bodies",
      {
        ...good(),
        colors: {
          ...(good().colors as object),
          values: { dtype: "uint16", shape: [1, 2], data: "AAAAAA==" },
        },
      },
    ],
    [
      "a colour map of its own",
      { ...good(), colors: { ...(good().colors as object), map: "__proto__" } },
    ],
    [
      "a log scale through zero",
      { ...good(), colors: { ...(good().colors as object), scale: "log" } },
    ],
    ["endless speed", { ...good(), framesPerSecond: 1e9 }],
    ["a speed of nothing", { ...good(), framesPerSecond: 0 }],
  ];
  for (const [what, json] of hostile) {
    it(`is refused with ${what}`, () => {
      assert.doesNotThrow(() => parseFigure(good()));
      assert.throws(() => parseFigure(json), FigureError);
    });
  }
});
