import assert from "node:assert/strict";
import { energy, plummer } from "hotcell";

describe("energy", () => {
  it("is that of two bodies, to the last bit", () => {
    const found = energy(
      {
        positions: [[1, 0, 0], [-1, 0, 0]], // prettier-ignore
        velocities: [[0, 2, 0], [0, 0, 1]], // prettier-ignore
        masses: [3, 4],
      },
      { G: 2 },
    );
    assert.deepEqual(found, {
      kinetic: 8,
      potential: -12,
      total: -4,
      virialRatio: 4 / 3,
      momentum: [0, 6, 4],
      angularMomentum: [0, 4, 6],
    });
  });

  it("of Plummer's sphere is −3πGM²/64a, and in equilibrium", () => {
    const [seeds, n, mass, scaleRadius, G] = [10, 2000, 5, 2, 3];
    let [total, ratio] = [0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      const found = energy(plummer(n, { seed, totalMass: mass, scaleRadius, G }), { G });
      total += found.total / seeds;
      ratio += found.virialRatio / seeds;
    }
    const truth = (-3 * Math.PI * G * mass ** 2) / (64 * scaleRadius);
    // one sample scatters by 1.5 per cent, the mean of ten by half of one; three times that
    assert.ok(Math.abs(total / truth - 1) < 0.015);
    assert.ok(Math.abs(ratio - 1) < 0.03);
  });

  it("of a body alone is kinetic, and of none nothing", () => {
    const alone = energy({ positions: [[0, 0, 0]], velocities: [[2, 0, 0]], masses: [1] });
    assert.equal(alone.total, 2);
    assert.equal(energy({ positions: [], velocities: [], masses: [] }).total, 0);
  });

  it("asks for velocities", () => {
    assert.throws(
      () => energy({ positions: [[0, 0, 0]], masses: [1] } as never),
      /energy: velocities are undefined: give an array of shape \[n, 3\]/,
    );
  });
});
