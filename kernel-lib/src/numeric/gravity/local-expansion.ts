/**
 * What far cells do to near bodies, as one Taylor series about the middle of the bodies: moments of
 * cells come in, the series' 35 coefficients go out, all derivatives of the potential up to the fourth.
 * A cell is then taken once for all bodies, and each body sums up the series, whatever its length.
 *
 * Lengths are counted in the distance of the cell and in the radius of the bodies, so that no power of them
 * leaves the range of numbers. Softening is no special case: with R² = r² + ε² for r², the derivatives
 * of 1/R are those of 1/r, as polynomials in x/R.
 *
 * Source: W. Dehnen, J. Comput. Phys. 179, 27 (2002), section 2.2.
 */
import type { NDArray } from "../../runtime/ndarray.js";

/**
 * Coefficients of a series, by order: the potential; x, y, z; xx, xy, xz, yy, yz, zz; xxx, xxy, xxz,
 * xyy, xyz, xzz, yyy, yyz, yzz, zzz; xxxx … zzzz in the same manner. From the second order on in units of the
 * first, times the radius.
 */
export const TERMS = 35;

/** Cells that are taken side by side; a multiple of all numbers of SIMD lanes. */
export const ABREAST = 8;

/**
 * Adds the first `count` listed cells to the series about the middle of a box, `series[term][lane]`. Each of
 * the lanes has its own sum, whose order follows from the list alone.
 */
export function addCells(
  cells: NDArray,
  list: Int32Array,
  count: number,
  box: Float64Array,
  eps2: number,
  series: Float64Array,
): void {
  const [mx, my, mz, radius] = [box[0]!, box[1]!, box[2]!, box[6]!];
  for (let from = 0; from < count; from += ABREAST) {
    for (let lane = 0; lane < ABREAST; lane++) {
      const c = list[Math.min(from + lane, count - 1)]!;
      // the last cell fills up what is left over, without weight
      const weight = from + lane < count ? 1 : 0;
      const dx = cells.at(c, 0) - mx;
      const dy = cells.at(c, 1) - my;
      const dz = cells.at(c, 2) - mz;
      const inverse = 1 / Math.sqrt(dx * dx + dy * dy + dz * dz + eps2);
      const square = inverse * inverse;
      const [x, y, z] = [dx * inverse, dy * inverse, dz * inverse];
      const [xx, xy, xz, yy, yz, zz] = [x * x, x * y, x * z, y * y, y * z, z * z];
      // third derivatives, −∂³(1/R): 15 xyz where all differ
      const [x3, y3, z3] = [15 * xx - 3, 15 * yy - 3, 15 * zz - 3];
      const [xxx, xxy, xxz] = [x * (x3 - 6), y * x3, z * x3];
      const [xyy, xyz, xzz] = [x * y3, 15 * x * yz, x * z3];
      const [yyy, yyz, yzz, zzz] = [y * (y3 - 6), z * y3, y * z3, z * (z3 - 6)];
      // fourth derivatives
      const [x4, y4, z4] = [105 * xx - 15, 105 * yy - 15, 105 * zz - 15];
      const [xxxx, xxxy, xxxz] = [xx * (x4 - 75) + 9, xy * (x4 - 30), xz * (x4 - 30)];
      const [xxyy, xxyz, xxzz] = [xx * y4 - 15 * yy + 3, yz * x4, xx * z4 - 15 * zz + 3];
      const [xyyy, xyyz, xyzz, xzzz] = [xy * (y4 - 30), xz * y4, xy * z4, xz * (z4 - 30)];
      const [yyyy, yyyz, yyzz] = [yy * (y4 - 75) + 9, yz * (y4 - 30), yy * z4 - 15 * zz + 3];
      const [yzzz, zzzz] = [yz * (z4 - 30), zz * (z4 - 75) + 9];
      const m = cells.at(c, 3);
      // half the second moments, each of the mixed ones twice
      const [third, sixth] = [square * (1 / 3), square * (1 / 6)];
      const [a, b, d] = [cells.at(c, 4) * sixth, cells.at(c, 5) * third, cells.at(c, 6) * third];
      const [e, f, h] = [cells.at(c, 7) * sixth, cells.at(c, 8) * third, cells.at(c, 9) * sixth];
      const second = 3 * (a * xx + b * xy + d * xz + e * yy + f * yz + h * zz) - (a + e + h);
      series[lane]! += weight * inverse * (m + second);
      let scale = weight * square;
      const first = lane + ABREAST;
      series[first]! += scale * (m * x + a * xxx + b * xxy + d * xxz + e * xyy + f * xyz + h * xzz);
      series[first + ABREAST]! +=
        scale * (m * y + a * xxy + b * xyy + d * xyz + e * yyy + f * yyz + h * yzz);
      series[first + 2 * ABREAST]! +=
        scale * (m * z + a * xxz + b * xyz + d * xzz + e * yyz + f * yzz + h * zzz);
      scale *= radius * inverse;
      const s = lane + 4 * ABREAST;
      series[s]! +=
        scale *
        (m * (3 * xx - 1) + a * xxxx + b * xxxy + d * xxxz + e * xxyy + f * xxyz + h * xxzz);
      series[s + ABREAST]! +=
        scale * (m * (3 * xy) + a * xxxy + b * xxyy + d * xxyz + e * xyyy + f * xyyz + h * xyzz);
      series[s + 2 * ABREAST]! +=
        scale * (m * (3 * xz) + a * xxxz + b * xxyz + d * xxzz + e * xyyz + f * xyzz + h * xzzz);
      series[s + 3 * ABREAST]! +=
        scale *
        (m * (3 * yy - 1) + a * xxyy + b * xyyy + d * xyyz + e * yyyy + f * yyyz + h * yyzz);
      series[s + 4 * ABREAST]! +=
        scale * (m * (3 * yz) + a * xxyz + b * xyyz + d * xyzz + e * yyyz + f * yyzz + h * yzzz);
      series[s + 5 * ABREAST]! +=
        scale *
        (m * (3 * zz - 1) + a * xxzz + b * xyzz + d * xzzz + e * yyzz + f * yzzz + h * zzzz);
      scale *= radius * inverse * m;
      const t = lane + 10 * ABREAST;
      series[t]! += scale * xxx;
      series[t + ABREAST]! += scale * xxy;
      series[t + 2 * ABREAST]! += scale * xxz;
      series[t + 3 * ABREAST]! += scale * xyy;
      series[t + 4 * ABREAST]! += scale * xyz;
      series[t + 5 * ABREAST]! += scale * xzz;
      series[t + 6 * ABREAST]! += scale * yyy;
      series[t + 7 * ABREAST]! += scale * yyz;
      series[t + 8 * ABREAST]! += scale * yzz;
      series[t + 9 * ABREAST]! += scale * zzz;
      scale *= radius * inverse;
      const u = lane + 20 * ABREAST;
      series[u]! += scale * xxxx;
      series[u + ABREAST]! += scale * xxxy;
      series[u + 2 * ABREAST]! += scale * xxxz;
      series[u + 3 * ABREAST]! += scale * xxyy;
      series[u + 4 * ABREAST]! += scale * xxyz;
      series[u + 5 * ABREAST]! += scale * xxzz;
      series[u + 6 * ABREAST]! += scale * xyyy;
      series[u + 7 * ABREAST]! += scale * xyyz;
      series[u + 8 * ABREAST]! += scale * xyzz;
      series[u + 9 * ABREAST]! += scale * xzzz;
      series[u + 10 * ABREAST]! += scale * yyyy;
      series[u + 11 * ABREAST]! += scale * yyyz;
      series[u + 12 * ABREAST]! += scale * yyzz;
      series[u + 13 * ABREAST]! += scale * yzzz;
      series[u + 14 * ABREAST]! += scale * zzzz;
    }
  }
}

/** Adds up the lanes: `sums[term]`. */
export function addLanes(series: Float64Array, sums: Float64Array): void {
  for (let term = 0; term < TERMS; term++) {
    let sum = 0;
    for (let lane = 0; lane < ABREAST; lane++) sum += series[term * ABREAST + lane]!;
    sums[term] = sum;
  }
}

/** Adds the accelerations and potentials, over G, that the series makes at the bodies of a group. */
export function addSeries(
  sums: Float64Array,
  box: Float64Array,
  used: number,
  gx: Float64Array,
  gy: Float64Array,
  gz: Float64Array,
  ax: Float64Array,
  ay: Float64Array,
  az: Float64Array,
  phi: Float64Array,
): void {
  const [mx, my, mz, radius] = [box[0]!, box[1]!, box[2]!, box[6]!];
  // without extent there is no series
  if (radius === 0) return;
  for (let b = 0; b < used; b++) {
    const x = (gx[b]! - mx) / radius;
    const y = (gy[b]! - my) / radius;
    const z = (gz[b]! - mz) / radius;
    const [x2, xy, xz, y2, yz, z2] = [x * x, 2 * x * y, 2 * x * z, y * y, 2 * y * z, z * z];
    // of each second derivative: what the third order adds, and what the fourth
    const xx3 = sums[10]! * x + sums[11]! * y + sums[12]! * z;
    const xy3 = sums[11]! * x + sums[13]! * y + sums[14]! * z;
    const xz3 = sums[12]! * x + sums[14]! * y + sums[15]! * z;
    const yy3 = sums[13]! * x + sums[16]! * y + sums[17]! * z;
    const yz3 = sums[14]! * x + sums[17]! * y + sums[18]! * z;
    const zz3 = sums[15]! * x + sums[18]! * y + sums[19]! * z;
    // prettier-ignore
    const xx4 = sums[20]! * x2 + sums[21]! * xy + sums[22]! * xz + sums[23]! * y2 + sums[24]! * yz + sums[25]! * z2;
    // prettier-ignore
    const xy4 = sums[21]! * x2 + sums[23]! * xy + sums[24]! * xz + sums[26]! * y2 + sums[27]! * yz + sums[28]! * z2;
    // prettier-ignore
    const xz4 = sums[22]! * x2 + sums[24]! * xy + sums[25]! * xz + sums[27]! * y2 + sums[28]! * yz + sums[29]! * z2;
    // prettier-ignore
    const yy4 = sums[23]! * x2 + sums[26]! * xy + sums[27]! * xz + sums[30]! * y2 + sums[31]! * yz + sums[32]! * z2;
    // prettier-ignore
    const yz4 = sums[24]! * x2 + sums[27]! * xy + sums[28]! * xz + sums[31]! * y2 + sums[32]! * yz + sums[33]! * z2;
    // prettier-ignore
    const zz4 = sums[25]! * x2 + sums[28]! * xy + sums[29]! * xz + sums[32]! * y2 + sums[33]! * yz + sums[34]! * z2;
    const ax2 = sums[4]! * x + sums[5]! * y + sums[6]! * z;
    const ay2 = sums[5]! * x + sums[7]! * y + sums[8]! * z;
    const az2 = sums[6]! * x + sums[8]! * y + sums[9]! * z;
    const ax3 = xx3 * x + xy3 * y + xz3 * z;
    const ay3 = xy3 * x + yy3 * y + yz3 * z;
    const az3 = xz3 * x + yz3 * y + zz3 * z;
    const ax4 = xx4 * x + xy4 * y + xz4 * z;
    const ay4 = xy4 * x + yy4 * y + yz4 * z;
    const az4 = xz4 * x + yz4 * y + zz4 * z;
    const [third, sixth, last] = [1 / 3, 1 / 6, 1 / 24];
    const px = sums[1]! + 0.5 * ax2 + sixth * ax3 + last * ax4;
    const py = sums[2]! + 0.5 * ay2 + sixth * ay3 + last * ay4;
    const pz = sums[3]! + 0.5 * az2 + sixth * az3 + last * az4;
    const fx = sums[1]! + ax2 + 0.5 * (ax3 + third * ax4);
    const fy = sums[2]! + ay2 + 0.5 * (ay3 + third * ay4);
    const fz = sums[3]! + az2 + 0.5 * (az3 + third * az4);
    const sum = sums[0]! + radius * (x * px + y * py + z * pz);
    phi[b]! += sum;
    ax[b]! += fx;
    ay[b]! += fy;
    az[b]! += fz;
  }
}
