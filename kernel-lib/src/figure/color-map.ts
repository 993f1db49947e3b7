/** Colour maps: a name goes in, colours come out. They know nothing of values or scales. */

export const COLOR_MAPS = ["viridis", "magma", "inferno", "plasma", "cividis"] as const;
/** A perceptually uniform colour map, by the name that matplotlib gives it. */
export type ColorMap = (typeof COLOR_MAPS)[number];
