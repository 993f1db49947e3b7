/** Rows and columns as plain text: texts go in, lines whose columns line up come out. */

/** On which side the texts of a column line up. */
export type Side = "left" | "right";

/** Width of a text in a terminal's cells: letters from East Asia take two, marks on a letter none. */
function cellWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}|\p{Cf}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** The lines of a table; the first row is as any other. */
export function textTable(rows: readonly (readonly string[])[], sides: readonly Side[]): string[] {
  const widths = sides.map((_, column) =>
    rows.reduce((most, row) => Math.max(most, cellWidth(row[column]!)), 0),
  );
  return rows.map((row) =>
    row
      .map((text, column) => {
        const space = " ".repeat(widths[column]! - cellWidth(text));
        return sides[column] === "right" ? space + text : text + space;
      })
      .join("  ")
      .trimEnd(),
  );
}
