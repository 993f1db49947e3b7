import assert from "node:assert/strict";
import { animate, type AnimateOptions, FigureError, zeros } from "hotcell";
import { animationFigure } from "../../kernel-lib/dist/display/animate.js";
import { pictureBundle } from "../../kernel-lib/dist/display/picture.js";
import { bodyValues, MIME_TYPE, parseFigure } from "../../kernel-lib/dist/figure/index.js";
import { Png } from "./png.js";
import { quietly } from "./stdout.js";

/** Two frames of three bodies in a plane. */
const FRAMES = [
  [
    [0, 0],
    [1, 2],
    [-3, 4],
  ],
  [
    [0.5, 0],
    [1, 2.5],
    [-2, 4],
  ],
];

describe("animate", () => {
  it("takes nested lists, an array of a shape with any strides, and a list of frames", () => {
    const wanted = animationFigure({ positions: FRAMES }).positions;
    const flat = Float64Array.from(FRAMES.flat(2));
    const array = zeros([2, 3, 2]);
    array.data.set(flat, array.offset);
    const columns = [0, 1].flatMap((axis) => FRAMES.flat().map((body) => body[axis]!));
    const forms: AnimateOptions["positions"][] = [
      array,
      { data: flat, shape: [2, 3, 2] },
      { data: columns, shape: [2, 3, 2], strides: [3, 1, 6] },
      { data: [9, ...flat].reverse(), shape: [2, 3, 2], strides: [-6, -2, -1], offset: 11 },
      FRAMES.map((frame) => ({ data: Float32Array.from(frame.flat()), shape: [3, 2] })),
      FRAMES.map((frame) => frame.map((body) => Float64Array.from(body))),
    ];
    for (const positions of forms) {
      assert.deepEqual(animationFigure({ positions }).positions, wanted);
    }
  });

  it("keeps positions to half a step of 16 bits, and colours too", () => {
    const colors = [5, 1, 3];
    const figure = animationFigure({ positions: FRAMES, colors });
    FRAMES.forEach((frame, f) => {
      frame.forEach((body, i) => {
        const kept = bodyValues(figure, f, i);
        [...body, colors[i]!].forEach((value, axis) => {
          // the ranges here are 4 long; a little of a double's own rounding comes on top
          assert.ok(Math.abs(kept[axis]! - value) <= (4 / 65_534 / 2) * (1 + 1e-9));
        });
      });
    });
  });

  it("leaves out what is NaN, infinite, or far outside of the extent", () => {
    const positions = [
      [
        [NaN, 0],
        [Infinity, 1],
        [3.5, 1],
        [1.9, 1],
        [0.5, 0.5],
      ],
    ];
    const figure = animationFigure({ positions, extent: [0, 1] });
    const isThere = [0, 1, 2, 3, 4].map((body) =>
      bodyValues(figure, 0, body).every(Number.isFinite),
    );
    assert.deepEqual(isThere, [false, false, false, true, true]);
    assert.deepEqual(
      figure.axes.map(({ extent }) => extent),
      [
        [0, 1],
        [0, 1],
      ],
    );
  });

  it("makes room around bodies that don't move, and a little depth for a plane in space", () => {
    const { axes } = animationFigure({
      positions: [
        [
          [2, 1, 0],
          [4, 1, 0],
        ],
      ],
    });
    assert.deepEqual(axes[0]!.extent, [2, 4]);
    assert.deepEqual(axes[2]!.extent, [-0.2, 0.2]);
    assert.deepEqual(animationFigure({ positions: [[[7, 7]]] }).axes[0]!.extent, [6.5, 7.5]);
    assert.ok(animationFigure({ positions: [[[NaN, NaN]]] }));
  });

  it("thins frames, and their times, colours and curve with them", () => {
    const positions = Array.from({ length: 7 }, (_, i) => [[i, 0]]);
    const numbers = positions.map((_, i) => i);
    const figure = animationFigure({
      positions,
      times: numbers.map((i) => i / 2),
      colors: numbers.map((i) => [i]),
      curve: { y: numbers },
      every: 3,
    });
    assert.deepEqual([...figure.times], [0, 1.5, 3]);
    assert.deepEqual([...figure.curve!.values], [0, 3, 6]);
    assert.deepEqual([...figure.positions.filter((_, i) => i % 2 === 0)], [0, 32_767, 65_534]);
    assert.deepEqual([...figure.colors!.values], [0, 32_767, 65_534]);
    assert.deepEqual([...animationFigure({ positions, every: 3 }).times], [0, 3, 6]);
  });

  it("spreads masses over a log scale, and shows what has no logarithm in grey", () => {
    const { values, range } = animationFigure({
      positions: [
        [
          [0, 0],
          [1, 1],
          [2, 2],
          [3, 3],
          [4, 4],
        ],
      ],
      colors: [1, 10, 100, 0, NaN],
      colorScale: "log",
    }).colors!;
    assert.deepEqual(range, [1, 100]);
    assert.deepEqual([...values], [0, 32_767, 65_534, 65_535, 65_535]);
  });

  const body = [[0, 0]];
  const wrong: [string, object, RegExp][] = [
    ["no positions", {}, /positions is undefined, not an array/],
    ["an empty list", { positions: [] }, /positions is empty/],
    [
      "flat numbers",
      { positions: new Float64Array(12) },
      /shape \[12\], not \[frames, bodies, 2 or 3\]/,
    ],
    ["four dimensions", { positions: [[[1, 2, 3, 4]]] }, /shape \[1, 1, 4\]/],
    [
      "a text among numbers",
      { positions: [[[0, "1"]]] },
      /positions\[0\]\[0\]\[1\] is "1", not a number/,
    ],
    [
      "frames that differ",
      {
        positions: [
          body,
          [
            [0, 0],
            [1, 1],
          ],
        ],
      },
      /positions\[1\] has the shape \[2, 2\], but .*\[1, 2\]/,
    ],
    [
      "too little data",
      { positions: { data: [1], shape: [1, 2, 2] } },
      /1 numbers in its data, too few/,
    ],
    [
      "a typo's undefined times",
      { positions: [body], times: [0, 1] },
      /times has 2 values, but positions has 1 frames/,
    ],
    [
      "times that go back",
      { positions: [body, body], times: [1, 0] },
      /times\[1\] is 0 after 1: times must ascend/,
    ],
    [
      "colours of another length",
      { positions: [body], colors: [1, 2] },
      /colors has the shape \[2\]/,
    ],
    [
      "an unknown colour map",
      { positions: [body], colors: [1], colorMap: "jet" },
      /colorMap is "jet"; it is one of viridis/,
    ],
    [
      "a log scale from zero",
      { positions: [body], colors: [1], colorScale: "log", colorRange: [0, 1] },
      /colorRange starts at 0/,
    ],
    ["an extent that descends", { positions: [body], extent: [1, 0] }, /extent is \[1, 0\]/],
    [
      "too many extents",
      {
        positions: [body],
        extent: [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
      },
      /3 ranges for 2 axes/,
    ],
    ["half a step", { positions: [body], every: 0.5 }, /every is 0\.5/],
    ["a speed of zero", { positions: [body], framesPerSecond: 0 }, /framesPerSecond is 0/],
    [
      "a curve of another length",
      { positions: [body], curve: { y: [1, 2] } },
      /curve\.y has 2 values, but positions has 1 frames/,
    ],
    [
      "a title without end",
      { positions: [body], title: "x".repeat(201) },
      /title has 201 characters/,
    ],
  ];
  for (const [what, options, message] of wrong) {
    it(`says what is wrong with ${what}`, () => {
      assert.throws(
        () => animationFigure(options as AnimateOptions),
        (error) => error instanceof FigureError && message.test(error.message),
      );
    });
  }

  it("says how to make it fit where there is too much", () => {
    // strides of 0: one number stands for all of them
    const positions = { data: [0], shape: [1000, 100_000, 3], strides: [0, 0, 0] };
    assert.throws(
      () => animationFigure({ positions }),
      /1000 frames of 100000 bodies would add 800 MB to the notebook, at most 64 MB fit: set every to 13/,
    );
    assert.throws(
      () => animationFigure({ positions: { ...positions, shape: [1, 2_000_000, 2] } }),
      /2000000 bodies, at most 1000000/,
    );
  });
});

describe("an animation's output", () => {
  it("is one bundle of payload, PNG and text, and says how much it weighs", () => {
    const figure = animationFigure({
      positions: FRAMES,
      times: [0, 0.5],
      colors: [1, 2, 3],
      colorLabel: "mass",
      curve: { y: [-1, -1.5], label: "energy" },
      title: "three",
      xLabel: "x (AU)",
    });
    const { bundle, metadata } = pictureBundle(figure);
    assert.deepEqual(parseFigure(JSON.parse(JSON.stringify(bundle[MIME_TYPE]))), figure);
    assert.equal(
      bundle["text/plain"],
      [
        "Animation: three (3 bodies in 2 frames, 0.084 kB)",
        "t = 0 to 0.5",
        "x: x (AU), −3 to 1",
        "y, 0 to 4",
        "colours: mass, 1 to 3",
        "curve: energy, from −1 to −1.5",
      ].join("\n"),
    );
    const { width, height } = metadata["image/png"] as { width: number; height: number };
    const png = new Png(bundle["image/png"] as string);
    assert.deepEqual([png.width, png.height], [2 * width, 2 * height]);
    const { printed } = quietly(() => {
      animate({ positions: FRAMES });
    });
    assert.match(printed, /^Animation \(3 bodies in 2 frames/);
  });

  it("shows the first, the middle and the last frame", () => {
    // one body that goes from left to right, seen in three panels of equal width
    const positions = [0, 1, 2].map((x) => [[x, 0]]);
    const png = new Png(
      pictureBundle(
        animationFigure({
          positions,
          extent: [
            [0, 2],
            [-1, 1],
          ],
        }),
      ).bundle["image/png"] as string,
    );
    const blue: number[] = [];
    for (let x = 0; x < png.width; x++) {
      for (let y = 0; y < png.height; y++) {
        const [red, , b] = png.at(x, y);
        if (b! - red! > 120) blue.push(x);
      }
    }
    // three discs apart from each other: their middles are as far apart as the panels, and one unit more
    const discs = blue.reduce<number[][]>((found, x) => {
      if (x - (found.at(-1)?.at(-1) ?? -9) > 2) found.push([]);
      found.at(-1)!.push(x);
      return found;
    }, []);
    assert.equal(discs.length, 3);
    const middles = discs.map((xs) => (xs[0]! + xs.at(-1)!) / 2);
    const steps = [middles[1]! - middles[0]!, middles[2]! - middles[1]!];
    // a device pixel of rounding at each end
    assert.ok(Math.abs(steps[0]! - steps[1]!) <= 2, steps.join());
  });
});
