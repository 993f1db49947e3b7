/** The row of controls below an animation: play, frame, time, speed, view, trails. */
import { type AnimationFigure, START, timeText, type Viewpoint } from "hotcell/figure";
import type { Deed } from "../selected-figure.js";
import { type Playback, SPEEDS } from "./playback.js";

/** JupyterLab's own shortcuts rest while an element within this attribute has the focus. */
const NO_SHORTCUTS = "data-lm-suppress-shortcuts";

const ABOVE = Math.PI / 2;
/** Space as it is seen along its axes. */
const VIEWS: Readonly<Record<string, Viewpoint>> = {
  turned: START,
  "x y": { azimuth: 0, elevation: ABOVE, zoom: 1 },
  "x z": { azimuth: 0, elevation: 0, zoom: 1 },
  "y z": { azimuth: -ABOVE, elevation: 0, zoom: 1 },
};

/** Buttons and fields that change a playback, and call `changed` when they have. */
export class Controls {
  readonly node = document.createElement("div");
  readonly #figure: AnimationFigure;
  readonly #playback: Playback;
  readonly #changed: () => void;
  readonly #play = button("hotcell-Player-play");
  readonly #frame = document.createElement("input");
  readonly #time = document.createElement("output");
  readonly #speed: HTMLSelectElement;
  readonly #view: HTMLSelectElement;
  readonly #trails = button("hotcell-Player-trails");

  constructor(figure: AnimationFigure, playback: Playback, changed: () => void) {
    this.#figure = figure;
    this.#playback = playback;
    this.#changed = changed;
    this.#speed = choice(
      "Speed",
      SPEEDS.map((speed) => [String(speed), `${speed}×`]),
    );
    this.#view = choice(
      "View",
      Object.keys(VIEWS).map((name) => [name, name]),
    );
    this.#frame.type = "range";
    this.#frame.max = String(playback.frames - 1);
    this.#frame.setAttribute("aria-label", "Frame");
    this.#trails.textContent = "trails";
    this.#play.dataset.deed = "play" satisfies Deed;
    this.node.className = "hotcell-Player";
    this.node.role = "group";
    this.node.ariaLabel = "Animation controls";
    this.node.setAttribute(NO_SHORTCUTS, "");
    const isSpace = figure.axes.length === 3;
    this.node.append(
      this.#play,
      this.#frame,
      this.#time,
      this.#speed,
      ...(isSpace ? [this.#view] : []),
      this.#trails,
    );
    this.#listen();
    this.show();
  }

  /** Brings the controls up to the playback. */
  show(): void {
    const { playing, frame, speed, trails, viewpoint } = this.#playback;
    const time = timeText(this.#figure, frame);
    if (this.#time.textContent !== time) {
      this.#time.textContent = time;
      this.#frame.value = String(frame);
      this.#frame.setAttribute("aria-valuetext", time);
    }
    this.#play.dataset.playing = String(playing);
    this.#play.ariaLabel = playing ? "Pause" : "Play";
    this.#play.title = playing ? "Pause (space)" : "Play (space)";
    // thirty times a second would be too much to hear
    this.#time.ariaLive = playing ? "off" : "polite";
    this.#speed.value = String(speed);
    this.#view.value = Object.keys(VIEWS).find((name) => VIEWS[name] === viewpoint) ?? "turned";
    this.#trails.ariaPressed = String(trails);
  }

  #listen(): void {
    const playback = this.#playback;
    const on = (node: HTMLElement, event: string, change: () => void): void => {
      node.addEventListener(event, () => {
        change();
        this.#changed();
      });
    };
    on(this.#play, "click", () => (playback.playing = !playback.playing));
    on(this.#frame, "input", () => {
      playback.playing = false;
      playback.seek(Number(this.#frame.value));
    });
    on(this.#speed, "change", () => (playback.speed = Number(this.#speed.value)));
    on(this.#view, "change", () => (playback.viewpoint = VIEWS[this.#view.value] ?? START));
    on(this.#trails, "click", () => (playback.trails = !playback.trails));
  }
}

function button(className: string): HTMLButtonElement {
  const node = document.createElement("button");
  node.type = "button";
  node.className = className;
  return node;
}

function choice(label: string, options: readonly (readonly [value: string, text: string])[]) {
  const node = document.createElement("select");
  node.ariaLabel = label;
  node.title = label;
  node.append(...options.map(([value, text]) => new Option(text, value)));
  return node;
}
