import assert from "node:assert/strict";
import {
  type Bodies,
  eulerCromer,
  figureEight,
  getNumThreads,
  InterruptError,
  leapfrog,
  type NDArray,
  plummer,
  type Progress,
  salpeter,
  setNumThreads,
  type GravityRun,
  uniformSphere,
  unitSystem,
  yoshida4,
} from "hotcell";
import { interrupt } from "../../../kernel-lib/dist/runtime/interrupt.js";

const eight = figureEight();

/** Largest difference of two arrays. */
function apart(a: NDArray, b: NDArray): number {
  return Math.max(...Array.from(a.data, (value, k) => Math.abs(value - b.data[k]!)));
}

/** Largest deviation of the energy from its first value. */
function energyError({ energies }: GravityRun): number {
  return Math.max(...Array.from(energies, (energy) => Math.abs(energy - energies.at(0))));
}

/** A star of mass 1 with a planet of none, at the far end of an orbit of semi-major axis 1. */
function kepler(eccentricity: number): Parameters<typeof leapfrog>[0] {
  return {
    positions: [[0, 0, 0], [1 + eccentricity, 0, 0]], // prettier-ignore
    velocities: [[0, 0, 0], [0, Math.sqrt((1 - eccentricity) / (1 + eccentricity)), 0]], // prettier-ignore
    masses: [1, 0],
  };
}

describe("integrators of gravity", () => {
  const usual = getNumThreads();
  afterEach(() => {
    setNumThreads(usual);
  });

  for (const [name, integrator, steps, order] of [
    ["eulerCromer", eulerCromer, 2000, 1],
    ["leapfrog", leapfrog, 5000, 2],
    ["yoshida4", yoshida4, 500, 4],
  ] as const) {
    it(`${name} closes the figure-eight with an error of order ${order}`, async () => {
      const missed: number[] = [];
      const lost: number[] = [];
      for (const count of [steps, 2 * steps]) {
        const run = await integrator(eight, { dt: eight.period / count, steps: count });
        missed.push(apart(run.final.positions, eight.positions));
        lost.push(energyError(run));
      }
      // halving the step divides the error by 2^order, but for terms of the next order
      for (const [coarse, fine] of [missed, lost])
        assert.ok(Math.abs(Math.log2(coarse! / fine!) - order) < 0.1);
    });
  }

  it("return the figure-eight to 1e-6 after a period", async () => {
    const run = await leapfrog(eight, { dt: eight.period / 10_000, steps: 10_000 });
    assert.ok(apart(run.final.positions, eight.positions) < 1e-6);
    // its published energy, of 13 digits of the start
    assert.ok(Math.abs(run.energies.at(0) + 1.287141995631852) < 1e-14);
  });

  it("bring a planet back after Kepler's period", async () => {
    const steps = 4000;
    const run = await yoshida4(kepler(0.5), { dt: (2 * Math.PI) / steps, steps, every: steps / 4 });
    // fourth order: (2π/4000)⁴ is 6e-12, and the near point is six times as fast
    assert.ok(Math.abs(run.positions.at(4, 1, 0) - 1.5) < 1e-8);
    assert.ok(Math.abs(run.positions.at(4, 1, 1)) < 1e-7);
    // and to the near point after half of it
    assert.ok(Math.abs(run.positions.at(2, 1, 0) + 0.5) < 1e-7);
  });

  it("let two bodies fall together in the free-fall time", async () => {
    // from rest at distance 1 with total mass 1: π/√8 until they meet; at 3/4 of the distance
    // Kepler's equation gives (acos √d + √(d − d²))/√2
    const d = 0.75;
    const time = (Math.acos(Math.sqrt(d)) + Math.sqrt(d - d * d)) / Math.SQRT2;
    const run = await leapfrog(
      { positions: [[0, 0, 0], [1, 0, 0]], velocities: [[0, 0, 0], [0, 0, 0]], masses: [0.25, 0.75] }, // prettier-ignore
      { dt: time / 1000, steps: 1000 },
    );
    const [first, second] = [run.final.positions.at(0, 0), run.final.positions.at(1, 0)];
    // second order: (time/1000)² is 4e-7
    assert.ok(Math.abs(second - first - d) < 1e-6);
    // roundings of 1000 steps
    assert.ok(Math.abs(0.25 * first + 0.75 * second - 0.75) < 1e-14);
  });

  it("conserve momentum to rounding, and angular momentum", async () => {
    const run = await leapfrog(plummer(200, { masses: salpeter(200) }), {
      dt: 1e-3,
      steps: 500,
      softening: 0.01,
    });
    const size = run.masses.data.reduce((sum, mass) => sum + mass, 0);
    const last = run.times.length - 1;
    for (let axis = 0; axis < 3; axis++) {
      // 500 steps of roundings of speeds near 1
      assert.ok(Math.abs(run.momenta.at(last, axis)) < 1e-13 * size);
      const turned = run.angularMomenta.at(last, axis) - run.angularMomenta.at(0, axis);
      assert.ok(Math.abs(turned) < 1e-12 * size);
    }
  });

  it("go back to where they came from", async () => {
    const cluster = plummer(50, { seed: 3 });
    const options = { steps: 400, softening: 0.1, every: 400 };
    for (const integrator of [leapfrog, yoshida4]) {
      const there = await integrator(cluster, { dt: 0.01, ...options });
      const back = await integrator(there.final, { dt: -0.01, ...options });
      assert.ok(apart(there.final.positions, cluster.positions) > 1);
      // roundings, which encounters of bodies enlarge
      assert.ok(apart(back.final.positions, cluster.positions) < 1e-10);
    }
  });

  it("keep the energy of the cold cluster of parsecs and solar masses over 50,000 steps, softened", async () => {
    const { G, seconds } = unitSystem({ length: "pc", mass: "Msun", speed: "km/s" });
    const cluster = uniformSphere(64, { radius: 306.601, masses: salpeter(64, { seed: 5 }) });
    const run = await leapfrog(cluster, { G, dt: 1e13 / seconds, steps: 50_000, softening: 1 });
    assert.ok(energyError(run) < 1e-4 * Math.abs(run.energies.at(0)));
    // it falls from rest, through the collapse, where it is hotter than in equilibrium
    assert.equal(run.virialRatios.at(0), 0);
    assert.ok(Math.max(...run.virialRatios) > 1);
  });

  it("keep a cluster in equilibrium there", async () => {
    const run = await leapfrog(plummer(500, { seed: 8 }), {
      dt: 1 / 64,
      steps: 256,
      softening: 0.05,
    });
    // fluctuations of 500 bodies, and a softening that lessens the pull
    for (const ratio of run.virialRatios) assert.ok(Math.abs(ratio - 1) < 0.15);
    assert.ok(energyError(run) < 1e-3 * 0.25);
  });

  it("give the same bits on any threads, and however a run is cut", async () => {
    const options = { dt: 0.01, softening: 0.1 };
    const cluster = plummer(333, { seed: 5 });
    const whole = await leapfrog(cluster, { ...options, steps: 30 });
    for (const threads of [1, 2, 3]) {
      setNumThreads(threads);
      const first = await leapfrog(cluster, { ...options, steps: 11, every: 3 });
      const second = await leapfrog(first.final, { ...options, steps: 19, every: 19 });
      assert.deepEqual(second.final.positions.data, whole.final.positions.data);
      assert.deepEqual(second.final.velocities.data, whole.final.velocities.data);
    }
  });

  it("take the tree's forces, and stay near the direct sum's path", async () => {
    const cluster = plummer(2000, { seed: 6 });
    const options = { dt: 1 / 64, steps: 16, softening: 0.05 };
    const direct = await leapfrog(cluster, options);
    const tree = await leapfrog(cluster, { ...options, forces: "tree", openingAngle: 0.5 });
    // forces differ by some 1e-4 of about 1, over a time of 1/4: 1e-4 · (1/4)²/2, more at the centre
    assert.ok(apart(direct.final.positions, tree.final.positions) < 1e-4);
    assert.ok(energyError(tree) < 1e-4);
    assert.ok(Math.abs(tree.potential.at(16) / direct.potential.at(16) - 1) < 1e-4);
    const exact = await yoshida4(cluster, {
      ...options,
      steps: 3,
      forces: "tree",
      openingAngle: 0,
    });
    const same = await yoshida4(cluster, { ...options, steps: 3 });
    assert.ok(apart(exact.final.positions, same.final.positions) < 1e-12);
  });

  it("leave what they are given as it was", async () => {
    const cluster = plummer(10);
    const before = cluster.positions.toArray();
    await eulerCromer(cluster, { dt: 0.1, steps: 3 });
    assert.deepEqual(cluster.positions.toArray(), before);
  });

  it("take snapshots at a stride, at the start and at the end", async () => {
    const run = await leapfrog(eight, { dt: 0.5, steps: 7, every: 3 });
    assert.deepEqual(run.times.toArray(), [0, 1.5, 3, 3.5]);
    assert.deepEqual(run.positions.shape, [4, 3, 3]);
    assert.deepEqual(run.positions.slice(3).toArray(), run.final.positions.toArray());
    assert.deepEqual(run.velocities.slice(0).toArray(), eight.velocities.toArray());
    assert.equal(run.energies.at(2), run.kinetic.at(2) + run.potential.at(2));
    const still = await leapfrog(eight, { dt: 0.5, steps: 0 });
    assert.deepEqual(still.times.toArray(), [0]);
  });

  it("take no bodies, and one, which flies straight on", async () => {
    const none: Bodies = plummer(0);
    const empty = await leapfrog(none, { dt: 1, steps: 2 });
    assert.deepEqual(empty.positions.shape, [3, 0, 3]);
    const one = { positions: [[0, 0, 0]], velocities: [[1, 2, 3]], masses: [1] };
    const run = await yoshida4(one, { dt: 1, steps: 2 });
    assert.ok(Math.abs(run.final.positions.at(0, 2) - 6) < 1e-14);
  });

  it("say how far they are", async () => {
    const seen: Progress[] = [];
    await leapfrog(plummer(10), { dt: 0.01, steps: 50, progress: (p) => seen.push(p) });
    assert.deepEqual([seen[0]!.done, seen[0]!.total], [0, 50]);
    assert.equal(seen.at(-1)!.done, 50);
  });

  it("stop at a signal and at an interrupt", async () => {
    const endless = { dt: 1e-6, steps: 1e9, every: 1e9 };
    const reason = new Error("enough");
    const stopper = new AbortController();
    setTimeout(() => {
      stopper.abort(reason);
    }, 50);
    await assert.rejects(leapfrog(plummer(500), { ...endless, signal: stopper.signal }), reason);
    await assert.rejects(leapfrog(plummer(5), { ...endless, signal: stopper.signal }), reason);
    const running = leapfrog(plummer(500), endless);
    setTimeout(interrupt, 50);
    await assert.rejects(running, InterruptError);
    // and go on afterwards
    await leapfrog(plummer(500), { ...endless, steps: 1 });
  });

  it("refuse more snapshots than memory, with a stride that fits", async () => {
    await assert.rejects(
      leapfrog(plummer(1000), { dt: 1, steps: 50_000, every: 1 }),
      (error: Error) => {
        assert.equal(error.name, "RangeError");
        assert.match(
          error.message,
          /^leapfrog: 50001 snapshots of 1000 bodies take 2289 MiB, memoryLimit is 1024: give every: \d+,/,
        );
        return true;
      },
    );
    const limited = { dt: 1e-3, steps: 100, memoryLimit: 0.006 };
    await assert.rejects(leapfrog(plummer(10), { ...limited, every: 1 }), /give every: 9,/);
    assert.equal((await leapfrog(plummer(10), { ...limited, every: 9 })).times.length, 13);
  });

  it("say so when bodies meet", async () => {
    const meeting = {
      positions: [[-1e-150, 0, 0], [1e-150, 0, 0]], // prettier-ignore
      velocities: [[0, 0, 0], [0, 0, 0]], // prettier-ignore
      masses: [1, 1],
    };
    await assert.rejects(
      leapfrog(meeting, { dt: 1, steps: 10 }),
      /leapfrog: the energy isn't finite any more after step \d+, at t = \d+: make dt smaller than 1/,
    );
  });

  it("name what is wrong with options", async () => {
    for (const [options, message] of [
      [{ steps: 1 }, /leapfrog: dt is undefined: give the time of a step/],
      [{ dt: 1, steps: 1.5 }, /leapfrog: steps is 1.5: give a whole number of at least 0/],
      [{ dt: 1, steps: 1, every: 0 }, /every is 0: give a whole number of at least 1/],
      [{ dt: 1, step: 1 }, /leapfrog has no option 'step': there are softening, G, dt, steps/],
      [{ dt: 1, steps: 1, progress: "yes" }, /progress is 'yes': give true or a function/],
      [{ dt: 1, steps: 1, forces: "Tree" }, /forces is 'Tree': give "direct" or "tree"/],
      [{ dt: 1, steps: 1, signal: 1 }, /signal is no AbortSignal/],
      [undefined, /leapfrog got undefined as its options/],
    ] as const)
      await assert.rejects(leapfrog(eight, options as never), message);
  });
});
