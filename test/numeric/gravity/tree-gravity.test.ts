import assert from "node:assert/strict";
import {
  type Bodies,
  getNumThreads,
  gravity,
  type GravityField,
  type MassPoints,
  philox,
  plummer,
  setNumThreads,
  treeGravity,
  uniformSphere,
} from "hotcell";
import { pointColumns } from "../../../kernel-lib/dist/numeric/gravity/bodies.js";
import { CELL } from "../../../kernel-lib/dist/numeric/gravity/cell-moments.js";
import {
  CLUSTER_SIZE,
  GROUP_SIZE,
  Octree,
} from "../../../kernel-lib/dist/numeric/gravity/octree.js";

/** Root mean square of the relative error of accelerations. */
function forceError(found: GravityField, truth: GravityField): number {
  const n = truth.potentials.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let [error, size] = [0, 0];
    for (let axis = 0; axis < 3; axis++) {
      error += (found.accelerations.at(i, axis) - truth.accelerations.at(i, axis)) ** 2;
      size += truth.accelerations.at(i, axis) ** 2;
    }
    sum += error / size / n;
  }
  return Math.sqrt(sum);
}

function octree(bodies: MassPoints): Octree {
  const tree = new Octree(pointColumns(bodies, "test"));
  tree.build();
  return tree;
}

function potentialError(found: GravityField, truth: GravityField): number {
  return Math.max(
    ...Array.from(truth.potentials, (phi, i) => Math.abs(found.potentials.at(i) / phi - 1)),
  );
}

describe("treeGravity", () => {
  const usual = getNumThreads();
  afterEach(() => {
    setNumThreads(usual);
  });

  it("is the direct sum at an opening angle of 0", () => {
    const cluster = plummer(1500, { seed: 1 });
    for (const softening of [0, 0.01, 1]) {
      const options = { softening, G: 2, openingAngle: 0 };
      const [found, truth] = [treeGravity(cluster, options), gravity(cluster, { softening, G: 2 })];
      // the same 1500 terms in another order
      assert.ok(forceError(found, truth) < 1e-13);
      assert.ok(potentialError(found, truth) < 1e-13);
    }
  });

  it("errs less the smaller the angle, by its third to fourth power", () => {
    const cluster = plummer(8000, { seed: 2 });
    const truth = gravity(cluster, { softening: 0.01 });
    const [wide, narrow] = [1, 0.5].map((openingAngle) =>
      forceError(treeGravity(cluster, { softening: 0.01, openingAngle }), truth),
    );
    // a monopole alone would err by its square; octupoles, which are left out, by its cube and more
    assert.ok(wide! < 4e-3 && narrow! < 4e-4);
    assert.ok(wide! / narrow! > 2 ** 2.7);
  });

  it("softens far cells as the direct sum does", () => {
    // everything is about as far as it is softened
    const cluster = uniformSphere(3000, { seed: 3 });
    for (const softening of [0.5, 2]) {
      const truth = gravity(cluster, { softening });
      for (const [openingAngle, error] of [
        [0.7, 1e-3],
        [0.35, 1e-4],
      ] as const) {
        // prettier-ignore
        const found = treeGravity(cluster, { softening, openingAngle });
        assert.ok(forceError(found, truth) < error);
        assert.ok(potentialError(found, truth) < error);
      }
    }
  });

  it("takes what is far as a series of fourth order", () => {
    // a single mass has no moments, so that nothing but the series errs; the others pull nobody
    const sphere = uniformSphere(65, { seed: 9 });
    const masses = Float64Array.from({ length: 65 }, (_, i) => (i === 64 ? 1 : 0));
    const [near, far] = [6, 12].map((distance) => {
      sphere.positions.data.set([distance / Math.sqrt(3), -distance / Math.sqrt(3), distance / Math.sqrt(3)], 3 * 64); // prettier-ignore
      const bodies = { positions: sphere.positions, masses };
      const [found, truth] = [treeGravity(bodies), gravity(bodies)];
      let most = 0;
      for (let i = 0; i < 64; i++) {
        const [error, size] = [1, 0].map(
          (share) =>
          Math.hypot(...[0, 1, 2].map((axis) => share * found.accelerations.at(i, axis) - truth.accelerations.at(i, axis))), // prettier-ignore
        );
        most = Math.max(most, error! / size!);
      }
      return most;
    });
    // (r/d)⁴ at r = 1, times a number of order 1
    assert.ok(far! > 1e-6 && far! < 5 / 12 ** 4, `${far}`);
    const order = Math.log2(near! / far!);
    assert.ok(order > 3.8 && order < 4.6, `the order is ${order}`);
  });

  it("has the same bits on any threads", () => {
    const cluster = plummer(5000, { seed: 4 });
    const expected = treeGravity(cluster);
    for (const threads of [1, 2, 3]) {
      setNumThreads(threads);
      assert.deepEqual(treeGravity(cluster), expected);
    }
  });

  it("takes no bodies, one, two, and any few", () => {
    for (const n of [0, 1, 2, 3, 9, 65]) {
      const sphere = uniformSphere(n, { seed: n });
      const [found, truth] = [treeGravity(sphere, { openingAngle: 0 }), gravity(sphere)];
      assert.deepEqual(found.accelerations.shape, [n, 3]);
      if (n > 1) assert.ok(forceError(found, truth) < 1e-13);
      else assert.deepEqual(found, truth);
    }
  });

  it("takes many bodies at one place, with softening and without", () => {
    // more than walk as a group, and more than all groups of a cluster
    for (const heap of [300, 1300]) {
      const n = heap + 100;
      const sphere = uniformSphere(n, { seed: 5 });
      for (let k = 3; k < 3 * heap; k++) sphere.positions.data[k] = sphere.positions.data[k % 3]!;
      for (const softening of [0, 0.1]) {
        const found = treeGravity(sphere, { softening, openingAngle: 0.4 });
        const truth = gravity(sphere, { softening });
        // the heap pulls all others, and feels little itself: its relative error is larger
        assert.ok(forceError(found, truth) < 5e-4);
        if (softening > 0) assert.ok(potentialError(found, truth) < 1e-3);
        else assert.equal(found.potentials.at(0), -Infinity);
      }
    }
  });

  it("takes lengths from 1e-100 to 1e100 in one system", () => {
    const n = 600;
    const sphere = uniformSphere(n, { seed: 6 });
    for (let i = 0; i < n; i++) {
      const scale = 10 ** (-100 + (200 * i) / n);
      for (let axis = 0; axis < 3; axis++)
        sphere.positions.data[3 * i + axis] = sphere.positions.data[3 * i + axis]! * scale;
    }
    const [found, truth] = [treeGravity(sphere), gravity(sphere)];
    assert.ok(potentialError(found, truth) < 2e-3);
    // nobody is in a crowd: each body's neighbours at its own scale are told apart
    const { links } = octree(sphere);
    for (let cell = 0; cell < links.length; cell++) {
      const isLeaf = links.at(cell, 2) === cell + 1;
      assert.ok(!isLeaf || links.at(cell, 1) - links.at(cell, 0) <= 8);
    }
  });

  it("takes massless bodies, and cells full of them", () => {
    const n = 500;
    const sphere = uniformSphere(n, { seed: 7 });
    const masses = Float64Array.from({ length: n }, (_, i) => (i < 50 ? 1 : 0));
    const bodies = { positions: sphere.positions, masses };
    assert.ok(forceError(treeGravity(bodies), gravity(bodies)) < 3e-3);
    const none = treeGravity({ positions: sphere.positions, masses: new Float64Array(n) });
    assert.ok(none.accelerations.data.every((a) => a === 0));
  });

  it("names what is wrong with bodies and options", () => {
    const sphere = uniformSphere(3);
    assert.throws(
      () => treeGravity({ ...sphere, positions: [[0, 0, 0], [0, Infinity, 0], [1, 1, 1]] }), // prettier-ignore
      /treeGravity: positions\[1\]\[1\] is Infinity: give finite numbers/,
    );
    assert.throws(
      () => treeGravity(sphere, { openingAngle: -1 }),
      /treeGravity: openingAngle is -1: give an angle from 0 to 2, such as 0.7/,
    );
    assert.throws(
      () => treeGravity(sphere, { theta: 1 } as never),
      /treeGravity has no option 'theta': there are softening, G, openingAngle/,
    );
  });
});

describe("the octree", () => {
  /** Bodies on a few planes, so that many share coordinates. */
  const clumpy = (n: number, seed: number): Bodies => {
    const sphere = uniformSphere(n, { seed });
    const random = philox(seed, 1e6);
    const { data } = sphere.positions;
    for (let k = 0; k < data.length; k++) {
      if (random.uniform() < 0.3) data[k] = Math.round(4 * data[k]!) / 4;
    }
    return sphere;
  };

  const heap = (n: number) => ({
    positions: Array.from({ length: n }, (_, i) => (i < 20 ? [i, 0, 0] : [1, 2, 3])),
    masses: new Float64Array(n).fill(1),
  });

  it("has each body once, in cells that hold just the bodies of their children", () => {
    for (const bodies of [plummer(3000), clumpy(2000, 1), clumpy(100, 2), heap(1300)]) {
      const n = bodies.masses.length;
      const { order, links, groups, clusters } = octree(bodies);
      assert.deepEqual([...order].sort((a, b) => a - b), Array.from({ length: n }, (_, i) => i)); // prettier-ignore
      for (let cell = 0; cell < links.length; cell++) {
        const [first, end, behind] = [0, 1, 2].map((k) => links.at(cell, k)) as [number, number, number]; // prettier-ignore
        if (behind === cell + 1) continue;
        let next = first;
        for (let child = cell + 1; child < behind; child = links.at(child, 2)) {
          assert.equal(links.at(child, 0), next);
          next = links.at(child, 1);
        }
        assert.equal(next, end);
      }
      assert.deepEqual([groups.at(0), groups.at(groups.length - 1)], [0, n]);
      for (let group = 1; group < groups.length; group++) {
        const held = groups.at(group) - groups.at(group - 1);
        assert.ok(held > 0 && held <= GROUP_SIZE);
      }
      assert.deepEqual([clusters.at(0), clusters.at(clusters.length - 1)], [0, groups.length - 1]);
      for (let cluster = 1; cluster < clusters.length; cluster++) {
        const held = groups.at(clusters.at(cluster)) - groups.at(clusters.at(cluster - 1));
        assert.ok(held > 0 && held <= CLUSTER_SIZE);
      }
    }
  });

  it("is built anew where the bodies are now", () => {
    const points = pointColumns(clumpy(500, 4), "test");
    const tree = new Octree(points);
    tree.build();
    for (const column of [points.x, points.y]) column.data.reverse();
    tree.build();
    const fresh = new Octree(points);
    fresh.build();
    assert.deepEqual(tree.links.toArray(), fresh.links.toArray());
    assert.deepEqual(tree.order, fresh.order);
    assert.deepEqual(tree.cells.slice([0, tree.links.length]).toArray(), fresh.cells.slice([0, fresh.links.length]).toArray()); // prettier-ignore
  });

  it("knows mass, centre, moments and extent of each cell", () => {
    const { bodies, links, cells } = octree(clumpy(700, 3));
    const [x, y, z, m] = [bodies.x.data, bodies.y.data, bodies.z.data, bodies.m.data];
    for (let cell = 0; cell < links.length; cell += 5) {
      const [first, end] = [links.at(cell, 0), links.at(cell, 1)];
      const sum = (term: (i: number) => number): number => {
        let total = 0;
        for (let i = first; i < end; i++) total += m[i]! * term(i);
        return total;
      };
      const mass = sum(() => 1);
      const [cx, cy, cz] = [x, y, z].map((column) => sum((i) => column[i]! / mass)) as [number, number, number]; // prettier-ignore
      const span = (column: Float64Array): number =>
        Math.max(...column.subarray(first, end)) - Math.min(...column.subarray(first, end));
      const middle = (column: Float64Array): number =>
        (Math.max(...column.subarray(first, end)) + Math.min(...column.subarray(first, end))) / 2;
      const expected = [
        ...[cx, cy, cz, mass],
        3 * sum((i) => (x[i]! - cx) ** 2),
        3 * sum((i) => (x[i]! - cx) * (y[i]! - cy)),
        3 * sum((i) => (x[i]! - cx) * (z[i]! - cz)),
        3 * sum((i) => (y[i]! - cy) ** 2),
        3 * sum((i) => (y[i]! - cy) * (z[i]! - cz)),
        3 * sum((i) => (z[i]! - cz) ** 2),
        Math.max(span(x), span(y), span(z)),
        Math.hypot(...[x, y, z].map((column, axis) => middle(column) - [cx, cy, cz][axis]!)),
        Math.max(...[...x.keys()].slice(first, end).map((i) => Math.hypot(x[i]! - cx, y[i]! - cy, z[i]! - cz))), // prettier-ignore
      ];
      assert.equal(expected.length, CELL);
      // roundings of at most 700 terms
      expected.forEach((value, k) => {
        assert.ok(Math.abs(cells.at(cell, k) - value) < 1e-13, `number ${k} of ${CELL}`);
      });
    }
  });
});
