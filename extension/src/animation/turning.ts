/** How pointer and keys turn and magnify space. */
import { START, type Viewpoint } from "hotcell/figure";

/** Radians to a CSS pixel of dragging, and to one key. */
const DRAG = 0.009;
const STEP = Math.PI / 36;
/** How much a key magnifies, and how much at most. */
const MAGNIFY = 1.2;
const MOST = 20;

function within(elevation: number): number {
  return Math.max(-Math.PI / 2, Math.min(Math.PI / 2, elevation));
}

/** The viewpoint after a drag: the point under the pointer goes with it. */
export function dragged(from: Viewpoint, dx: number, dy: number): Viewpoint {
  const { azimuth, elevation, zoom } = from;
  return {
    azimuth: azimuth + DRAG * dx,
    elevation: within(elevation + DRAG * dy),
    zoom,
  };
}

/** The viewpoint after a key; undefined where the key means nothing. */
export function turnedByKey(from: Viewpoint, key: string, isSpace: boolean): Viewpoint | undefined {
  const { azimuth, elevation, zoom } = from;
  const turned = (across: number, up: number): Viewpoint | undefined =>
    isSpace
      ? { azimuth: azimuth + across * STEP, elevation: within(elevation + up * STEP), zoom }
      : undefined;
  switch (key) {
    case "a":
      return turned(-1, 0);
    case "d":
      return turned(1, 0);
    case "w":
      return turned(0, 1);
    case "s":
      return turned(0, -1);
    case "+":
      return { ...from, zoom: Math.min(zoom * MAGNIFY, MOST) };
    case "-":
      return { ...from, zoom: Math.max(zoom / MAGNIFY, 1 / MOST) };
    case "0":
      return START;
    default:
      return undefined;
  }
}
