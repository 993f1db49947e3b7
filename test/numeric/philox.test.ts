import assert from "node:assert/strict";
import fc from "fast-check";
import { philox } from "hotcell";
import { philoxBlock, type Words } from "../../kernel-lib/src/numeric/philox-block.js";

const all = 0xffffffff;
const count = 100_000;

/** The block of a counter under a key, as words from 0. */
function block(counter: Words, [low, high]: readonly [number, number]): Words {
  const words = counter.map((word) => word | 0) as Words;
  philoxBlock(words, low, high);
  return words.map((word) => word >>> 0) as Words;
}

/** The same as the paper writes it, with integers of any length. */
function reference(counter: Words, key: readonly [number, number]): Words {
  let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k, l] = key.map(BigInt) as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const [p, q] = [a * 0xd2511f53n, c * 0xcd9e8d57n];
    [a, b, c, d] = [(q >> 32n) ^ b ^ k, q & 0xffffffffn, (p >> 32n) ^ d ^ l, p & 0xffffffffn];
    k = (k + 0x9e3779b9n) & 0xffffffffn;
    l = (l + 0xbb67ae85n) & 0xffffffffn;
  }
  return [a, b, c, d].map(Number) as Words;
}

function sample(draw: () => number, n = count): Float64Array {
  return Float64Array.from({ length: n }, draw);
}

/** Mean, then central moments 2, 3 and 4. */
function moments(values: Float64Array): readonly [number, number, number, number] {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const central = (k: number): number =>
    values.reduce((sum, x) => sum + (x - mean) ** k, 0) / values.length;
  return [mean, central(2), central(3), central(4)];
}

/** The greatest distance of the empirical distribution from `cdf`, times √n. */
function kolmogorov(values: Float64Array, cdf: (x: number) => number): number {
  const n = values.length;
  const distance = values
    .toSorted()
    .reduce((d, x, i) => Math.max(d, (i + 1) / n - cdf(x), cdf(x) - i / n), 0);
  return distance * Math.sqrt(n);
}

/** Exceeded by a right generator with probability 2 exp(−2 · 1.95²) = 0.001 (Kolmogorov's limit). */
const critical = 1.95;

function assertNear(found: number, expected: number, deviation: number, what: string): void {
  // five standard errors: a right generator fails once in two million seeds
  assert.ok(Math.abs(found - expected) < 5 * deviation, `${what}: ${found}, not ${expected}`);
}

/** Φ(x) by its continued series (Marsaglia 2004), to some 1e-15. */
function normalCdf(x: number): number {
  if (Math.abs(x) > 8) return x < 0 ? 0 : 1;
  let [sum, term] = [x, x];
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

describe("philox", () => {
  it("gives the known answers of Random123", () => {
    const known: [Words, [number, number], Words][] = [
      [
        [0, 0, 0, 0],
        [0, 0],
        [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
      ],
      [
        [all, all, all, all],
        [all, all],
        [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
      ],
      [
        [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
        [0xa4093822, 0x299f31d0],
        [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
      ],
    ];
    for (const [counter, key, answer] of known) {
      assert.deepEqual(block(counter, key), answer);
    }
  });
  it("gives the words of the paper's algorithm for any counter and key", () => {
    const word = fc.integer({ min: 0, max: all });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        assert.deepEqual(block(counter, key), reference(counter, key));
      }),
      { numRuns: 2000 },
    );
  });
  it("makes two numbers of 53 bits from a block", () => {
    const [a, b, c, d] = block([0, 0, 9, 2], [7, 3]).map(BigInt) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    const generator = philox(3 * 2 ** 32 + 7, 2 * 2 ** 32 + 9);
    assert.equal(generator.uniform(), Number(((a >> 5n) << 26n) | (b >> 6n)) / 2 ** 53);
    assert.equal(generator.uniform(), Number(((c >> 5n) << 26n) | (d >> 6n)) / 2 ** 53);
  });
  it("gives the same numbers for the same seed and stream, others for others", () => {
    const draws = (seed: number, stream?: number): number[] => {
      const generator = philox(seed, stream);
      return Array.from({ length: 8 }, () => generator.uniform());
    };
    assert.deepEqual(draws(1), draws(1, 0));
    const distinct = [draws(1), draws(2), draws(1, 1), draws(1, 2 ** 32), draws(1 + 2 ** 32)];
    assert.equal(new Set(distinct.flat()).size, 40);
  });
  it("names what it got where that is no seed or stream", () => {
    for (const bad of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
      assert.throws(() => philox(bad), { name: "RangeError", message: /seed.*whole number/ });
      assert.throws(() => philox(1, bad), { name: "RangeError", message: /stream.*whole number/ });
    }
  });
  it("gives uniform numbers with the moments of [0, 1)", () => {
    const generator = philox(11);
    const [mean, second, third, fourth] = moments(sample(() => generator.uniform()));
    // deviations of sample moments from the moments of twice the order
    assertNear(mean, 1 / 2, Math.sqrt(1 / 12 / count), "mean");
    assertNear(second, 1 / 12, Math.sqrt(1 / 180 / count), "variance");
    assertNear(third, 0, Math.sqrt(1 / 448 / count), "third moment");
    assertNear(fourth, 1 / 80, Math.sqrt((1 / 2304 - 1 / 6400) / count), "fourth moment");
  });
  it("gives normal numbers with the moments of the distribution", () => {
    const generator = philox(12, 5);
    const [mean, second, third, fourth] = moments(sample(() => generator.normal()));
    assertNear(mean, 0, Math.sqrt(1 / count), "mean");
    assertNear(second, 1, Math.sqrt(2 / count), "variance");
    assertNear(third, 0, Math.sqrt(6 / count), "third moment");
    assertNear(fourth, 3, Math.sqrt(96 / count), "fourth moment");
  });
  it("gives normal numbers of another mean and deviation", () => {
    const [standard, moved] = [philox(4), philox(4)];
    for (let i = 0; i < 10; i++) assert.equal(moved.normal(3, 2), 3 + 2 * standard.normal());
  });
  it("gives exponential numbers with the moments of the distribution", () => {
    const generator = philox(13);
    const [mean, second, third, fourth] = moments(sample(() => generator.exponential(2)));
    // central moments of rate 1 are 1, 2, 9, 265 (order 6), 14833 (order 8)
    assertNear(mean, 1 / 2, Math.sqrt(1 / 4 / count), "mean");
    assertNear(second, 1 / 4, Math.sqrt(8 / 16 / count), "variance");
    assertNear(third, 2 / 8, Math.sqrt(265 / 64 / count), "third moment");
    assertNear(fourth, 9 / 16, Math.sqrt(14833 / 256 / count), "fourth moment");
  });
  for (const shape of [0.3, 1, 2.5, 40]) {
    it(`gives gamma numbers of shape ${shape} with the moments of the distribution`, () => {
      const generator = philox(14, Math.round(10 * shape));
      const [mean, second, third, fourth] = moments(sample(() => generator.gamma(shape, 2)));
      const k = shape;
      // from the cumulants (n − 1)! k of scale 1
      const [m4, m6, m8] = [
        3 * k * (k + 2),
        5 * k * (3 * k ** 2 + 26 * k + 24),
        7 * k * (15 * k ** 3 + 340 * k ** 2 + 1044 * k + 720),
      ];
      assertNear(mean, 2 * k, 2 * Math.sqrt(k / count), "mean");
      assertNear(second, 4 * k, 4 * Math.sqrt((m4 - k ** 2) / count), "variance");
      assertNear(third, 16 * k, 8 * Math.sqrt(m6 / count), "third moment");
      assertNear(fourth, 16 * m4, 16 * Math.sqrt(m8 / count), "fourth moment");
    });
  }
  it("names a distribution's parameter that is out of its range, and what to give", () => {
    const random = philox(1);
    const refused = (draw: () => number, message: string): void => {
      assert.throws(draw, { name: "RangeError", message });
    };
    for (const bad of [-1, NaN]) {
      const found = `got the standard deviation ${bad}: give a number of at least 0`;
      refused(() => random.normal(0, bad), `normal ${found}`);
      refused(
        () => random.gamma(2, bad),
        `gamma got the scale ${bad}: give a number of at least 0`,
      );
    }
    for (const bad of [0, -1, NaN]) {
      refused(
        () => random.exponential(bad),
        `exponential got the rate ${bad}: give a number above 0`,
      );
    }
    for (const bad of [0, -1, NaN, Infinity]) {
      const found = `got the shape ${bad}: give a number above 0 and below Infinity`;
      refused(() => random.gamma(bad), `gamma ${found}`);
    }
    assert.equal(random.normal(3, 0), 3);
  });
  for (const seed of [1, 2, 3]) {
    it(`passes the test of Kolmogorov and Smirnov at seed ${seed}`, () => {
      const generator = philox(seed, 7);
      const n = 20_000;
      const uniform = sample(() => generator.uniform(), n);
      assert.ok(kolmogorov(uniform, (x) => x) < critical);
      const normal = sample(() => generator.normal(), n);
      assert.ok(kolmogorov(normal, normalCdf) < critical);
      const exponential = sample(() => generator.exponential(), n);
      assert.ok(kolmogorov(exponential, (x) => -Math.expm1(-x)) < critical);
      // of shape 2 and 1/2 the distributions are elementary
      const gamma2 = sample(() => generator.gamma(2), n);
      assert.ok(kolmogorov(gamma2, (x) => 1 - (1 + x) * Math.exp(-x)) < critical);
      const half = sample(() => generator.gamma(0.5), n);
      assert.ok(kolmogorov(half, (x) => 2 * normalCdf(Math.sqrt(2 * x)) - 1) < critical);
    });
  }
});
