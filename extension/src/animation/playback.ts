/**
 * Which frame of an animation is shown, and how it goes on: play, pause, speed, and how space is seen.
 * It outlives the views of its figure, which are made anew when the theme or the width changes.
 */
import { type AnimationFigure, START, type Viewpoint } from "hotcell/figure";

/** Speeds to choose from, as factors. */
export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;

const reducedMotion = "(prefers-reduced-motion: reduce)";

/** The state of one animation. */
export class Playback {
  #figure: AnimationFigure;
  /** In frames, with what has passed of the current one. */
  #position = 0;
  playing = !matchMedia(reducedMotion).matches;
  /** The speed that the reader has chosen here. */
  #chosenSpeed: number | undefined;
  #usualSpeed = 1;
  trails = false;
  viewpoint: Viewpoint = START;

  constructor(figure: AnimationFigure) {
    this.#figure = figure;
  }

  /**
   * Goes on with another figure, as when a cell is run again; from its start if it is shorter. It plays
   * at the usual speed unless the reader has chosen another.
   */
  take(figure: AnimationFigure, usualSpeed: number): void {
    this.#figure = figure;
    this.#usualSpeed = usualSpeed;
    if (this.#position >= this.frames) this.#position = 0;
    if (this.frames === 1) this.playing = false;
  }

  get speed(): number {
    return this.#chosenSpeed ?? this.#usualSpeed;
  }

  set speed(factor: number) {
    this.#chosenSpeed = factor;
  }

  get frames(): number {
    return this.#figure.times.length;
  }

  get frame(): number {
    return Math.floor(this.#position);
  }

  /** Shows a frame, the nearest there is. */
  seek(frame: number): void {
    this.#position = Math.max(0, Math.min(this.frames - 1, Math.round(frame)));
  }

  /** Lets time pass; after the last frame comes the first. */
  advance(milliseconds: number): void {
    const passed = (milliseconds / 1000) * this.#figure.framesPerSecond * this.speed;
    this.#position = (this.#position + passed) % this.frames;
  }
}
