import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { FileFormatError, readTrajectory, type TrajectoryOptions } from "hotcell";
import { noticesOf } from "../msd/walks.js";
import { deleteFiles, expected, file, fixture, flat, framesOf } from "./files.js";

/** Reads a file to its end. */
async function readAll(path: string, options?: TrajectoryOptions): Promise<unknown> {
  return framesOf(readTrajectory(path, options));
}

/** Checks numbers that went through single precision, or a few roundings of double. */
function assertClose(found: readonly number[], truth: readonly number[], what: string): void {
  assert.equal(found.length, truth.length, what);
  found.forEach((x, i) => {
    assert.ok(
      Math.abs(x - truth[i]!) <= 3e-7 * Math.max(1, Math.abs(truth[i]!)),
      `${what}: ${x}, ${truth[i]!}`,
    );
  });
}

const trajectories = Object.keys(expected).filter((name) =>
  /\.(xtc|dcd|xyz|xyz\.gz|lammpstrj)$|frames/.test(name),
);

describe("readTrajectory", () => {
  after(deleteFiles);

  for (const name of trajectories) {
    it(`reads ${name} as it was made`, async () => {
      const truth = expected[name]!;
      const frames = await framesOf(readTrajectory(fixture(name)));
      assert.equal(frames.length, truth.positions.length);
      frames.forEach(({ positions, box, time, index }, k) => {
        assert.equal(index, k);
        assertClose([...positions], flat(truth.positions[k]), `positions of frame ${k}`);
        if (truth.boxes) assertClose(flat(box), flat(truth.boxes[k]), `box of frame ${k}`);
        if (truth.times) assert.equal(time, truth.times[k]);
      });
    });
  }

  it("gives all positions as msd takes them: by atom, then by frame", async () => {
    const truth = expected["extended.xyz"]!.positions;
    const positions = await readTrajectory(fixture("extended.xyz")).positions();
    assert.deepEqual(positions.shape, [6, 3, 3]);
    assert.deepEqual(positions.slice(4, 2).toArray(), truth[2]![4]);
  });

  it("takes some of the frames and atoms", async () => {
    const whole = await readTrajectory(fixture("charmm.dcd")).positions();
    const some = readTrajectory(fixture("charmm.dcd"), {
      start: 1,
      stop: 4,
      every: 2,
      atoms: [7, 2],
    });
    const frames = await framesOf(some);
    assert.deepEqual(
      frames.map(({ index }) => index),
      [1, 3],
    );
    const part = await some.positions();
    assert.deepEqual(part.shape, [2, 2, 3]);
    assert.deepEqual(part.slice(0, 1).toArray(), whole.slice(7, 3).toArray());
    assert.deepEqual(
      (await readTrajectory(fixture("charmm.dcd"), { stop: 0 }).positions()).shape,
      [0, 0, 3],
    );
    await assert.rejects(readAll(fixture("charmm.dcd"), { atoms: [12] }), /no atom 12, .* has 12/);
  });

  it("tells the format by the content, not by the name", async () => {
    const named = file("run.dcd", readFileSync(fixture("water.xtc")));
    assert.equal(readTrajectory(named).format, "xtc");
    const packed = file("run.xyz", gzipSync(readFileSync(fixture("mdtraj.lammpstrj"))));
    assert.equal(readTrajectory(packed).format, "lammps");
    assert.equal((await framesOf(readTrajectory(packed))).length, 3);
  });

  it("finds lines and records across the chunks in which a file is read", async () => {
    const atoms = 30_000;
    const frame = (k: number): string =>
      `${atoms}\r\n\r\n${Array.from({ length: atoms }, (_, i) => `Ar ${i} ${k} ${i * k}.5`).join("\r\n")}\r\n`;
    const text = file("long.xyz", frame(1) + frame(2) + "\n\n");
    const [, second] = await framesOf(readTrajectory(text));
    assert.deepEqual([...second!.positions.slice(-3)], [atoms - 1, 2, 2 * (atoms - 1) + 0.5]);
  });
});

describe("LAMMPS dumps", () => {
  after(deleteFiles);
  const dump = (bounds: string, columns: string, ...atoms: string[]): string =>
    `ITEM: UNITS\nlj\nITEM: TIMESTEP\n100\nITEM: NUMBER OF ATOMS\n${atoms.length}\n` +
    `ITEM: BOX BOUNDS ${bounds}\nITEM: ATOMS ${columns}\n${atoms.join("\n")}\n`;
  const straight = "pp pp pp\n-1 9\n0 20\n0 30";
  const read = async (text: string): Promise<number[]> => {
    const [frame] = await framesOf(readTrajectory(file("dump.lammpstrj", text)));
    assert.equal(frame!.step, 100);
    return [...frame!.positions];
  };

  it("put atoms in the order of their ids", async () => {
    assert.deepEqual(
      await read(dump(straight, "id type x y z", "7 1 1 2 3", "2 1 4 5 6")),
      [4, 5, 6, 1, 2, 3],
    );
  });

  it("scale scaled positions back, also in a tilted box", async () => {
    assert.deepEqual(await read(dump(straight, "id xs ys zs", "1 0.5 0.5 0.5")), [4, 10, 15]);
    // a box of 10 × 20 × 30 at the origin with tilts 2, −3, 4: its bounds are −3 … 12, 0 … 24
    const tilted = "xy xz yz pp pp pp\n-3 12 2\n0 24 -3\n0 30 4";
    assert.deepEqual(await read(dump(tilted, "id xs ys zs", "1 0.5 0.5 0.5")), [4.5, 12, 15]);
    const [frame] = await framesOf(
      readTrajectory(file("dump", dump(tilted, "id x y z", "1 0 0 0"))),
    );
    assert.deepEqual(frame!.box, [
      [10, 0, 0],
      [2, 20, 0],
      [-3, 4, 30],
    ]);
  });

  it("unfold positions that have image flags", async () => {
    const text = dump(straight, "id x y z ix iy iz", "1 1 2 3 1 0 -2");
    assert.deepEqual(await read(text), [11, 2, -57]);
    const [frame] = await framesOf(readTrajectory(file("dump", text)));
    assert.equal(frame!.isUnwrapped, true);
    assert.deepEqual(await read(dump(straight, "id xu yu zu x y z", "1 7 8 9 1 1 1")), [7, 8, 9]);
  });

  it("say what is wrong with them, and where", async () => {
    const wrong: [string, RegExp][] = [
      [
        dump(straight, "id vx vy vz", "1 1 1 1"),
        /has no columns x y z, .* but id vx vy vz \(frame 0, line 11\)/,
      ],
      [dump(straight, "id x y z", "1 1 1 1", "1 2 2 2"), /two atoms with the same id/],
      [
        dump(straight, "id x y z", "1 1 nan 1"),
        /'nan' as y of atom 1, which is no finite number \(frame 0, line 12\)/,
      ],
      [dump(straight, "id x y z", "1 1 1"), /3 columns for atom 1 of 1, not 4/],
      [dump(straight, "id x y z", "1 1 1 1").slice(0, -8), /truncated|columns/],
      [
        dump(straight, "id x y z", "1 1 1 1") + "ITEM: TIMESTEP\n200\n",
        /ends before the atoms .* truncated \(frame 1/,
      ],
      [
        dump(straight, "id x y z", "1 1 1 1") + dump(straight, "id x y z", "2 1 1 1"),
        /atom 2 in this frame that isn't in the first/,
      ],
      [dump("pp pp pp\n0 1 5\n0 1\n0 1", "id x y z", "1 1 1 1"), /bounds/],
    ];
    for (const [text, message] of wrong) await assert.rejects(readAll(file("dump", text)), message);
  });
});

describe("a damaged trajectory", () => {
  after(deleteFiles);
  const refused = async (
    name: string,
    content: string | Uint8Array,
    message: RegExp,
  ): Promise<void> => {
    const damaged = file(name, content);
    await assert.rejects(
      async () => readAll(damaged),
      (error) => {
        assert.ok(error instanceof FileFormatError, String(error));
        assert.equal(error.path, damaged);
        assert.match(error.message, message);
        return true;
      },
    );
  };

  it("is refused with the frame and the line, where it is text", async () => {
    const good = "2\nwater\nO 0 0 0\nH 1 0 0\n";
    await refused("a.xyz", "", /is empty/);
    await refused(
      "a.xyz",
      "hello\nworld",
      /is no trajectory that is known \(npy, .*\): it begins with 'hello.world'/,
    );
    await refused(
      "a.xyz",
      `${good}2\nwater\nO 0 0 0\n`,
      /ends where atom 2 of 2 should be: it is truncated \(frame 1, line 8\)/,
    );
    await refused(
      "a.xyz",
      `${good}2\nwater\nO 0 0 0\nH 1 0`,
      /has 3 columns for atom 2 of 2, not 4 \(frame 1, line 8\)/,
    );
    await refused(
      "a.xyz",
      `${good}2\nwater\nO 0 0 0\nH 1 x 0`,
      /has 'x' as y of atom 2, which is no finite number \(frame 1, line 8\)/,
    );
    await refused(
      "a.xyz",
      `${good}3\nwater\nO 0 0 0\nH 1 0 0\nH 0 0 0\n`,
      /has 3 atoms in this frame and 2 in the first \(frame 1\)/,
    );
    await refused("a.xyz", `${good}O 0 0 0\n`, /'O 0 0 0' as the number of atoms/);
    await refused(
      "a.xyz",
      `1\nLattice="1 0 0"\nO 0 0 0\n`,
      /lattice of 3 numbers, not 9 \(frame 0, line 2\)/,
    );
    await refused("a.xyz", `1\nProperties=species:S:1\nO 0 0 0\n`, /no pos:R:3/);
    await refused("a.xyz", `1\n${"x".repeat(100_000)}`, /more than 65,536 characters/);
    const packed = gzipSync(good.repeat(1000));
    await refused("a.gz", packed.subarray(0, packed.length - 20), /can't be unpacked/);
  });

  it("is refused with the frame and the byte, where it is binary", async () => {
    for (const name of ["water.xtc", "few.xtc", "charmm.dcd", "big.dcd", "frames.npy"]) {
      const whole = readFileSync(fixture(name));
      for (const part of [0.4, 0.7, 0.99]) {
        // no truncation ends between two frames here
        const cut = whole.subarray(0, Math.floor(part * whole.length));
        await refused(
          name,
          cut,
          /^.* ends after .* bytes of .*: it is truncated \(frame \d, byte \d+\)$/,
        );
      }
    }
  });

  it("ends, with frames or an error of its own, whichever byte is damaged", async () => {
    for (const name of [
      "water.xtc",
      "scales.xtc",
      "charmm.dcd",
      "markers.dcd",
      "mdtraj.lammpstrj",
    ]) {
      const whole = readFileSync(fixture(name));
      // every byte of the first headers and some of what follows
      for (let at = 4; at < whole.length; at += at < 120 ? 1 : 397) {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= 0xff;
        const path = file(`damaged-${name}`, damaged);
        try {
          await noticesOf(async () => readAll(path));
        } catch (error) {
          assert.ok(error instanceof FileFormatError, `${name}, byte ${at}: ${String(error)}`);
        }
      }
    }
  });

  it("says how many frames are missing, where only the header knows", async () => {
    const whole = readFileSync(fixture("charmm.dcd"));
    const frame = 4 * 2 + 48 + 3 * (12 * 4 + 8);
    const said = await noticesOf(async () => {
      const frames = await framesOf(
        readTrajectory(file("stopped.dcd", whole.subarray(0, whole.length - frame))),
      );
      assert.equal(frames.length, 4);
    });
    assert.match(said[0]!, /has 4 frames, its header says 5/);
  });

  it("refuses options that make no sense", () => {
    const open = (options: object) => () => readTrajectory(fixture("water.xtc"), options);
    assert.throws(open({ step: 2 }), /no option 'step': there are format, start/);
    assert.throws(open({ every: 0 }), /every is 0/);
    assert.throws(open({ format: "pdb" }), /format is 'pdb': give one of npy, dcd/);
    assert.throws(open({ atoms: [-1] }), /atoms has -1/);
    assert.throws(() => readTrajectory("nowhere.xyz"), /ENOENT/);
  });
});
