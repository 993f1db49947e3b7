/**
 * The SPDC mode overlap, whose closed form is an independent truth for `quad`: the integral over l
 * from −1 to 1 of √ξ exp(iφl/2) / (1 − iξl), and the grid on which it is asked for. Knows no quadrature.
 */

/** [re, im] */
type Complex = readonly [number, number];

/** Phase mismatches φ and focal parameters ξ: φ/π from −7 in steps of 0.1, log₁₀ ξ from −1.5 in steps of 0.04. */
export function grid(): { phi: number; xi: number }[] {
  const items: { phi: number; xi: number }[] = [];
  for (let i = 0; i < 100; i++) {
    for (let j = 0; j < 100; j++) {
      items.push({ phi: (-7 + 0.1 * i) * Math.PI, xi: 10 ** (-1.5 + 0.04 * j) });
    }
  }
  return items;
}

/** The integrand's real part; the imaginary part is odd. */
export function integrand(phi: number, xi: number): (l: number) => number {
  return (l) => {
    const angle = (phi * l) / 2;
    return (Math.sqrt(xi) * (Math.cos(angle) - xi * l * Math.sin(angle))) / (1 + xi * xi * l * l);
  };
}

/** The integrand as a complex number. */
export function complexIntegrand(phi: number, xi: number): (l: number) => [number, number] {
  return (l) => {
    const angle = (phi * l) / 2;
    const scale = Math.sqrt(xi) / (1 + xi * xi * l * l);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [scale * (cos - xi * l * sin), scale * (sin + xi * l * cos)];
  };
}

/** The integral by exponential integrals: with z = φ/2ξ + iφ/2, −2/√ξ e^{φ/2ξ} Im E₁(z), plus a residue for φ < 0. */
export function closedForm(phi: number, xi: number): number {
  if (phi === 0) return (2 * Math.atan(xi)) / Math.sqrt(xi);
  const [x, y] = [phi / (2 * xi), phi / 2];
  const [re, im] = scaledE1([x, y]);
  // e^x E₁(z) = e^{−iy} e^z E₁(z)
  const part = im * Math.cos(y) - re * Math.sin(y);
  const residue = phi < 0 ? Math.PI * Math.exp(x) : 0;
  return (-2 / Math.sqrt(xi)) * (part - residue);
}

/** e^z E₁(z), principal branch, to about 1e-14 for the arguments met here. */
export function scaledE1(z: Complex): Complex {
  const modulus = Math.hypot(...z);
  // the series cancels by a factor e^(|z| + Re z), the continued fraction fails at the negative axis
  return modulus < 3 || modulus + z[0] < 4.5 ? series(z, modulus) : continuedFraction(z);
}

/** E₁(z) = −γ − ln z − Σ (−z)^k / (k k!), Abramowitz & Stegun 5.1.11. */
function series(z: Complex, modulus: number): Complex {
  const EULER = 0.5772156649015329;
  let term: Complex = [1, 0];
  let [re, im] = [-EULER - Math.log(modulus), -Math.atan2(z[1], z[0])];
  for (let k = 1; Math.hypot(...term) > 1e-20 * Math.hypot(re, im) || k < modulus; k++) {
    term = divide(times(term, [-z[0], -z[1]]), [k, 0]);
    re -= term[0] / k;
    im -= term[1] / k;
  }
  const scale = Math.exp(z[0]);
  return times([scale * Math.cos(z[1]), scale * Math.sin(z[1])], [re, im]);
}

/** 1/(z+1 − 1/(z+3 − 4/(z+5 − …))), Abramowitz & Stegun 5.1.22 contracted, from the inside out. */
function continuedFraction(z: Complex): Complex {
  let value: Complex = [z[0] + 2 * DEPTH + 1, z[1]];
  for (let k = DEPTH; k >= 1; k--) {
    const [re, im] = divide([k * k, 0], value);
    value = [z[0] + 2 * k - 1 - re, z[1] - im];
  }
  return divide([1, 0], value);
}

/** Enough for |z| = 3 on the positive side, and for the arguments on the negative side. */
const DEPTH = 400;

function times(a: Complex, b: Complex): Complex {
  return [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
}

function divide(a: Complex, b: Complex): Complex {
  const square = b[0] * b[0] + b[1] * b[1];
  const [re, im] = times(a, [b[0], -b[1]]);
  return [re / square, im / square];
}
