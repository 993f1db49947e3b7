/**
 * What readers may set in JupyterLab's settings, for all figures. The settings' schema has the same
 * names and defaults; whatever else stands in the settings counts as not set.
 */
import { COLOR_MAPS, type ColorMap, DEFAULT_MAP } from "hotcell/figure";

/** A reader's wishes. */
export interface Preferences {
  /** The colours of figures that name no map. */
  readonly colorMap: ColorMap;
  /** How fast animations play at first, as a factor. */
  readonly animationSpeed: number;
  /** Pixels of a saved PNG to one CSS pixel. */
  readonly pngScale: number;
}

let current: Preferences = { colorMap: DEFAULT_MAP, animationSpeed: 1, pngScale: 2 };
const listeners = new Set<() => void>();

/** The wishes of now. */
export function preferences(): Preferences {
  return current;
}

/** Takes what the settings say. */
export function setPreferences(settings: Readonly<Record<string, unknown>>): void {
  const { colorMap, animationSpeed, pngScale } = settings;
  current = {
    colorMap: COLOR_MAPS.find((map) => map === colorMap) ?? DEFAULT_MAP,
    animationSpeed: within(animationSpeed, 0.25, 4) ?? 1,
    pngScale: within(pngScale, 1, 4) ?? 2,
  };
  for (const listener of listeners) listener();
}

function within(value: unknown, least: number, most: number): number | undefined {
  return typeof value === "number" && value >= least && value <= most ? value : undefined;
}

/** Calls `changed` whenever a wish has changed, until the function that is returned is called. */
export function onPreferences(changed: () => void): () => void {
  listeners.add(changed);
  return () => {
    listeners.delete(changed);
  };
}
