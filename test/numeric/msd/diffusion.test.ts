import assert from "node:assert/strict";
import { diffusion, msd, type Msd } from "hotcell";
import { notices, path, randomWalk } from "./walks.js";

/** An msd as it would be for a formula, without spread. */
function exact(formula: (t: number) => number, dimensions = 3): Msd {
  const times = Float64Array.from({ length: 101 }, (_, lag) => lag / 10);
  const values = times.map(formula);
  return {
    ...{
      lags: Int32Array.from(times.keys()),
      times,
      msd: values,
      standardError: values.map(() => 0),
    },
    ...{ dimensions, particles: 10, frames: 501, dt: 0.1, method: "direct" },
  };
}

describe("diffusion", () => {
  it("gives slope / 2d and the intercept of a straight line", () => {
    for (const dimensions of [1, 2, 3]) {
      const { D, intercept, exponent, isDiffusive } = diffusion(exact((t) => 0.5 * t, dimensions));
      assert.ok(Math.abs(D - 0.25 / dimensions) < 1e-15);
      assert.ok(Math.abs(intercept) < 1e-14 && Math.abs(exponent - 1) < 1e-14);
      assert.equal(isDiffusive, true);
    }
    const noisy = diffusion(
      exact((t) => 0.5 * t + 0.2),
      { from: 5 },
    );
    assert.ok(Math.abs(noisy.intercept - 0.2) < 1e-14);
  });

  it("is unbiased for random walks, with the error it says", () => {
    const [sigma, dt, runs] = [0.1, 0.5, 40];
    const truth = sigma ** 2 / (2 * dt);
    const pulls = Array.from({ length: runs }, (_, seed) => {
      const { D, standardError } = diffusion(msd(randomWalk([100, 100, 3], sigma, seed), { dt }));
      return (D - truth) / standardError;
    });
    const mean = pulls.reduce((sum, pull) => sum + pull, 0) / runs;
    const rms = Math.sqrt(pulls.reduce((sum, pull) => sum + pull ** 2, 0) / runs);
    // of 40 standard normal numbers the mean is known to 0.16, the root mean square to 0.11
    assert.ok(Math.abs(mean) < 0.5 && rms > 0.65 && rms < 1.4, `mean ${mean}, rms ${rms}`);
  });

  it("estimates an error of the same size without the particles", () => {
    const walk = randomWalk([400, 100, 3], 1, 5);
    const [withThem, without] = [true, false].map((perParticle) =>
      diffusion(msd(walk, { perParticle })),
    );
    assert.equal(withThem!.D, without!.D);
    const ratio = without!.standardError / withThem!.standardError;
    assert.ok(ratio > 0.5 && ratio < 2, `${ratio}`);
  });

  it("says what isn't diffusion: straight, caged and Langevin motion at short times", () => {
    const straight = exact((t) => 4 * t * t);
    const said = notices(() => {
      const { exponent, isDiffusive, reason } = diffusion(straight);
      assert.ok(Math.abs(exponent - 2) < 1e-12);
      assert.equal(isDiffusive, false);
      assert.match(
        reason!,
        /^from 0.1 to 10 displacements grow as t\^2.00, not as t: they haven't forgotten/,
      );
    });
    assert.equal(said.length, 1);
    notices(() => {
      assert.match(diffusion(exact((t) => 1 - Math.exp(-t))).reason!, /caged or hindered/);
      const still = diffusion(exact(() => 0));
      assert.deepEqual([still.D, still.reason], [0, "the particles don't move"]);
      // Ornstein–Uhlenbeck velocities with D = 1 and a memory of 0.5
      const langevin = exact((t) => 6 * (t - 0.5 * (1 - Math.exp(-t / 0.5))));
      assert.equal(diffusion(langevin, { to: 1 }).isDiffusive, false);
      const late = diffusion(langevin, { from: 5 });
      assert.equal(late.isDiffusive, true);
      // what is left of the memory at t = 5
      assert.ok(Math.abs(late.D - 1) < 1e-4);
    });
  });

  it("leaves doubt where there are few particles", () => {
    const few = msd(randomWalk([2, 60, 1], 1, 1), { lags: [30, 35, 40, 45] });
    notices(() => {
      const { isDiffusive, exponentError } = diffusion(few, { to: 60 });
      assert.ok(isDiffusive || exponentError < 1);
    });
  });

  it("takes the window as given and names it", () => {
    const fit = diffusion(
      exact((t) => t),
      { from: 2, to: 7 },
    );
    assert.deepEqual([fit.from, fit.to, fit.lags], [2, 7, 51]);
    assert.equal(diffusion(exact((t) => t)).to, 10);
    const { to } = diffusion(
      msd(
        path([2, 101, 1], (i, k) => (i + 1) * k),
        { dt: 2 },
      ),
      { tolerance: 9 },
    );
    assert.equal(to, 40);
  });

  it("refuses windows and values that make no sense", () => {
    const line = exact((t) => t);
    assert.throws(
      () => diffusion(line, { from: 3.05, to: 3.15 }),
      /there is one lag from 3.05 to 3.15: give a window/,
    );
    assert.throws(() => diffusion(line, { from: 20 }), /are 0 lags .* times go from 0 to 10/);
    assert.throws(() => diffusion(line, { to: NaN }), /to is NaN/);
    assert.throws(() => diffusion({} as Msd), /give what msd returned/);
  });
});
