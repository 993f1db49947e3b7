/** A drawing of hotcell's shapes on a canvas. Texts are painted, never parsed. */
import { BASE_LINE, type Drawing, type Shape } from "hotcell/figure";

/** A canvas, and what paints on it in CSS pixels. */
export interface Ground {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
}

/** A canvas of a drawing's size, of so many pixels to a CSS pixel. */
export function canvasFor(
  { width, height }: Pick<Drawing, "width" | "height">,
  pixelRatio: number,
): Ground {
  const canvas = document.createElement("canvas");
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const ground = { canvas, context: canvas.getContext("2d")! };
  sizeCanvas(ground, { width, height }, pixelRatio);
  return ground;
}

/** Gives a canvas so many pixels to a CSS pixel, and nothing on it. */
export function sizeCanvas(
  { canvas, context }: Ground,
  { width, height }: Pick<Drawing, "width" | "height">,
  pixelRatio: number,
): void {
  canvas.width = Math.round(width * pixelRatio);
  canvas.height = Math.round(height * pixelRatio);
  context.scale(pixelRatio, pixelRatio);
}

/** Paints shapes one over the other. */
export function paintShapes(
  context: CanvasRenderingContext2D,
  shapes: readonly Shape[],
  font: string,
): void {
  for (const shape of shapes) paintShape(context, shape, font);
}

function paintShape(context: CanvasRenderingContext2D, shape: Shape, font: string): void {
  switch (shape.shape) {
    case "line":
      context.strokeStyle = shape.color;
      context.lineWidth = shape.width;
      context.lineJoin = "round";
      context.beginPath();
      for (const [x, y] of shape.points) context.lineTo(x, y);
      context.stroke();
      return;
    case "box":
      context.fillStyle = shape.color;
      context.fillRect(shape.left, shape.top, shape.width, shape.height);
      return;
    case "dot":
      context.fillStyle = shape.color;
      context.beginPath();
      context.arc(shape.x, shape.y, shape.radius, 0, 2 * Math.PI);
      context.fill();
      return;
    case "text":
      context.save();
      context.fillStyle = shape.color;
      context.font = `${shape.bold ? 600 : 400} ${shape.size}px ${font}`;
      context.textAlign = shape.align === "middle" ? "center" : shape.align;
      context.translate(shape.x, shape.y);
      if (shape.upright) context.rotate(-Math.PI / 2);
      context.fillText(shape.text, 0, BASE_LINE * shape.size);
      context.restore();
  }
}
