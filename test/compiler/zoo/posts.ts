/** Kernels of the posts, with numbers from arrays in place of random ones. */
import { type NDArray, prange } from "hotcell";
import { FUNCTIONS, matrix, REORDERED, specimen, type Specimen, vector } from "./specimen.js";

const sigma = 2;
const depth = 5;
const alpha = 1;
const harmonic = (x: number): number => (1 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
function morse(x: number): number {
  const z = ((2 * Math.sqrt(2 * depth)) / alpha) * Math.exp(-alpha * x);
  return z ** ((2 * Math.sqrt(2 * depth)) / alpha - 1) * Math.exp(-z);
}
const proposal = (x: number): number =>
  (1 / (Math.sqrt(2 * Math.PI) * sigma)) * Math.exp((-x * x) / (2 * sigma * sigma));

export const posts: readonly Specimen[] = [
  specimen(
    "the harmonic ⟨x²⟩ by importance weights",
    "captured functions and constants, a reduction",
    (xs: NDArray) => {
      let total = 0;
      for (const i of prange(xs.length)) {
        const x = sigma * xs.at(i);
        total += (x * x * harmonic(x)) / proposal(x);
      }
      return total / xs.length;
    },
    () => [vector(5000)],
    REORDERED,
  ),
  specimen(
    "either density's ⟨x²⟩, as an argument says",
    "a branch on an argument inside the loop",
    (xs: NDArray, target: number) => {
      let total = 0;
      for (const i of prange(xs.length)) {
        const x = sigma * xs.at(i);
        let p = 0;
        if (target === 0) p = harmonic(x);
        else p = morse(x);
        total += (x * x * p) / proposal(x);
      }
      return total / xs.length;
    },
    () => [vector(3000), 1],
    REORDERED,
  ),
  specimen(
    "⟨r²⟩ in three dimensions",
    "a nested loop in a prange",
    (r: NDArray) => {
      let total = 0;
      for (const i of prange(r.length)) {
        for (let j = 0; j < 3; j++) {
          const [x, y, z] = [r.at(i, j), r.at(i, j + 1), r.at(i, j + 2)];
          total += x * x + y * y + z * z;
        }
      }
      return total / (r.length * 3);
    },
    () => [matrix(500, 5)],
    REORDERED,
  ),
  specimen(
    "the mean-square displacement at one lag",
    "destructured shape, three axes",
    (positions: NDArray, lag: number) => {
      const [particles, frames] = positions.shape as [number, number, number];
      const m = frames - lag;
      let total = 0;
      for (const i of prange(particles)) {
        for (let k = 0; k < m; k++) {
          const dx = positions.at(i, k + lag, 0) - positions.at(i, k, 0);
          const dy = positions.at(i, k + lag, 1) - positions.at(i, k, 1);
          const dz = positions.at(i, k + lag, 2) - positions.at(i, k, 2);
          total += dx * dx + dy * dy + dz * dz;
        }
      }
      return total / (particles * m);
    },
    () => [vector(40 * 50 * 3).reshape(40, 50, 3), 7],
    REORDERED,
  ),
  specimen(
    "the forces between bodies, one row each",
    "independent rows, an inner sum in source order",
    (r: NDArray, mass: NDArray, force: NDArray) => {
      for (const i of prange(mass.length)) {
        let [fx, fy, fz] = [0, 0, 0];
        for (let j = 0; j < mass.length; j++) {
          const dx = r.at(j, 0) - r.at(i, 0);
          const dy = r.at(j, 1) - r.at(i, 1);
          const dz = r.at(j, 2) - r.at(i, 2);
          const r2 = dx * dx + dy * dy + dz * dz + 1e-4;
          const f = mass.at(j) / (r2 * Math.sqrt(r2));
          fx += f * dx;
          fy += f * dy;
          fz += f * dz;
        }
        force.set(fx, i, 0);
        force.set(fy, i, 1);
        force.set(fz, i, 2);
      }
    },
    () => [matrix(60, 3), vector(60, 9), matrix(60, 3, 5)],
  ),
  specimen(
    "Euler–Cromer steps of a pair of bodies",
    "a serial loop over several arrays",
    (x: NDArray, v: NDArray, steps: number, dt: number) => {
      for (let s = 0; s < steps; s++) {
        const d = x.at(1) - x.at(0);
        const pull = d / (Math.abs(d) ** 3 + 0.1);
        v.set(v.at(0) + dt * pull, 0);
        v.set(v.at(1) - dt * pull, 1);
        for (let i = 0; i < 2; i++) x.set(x.at(i) + dt * v.at(i), i);
      }
    },
    () => [vector(2), vector(2, 7), 200, 0.01],
    1e-9, // 200 steps carry the last bit of each power on
  ),
  specimen(
    "the SPDC overlap by the trapezium rule",
    "sin and cos in a nested sum, two axes written",
    (image: NDArray) => {
      const [rows, columns] = image.shape as [number, number];
      for (const i of prange(rows)) {
        const phi = (-7 + 0.5 * i) * Math.PI;
        for (let j = 0; j < columns; j++) {
          const xi = 10 ** (-1.5 + 0.2 * j);
          let sum = 0;
          for (let k = 0; k <= 100; k++) {
            const l = -1 + k / 50;
            const weight = k === 0 || k === 100 ? 0.5 : 1;
            const angle = (phi * l) / 2;
            sum += (weight * (Math.cos(angle) - xi * l * Math.sin(angle))) / (1 + xi * xi * l * l);
          }
          image.set((Math.sqrt(xi) * sum) / 50, i, j);
        }
      }
    },
    () => [matrix(12, 10)],
    1e-13,
  ),
  specimen(
    "masses of a Salpeter law from uniform numbers",
    "powers with captured exponents",
    (u: NDArray, mass: NDArray) => {
      const a = 1 - 2.35;
      const [low, high] = [0.1 ** a, 50 ** a];
      for (const i of prange(u.length))
        mass.set((low + Math.abs(u.at(i)) * (high - low)) ** (1 / a), i);
    },
    () => [vector(300), vector(300, 2)],
    FUNCTIONS,
  ),
];
