/**
 * How wide a text is in the bundled font, where no canvas can measure it. From the advance widths
 * of Inter; kerning is not known here.
 */

/** Advance widths of U+0020 to U+007E in thousandths of the font size, regular weight. */
const REGULAR = [
  281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610,
  618, 646, 593, 620, 566, 619, 620, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601,
  590, 746, 743, 269, 571, 672, 565, 903, 753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682,
  679, 629, 365, 360, 365, 471, 456, 323, 562, 612, 571, 612, 583, 370, 613, 591, 242, 242, 549,
  242, 876, 591, 600, 612, 612, 376, 528, 327, 591, 562, 818, 546, 562, 552, 426, 333, 426, 662,
];
/** The same for a superscript digit or minus, and for every other character. */
const SUPERSCRIPT = 440;
const OTHER = 640;
/** Semi-bold is this much wider, on average. */
const BOLD = 1.02;

/** Width in pixels of one line of text. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    width += REGULAR[code - 32] ?? (/[⁰¹²³⁴-⁹⁻]/.test(character) ? SUPERSCRIPT : OTHER);
  }
  return (width / 1000) * fontSize * (bold ? BOLD : 1);
}
