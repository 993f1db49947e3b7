/** Searches for the best and the last, over numbers with ties, zeros of both signs, NaN and infinities. */
import { array, type NDArray, prange } from "hotcell";
import { integers, specimen, type Specimen, vector } from "./specimen.js";

/** Few different numbers, so that most of them are there many times. */
function tied(n: number, seed = 1): NDArray {
  const special = [-0, 0, NaN, Infinity, -Infinity];
  const values = [...integers(n, 40, "float64", seed)].map((value, i) =>
    value < 3 ? special[i % special.length]! : value - 20,
  );
  return array(values);
}

/** None of them infinite. */
function finite(n: number, seed = 1): NDArray {
  return array([...tied(n, seed)].map((value) => (Math.abs(value) === Infinity ? -7 : value)));
}

export const searches: readonly Specimen[] = [
  specimen(
    "the first of the smallest",
    "if (x < best) { … }",
    (x: NDArray) => {
      let [best, at] = [Infinity, -1];
      for (const i of prange(x.length)) {
        if (x.at(i) < best) {
          best = x.at(i);
          at = i;
        }
      }
      return { best, at };
    },
    () => [finite(1003)],
  ),
  specimen(
    "the last of the smallest",
    "<=, where equals win",
    (x: NDArray) => {
      let [best, at] = [Infinity, -1];
      for (const i of prange(x.length)) {
        const v = Math.abs(x.at(i));
        if (v <= best) {
          best = v;
          at = i;
        }
      }
      return { best, at };
    },
    () => [finite(1003, 2)],
  ),
  specimen(
    "the sign of the first zero",
    "a minimum by comparison keeps the first of 0 and -0",
    (x: NDArray) => {
      let [least, last] = [1, 1];
      for (const i of prange(x.length)) {
        const v = x.at(i) * 0;
        if (v < least) least = v;
        last = v <= last ? v : last;
      }
      return [least, last];
    },
    () => [vector(200)],
  ),
  specimen(
    "the greatest, with what belongs to it",
    "numbers and a boolean of the winning iteration",
    (x: NDArray, y: NDArray) => {
      let [best, other, isOdd] = [-1, 0, false];
      for (const i of prange(x.length)) {
        const v = Math.sin(y.at(i)) * 8;
        if (best < x.at(i)) {
          const twice = 2 * v;
          best = x.at(i);
          isOdd = i % 2 === 1;
          other = twice + best;
        }
      }
      return { best, other, isOdd };
    },
    () => [finite(700, 3), vector(700)],
    1e-15,
  ),
  specimen(
    "nothing better than NaN",
    "what nothing wins against stays",
    (x: NDArray, start: number) => {
      let [best, at] = [start, -1];
      for (const i of prange(x.length)) {
        if (x.at(i) >= best) [best, at] = [x.at(i), i];
      }
      return [best, at];
    },
    () => [tied(300), NaN],
  ),
  specimen(
    "an infinite best",
    ">= an infinity that the variable held before",
    (x: NDArray) => {
      let [best, at, least, where] = [-Infinity, -1, Infinity, -1];
      for (const i of prange(x.length)) {
        const v = i % 2 === 0 ? -Infinity : NaN;
        if (v >= best) [best, at] = [v, i];
        if (-v < least) [least, where] = [-v, i];
      }
      return [best, at, least, where];
    },
    () => [vector(90)],
  ),
  specimen(
    "the best backwards",
    "a counter that goes down, some iterations left out",
    (x: NDArray) => {
      let [least, from, most, to] = [Infinity, -1, -Infinity, -1];
      for (const i of prange(x.length - 1, -1, -2)) {
        if (i % 3 === 0) continue;
        if (i % 5 !== 0 && x.at(i) < least) [least, from] = [x.at(i), i];
        if (x.at(i) >= most) [most, to] = [x.at(i), i];
      }
      return [least, from, most, to];
    },
    () => [finite(801, 5)],
  ),
  specimen(
    "the closest pair",
    "a search by an inner loop, two places kept",
    (p: NDArray) => {
      let [best, a, b] = [Infinity, -1, -1];
      for (const i of prange(p.length)) {
        for (let j = 0; j < i; j++) {
          const d = (p.at(i, 0) - p.at(j, 0)) ** 2 + (p.at(i, 1) - p.at(j, 1)) ** 2;
          if (d < best) {
            best = d;
            a = i;
            b = j;
          }
        }
      }
      return { best, a, b };
    },
    () => [integers(400, 9, "float64").reshape(200, 2)],
  ),
  specimen(
    "a search beside sums",
    "all sorts of reductions of one loop",
    (x: NDArray) => {
      let [best, at, count, product] = [100, -1, 0, 1];
      for (const i of prange(x.length)) {
        const v = x.at(i);
        if (v > 0) count += i;
        if (v < best) [best, at] = [v, i];
        product *= v < 0 ? -1 : 1;
      }
      return [best, at, count, product];
    },
    () => [finite(515, 6)],
  ),
  specimen(
    "whether any and where last",
    "what the last iteration to set it set",
    (x: NDArray) => {
      let [any, last, never] = [false, -1, -1];
      for (const i of prange(x.length)) {
        if (x.at(i) > 12) {
          any = true;
          last = i;
        }
        if (x.at(i) > 1000) never = i;
      }
      return { any, last, never };
    },
    () => [finite(600, 7)],
  ),
  specimen(
    "the last element",
    "a variable that every iteration sets, read behind the loop",
    (x: NDArray) => {
      let last = 0;
      for (const i of prange(x.length)) {
        const v = Math.sqrt(Math.abs(x.at(i)));
        last = v + i;
      }
      return last;
    },
    () => [vector(77)],
  ),
];
