/**
 * Integrals with known values, collected where quadrature programs are tested: QUADPACK's and GSL's
 * own suites, Kahaner's battery (1971) with Gander and Gautschi's additions (2000), and Bailey's
 * functions for tanh-sinh (2005). Values are closed forms where there is one, else 20 digits by
 * mpmath.
 */
import type { QuadOptions } from "hotcell";

export interface Case {
  readonly name: string;
  readonly f: (x: number) => number;
  readonly a: number;
  readonly b: number;
  readonly truth: number;
  readonly options?: QuadOptions;
}

const { PI, SQRT2, abs, atan, cos, cosh, exp, expm1, log, log1p, sin, sqrt, tan } = Math;
const oo = Infinity;

export const SMOOTH: readonly Case[] = [
  { name: "Kahaner 1", f: exp, a: 0, b: 1, truth: expm1(1) },
  { name: "Kahaner 4", f: (x) => 0.92 * cosh(x) - cos(x), a: -1, b: 1, truth: 0.47942822668880176 },
  {
    name: "Kahaner 5",
    f: (x) => 1 / (x ** 4 + x * x + 0.9),
    a: -1,
    b: 1,
    truth: 1.5822329637296729,
  },
  { name: "Kahaner 8", f: (x) => 1 / (1 + x ** 4), a: 0, b: 1, truth: 0.866972987339911 },
  {
    name: "Kahaner 9",
    f: (x) => 2 / (2 + sin(10 * PI * x)),
    a: 0,
    b: 1,
    truth: 2 / sqrt(3),
  },
  { name: "Kahaner 10", f: (x) => 1 / (1 + x), a: 0, b: 1, truth: log(2) },
  { name: "Kahaner 11", f: (x) => 1 / (1 + exp(x)), a: 0, b: 1, truth: 1 - log((1 + Math.E) / 2) },
  { name: "Kahaner 12", f: (x) => x / expm1(x), a: 0, b: 1, truth: 0.7775046341122483 },
  { name: "Kahaner 22", f: (x) => 1 / (x * x + 1.005), a: -1, b: 1, truth: poleIntegral(1.005) },
  { name: "Bailey 1", f: (x) => x * log1p(x), a: 0, b: 1, truth: 1 / 4 },
  { name: "Bailey 2", f: (x) => x * x * atan(x), a: 0, b: 1, truth: (PI - 2 + 2 * log(2)) / 12 },
  { name: "Bailey 3", f: (x) => exp(x) * cos(x), a: 0, b: PI / 2, truth: (exp(PI / 2) - 1) / 2 },
  {
    name: "Bailey 4",
    f: (x) => atan(sqrt(2 + x * x)) / ((1 + x * x) * sqrt(2 + x * x)),
    a: 0,
    b: 1,
    truth: (5 * PI * PI) / 96,
  },
];

export const HARD: readonly Case[] = [
  { name: "Kahaner 2, a step", f: (x) => (x < 0.3 ? 0 : 1), a: 0, b: 1, truth: 0.7 },
  { name: "Kahaner 3", f: sqrt, a: 0, b: 1, truth: 2 / 3 },
  { name: "Kahaner 6", f: (x) => x ** 1.5, a: 0, b: 1, truth: 0.4 },
  { name: "Kahaner 7", f: (x) => 1 / sqrt(x), a: 0, b: 1, truth: 2 },
  {
    name: "Kahaner 13, oscillatory",
    f: (x) => sin(100 * PI * x) / (PI * x),
    a: 0.1,
    b: 1,
    truth: 0.009098637539166843,
    options: { limit: 100 },
  },
  { name: "Kahaner 14", f: (x) => sqrt(50) * exp(-50 * PI * x * x), a: 0, b: 10, truth: 0.5 },
  { name: "Kahaner 15", f: (x) => 25 * exp(-25 * x), a: 0, b: 10, truth: 1 },
  {
    name: "Kahaner 16, a narrow peak at an end",
    f: (x) => 50 / (PI * (2500 * x * x + 1)),
    a: 0,
    b: 10,
    truth: atan(500) / PI,
  },
  {
    name: "Kahaner 17",
    f: (x) => 50 * (sin(50 * PI * x) / (50 * PI * x)) ** 2,
    a: 0.01,
    b: 1,
    truth: 0.11213930374163741,
    options: { limit: 100 },
  },
  {
    name: "Kahaner 18",
    f: (x) => cos(cos(x) + 3 * sin(x) + 2 * cos(2 * x) + 3 * sin(2 * x) + 3 * cos(3 * x)),
    a: 0,
    b: PI,
    truth: 0.8386763426944296,
  },
  { name: "Kahaner 19", f: log, a: 0, b: 1, truth: -1 },
  {
    name: "Kahaner 20",
    f: (x) => 4 * PI * PI * x * sin(20 * PI * x) * cos(2 * PI * x),
    a: 0,
    b: 1,
    truth: -0.6346651825433926,
  },
  {
    name: "Kahaner 21, a peak off the centre",
    f: (x) => 1 / (1 + (230 * x - 30) ** 2),
    a: 0,
    b: 1,
    truth: (atan(200) + atan(30)) / 230,
  },
  { name: "Bailey 5", f: (x) => sqrt(x) * log(x), a: 0, b: 1, truth: -4 / 9 },
  { name: "Bailey 6", f: (x) => sqrt(1 - x * x), a: 0, b: 1, truth: PI / 4 },
  {
    name: "Bailey 7",
    f: (x) => sqrt(x) / sqrt((1 - x) * (1 + x)),
    a: 0,
    b: 1,
    truth: 1.1981402347355922,
  },
  { name: "Bailey 8", f: (x) => log(x) ** 2, a: 0, b: 1, truth: 2 },
  { name: "Bailey 9", f: (x) => log(cos(x)), a: 0, b: PI / 2, truth: (-PI * log(2)) / 2 },
  { name: "Bailey 10", f: (x) => sqrt(tan(x)), a: 0, b: PI / 2, truth: (PI * SQRT2) / 2 },
  { name: "an inverse power close to divergent", f: (x) => x ** -0.9, a: 0, b: 1, truth: 10 },
  { name: "the same at the upper end", f: (x) => (1 - x) ** -0.9, a: 0, b: 1, truth: 10 },
  { name: "log x / √x", f: (x) => log(x) / sqrt(x), a: 0, b: 1, truth: -4 },
  { name: "QUADPACK 1", f: (x) => x ** 2.6 * log(1 / x), a: 0, b: 1, truth: 1 / 3.6 ** 2 },
  {
    name: "QUADPACK 3, cos(100 sin x)",
    f: (x) => cos(100 * sin(x)),
    a: 0,
    b: PI,
    truth: 0.06278740049149269,
  },
  { name: "a kink", f: (x) => abs(x - 1 / 3), a: 0, b: 1, truth: 5 / 18 },
  {
    name: "a kink that is given",
    f: (x) => abs(x - 1 / 3),
    a: 0,
    b: 1,
    truth: 5 / 18,
    options: { points: [1 / 3] },
  },
  {
    name: "a cusp",
    f: (x) => abs(x - 0.3) ** 0.25,
    a: 0,
    b: 1,
    truth: 0.6898469558462173,
    options: { limit: 100 },
  },
  {
    name: "two logarithms inside",
    f: (x) => x ** 3 * log(abs((x * x - 1) * (x * x - 2))),
    a: 0,
    b: 3,
    truth: 61 * log(2) + (77 / 4) * log(7) - 27,
    options: { points: [1, SQRT2] },
  },
  {
    name: "an inverse root inside",
    f: (x) => 1 / sqrt(abs(x - 0.3)),
    a: 0,
    b: 1,
    truth: 2 * (sqrt(0.3) + sqrt(0.7)),
    options: { points: [0.3] },
  },
  {
    name: "a Lorentzian of width 0.001",
    f: (x) => 1e-3 / ((x - 0.3) ** 2 + 1e-6),
    a: -1,
    b: 1,
    truth: atan(700) + atan(1300),
  },
  {
    name: "a Fermi edge",
    f: (x) => 1 / (1 + exp((x - 0.6) / 0.002)),
    a: 0,
    b: 1,
    truth: 0.6,
  },
];

export const INFINITE: readonly Case[] = [
  { name: "a Gaussian", f: (x) => exp(-x * x), a: -oo, b: oo, truth: sqrt(PI) },
  { name: "a shifted one", f: (x) => exp(-x - x * x), a: -oo, b: oo, truth: sqrt(PI) * exp(0.25) },
  { name: "a Cauchy density", f: (x) => 1 / (1 + x * x), a: -oo, b: oo, truth: PI },
  { name: "Bailey 11", f: (x) => 1 / (1 + x * x), a: 0, b: oo, truth: PI / 2 },
  { name: "Bailey 12", f: (x) => exp(-x) / sqrt(x), a: 0, b: oo, truth: sqrt(PI) },
  { name: "Bailey 13", f: (x) => exp((-x * x) / 2), a: 0, b: oo, truth: sqrt(PI / 2) },
  { name: "Bailey 14", f: (x) => exp(-x) * cos(x), a: 0, b: oo, truth: 1 / 2 },
  { name: "from minus infinity", f: exp, a: -oo, b: 1, truth: Math.E },
  { name: "QUADPACK 15", f: (x) => x * x * exp(-x / 32), a: 0, b: oo, truth: 65536 },
  { name: "a slow tail", f: (x) => x ** -1.1, a: 1, b: oo, truth: 10 },
  {
    name: "both ends at once",
    f: (x) => log(x) / (1 + 100 * x * x),
    a: 0,
    b: oo,
    truth: (-PI * log(10)) / 20,
  },
  { name: "Planck's law", f: (x) => x ** 3 / expm1(x), a: 0, b: oo, truth: PI ** 4 / 15 },
  {
    name: "a resonance far out",
    f: (x) => (x * x) / ((x * x - 1) ** 2 + 1e-4),
    a: 0,
    b: oo,
    truth: 157.0815961135421,
  },
  {
    name: "points on a half-infinite range",
    f: (x) => exp(-abs(x - 5)),
    a: 0,
    b: oo,
    truth: 2 - exp(-5),
    options: { points: [5] },
  },
  {
    name: "points on an infinite range",
    f: (x) => exp(-abs(x - 500)),
    a: -oo,
    b: oo,
    truth: 2,
    options: { points: [500] },
  },
];

/** ∫ 1/(x² + c) over [−1, 1] */
function poleIntegral(c: number): number {
  return (2 / sqrt(c)) * atan(1 / sqrt(c));
}

/** Integrals that are infinite, if only just: the epsilon algorithm gives each a finite limit. */
export const DIVERGENT: readonly Omit<Case, "truth">[] = [
  ...[1.001, 1.003, 1.01, 1.02, 1.03, 1.05].flatMap((p) => [
    { name: `x^−${p} from 0`, f: (x: number) => x ** -p, a: 0, b: 1 },
    { name: `−x^−${p} from 0`, f: (x: number) => -(x ** -p), a: 0, b: 1 },
    { name: `(2 − x)^−${p} up to 2`, f: (x: number) => (2 - x) ** -p, a: 1, b: 2 },
    { name: `x^−${p} + 3 cos x from 0`, f: (x: number) => x ** -p + 3 * cos(x), a: 0, b: 1 },
  ]),
  ...[0.99, 0.97, 0.95, 0.9].map((p) => ({
    name: `x^−${p} to infinity`,
    f: (x: number) => x ** -p,
    a: 1,
    b: oo,
  })),
];

/** Integrals of zero, or nearly, with a convergent singularity or much oscillation. */
export const CANCELLING: readonly Case[] = [
  ...[0.1, 0.3, 0.5].map((p) => ({
    name: `x^−${p} less its mean`,
    f: (x: number) => x ** -p - 1 / (1 - p),
    a: 0,
    b: 1,
    truth: 0,
  })),
  { name: "log x less its mean", f: (x) => log(x) + 1, a: 0, b: 1, truth: 0 },
  { name: "ten periods", f: (x) => sin(10 * x), a: 0, b: 2 * PI, truth: 0 },
  { name: "two orthogonal harmonics", f: (x) => sin(7 * x) * sin(12 * x), a: 0, b: PI, truth: 0 },
  { name: "an odd tail", f: (x) => x * exp(-x * x), a: -oo, b: oo, truth: 0 },
  {
    name: "a chirp",
    f: (x) => 2 * x * cos(40 * PI * x * x),
    a: 0,
    b: 1,
    truth: 0,
    options: { limit: 100 },
  },
];
