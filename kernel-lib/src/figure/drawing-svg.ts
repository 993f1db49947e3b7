/** A drawing as an SVG text. What comes from a payload gets in as escaped text and numbers only. */
import { BASE_LINE, type Drawing, type Shape, type TextShape } from "./drawing.js";
import type { Panel } from "./projection.js";

/** An image in a part of a drawing, above all shapes. */
export interface InsetImage {
  readonly panel: Panel;
  /** A data URL. */
  readonly url: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
}

/** A coordinate to a hundredth of a pixel. */
function place(coordinate: number): string {
  return String(Math.round(100 * coordinate) / 100);
}

function textSvg({ text, x, y, size, color, align, bold, upright }: TextShape): string {
  const turn = upright ? ` transform="rotate(-90 ${place(x)} ${place(y)})"` : "";
  const weight = bold ? ` font-weight="600"` : "";
  return (
    `<text x="${place(x)}" y="${place(y)}" dy="${BASE_LINE * size}" font-size="${size}"${weight} ` +
    `fill="${color}" text-anchor="${align}"${turn}>${escaped(text)}</text>`
  );
}

function shapeSvg(shape: Shape): string {
  switch (shape.shape) {
    case "text":
      return textSvg(shape);
    case "dot":
      return `<circle cx="${place(shape.x)}" cy="${place(shape.y)}" r="${shape.radius}" fill="${shape.color}"/>`;
    case "box": {
      const { left, top, width, height, color } = shape;
      return `<rect x="${place(left)}" y="${place(top)}" width="${place(width)}" height="${place(height)}" fill="${color}"/>`;
    }
    case "line": {
      const points = shape.points.map(([x, y]) => `${place(x)},${place(y)}`).join(" ");
      return `<polyline points="${points}" fill="none" stroke="${shape.color}" stroke-width="${shape.width}"/>`;
    }
  }
}

function imageSvg({ panel: { left, top, width, height }, url }: InsetImage): string {
  const box = `x="${place(left)}" y="${place(top)}" width="${place(width)}" height="${place(height)}"`;
  return `<image ${box} preserveAspectRatio="none" href="${url}"/>`;
}

/** The SVG text of a drawing, with images in it. */
export function drawingSvg(
  { width, height, shapes }: Drawing,
  images: readonly InsetImage[],
  font: string,
): string {
  const parts = [...shapes.map(shapeSvg), ...images.map(imageSvg)].join("");
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${escaped(font)}">${parts}</svg>`;
}
