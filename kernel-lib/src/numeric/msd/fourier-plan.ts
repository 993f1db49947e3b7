/**
 * What a Fourier transform of one length needs: the stages it is made of, and the roots of unity.
 * A number of points that are wanted comes in, a plan for the next length with factors 2, 3 and 4
 * goes out. Knows nothing of the data.
 */
import { zeros } from "../../runtime/arrays.js";
import type { NDArray } from "../../runtime/ndarray.js";

/** A transform of `length` points. */
export interface FourierPlan {
  readonly length: number;
  /** The radix of each stage, in order. */
  readonly radices: NDArray<"int32">;
  /** cos(2πk/length) for all k. */
  readonly cos: NDArray<"float64">;
  /** −sin(2πk/length). */
  readonly sin: NDArray<"float64">;
}

let latest: FourierPlan | undefined;

/** The plan for at least that many points; the last one is kept. */
export function fourierPlan(points: number): FourierPlan {
  const length = smoothLength(points);
  if (latest?.length !== length) latest = plan(length);
  return latest;
}

/** The least 2^a·3^b with b ≤ 2 that is no less: at most a third more than wanted. */
export function smoothLength(points: number): number {
  const candidates = [1, 3, 9].map(
    (odd) => odd * 2 ** Math.max(0, Math.ceil(Math.log2(points / odd))),
  );
  return Math.min(...candidates);
}

function plan(length: number): FourierPlan {
  const radices: number[] = [];
  let rest = length;
  for (const radix of [4, 2, 3]) {
    for (; rest % radix === 0; rest /= radix) radices.push(radix);
  }
  const made = {
    length,
    radices: zeros(radices.length, "int32"),
    cos: zeros(length),
    sin: zeros(length),
  };
  made.radices.data.set(radices);
  for (let k = 0; k < length; k++) {
    // the nearest quarter turn is taken away first, which leaves an angle small enough to be exact
    const quarters = Math.round((4 * k) / length);
    const angle = ((4 * k - quarters * length) * Math.PI) / (2 * length);
    const [along, across] = [Math.cos(angle), Math.sin(angle)];
    made.cos.data[k] = [along, -across, -along, across][quarters & 3]!;
    made.sin.data[k] = -[across, along, -across, -along][quarters & 3]!;
  }
  return made;
}
