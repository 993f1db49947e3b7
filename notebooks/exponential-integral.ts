import Complex from "complex.js";

const EULER = 0.57721566490153286;

/**
 * The scaled exponential integral e^z E₁(z), away from the negative real axis.
 *
 * Near the origin and left of the imaginary axis the power series (DLMF 6.6.2), far out on the left
 * the asymptotic series (DLMF 6.12.1), on the right the continued fraction (DLMF 6.9.1, from its end).
 * Made for |Im z| ≤ 12, where the overlap below comes out right to 1e-13.
 *
 * @see https://dlmf.nist.gov/6
 */
export function scaledE1(z: Complex): Complex {
  const size = z.abs();
  if (z.re >= 0 && size > 2) return continuedFraction(z);
  return size > 40 ? asymptoticSeries(z) : powerSeries(z).mul(z.exp());
}

/** E₁(z) = −γ − ln z − Σ (−z)^k / (k · k!) */
function powerSeries(z: Complex): Complex {
  let sum = z.log().add(EULER).neg();
  let term = Complex.ONE;
  for (let k = 1; k < 200; k++) {
    term = term.mul(z).div(-k);
    sum = sum.sub(term.div(k));
  }
  return sum;
}

/** e^z E₁(z) ~ (1/z) Σ (−1)^k k! / z^k, cut at its smallest term */
function asymptoticSeries(z: Complex): Complex {
  let term = Complex.ONE.div(z);
  let sum = term;
  for (let k = 1; k < z.abs(); k++) {
    term = term.mul(-k).div(z);
    sum = sum.add(term);
  }
  return sum;
}

/** e^z E₁(z) = 1/(z + 1 − 1/(z + 3 − 4/(z + 5 − 9/(z + 7 − …)))) */
function continuedFraction(z: Complex): Complex {
  const depth = 100;
  let tail = z.add(2 * depth + 1);
  for (let k = depth; k > 0; k--) tail = z.add(2 * k - 1).sub(new Complex(k * k).div(tail));
  return Complex.ONE.div(tail);
}

/**
 * The mode overlap I(φ, ξ) = ∫₋₁¹ √ξ e^{iφl/2} / (1 − iξl) dl in closed form.
 *
 * With z = φ/(2ξ) + iφ/2 it is −(2/√ξ) e^{φ/2ξ} Im E₁(z), plus 2π e^{φ/2ξ}/√ξ where φ < 0, where the
 * path of integration has crossed the branch cut; 2 atan(ξ)/√ξ at φ = 0.
 */
export function overlapInClosedForm(phi: number, xi: number): number {
  if (phi === 0) return (2 * Math.atan(xi)) / Math.sqrt(xi);
  const z = new Complex(phi / (2 * xi), phi / 2);
  const scaled = scaledE1(z).mul(new Complex(0, -z.im).exp());
  const cut = phi < 0 ? Math.PI * Math.exp(z.re) : 0;
  return (-2 / Math.sqrt(xi)) * (scaled.im - cut);
}
