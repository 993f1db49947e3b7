/** Reductions of bits. */
import { array, type NDArray, prange, zeros } from "hotcell";
import { integers, specimen, type Specimen } from "./specimen.js";

export const bits: readonly Specimen[] = [
  specimen(
    "the bits that any, all, and an odd number of elements have",
    "|=, &= and ^= as reductions, onto what is no int32",
    (x: NDArray<"int32">) => {
      let [any, all, odd, none] = [2 ** 33 + 1.5, -1, 2 ** 31, 0.5];
      for (const i of prange(x.length)) {
        any |= x.at(i) & 0x70;
        if (x.at(i) > 500) all &= x.at(i) | 1;
        odd = odd ^ (x.at(i) << 9) ^ i;
      }
      for (const i of prange(0)) none |= i;
      return { any, all, odd, none };
    },
    () => [integers(1003, 1000, "int32")],
  ),
  specimen(
    "the bits of numbers of any size",
    "|=, &= and ^= of what has to become an int32",
    (x: NDArray) => {
      let [any, all, odd] = [0, -1, 0];
      for (const i of prange(x.length)) {
        any |= x.at(i);
        all &= -x.at(i);
        odd ^= x.at(i) * 2 ** 20;
      }
      return { any, all, odd };
    },
    () => [array([...integers(1003, 2 ** 40, "float64"), NaN, Infinity, -0, -1.5])],
  ),
  specimen(
    "the bits in each class",
    "|=, &= and ^= into the elements of integer arrays",
    (x: NDArray<"int32">, any: NDArray<"uint8">, all: NDArray<"int16">, odd: NDArray<"uint32">) => {
      for (const i of prange(x.length)) {
        const k = x.at(i) % 7;
        any.set(any.at(k) | x.at(i), k);
        all.set(all.at(k) & (x.at(i) | 3), k);
        odd.set(odd.at(k) ^ (x.at(i) << 25), k);
      }
    },
    () => [
      integers(1003, 1000, "int32"),
      zeros([8], "uint8"),
      array([-1, -1, -1, -1, 0, 255, 1023, 5], "int16"),
      integers(8, 2 ** 32, "uint32"),
    ],
  ),
  specimen(
    "bits that are taken away, at last all of them",
    "&=, |= and ^= with constants that change nothing, or all",
    (x: NDArray<"int32">) => {
      let [common, none, cut, some] = [-1, 15, 7.5, 2 ** 33 + 0.5];
      for (const i of prange(x.length)) {
        common &= x.at(i) | 3;
        common &= -1;
        none = 10 & none;
        none = 0 & none;
        cut |= 0;
        some ^= 0;
        if (x.at(i) > 500) some ^= x.at(i);
      }
      return { common, none, cut, some };
    },
    () => [integers(203, 1000, "int32")],
  ),
];
