import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { msd, NDArray, readTrajectory, saveNpy, zeros, type Frame } from "hotcell";
import { deleteFiles, file } from "../readers/files.js";
import { path as trajectoryOf, randomWalk, worst } from "./walks.js";

const [particles, frames] = [300, 200];
const walk = randomWalk([particles, frames, 3], 0.2, 1);
const lags = [1, 7, 50, 199, 0];

/** The frames of an array, as a reader would give them. */
async function* framesOf(r: NDArray): AsyncGenerator<Frame, void, undefined> {
  for (let index = 0; index < r.shape[1]!; index++) {
    // as a file would, this takes its time
    await Promise.resolve();
    yield { index, positions: Float64Array.from(r.slice(undefined, index)) };
  }
}

/** The array with frames first, as files have them. */
function byFrame(r: NDArray): NDArray {
  const turned = zeros([frames, particles, 3]);
  for (let k = 0; k < frames; k++) turned.data.set([...r.slice(undefined, k)], 3 * particles * k);
  return turned;
}

describe("msd of frames that come one at a time", () => {
  after(deleteFiles);

  it("gives what msd gives of an array, from a file", async () => {
    const npy = file("walk.npy", "");
    saveNpy(npy, byFrame(walk));
    for (const msdType of ["xyz", "xz", "y"] as const) {
      const streamed = await msd(readTrajectory(npy), { lags, msdType, dt: 0.5 });
      const whole = msd(walk, { lags, msdType, dt: 0.5, fft: false });
      // the same squares in another order
      assert.ok(worst(streamed.msd, whole.msd) < 1e-13);
      assert.ok(worst(streamed.standardError, whole.standardError) < 1e-11);
      assert.ok(worst([...streamed.perParticle!], [...whole.perParticle!]) < 1e-12);
      assert.deepEqual(
        { ...streamed, msd: 0, standardError: 0, perParticle: 0 },
        { ...whole, msd: 0, standardError: 0, perParticle: 0 },
      );
    }
  });

  it("unfolds with the box of the file, or one that is given", async () => {
    const edges = [2, 2.5, 3];
    const folded = trajectoryOf([20, frames, 3], (i, k, c) => {
      const x = walk.at(i, k, c);
      return x - edges[c]! * Math.floor(x / edges[c]!);
    });
    const text = Array.from({ length: frames }, (_, k) => {
      const atoms = Array.from({ length: 20 }, (_, i) => `Ar ${[...folded.slice(i, k)].join(" ")}`);
      return `20\nLattice="2 0 0 0 2.5 0 0 0 3"\n${atoms.join("\n")}\n`;
    });
    const run = readTrajectory(file("folded.xyz", text.join("")));
    const truth = msd(walk.slice([0, 20]), { lags, fft: false });
    for (const box of ["trajectory" as const, edges, () => edges])
      assert.ok(worst((await msd(run, { lags, box })).msd, truth.msd) < 1e-12);
    await assert.rejects(msd(framesOf(walk), { lags, box: "trajectory" }), /frame 0 has no box/);
  });

  it("needs no more memory for a long file than for a short one", () => {
    const big = zeros([12_000, 1000, 3], "float32");
    const long = file("long.npy", "");
    saveNpy(long, big);
    const code = `
      const { msd, readTrajectory } = require("hotcell");
      msd(readTrajectory(${JSON.stringify(long)}, { stop: Number(process.argv[1]) }), { lags: [1, 100] })
        .then(() => console.log(process.resourceUsage().maxRSS / 1024));`;
    const cwd = path.resolve(__dirname, "../../..");
    const [short, all] = [600, 12_000].map((stop) =>
      Number(execFileSync(process.execPath, ["-e", code, String(stop)], { cwd, encoding: "utf8" })),
    );
    // the file has 137 MiB; the collector lets some of the frames lie for a while
    assert.ok(all! - short! < 70, `${short!} MiB, then ${all!} MiB`);
  });

  it("refuses lags that the frames or the memory don't reach", async () => {
    const stream = () => framesOf(walk);
    await assert.rejects(
      msd(stream(), { lags: [200] }),
      /a lag is 200: .* from 0 to 199, as there are 200 frames/,
    );
    await assert.rejects(msd(stream(), { lags: [-1] }), /a lag is -1/);
    await assert.rejects(
      msd(stream(), { lags: [1e6] }),
      /lag 1000000 of 300 particles takes 7\d\d\d MiB, the memory budget is 512 MiB/,
    );
    await assert.rejects(msd(stream(), {} as never), /need lags, such as \[1, 10, 100\]/);
    await assert.rejects(msd(stream(), { lags, fft: true }), /can't be transformed/);
  });

  it("names what isn't a number, and frames that don't fit", async () => {
    const holed = trajectoryOf([4, 9, 3], (i, k, c) => (i === 2 && k === 5 && c === 1 ? NaN : k));
    await assert.rejects(msd(framesOf(holed), { lags: [1] }), /particle 2 has y = NaN in frame 5/);
    async function* uneven(): AsyncGenerator<Frame, void, undefined> {
      yield* framesOf(holed.slice(undefined, [0, 2]));
      yield* framesOf(walk);
    }
    await assert.rejects(msd(uneven(), { lags: [1] }), /frame 2 has 900 numbers, the first has 12/);
  });

  it("tells how far it is, and stops at its signal", async () => {
    const told: number[] = [];
    await msd(framesOf(walk), { lags, progress: ({ done }) => told.push(done) });
    assert.equal(told.at(-1), frames);
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(msd(framesOf(walk), { lags, signal }), /enough/);
  });
});
