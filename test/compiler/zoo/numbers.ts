/** Number theory, iterations, functions of `Math`, the corners of float64. */
import { type NDArray, prange, quad, zeros } from "hotcell";
import { FUNCTIONS, integers, matrix, noise, specimen, type Specimen, vector } from "./specimen.js";

const odd = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  -1.5,
  2.5,
  NaN,
  Infinity,
  -Infinity,
  2 ** 31,
  -(2 ** 31),
  2 ** 32 + 5,
  2 ** 53,
  1e300,
  5e-324,
  4294967295.5,
  -7.9,
];
const corners = (): Float64Array => Float64Array.from(odd);
const coefficients = [1, -0.5, 0.25, -0.125] as const;
const functions = { double: (x: number): number => 2 * x, step: 3 };
const fibonacci = (n: number): number => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Each corner through one function of two of them. */
const table = (
  name: string,
  shows: string,
  f: (out: NDArray, x: Float64Array) => void,
  tolerance?: number,
): Specimen =>
  specimen(name, shows, f, () => [matrix(odd.length, odd.length), corners()], tolerance);

export const numbers: readonly Specimen[] = [
  specimen(
    "overlaps of modes",
    "quad with a complex integrand in a prange",
    (out: NDArray) => {
      for (const i of prange(out.shape[0]!)) {
        const [phi, xi] = [0.7 * i - 9, 10 ** (0.1 * i - 1.5)];
        const { integral, converged } = quad(
          (l) => {
            const [c, s] = [Math.cos((phi * l) / 2), Math.sin((phi * l) / 2)];
            const size = 1 + xi * xi * l * l;
            return { re: (c - xi * l * s) / size, im: (s + xi * l * c) / size };
          },
          -1,
          1,
        );
        out.set(integral.re, i, 0);
        out.set(integral.im, i, 1);
        out.set(converged ? 1 : 0, i, 2);
      }
    },
    () => [matrix(30, 3)],
    // the default tolerance of either, as singular ends are treated otherwise
    3e-8,
  ),
  specimen(
    "powers up to a singular end",
    "quad in a quad, over changing ranges",
    (n: number) => {
      let sum = 0;
      for (let k = 1; k <= n; k++) {
        sum += quad((x) => x * quad((y) => y ** (1 / k - 1), 0, x).integral, 0, 1 / k).integral;
      }
      return sum;
    },
    () => [6],
    1e-6,
  ),
  specimen(
    "Collatz lengths",
    "a while of unknown length",
    (n: NDArray<"int32">) => {
      for (const i of prange(n.length)) {
        let x = i + 1;
        let steps = 0;
        while (x !== 1) {
          x = x % 2 === 0 ? x / 2 : 3 * x + 1;
          steps++;
        }
        n.set(steps, i);
      }
    },
    () => [integers(200, 1, "int32")],
  ),
  specimen(
    "the Mandelbrot set",
    "a divergent while with two conditions",
    (image: NDArray) => {
      const [rows, columns] = image.shape as [number, number];
      for (const i of prange(rows))
        for (let j = 0; j < columns; j++) {
          const [a, b] = [-2 + (3 * j) / columns, -1 + (2 * i) / rows];
          let [x, y, n] = [0, 0, 0];
          while (n < 50 && x * x + y * y < 4) {
            [x, y] = [x * x - y * y + a, 2 * x * y + b];
            n++;
          }
          image.set(n, i, j);
        }
    },
    () => [matrix(14, 19)],
  ),
  specimen(
    "square roots by Newton",
    "do while",
    (x: NDArray) => {
      for (const i of prange(x.length)) {
        const a = Math.abs(x.at(i)) + 0.1;
        let r = a;
        let before = 0;
        do {
          before = r;
          r = 0.5 * (r + a / r);
        } while (Math.abs(r - before) > 1e-12);
        x.set(r, i);
      }
    },
    () => [vector(50)],
  ),
  specimen(
    "cube roots by bisection",
    "break out of an endless for",
    (x: NDArray) => {
      for (const i of prange(x.length)) {
        let [low, high] = [-2, 2];
        for (;;) {
          const middle = (low + high) / 2;
          if (high - low < 1e-9) break;
          if (middle ** 3 < x.at(i)) low = middle;
          else high = middle;
        }
        x.set(low, i);
      }
    },
    () => [vector(50)],
    1e-8 /* the last comparison may fall on either side */,
  ),
  specimen(
    "a polynomial by Horner",
    "a captured tuple",
    (x: NDArray) => {
      for (const i of prange(x.length)) {
        const t = x.at(i);
        x.set(
          coefficients[0] + t * (coefficients[1] + t * (coefficients[2] + t * coefficients[3])),
          i,
        );
      }
    },
    () => [vector(90)],
  ),
  specimen(
    "Legendre polynomials by recurrence",
    "three rotating variables",
    (x: number, n: number) => {
      let [p0, p1] = [1, x];
      for (let k = 1; k < n; k++) {
        const next = ((2 * k + 1) * x * p1 - k * p0) / (k + 1);
        p0 = p1;
        p1 = next;
      }
      return p1;
    },
    () => [0.3, 20],
  ),
  specimen(
    "the Leibniz series",
    "an alternating sign",
    (n: number) => {
      let s = 0;
      for (let k = 0; k < n; k++) s += (k % 2 === 0 ? 1 : -1) / (2 * k + 1);
      return 4 * s;
    },
    () => [1000],
  ),
  specimen(
    "Fibonacci numbers by recursion",
    "a recursive captured function",
    (n: number) => fibonacci(n),
    () => [15],
  ),
  specimen(
    "greatest common divisors",
    "recursion in a loop",
    (out: NDArray) => {
      for (let i = 0; i < out.length; i++) out.set(gcd(360, i + 1), i);
    },
    () => [vector(60)],
  ),
  specimen(
    "primes by the sieve",
    "a loop with a changing step, uint8",
    (sieve: NDArray<"uint8">) => {
      const n = sieve.length;
      let count = 0;
      for (let i = 2; i < n; i++) {
        if (sieve.at(i) !== 0) continue;
        count++;
        for (let j = i * i; j < n; j += i) sieve.set(1, j);
      }
      return count;
    },
    () => [zeros([500], "uint8")],
  ),
  specimen(
    "integer powers by squaring",
    "shift and mask",
    (x: number, n: number) => {
      let [r, b, k] = [1, x, n];
      while (k > 0) {
        if (k & 1) r *= b;
        b *= b;
        k >>= 1;
      }
      return r;
    },
    () => [1.0001, 1000],
  ),
  specimen(
    "bits that are set",
    "shifts without sign",
    (n: NDArray<"uint32">) => {
      for (const i of prange(n.length)) {
        let [v, c] = [n.at(i), 0];
        while (v !== 0) {
          c += v & 1;
          v >>>= 1;
        }
        n.set(c, i);
      }
    },
    () => [integers(70, 2 ** 32, "uint32")],
  ),
  specimen(
    "a xorshift generator",
    "wrap-around of 32 bits",
    (seed: number, n: number) => {
      let s = seed | 0;
      for (let i = 0; i < n; i++) {
        s ^= s << 13;
        s ^= s >>> 17;
        s ^= s << 5;
      }
      return s >>> 0;
    },
    () => [2463534242, 500],
  ),
  specimen(
    "a FNV hash",
    "Math.imul",
    (bytes: NDArray<"uint8">) => {
      let h = 0x811c9dc5;
      for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes.at(i), 0x01000193);
      return h >>> 0;
    },
    () => [integers(99, 256, "uint8")],
  ),
  specimen(
    "leading zeros and rounding to float32",
    "clz32 and fround",
    (x: NDArray) => {
      for (const i of prange(x.length)) x.set(Math.clz32(x.at(i) * 1e6) + Math.fround(x.at(i)), i);
    },
    () => [vector(50)],
  ),
  table("sums and differences of corners", "NaN, infinities and -0", (o, x) => {
    for (const i of prange(x.length))
      for (let j = 0; j < x.length; j++) o.set(x[i]! + x[j]! - 2 * x[j]!, i, j);
  }),
  table("products of corners", "signs of zero", (o, x) => {
    for (const i of prange(x.length)) for (let j = 0; j < x.length; j++) o.set(x[i]! * x[j]!, i, j);
  }),
  table("quotients of corners", "division by zeros", (o, x) => {
    for (const i of prange(x.length)) for (let j = 0; j < x.length; j++) o.set(x[i]! / x[j]!, i, j);
  }),
  table("remainders of corners", "% of float64", (o, x) => {
    for (const i of prange(x.length)) for (let j = 0; j < x.length; j++) o.set(x[i]! % x[j]!, i, j);
  }),
  table("comparisons of corners", "NaN is in no order", (o, x) => {
    for (const i of prange(x.length))
      for (let j = 0; j < x.length; j++)
        o.set(
          (x[i]! < x[j]! ? 1 : 0) +
            (x[i]! <= x[j]! ? 2 : 0) +
            (x[i]! === x[j]! ? 4 : 0) +
            (x[i]! !== x[j]! ? 8 : 0) +
            (x[i]! >= x[j]! ? 16 : 0),
          i,
          j,
        );
  }),
  table("minima and maxima of corners", "min and max with -0 and NaN", (o, x) => {
    for (const i of prange(x.length))
      for (let j = 0; j < x.length; j++)
        o.set(1 / Math.min(x[i]!, x[j]!) + Math.max(x[i]!, x[j]!), i, j);
  }),
  table("bitwise operations on corners", "ToInt32 of everything", (o, x) => {
    for (const i of prange(x.length))
      for (let j = 0; j < x.length; j++)
        o.set((x[i]! & x[j]!) + (x[i]! | x[j]!) * 3 + (x[i]! ^ x[j]!) * 5 + ~x[i]!, i, j);
  }),
  table("shifts of corners", "shift counts beyond 31", (o, x) => {
    for (const i of prange(x.length))
      for (let j = 0; j < x.length; j++)
        o.set((x[i]! << x[j]!) + (x[i]! >> x[j]!) * 3 + (x[i]! >>> x[j]!) * 5, i, j);
  }),
  table("roundings of corners", "round, floor, ceil, trunc, sign", (o, x) => {
    for (const i of prange(x.length))
      for (let j = 0; j < x.length; j++)
        o.set(
          Math.round(x[i]!) +
            Math.floor(x[j]!) * 2 +
            Math.ceil(x[i]!) * 3 +
            Math.trunc(x[j]!) * 4 +
            Math.sign(x[i]!),
          i,
          j,
        );
  }),
  table("1 over roundings of corners", "-0 out of round and ceil", (o, x) => {
    for (const i of prange(x.length))
      for (let j = 0; j < x.length; j++)
        o.set(1 / Math.round(x[i]!) + 1 / Math.ceil(x[j]!) + 1 / Math.trunc(x[i]!), i, j);
  }),
  table("truth of corners", "&&, || and ! of numbers", (o, x) => {
    for (const i of prange(x.length))
      for (let j = 0; j < x.length; j++)
        o.set((x[i]! && 3) + (x[j]! || 5) + (!x[i]! ? 7 : 0), i, j);
  }),
  table(
    "powers of corners",
    "** with NaN, 0 and infinities",
    (o, x) => {
      for (const i of prange(x.length))
        for (let j = 0; j < x.length; j++)
          o.set(Math.abs(x[i]!) < 3 && Math.abs(x[j]!) < 3 ? x[i]! ** x[j]! : 0, i, j);
    },
    FUNCTIONS,
  ),
  specimen(
    "exp, log and their kin",
    "every exponential of Math",
    (x: NDArray) => {
      for (const i of prange(x.length)) {
        const a = Math.abs(x.at(i)) + 0.1;
        x.set(
          Math.exp(a) + Math.expm1(a) + Math.log(a) + Math.log1p(a) + Math.log2(a) + Math.log10(a),
          i,
        );
      }
    },
    () => [vector(200)],
    FUNCTIONS,
  ),
  specimen(
    "sines, cosines, tangents",
    "every circular function of Math",
    (x: NDArray) => {
      for (const i of prange(x.length)) {
        const a = x.at(i);
        x.set(
          Math.sin(9 * a) +
            Math.cos(9 * a) +
            Math.tan(a) +
            Math.asin(a) +
            Math.acos(a) +
            Math.atan(a) +
            Math.atan2(a, 0.3),
          i,
        );
      }
    },
    () => [vector(200)],
    FUNCTIONS,
  ),
  specimen(
    "hyperbolic functions and roots",
    "every hyperbolic function of Math",
    (x: NDArray) => {
      for (const i of prange(x.length)) {
        const a = x.at(i);
        x.set(
          Math.sinh(a) +
            Math.cosh(a) +
            Math.tanh(a) +
            Math.asinh(a) +
            Math.acosh(1 + a * a) +
            Math.atanh(a) +
            Math.cbrt(a) +
            Math.hypot(a, 2),
          i,
        );
      }
    },
    () => [vector(200)],
    FUNCTIONS,
  ),
  specimen(
    "constants of Math and Number",
    "members that are numbers",
    (x: number) =>
      x * Math.PI + Math.E - Math.SQRT2 + Math.LN2 + Number.EPSILON + Number.MAX_SAFE_INTEGER,
    () => [1.5],
  ),
  specimen(
    "doubled steps by functions in an object",
    "functions as members of a captured object",
    (x: NDArray) => {
      for (const i of prange(x.length)) x.set(functions.double(x.at(i)) + functions.step, i);
    },
    () => [vector(30)],
  ),
  specimen(
    "a running logistic map",
    "chaos keeps every bit",
    (n: number) => {
      let x = 0.3;
      for (let i = 0; i < n; i++) x = 3.9 * x * (1 - x);
      return x;
    },
    () => [2000],
  ),
  specimen(
    "Kahan's sum",
    "no reassociation",
    (x: NDArray) => {
      let [s, c] = [0, 0];
      for (let i = 0; i < x.length; i++) {
        const y = x.at(i) - c;
        const t = s + y;
        c = t - s - y;
        s = t;
      }
      return [s, c];
    },
    () => [vector(500)],
  ),
  specimen(
    "how far counters go",
    "numbers beyond 2³²",
    (n: number) => {
      let c = 2 ** 32 - 5;
      for (let i = 0; i < n; i++) c += 3;
      return c;
    },
    () => [10],
  ),
  specimen(
    "a count beyond int32 by doubling",
    "a product that leaves int32",
    (n: number) => {
      let c = 1;
      for (let i = 0; i < n; i++) c = c * 3 + i;
      return c;
    },
    () => [45],
  ),
  specimen(
    "noise through a polynomial in place of an array",
    "an argument that is a typed array",
    (x: Float64Array) => {
      for (const i of prange(x.length)) x[i] = x[i]! ** 2 - x[i]! + 0.25;
    },
    () => [Float64Array.from(noise(77))],
  ),
];
