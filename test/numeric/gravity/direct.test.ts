import assert from "node:assert/strict";
import { arange, array, getNumThreads, gravity, NDArray, plummer, setNumThreads } from "hotcell";
import { directField } from "../../../kernel-lib/dist/numeric/gravity/direct.js";

describe("gravity", () => {
  const usual = getNumThreads();
  afterEach(() => {
    setNumThreads(usual);
  });

  it("is Newton's law for two bodies, with G and Plummer's softening", () => {
    const pair = { positions: [[0, 0, 0], [3, 0, 4]], masses: [2, 6] }; // prettier-ignore
    const newton = gravity(pair, { G: 10 });
    close(newton.potentials.toArray(), [-12, -4]);
    // 10 · 6/125 · (3, 0, 4), and a third of it back
    close(newton.accelerations.toArray(), [[1.44, 0, 1.92], [-0.48, 0, -0.64]]); // prettier-ignore
    const soft = gravity(pair, { G: 10, softening: 12 });
    close(soft.potentials.toArray(), [-60 / 13, -20 / 13]);
    close(soft.accelerations.at(0, 2), (10 * 6 * 4) / 13 ** 3);
  });

  it("computes what its plain JavaScript run computes, to the last bit, on any threads", () => {
    const { positions, masses } = plummer(301, { seed: 4 });
    const [x, y, z] = [0, 1, 2].map((axis) => array([...positions.slice(undefined, axis)])) as [
      NDArray,
      NDArray,
      NDArray,
    ];
    const [ax, ay, az, phi] = [0, 0, 0, 0].map(() => array(new Float64Array(301))) as [
      NDArray,
      NDArray,
      NDArray,
      NDArray,
    ];
    directField.js(x, y, z, masses, 1e-4, 1, ax, ay, az, phi);
    for (const threads of [1, 2, 3]) {
      setNumThreads(threads);
      const found = gravity({ positions, masses }, { softening: 1e-2 });
      assert.deepEqual(found.accelerations.slice(undefined, 1).toArray(), ay.toArray());
      assert.deepEqual(found.potentials.toArray(), phi.toArray());
    }
  });

  it("finds the field of Plummer's sphere in many bodies", () => {
    const n = 4000;
    const { positions } = plummer(n, { seed: 1 });
    const masses = new Float64Array(n + 1).fill(1 / n);
    masses[n] = 0;
    const a = (3 * Math.PI) / 16;
    const { accelerations, potentials } = gravity({
      positions: [...(positions.toArray() as number[][]), [a, 0, 0]],
      masses,
    });
    // −GM/√(r² + a²), and its slope; sampled by 4000 bodies, hence good to a few per cent
    assert.ok(Math.abs(potentials.at(n) * a * Math.SQRT2 + 1) < 0.03);
    assert.ok(Math.abs(accelerations.at(n, 0) * (a * Math.SQRT2) ** 3 + a) < 0.1 * a);
  });

  it("adds up to no force at all", () => {
    const { positions, masses } = plummer(1000, { seed: 2, masses: arange(1000) });
    const { accelerations } = gravity({ positions, masses }, { softening: 0.01 });
    for (let axis = 0; axis < 3; axis++) {
      let [sum, size] = [0, 0];
      for (let i = 0; i < 1000; i++) {
        const force = masses.at(i) * accelerations.at(i, axis);
        sum += force;
        size += Math.abs(force);
      }
      // roundings of a million terms
      assert.ok(Math.abs(sum) < 1e-13 * size);
    }
  });

  it("takes no bodies, one, and two at one place", () => {
    assert.deepEqual(gravity({ positions: [], masses: [] }).accelerations.shape, [0, 3]);
    const alone = gravity({ positions: [[1, 2, 3]], masses: [5] });
    assert.deepEqual(alone.accelerations.toArray(), [[0, 0, 0]]);
    assert.deepEqual(alone.potentials.toArray(), [0]);
    const same = { positions: [[1, 2, 3], [1, 2, 3], [1, 2, 4]], masses: [1, 1, 1] }; // prettier-ignore
    const hard = gravity(same);
    assert.deepEqual(hard.accelerations.toArray(), [[0, 0, 1], [0, 0, 1], [0, 0, -2]]); // prettier-ignore
    assert.deepEqual(hard.potentials.toArray(), [-Infinity, -Infinity, -2]);
    assert.deepEqual(gravity(same, { softening: 1 }).potentials.at(0), -1 - 1 / Math.SQRT2);
  });

  it("gives a massless body the field and no pull of its own", () => {
    const found = gravity({ positions: [[0, 0, 0], [0, 0, 0], [1, 0, 0]], masses: [0, 0, 3] }); // prettier-ignore
    assert.deepEqual(found.potentials.toArray(), [-3, -3, 0]);
    assert.deepEqual(found.accelerations.toArray(), [[3, 0, 0], [3, 0, 0], [0, 0, 0]]); // prettier-ignore
  });

  it("takes views, flat arrays with a shape, and SI units", () => {
    const rows = array([[9, 9, 9], [0, 0, 0], [9, 9, 9], [2, 0, 0]]); // prettier-ignore
    const view = new NDArray("float64", rows.data, [2, 3], [6, 1], 3);
    const flat = { data: [0, 0, 0, 2, 0, 0], shape: [2, 3] };
    for (const positions of [view, flat]) {
      assert.equal(
        gravity({ positions, masses: new Float32Array([1, 4]) }).accelerations.at(0, 0),
        1,
      );
    }
    const sun = { positions: [[0, 0, 0], [1.495978707e11, 0, 0]], masses: [1.98841e30, 0] }; // prettier-ignore
    // 5.93 mm/s²
    close(gravity(sun, { G: 6.6743e-11 }).accelerations.at(1, 0), -5.93008e-3, 1e-5);
  });

  it("names what is wrong with bodies and options", () => {
    const positions = [[0, 0, 0], [1, 0, NaN]]; // prettier-ignore
    const cases: [() => unknown, RegExp][] = [
      [() => gravity({ positions, masses: [1, 1] }), /positions\[1\]\[2\] is NaN: give finite/],
      [() => gravity({ positions: [[0, 0, 0]], masses: [-1] }), /masses\[0\] is -1/],
      [() => gravity({ positions: [[0, 0, 0]], masses: [1, 2] }), /positions are 1, masses 2/],
      [() => gravity({ positions: [[0, 0]], masses: [1] }), /positions\[0\] is \[ 0, 0 \]/],
      [() => gravity({ positions: array([[0, 0]]), masses: [1] }), /have 2 numbers each/],
      [() => gravity({ positions: array([0, 0, 0]), masses: [1] }), /have the shape \[3\]/],
      [() => gravity({} as never), /masses are undefined/],
      [() => gravity(7 as never), /gravity got 7: give bodies/],
      [() => gravity({ positions: [], masses: [] }, { softening: -1 }), /softening is -1/],
      [() => gravity({ positions: [], masses: [] }, { g: 1 } as never), /no option 'g': there are/],
      [() => gravity({ positions: [], masses: [] }, { G: NaN }), /G is NaN: give a finite/],
    ];
    for (const [call, message] of cases) assert.throws(call, message);
  });
});

/** Numbers, or nested lists of them, that agree to a few roundings. */
function close(found: unknown, expected: unknown, tolerance = 1e-15): void {
  const [a, b] = [[found], [expected]].map((each) => each.flat(3) as number[]);
  assert.equal(a!.length, b!.length);
  a!.forEach((value, k) => {
    assert.ok(
      Math.abs(value - b![k]!) <= tolerance * Math.abs(b![k]!),
      `${value} is not ${b![k]!}`,
    );
  });
}
