import assert from "node:assert/strict";
import fc from "fast-check";
import { getNumThreads, msd, NDArray, zeros, type MsdType } from "hotcell";
import {
  definition,
  notices,
  path,
  randomWalk,
  walkVariance,
  withThreads,
  worst,
} from "./walks.js";

const methods = [true, false] as const;

describe("msd", () => {
  it("gives d ℓ σ² for random walks, within the known variance", () => {
    const [particles, frames, sigma] = [1000, 500, 0.1];
    const result = msd(randomWalk([particles, frames, 3], sigma, 2026));
    assert.equal(result.method, "fft");
    for (const lag of [1, 10, 100, 250]) {
      const deviation = Math.sqrt(walkVariance(particles, frames, lag, 3, sigma));
      const off = result.msd[lag]! - 3 * lag * sigma ** 2;
      assert.ok(Math.abs(off) < 4 * deviation, `lag ${lag}: off by ${off / deviation} deviations`);
      // a standard deviation of 1000 values is known to 2 %, of these skewed ones to about 4 %
      const ratio = result.standardError[lag]! / deviation;
      assert.ok(
        Math.abs(ratio - 1) < 0.15,
        `lag ${lag}: standard error is ${ratio} times the true one`,
      );
    }
    assert.ok(Math.abs(Math.sqrt(walkVariance(1000, 500, 10, 3, 0.1)) - 9.03e-4) < 1e-6);
  });

  it("gives the same by transform and by definition, to 1e-12", () => {
    // lengths around powers of 2, and of factors 3
    for (const frames of [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 24, 36, 37, 64, 65, 100, 500]) {
      const walk = randomWalk([20, frames, 3], 0.1, frames);
      const [fourier, direct] = methods.map((fft) => msd(walk, { fft }));
      assert.ok(worst(fourier!.msd, direct!.msd) < 1e-12, `${frames} frames`);
      assert.ok(worst(fourier!.standardError, direct!.standardError) < 1e-12, `${frames} frames`);
    }
  });

  it("gives |v|²ℓ² for straight motion, however far away", () => {
    const [v, frames] = [[1, -2, 0.5], 1000];
    const line = path([3, frames, 3], (i, k, c) => 1e3 * i + v[c]! * k);
    for (const fft of methods) {
      const { msd: values } = msd(line, { fft });
      const truth = Array.from(values, (_, lag) => 5.25 * lag * lag);
      // positions up to 4000 are rounded to 4.5e-13, which is 1e-12 of a step's square
      assert.ok(worst(values, truth) < 2e-12);
    }
  });

  it("gives 2 A² sin²(ωℓ/2) for an oscillator over whole periods", () => {
    const [period, frames] = [40, 40 * 25];
    const swing = path([1, frames + 1, 2], (_, k, c) =>
      (c === 0 ? Math.cos : Math.sin)((2 * Math.PI * k) / period),
    );
    const { msd: circle } = msd(swing);
    // along both axes it is a circle: every origin gives the same
    const chord = Array.from(circle, (_, lag) => 4 * Math.sin((Math.PI * lag) / period) ** 2);
    circle.forEach((value, lag) => {
      // what cancels are sums of a thousand terms of about 1
      assert.ok(Math.abs(value - chord[lag]!) < 2e-13, `lag ${lag}: ${value}`);
    });
  });

  it("equals the definition for every particle, axis and lag", () => {
    const types: Record<MsdType, readonly number[]> = {
      ...{ x: [0], y: [1], z: [2], xy: [0, 1], xz: [0, 2], yz: [1, 2], xyz: [0, 1, 2] },
    };
    const walk = randomWalk([5, 30, 3], 1, 7);
    const lags = [29, 0, 3, 11, 3];
    for (const [type, along] of Object.entries(types)) {
      for (const fft of methods) {
        const result = msd(walk, { lags, msdType: type as MsdType, fft });
        assert.equal(result.dimensions, along.length);
        for (let i = 0; i < 5; i++) {
          lags.forEach((lag, l) => {
            const truth = definition(walk, i, lag, along);
            // thirty squares of up to about 100 are added and taken away
            assert.ok(
              Math.abs(result.perParticle!.at(i, l) - truth) < 1e-12,
              `${type}, lag ${lag}`,
            );
          });
        }
      }
    }
  });

  it("agrees with the definition for any shape", () => {
    const shapes = fc.tuple(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(shapes, fc.integer({ min: 0, max: 1e6 }), (shape, seed) => {
        const walk = randomWalk(shape, 1, seed);
        const [fourier, direct] = methods.map((fft) => msd(walk, { fft }).msd);
        assert.ok(worst(fourier!, direct!) < 1e-12);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it("gives the same bits on any number of threads", () => {
    const walk = randomWalk([100, 64, 3], 1, 3);
    const threads = getNumThreads();
    for (const fft of methods) {
      const [one, all] = [1, threads].map((count) =>
        withThreads(count, threads, () => msd(walk, { fft })),
      );
      assert.deepEqual(one, all);
    }
  });

  it("gives the same in small batches as in one", () => {
    const walk = randomWalk([50, 40, 2], 1, 4);
    for (const fft of methods) {
      const whole = msd(walk, { fft });
      const parts = msd(walk, { fft, memoryBudget: 1, perParticle: true });
      assert.deepEqual(parts.perParticle, whole.perParticle);
      // means of parts are put together in another order
      assert.ok(worst(parts.msd, whole.msd) < 1e-14);
      assert.ok(worst(parts.standardError, whole.standardError) < 1e-13);
      assert.equal(msd(walk, { fft, memoryBudget: 1 }).perParticle, undefined);
    }
  });

  it("takes views, other number types, foreign memory and lists", () => {
    const walk = randomWalk([4, 10, 2], 1, 5);
    const { msd: values } = msd(walk);
    const byFrame = zeros([10, 4, 2]);
    for (let i = 0; i < 4; i++) {
      for (let k = 0; k < 10; k++) for (const c of [0, 1]) byFrame.set(walk.at(i, k, c), k, i, c);
    }
    const turned = new NDArray("float64", byFrame.data, [4, 10, 2], [2, 8, 1]);
    const foreign = { data: new Float64Array([9, ...walk]), shape: [4, 10, 2], offset: 1 };
    for (const same of [turned, foreign, walk.toArray() as number[][][]])
      assert.deepEqual(msd(same).msd, values);
    const narrow = msd({ data: Float32Array.from(walk), shape: [4, 10, 2] });
    // numbers of up to 10 in single precision
    assert.ok(worst(narrow.msd, values) < 1e-5);
  });

  it("unwraps first where a box is given, also along one axis", () => {
    const walk = randomWalk([6, 50, 3], 0.3, 6);
    const box = [3, 4, 5];
    const folded = path([6, 50, 3], (i, k, c) => {
      const x = walk.at(i, k, c);
      return x - box[c]! * Math.floor(x / box[c]!);
    });
    for (const msdType of ["xyz", "y"] as const)
      assert.ok(worst(msd(folded, { box, msdType }).msd, msd(walk, { msdType }).msd) < 1e-12);
  });

  it("says so where positions look folded and no box is given", () => {
    const walk = randomWalk([20, 300, 2], 0.1, 8);
    const folded = path([20, 300, 2], (i, k, c) => walk.at(i, k, c) - Math.floor(walk.at(i, k, c)));
    const said = notices(() => msd(folded));
    assert.equal(said.length, 1);
    assert.match(
      said[0]!,
      /^msd: along x the particles jump .* of 1, as in a periodic box: give .* box/,
    );
    assert.deepEqual(
      notices(() => msd(folded, { box: [1, 1] })),
      [],
    );
    assert.deepEqual(
      notices(() => msd(walk)),
      [],
    );
    const straight = path([20, 300, 2], (i, k) => (i - 10) * k);
    assert.deepEqual(
      notices(() => msd(straight)),
      [],
    );
  });

  it("has no standard error for one particle, and times in units of dt", () => {
    const result = msd(randomWalk([1, 8, 1], 1, 9), { lags: [1, 4], dt: 0.25 });
    assert.deepEqual([...result.times], [0.25, 1]);
    assert.ok(result.standardError.every(Number.isNaN));
  });

  it("holds for long series", () => {
    const walk = randomWalk([2, 300_000, 1], 1, 10);
    const [fourier, direct] = methods.map((fft) => msd(walk, { lags: [1, 1000, 299_999], fft }));
    // mean squares of about 25,000 cancel to 1 at the shortest lag
    assert.ok(worst(fourier!.msd, direct!.msd) < 1e-10);
  });

  it("refuses what it can't measure, and says what to give", () => {
    const walk = randomWalk([3, 10, 2], 1, 11);
    const refused = (positions: unknown, options?: object) => () =>
      msd(positions as NDArray, options);
    assert.throws(
      refused(zeros([3, 10])),
      /shape \[3, 10\]: give \[nParticles, nFrames, d\] .* reshape\(1/,
    );
    assert.throws(refused(zeros([3, 0, 2])), /shape \[3, 0, 2\]/);
    assert.throws(refused("xyz"), TypeError);
    assert.throws(refused(null), TypeError);
    assert.throws(refused({ data: [1, 2], shape: [3, 10, 2] }), /have only 2 numbers/);
    assert.throws(refused([[[1, 2], [3]]]), /positions\[0\]\[1\] has length 1/);
    assert.throws(refused([[[1, "2"]]]), /positions\[0\]\[0\] has 2: give numbers/);
    assert.throws(refused(walk, { lag: [1] }), /no option 'lag': there are lags, dt/);
    assert.throws(refused(walk, { progress: true }), /'progress': it is one of msd.async/);
    assert.throws(
      refused(walk, { lags: [10] }),
      /a lag is 10: give whole numbers of frames from 0 to 9/,
    );
    assert.throws(refused(walk, { lags: [] }), /empty/);
    assert.throws(refused(walk, { lags: 5 }), /give a list/);
    assert.throws(refused(walk, { msdType: "z" }), /msdType is "z": give some of the letters xy/);
    assert.throws(refused(walk, { msdType: "yx" }), /in that order/);
    assert.throws(refused(walk, { dt: 0 }), /dt is 0/);
    assert.throws(refused(walk, { fft: "yes" }), /fft is 'yes'/);
    assert.throws(refused(walk, { box: [1] }), /the box is \[ 1 \]: give 2 lengths/);
  });

  it("names the first position that isn't a number", () => {
    for (const fft of methods) {
      const walk = randomWalk([3, 10, 2], 1, 12);
      walk.set(NaN, 1, 7, 1);
      assert.throws(
        () => msd(walk, { fft }),
        /positions\[1\]\[7\] has y = NaN: leave the particle out/,
      );
      assert.ok(msd(walk, { fft, msdType: "x" }).msd[1]! > 0);
    }
  });
});

describe("msd.async", () => {
  it("gives the bits of msd and tells how far it is", async () => {
    const walk = randomWalk([40, 30, 3], 1, 13);
    const told: number[] = [];
    const result = await msd.async(walk, {
      memoryBudget: 1,
      perParticle: true,
      progress: ({ done }) => told.push(done),
    });
    assert.deepEqual(result, msd(walk, { memoryBudget: 1, perParticle: true }));
    assert.equal(told[0], 0);
    assert.equal(told.at(-1), 40);
  });

  it("stops at its signal", async () => {
    const walk = randomWalk([40, 30, 3], 1, 14);
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(msd.async(walk, { signal }), /enough/);
  });
});
