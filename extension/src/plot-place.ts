/** Where things stand in a picture that Vega has drawn: its plot's rectangle and its scales. */
import type { View } from "vega";

/** A rectangle on the canvas, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A continuous scale of Vega's, whose types leave it open. */
export interface Scale {
  (value: number): number;
  invert(place: number): number;
}

/** The plot's area on the canvas. */
export function plotOf(view: View): Box {
  const [x, y] = view.origin();
  const padding = view.padding();
  const { left, top } = typeof padding === "number" ? { left: padding, top: padding } : padding;
  return {
    left: x + (left ?? 0),
    top: y + (top ?? 0),
    width: view.width(),
    height: view.height(),
  };
}

/** Where the canvas is in the window. */
export function canvasOf(view: View): DOMRect {
  return view.container()!.querySelector("canvas")!.getBoundingClientRect();
}

/** Where a point of the window is in the plot, in CSS pixels from its upper left corner. */
export function placeIn(view: View, clientX: number, clientY: number) {
  const canvas = canvasOf(view);
  const plot = plotOf(view);
  const [px, py] = [clientX - canvas.left - plot.left, clientY - canvas.top - plot.top];
  const isInside = px >= 0 && py >= 0 && px <= plot.width && py <= plot.height;
  return { px, py, plot, isInside };
}

export function scaleOf(view: View, name: string): Scale {
  return view.scale(name) as Scale;
}

/** Puts an element of the picture at a place on the canvas, and shows it. */
export function stand(node: HTMLElement, { left, top, width, height }: Box): void {
  Object.assign(node.style, {
    left: `${left}px`,
    top: `${top}px`,
    width: `${width}px`,
    height: `${height}px`,
  });
  node.hidden = false;
}

/** An element that is put over the picture, at first hidden. */
export function overlay(className: string): HTMLElement {
  const node = document.createElement("div");
  node.className = className;
  node.hidden = true;
  return node;
}
