/** An animation in words: what a terminal prints and a screen reader says in place of the picture. */
import type { AnimationAxis, AnimationFigure } from "./animation.js";
import { timeText } from "./animation-drawing.js";
import { encodedLength } from "./binary.js";
import { countText, numberText } from "./number-text.js";

function axisText({ label, extent: [low, high] }: AnimationAxis, i: number): string {
  const name = "xyz".charAt(i);
  const title = label && label !== name ? `${name}: ${label}` : name;
  return `${title}, ${numberText(low)} to ${numberText(high)}`;
}

/** How much a notebook grows by the animation, in characters. */
export function animationSize({ positions, colors, curve, times }: AnimationFigure): number {
  return (
    encodedLength(positions.length, "uint16") +
    encodedLength(colors?.values.length ?? 0, "uint16") +
    encodedLength(times.length * (curve ? 2 : 1), "float64")
  );
}

function sizeText(characters: number): string {
  return characters < 1e6
    ? `${numberText(characters / 1e3, 2)} kB`
    : `${numberText(characters / 1e6, 3)} MB`;
}

/** An animation's bodies, frames, axes, and what colours and curve mean. */
export function animationSummary(figure: AnimationFigure): string {
  const { title, axes, bodies, times, colors, curve } = figure;
  const frames = times.length;
  const what = `${countText(bodies, "body")} in ${countText(frames, "frame")}`;
  const ends =
    frames > 1
      ? `${timeText(figure, 0)} to ${numberText(times[frames - 1]!)}`
      : timeText(figure, 0);
  const range = (label: string, [low, high]: readonly number[]) =>
    `${label}, ${numberText(low!)} to ${numberText(high!)}`;
  const values = curve?.values.filter(Number.isFinite) ?? [];
  return [
    `Animation${title ? `: ${title}` : ""} (${what}, ${sizeText(animationSize(figure))})`,
    ends,
    ...axes.map(axisText),
    ...(colors
      ? [
          range(`colours: ${colors.label || "values"}`, colors.range) +
            (colors.scale === "log" ? ", log scale" : ""),
        ]
      : []),
    ...(curve && values.length > 0
      ? [
          `curve: ${curve.label || "values"}, from ${numberText(values[0]!)} to ${numberText(values.at(-1)!)}`,
        ]
      : []),
  ].join("\n");
}
