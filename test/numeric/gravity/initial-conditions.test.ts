import assert from "node:assert/strict";
import { energy, gravity, plummer, salpeter, uniformSphere, unitSystem } from "hotcell";

/** Of numbers in [0, 1) that should be uniform: Kolmogorov's largest distance. */
function distance(uniform: number[]): number {
  const sorted = [...uniform].sort((a, b) => a - b);
  return Math.max(...sorted.map((u, k) => Math.abs(u - (k + 0.5) / sorted.length)));
}

/** Kolmogorov's distance is above this once in a thousand times. */
function critical(n: number): number {
  return 1.95 / Math.sqrt(n);
}

describe("plummer", () => {
  const n = 4000;
  const { positions, velocities, masses } = plummer(n, { seed: 11 });
  const a = (3 * Math.PI) / 16;
  const radii = Array.from({ length: n }, (_, i) =>
    Math.hypot(positions.at(i, 0), positions.at(i, 1), positions.at(i, 2)),
  );

  it("has Plummer's mass inside of each radius", () => {
    assert.ok(distance(radii.map((r) => (1 + (a / r) ** 2) ** -1.5)) < critical(n));
  });

  it("has as many bodies in each direction", () => {
    assert.ok(distance(radii.map((r, i) => (1 + positions.at(i, 2) / r) / 2)) < critical(n));
    const turns = radii.map((_, i) => Math.atan2(positions.at(i, 1), positions.at(i, 0)));
    assert.ok(distance(turns.map((angle) => 0.5 + angle / (2 * Math.PI))) < critical(n));
  });

  it("has the velocity dispersion of its equilibrium at each radius", () => {
    // ⟨v²⟩ = GM/2√(r² + a²), so the ratio has the mean 1
    let [sum, squares] = [0, 0];
    radii.forEach((r, i) => {
      const v2 = velocities.at(i, 0) ** 2 + velocities.at(i, 1) ** 2 + velocities.at(i, 2) ** 2;
      const ratio = 2 * v2 * Math.hypot(r, a);
      assert.ok(ratio < 4.1); // nobody is faster than it takes to escape
      sum += ratio / n;
      squares += ratio ** 2 / n;
    });
    const standardError = Math.sqrt((squares - sum ** 2) / n);
    assert.ok(Math.abs(sum - 1) < 3.5 * standardError);
  });

  it("rests at the origin", () => {
    const { momentum } = energy({ positions, velocities, masses });
    // roundings of 4000 terms of size 1/4000
    for (const component of momentum) assert.ok(Math.abs(component) < 1e-15);
  });

  it("has the same bodies for the same seed", () => {
    assert.deepEqual(plummer(50, { seed: 11 }).masses.toArray(), new Array(50).fill(1 / 50));
    assert.deepEqual(plummer(9, { seed: 3 }), plummer(9, { seed: 3 }));
    assert.notDeepEqual(plummer(9, { seed: 3 }), plummer(9, { seed: 4 }));
  });

  it("names what is wrong", () => {
    assert.throws(() => plummer(-1), /plummer: n is -1: give a whole number/);
    assert.throws(() => plummer(3, { masses: [1, 2] }), /plummer got 2 masses for 3 bodies/);
    assert.throws(() => plummer(3, { scaleRadius: 0 }), /scaleRadius is 0: give a length above 0/);
    assert.throws(() => plummer(3, { seed: 0.5 }), /seed 0.5/);
    assert.throws(() => plummer(3, { scaleradius: 2 } as never), /no option 'scaleradius'/);
  });
});

describe("uniformSphere", () => {
  it("fills a sphere evenly, at rest", () => {
    const n = 4000;
    const { positions, velocities } = uniformSphere(n, { seed: 1, radius: 3 });
    const inside = Array.from(
      { length: n },
      (_, i) => (Math.hypot(positions.at(i, 0), positions.at(i, 1), positions.at(i, 2)) / 3) ** 3,
    );
    assert.ok(distance(inside) < critical(n));
    assert.ok(velocities.data.every((v) => v === 0));
  });

  it("pulls its surface as a point would, and its potential energy is −3GM²/5R", () => {
    const sphere = uniformSphere(4000, { seed: 2, radius: 2, totalMass: 10 });
    // scatters by about 1/√4000
    assert.ok(Math.abs(energy(sphere).potential / ((-3 * 100) / 10) - 1) < 0.02);
    const { masses, positions } = sphere;
    const { accelerations } = gravity({
      positions: [...(positions.toArray() as number[][]), [0, 4, 0]],
      masses: [...masses, 0],
    });
    assert.ok(Math.abs(accelerations.at(4000, 1) + 10 / 16) < 0.01);
  });
});

describe("salpeter", () => {
  it("has the mean of the law from 0.1 to 50 solar masses", () => {
    const n = 100_000;
    const masses = salpeter(n, { seed: 3 });
    const moment = (k: number): number =>
      ((50 ** (k - 1.35) - 0.1 ** (k - 1.35)) / (k - 1.35)) *
      (-1.35 / (50 ** -1.35 - 0.1 ** -1.35));
    const mean = masses.data.reduce((sum, mass) => sum + mass, 0) / n;
    assert.ok(Math.abs(moment(1) - 0.342) < 1e-3);
    const standardError = Math.sqrt((moment(2) - moment(1) ** 2) / n);
    assert.ok(Math.abs(mean - moment(1)) < 3.5 * standardError);
    assert.ok(masses.data.every((mass) => mass >= 0.1 && mass <= 50));
  });

  it("takes other slopes and limits, and names wrong ones", () => {
    const flat = salpeter(1000, { slope: 1, from: 1, to: Math.E });
    assert.ok(distance(Array.from(flat, Math.log)) < critical(1000));
    assert.throws(() => salpeter(10, { from: 0 }), /masses from 0 to 50: give 0 < from ≤ to/);
    assert.throws(() => salpeter(10, { slope: NaN }), /slope NaN/);
  });
});

describe("unitSystem", () => {
  it("knows G in the units of clusters, planets and physics", () => {
    const clusters = unitSystem({ length: "pc", mass: "Msun", speed: "km/s" });
    assert.ok(Math.abs(clusters.G - 0.004300917) < 1e-9);
    assert.ok(Math.abs(clusters.megayears - 0.9777922) < 1e-7);
    // Gauss's constant squared, the year being 365.25 days
    const planets = unitSystem({ length: "au", mass: "Msun", time: "yr" });
    assert.ok(Math.abs(planets.G - (0.01720209895 * 365.25) ** 2) < 1e-6);
    assert.ok(Math.abs(planets.G - 4 * Math.PI ** 2) < 2e-3);
    assert.equal(unitSystem({ length: "m", mass: "kg", time: "s" }).G, 6.6743e-11);
  });

  it("names units that it doesn't know", () => {
    assert.throws(
      () => unitSystem({ length: "parsec", mass: "Msun", speed: "km/s" } as never),
      /unitSystem doesn't know the length 'parsec': there are m, km, au, pc, kpc, ly/,
    );
    assert.throws(() => unitSystem({ length: "pc", mass: "Msun" }), /either a speed or a time/);
  });
});
