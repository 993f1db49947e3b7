/**
 * An animation: a stage on which bodies move, and the controls below it. It plays while it can be seen,
 * turns space as it is dragged, and is led by the pointer or the keyboard.
 */
import { type AnimationFigure, frameAt, frameNear, type Panel, timeText } from "hotcell/figure";
import { Announcer } from "../announcer.js";
import { rowsAt } from "../animation/body-cursor.js";
import { Controls } from "../animation/controls.js";
import { Playback } from "../animation/playback.js";
import { Stage } from "../animation/stage.js";
import { dragged, turnedByKey } from "../animation/turning.js";
import { drag } from "../drag.js";
import { Link } from "../link.js";
import type { Look } from "../look.js";
import type { Memory } from "../memory.js";
import { Readout } from "../readout.js";
import { type Exports, frame } from "./frame.js";
import { pictureWidth } from "./picture.js";
import type { View } from "./view.js";

/** Frames that an arrow key skips together with Shift. */
const STRIDE = 10;
/** After a longer pause, in milliseconds, an animation goes on where it was. */
const PAUSE = 250;

const NO_SHORTCUTS = "data-lm-suppress-shortcuts";

/** What a screen reader says of the keys. */
const KEYS = "Space plays and pauses, the arrow keys step, T shows trails, plus and minus magnify";
const SPACE_KEYS = ", W, A, S and D turn the view";

/** The view of an animation. */
export function drawAnimation(given: AnimationFigure, look: Look, memory: Memory): View {
  const { animationSpeed, colorMap } = look.preferences;
  const { colors } = given;
  const figure = colors ? { ...given, colors: { ...colors, map: colors.map ?? colorMap } } : given;
  const playback = memory.of("playback", () => new Playback(figure));
  playback.take(figure, animationSpeed);
  const theatre = new Theatre(figure, playback, { ...look, width: pictureWidth(look) });
  return frame({ figure, picture: theatre, memory, announcer: theatre.announcer });
}

/** A stage with its controls, led by pointer, keys and time. */
class Theatre {
  readonly node = document.createElement("div");
  readonly announcer = new Announcer();
  readonly #figure: AnimationFigure;
  readonly #playback: Playback;
  readonly #stage: Stage;
  readonly #controls: Controls;
  readonly #readout = new Readout();
  readonly #sight: IntersectionObserver;
  readonly #link: Link;
  /** The frame that linked figures were told of, or told of. */
  #linked: number | undefined;
  #isSeen = false;
  #request: number | undefined;
  #last: number | undefined;
  #pointer: { readonly x: number; readonly y: number } | undefined;

  constructor(figure: AnimationFigure, playback: Playback, look: Look) {
    this.#figure = figure;
    this.#playback = playback;
    this.#stage = new Stage(figure, playback, look);
    this.#controls = new Controls(figure, playback, () => {
      this.#refresh();
    });
    this.node.tabIndex = 0;
    this.node.setAttribute("role", "application");
    this.node.ariaRoleDescription = "animation";
    this.node.ariaLabel = KEYS + (this.#isSpace ? SPACE_KEYS : "");
    this.node.append(this.#stage.node, this.#controls.node, this.#readout.node);
    this.#link = new Link(figure.link, this.node, (time) => {
      if (time === undefined) return;
      this.#linked = frameNear(figure, time);
      this.#seek(this.#linked);
    });
    this.#listenToPointer();
    this.#listenToKeys();
    this.#sight = new IntersectionObserver((entries) => {
      this.#isSeen = entries.at(-1)!.isIntersecting;
      this.#refresh();
    });
    this.#sight.observe(this.node);
    this.#stage.paint();
  }

  /** The frame that is shown, as it would be saved. */
  get exports(): Exports {
    return this.#stage.exports;
  }

  dispose(): void {
    if (this.#request !== undefined) cancelAnimationFrame(this.#request);
    this.#sight.disconnect();
    this.#link.leave();
  }

  get #isSpace(): boolean {
    return this.#figure.axes.length === 3;
  }

  /** Shows the playback with the page's next frame. */
  #refresh(): void {
    this.#request ??= requestAnimationFrame((now) => {
      this.#request = undefined;
      this.#show(now);
    });
  }

  #show(now: number): void {
    if (this.#playback.playing && this.#isSeen) {
      const passed = now - (this.#last ?? now);
      this.#playback.advance(passed > PAUSE ? 0 : passed);
      this.#last = now;
      this.#refresh();
    } else {
      this.#last = undefined;
    }
    this.#stage.paint();
    this.#controls.show();
    this.#tell();
    this.#readOut();
  }

  /** Tells linked figures of a new frame. */
  #tell(): void {
    const { frame: index } = this.#playback;
    if (index === this.#linked) return;
    this.#linked = index;
    this.#link.tell(this.#figure.times[index]);
  }

  #readOut(): void {
    const at = this.#pointer;
    const box = this.#stage.node.getBoundingClientRect();
    const rows =
      at &&
      rowsAt(this.#figure, this.#stage, this.#playback.frame, at.x - box.left, at.y - box.top);
    if (rows) this.#readout.show(rows, at.x, at.y);
    else this.#readout.hide();
  }

  #seek(index: number): void {
    this.#playback.playing = false;
    this.#playback.seek(index);
    this.#refresh();
  }

  /** What a key has done, for those who don't see it. */
  #say(): void {
    const { playing, frame: index } = this.#playback;
    this.announcer.say(playing ? "playing" : timeText(this.#figure, index));
  }

  #listenToPointer(): void {
    const stage = this.#stage.node;
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const { x, y } = pointIn(stage, event);
      const { curve, space } = this.#stage;
      if (curve && isIn(curve, x, y)) {
        drag(stage, event, {
          moved: (move) => {
            this.#seek(frameAt(this.#figure, curve, pointIn(stage, move).x));
          },
        });
        this.#seek(frameAt(this.#figure, curve, x));
      } else if (this.#isSpace && isIn(space, x, y)) {
        const from = this.#playback.viewpoint;
        drag(stage, event, {
          moved: (move) => {
            const [dx, dy] = [move.clientX - event.clientX, move.clientY - event.clientY];
            this.#playback.viewpoint = dragged(from, dx, dy);
            this.#refresh();
          },
        });
      }
    });
    stage.addEventListener("pointermove", (event) => {
      // a drag is busy with something else
      this.#pointer = event.buttons === 0 ? { x: event.clientX, y: event.clientY } : undefined;
      const { x, y } = pointIn(stage, event);
      const { curve, space } = this.#stage;
      stage.dataset.over =
        curve && isIn(curve, x, y) ? "curve" : this.#isSpace && isIn(space, x, y) ? "space" : "";
      this.#refresh();
    });
    stage.addEventListener("pointerleave", () => {
      this.#pointer = undefined;
      this.#readout.hide();
    });
  }

  #listenToKeys(): void {
    const { node } = this;
    node.addEventListener("focus", () => {
      // A click focuses too, but must leave the notebook's shortcuts alive.
      if (node.matches(":focus-visible")) node.setAttribute(NO_SHORTCUTS, "");
    });
    node.addEventListener("blur", () => {
      node.removeAttribute(NO_SHORTCUTS);
    });
    node.addEventListener("keydown", (event) => {
      if (event.target !== node || !node.hasAttribute(NO_SHORTCUTS)) return;
      if (event.ctrlKey || event.metaKey || event.altKey || !this.#key(event)) return;
      event.preventDefault();
      this.#say();
      this.#refresh();
    });
  }

  /** Does what a key stands for; false where it means nothing. */
  #key({ key, shiftKey }: KeyboardEvent): boolean {
    const playback = this.#playback;
    const stride = shiftKey ? STRIDE : 1;
    switch (key) {
      case " ":
        playback.playing = !playback.playing;
        return true;
      case "t":
        playback.trails = !playback.trails;
        return true;
      case "ArrowLeft":
        this.#seek(playback.frame - stride);
        return true;
      case "ArrowRight":
        this.#seek(playback.frame + stride);
        return true;
      case "Home":
        this.#seek(0);
        return true;
      case "End":
        this.#seek(playback.frames - 1);
        return true;
    }
    const viewpoint = turnedByKey(playback.viewpoint, key, this.#isSpace);
    if (!viewpoint) return false;
    playback.viewpoint = viewpoint;
    return true;
  }
}

function pointIn(node: HTMLElement, event: PointerEvent): { x: number; y: number } {
  const { left, top } = node.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

function isIn({ left, top, width, height }: Panel, x: number, y: number): boolean {
  return x >= left && y >= top && x <= left + width && y <= top + height;
}
