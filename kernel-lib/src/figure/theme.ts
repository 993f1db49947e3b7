/**
 * The look that all pictures share: ink, greys, type sizes, as a Vega-Lite configuration. It knows
 * the ground a picture stands on, and nothing of what is drawn.
 */
import type { Config } from "vega-lite/types_unstable/config.js";

interface TitleParams {
  text: string[];
  limit: number;
  subtitle?: string[];
  color?: string;
  fontSize?: number;
  fontWeight?: "normal";
}

export type Theme = "light" | "dark";

/** Colours of the parts of a picture that aren't data. */
export interface Ink {
  /** Titles and names. */
  readonly strong: string;
  /** Tick labels. */
  readonly text: string;
  /** Remarks. */
  readonly faint: string;
  /** Axis lines and ticks. */
  readonly line: string;
  /** Lines across the data. */
  readonly grid: string;
  /** Edges of the space around the data. */
  readonly box: string;
}

const INKS: Readonly<Record<Theme, Ink>> = {
  light: {
    strong: "#1b1f24",
    text: "#3d444d",
    faint: "#6e7781",
    line: "#8c959f",
    grid: "#e4e8ec",
    box: "#c5ccd3",
  },
  dark: {
    strong: "#f0f3f6",
    text: "#c3cad2",
    faint: "#9aa4af",
    line: "#6e7781",
    grid: "#30363d",
    box: "#484f58",
  },
};

/** The colours of a theme. */
export function inkOf(theme: Theme): Ink {
  return INKS[theme];
}

/** The type that pictures are set in; a front end puts its own before it. */
export const FONT = "Inter";

/** The configuration that every picture starts from. Its ground is transparent. */
export function themeConfig(theme: Theme, font: string): Config {
  const ink = inkOf(theme);
  return {
    font,
    aria: false,
    background: "transparent",
    padding: { left: 4, right: 12, top: 8, bottom: 6 },
    view: { stroke: null },
    title: {
      anchor: "start",
      color: ink.strong,
      fontSize: 15,
      fontWeight: 600,
      offset: 12,
      subtitleColor: ink.faint,
      subtitleFontSize: 12,
      subtitlePadding: 5,
    },
    axis: {
      domain: false,
      grid: false,
      gridColor: ink.grid,
      labelColor: ink.text,
      labelFlush: false,
      labelFontSize: 12,
      labelPadding: 4,
      tickColor: ink.line,
      tickSize: 5,
      titleColor: ink.strong,
      titleFontSize: 13,
      titleFontWeight: "normal",
      titlePadding: 8,
    },
  };
}

/**
 * A text as Vega takes it for a title. vega-expression 6.2 reads a constant text such as "valueOf",
 * the name of a property that every object has, as an identifier; a space, which is trimmed when the
 * text is drawn, keeps it a text.
 */
export function titleText(text: string): string {
  return text in Object.prototype ? `${text} ` : text;
}

/** A mean character's width as a fraction of the font size; lines are broken a little early. */
const CHARACTER = 0.53;

/** Between words, but not before a unit of time. */
const BREAK = / (?!(?:[nµm]?s|min)\b)/;

/** A text in as many lines as it needs. */
function lines(text: string, width: number, fontSize: number): string[] {
  const most = Math.max(Math.floor(width / (CHARACTER * fontSize)), 10);
  const broken: string[] = [];
  let line = "";
  for (const word of text.split(BREAK)) {
    if (line && line.length + 1 + word.length > most) {
      broken.push(line);
      line = word;
    } else {
      line += line ? ` ${word}` : word;
    }
  }
  broken.push(line);
  return broken.map(titleText);
}

/** A picture's title in as many lines as it needs. */
export function titleLines(text: string, width: number): string[] {
  return lines(text, width, 15);
}

/** A picture's title and the remark below it, as part of its specification. */
export function pictureTitle(
  text: string,
  remark: string,
  width: number,
  theme: Theme,
): { title?: TitleParams } {
  if (!text && !remark) return {};
  if (!text) {
    const plain = { fontSize: 12, fontWeight: "normal" as const, color: inkOf(theme).faint };
    return { title: { text: lines(remark, width - 16, 12), limit: width - 16, ...plain } };
  }
  return {
    title: {
      text: lines(text, width - 16, 15),
      limit: width - 16,
      ...(remark && { subtitle: lines(remark, width - 16, 12) }),
    },
  };
}
