/** An array's element as text that names it and no other number of its type. */

/** The shortest digits that read back as this element: of a float32, those of a float32. */
export function exactText(values: Float64Array | Float32Array, index: number): string {
  const value = values[index]!;
  if (values instanceof Float64Array || !Number.isFinite(value)) return String(value);
  // Nine significant digits always tell two float32 apart.
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}
