/** How exact and for what machine the functions of Math are written out. */
export interface MathOptions {
  /** 4 ulp are enough; contraction is allowed. */
  readonly fastMath: boolean;
}
