/** A number as text that names it and no other number of its type. */

/** The shortest digits that read back as this number: of a float32, those of a float32. */
export function exactText(value: number, isFloat32 = false): string {
  if (!isFloat32 || !Number.isFinite(value)) return String(value);
  // Nine significant digits always tell two float32 apart.
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/** The number that the exact text names: of a float32 the one with the fewest digits. */
export function exactNumber(value: number, isFloat32: boolean): number {
  return isFloat32 ? Number(exactText(value, true)) : value;
}
