/**
 * Wynn's epsilon algorithm: a slowly converging sequence comes in term by term, an estimate of its
 * limit and of that estimate's error go out. Geometric and logarithmic convergence, which is what
 * bisection towards an algebraic singularity gives, becomes fast. Knows nothing of integrals.
 *
 * Only the last diagonal of the table is kept. The tests for irregular behaviour are those of
 * Piessens et al., QUADPACK, 1983, section 3.4.2.4 (subroutine QELG).
 */
const EPSILON = Number.EPSILON;
/** Terms used at most: older ones are dropped. */
const LONGEST = 50;

/** An extrapolated sequence. */
export class EpsilonTable {
  /** The extrapolated limit. */
  limit = 0;
  /** Estimated error of `limit`; Infinity until there is enough to tell. */
  error = Infinity;
  /** How many entries of the last diagonal are usable; 1 means that extrapolation is hopeless. */
  size = 0;
  /** entries[size - 1] is the newest term, entries before it the diagonal above it, oldest first */
  private readonly entries = new Float64Array(LONGEST + 4);
  private readonly recent = new Float64Array(3);
  private calls = 0;

  /** Forgets all terms. */
  clear(): void {
    this.size = 0;
    this.calls = 0;
    this.limit = 0;
    this.error = Infinity;
  }

  /** Adds a term without extrapolating. */
  push(term: number): void {
    this.entries[this.size++] = term;
  }

  /** Adds a term and renews `limit` and `error`. */
  extrapolate(term: number): void {
    this.push(term);
    const previous = this.calls > 0 ? this.limit : Infinity;
    this.limit = term;
    this.error = Infinity;
    if (this.size < 3) return;
    this.calls++;
    if (this.renew()) {
      this.judge();
    } else {
      // the terms may all have missed the same jump, so the limit before must agree as well
      this.error = Math.max(Math.abs(this.limit - previous), this.rounding);
    }
  }

  /** Computes the new diagonal. False if three entries are equal: nothing is left to extrapolate. */
  private renew(): boolean {
    const e = this.entries;
    const count = this.size;
    const columns = (count - 1) >> 1;
    let best = Infinity;
    let moves = true;
    let at = count - 1;
    e[at + 2] = e[at]!;
    // finite, so that differences from it compare as very unequal
    e[at] = Number.MAX_VALUE;
    for (let column = 0; column < columns; column++) {
      const e0 = e[at - 2]!;
      const e1 = e[at - 1]!;
      const e2 = e[at + 2]!;
      const step2 = e2 - e1;
      const step3 = e1 - e0;
      const equal2 = Math.abs(step2) <= Math.max(Math.abs(e2), Math.abs(e1)) * EPSILON;
      const equal3 = Math.abs(step3) <= Math.max(Math.abs(e1), Math.abs(e0)) * EPSILON;
      const e3 = e[at]!;
      e[at] = e1;
      const step1 = e1 - e3;
      const equal1 = Math.abs(step1) <= Math.max(Math.abs(e1), Math.abs(e3)) * EPSILON;
      const inverse = 1 / step1 + 1 / step2 - 1 / step3;
      if (equal1 || equal2 || equal3 || !(Math.abs(inverse * e1) > 1e-4)) {
        // two equal neighbours, or a table that behaves irregularly: keep the part before it
        this.size = 2 * column + 1;
        moves = !(equal2 && equal3);
        if (!moves) this.limit = e2;
        break;
      }
      const value = e1 + 1 / inverse;
      e[at] = value;
      at -= 2;
      const error = Math.abs(step2) + Math.abs(value - e2) + Math.abs(step3);
      if (error <= best) {
        best = error;
        this.limit = value;
      }
    }
    if (this.size === LONGEST) this.size = LONGEST - 1;
    for (let i = (count - 1) & 1, moved = 0; moved <= columns; i += 2, moved++) e[i] = e[i + 2]!;
    if (this.size !== count) e.copyWithin(0, count - this.size, count);
    return moves;
  }

  private get rounding(): number {
    return 5 * EPSILON * Math.abs(this.limit);
  }

  /** The error: how far the newest limit is from the three before it. */
  private judge(): void {
    const { recent, limit } = this;
    if (this.calls > 3) {
      this.error =
        Math.abs(limit - recent[0]!) + Math.abs(limit - recent[1]!) + Math.abs(limit - recent[2]!);
      this.error = Math.max(this.error, this.rounding);
      recent.copyWithin(0, 1);
      recent[2] = limit;
    } else {
      recent[this.calls - 1] = limit;
    }
  }
}
