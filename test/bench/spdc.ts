/**
 * The mode overlap of an SPDC source on a grid of 100 × 100 points: one `quad` a point, serially and on
 * all cores. In parallel, both sides hand out lines of 100 points; "pool-points" is ours with a point
 * as the item, which shows what small items cost. The peer is SciPy's `quad` with the complex integrand
 * that NumPy users write ("scipy"), and with its real part in plain `math`, the fastest that uncompiled
 * Python does ("scipy-real"). All sides use their default tolerances, which are the same, and must
 * agree to 1e-7.
 */
import assert from "node:assert/strict";
import { Pool, quad } from "hotcell";
import type { Row } from "./row.js";

const pool = new Pool();

const mismatches = Array.from({ length: 100 }, (_, i) => (-7 + 0.1 * i) * Math.PI);
const focuses = Array.from({ length: 100 }, (_, j) => 10 ** (-1.5 + 0.04 * j));
const points = mismatches.flatMap((phi) => focuses.map((xi) => ({ phi, xi })));

/** The real part of exp(iφl/2) / (1 − iξl), integrated, times √ξ; the imaginary part is odd. */
function overlap(phi: number, xi: number): number {
  const integrand = (l: number): number => {
    const angle = (phi * l) / 2;
    return (Math.cos(angle) - xi * l * Math.sin(angle)) / (1 + xi * xi * l * l);
  };
  return Math.sqrt(xi) * quad(integrand, -1, 1).integral;
}

/** The same with both parts, as the Python peer computes them. */
function complexOverlap(phi: number, xi: number): number {
  const integrand = (l: number): [number, number] => {
    const angle = (phi * l) / 2;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const scale = Math.sqrt(xi) / (1 + xi * xi * l * l);
    return [scale * (cos - xi * l * sin), scale * (sin + xi * l * cos)];
  };
  return quad(integrand, -1, 1).integral[0];
}

const line = (phi: number): number[] => focuses.map((xi) => overlap(phi, xi));
const complexLine = (phi: number): number[] => focuses.map((xi) => complexOverlap(phi, xi));

const row: Row = {
  title: "10,000 integrals, the SPDC map",
  pairs: [
    ["serial", "scipy"],
    ["pool", "scipy-pool"],
    ["pool-complex", "scipy-pool"],
    ["pool-points", "scipy-pool"],
    ["pool", "scipy-real-pool"],
  ],
  ours: {
    serial: () => mismatches.map(line),
    pool: () => pool.map(line, mismatches),
    "pool-complex": () => pool.map(complexLine, mismatches),
    "pool-points": () => pool.map(({ phi, xi }) => overlap(phi, xi), points),
  },
  rounds: 7,
  warmUp: 10,
  check(ours, peers) {
    const sides = Object.entries({ ...ours, ...peers }) as [string, (number | number[])[]][];
    const { serial, ...others } = Object.fromEntries(
      sides.map(([name, values]) => [name, values.flat()]),
    );
    for (const pooled of ["pool", "pool-points"])
      assert.deepEqual([...others[pooled]!], serial, "pooled and serial bits differ");
    for (const [name, values] of Object.entries(others)) {
      assert.equal(values.length, points.length);
      for (const [i, value] of values.entries()) {
        const distance = Math.abs(value - serial![i]!);
        assert.ok(distance < 1e-7, `${name} differs by ${distance} at point ${i}`);
      }
    }
  },
  close: () => pool.close(),
};
export default row;
