/**
 * Says things to screen readers that others see: a line out of sight, read aloud whenever it changes
 * and has stood for a moment, so that a key held down isn't a flood of words.
 */
import type { Rows } from "./readout.js";

/** How long a text must stand to be said, in milliseconds. */
const PAUSE = 150;

/** A polite live region. */
export class Announcer {
  readonly node = document.createElement("div");
  #timer: number | undefined;

  constructor() {
    this.node.className = "hotcell-Announcer";
    this.node.setAttribute("role", "status");
  }

  /** Says names and texts: `x: 20, y: 2`. */
  sayRows(rows: Rows): void {
    this.say(rows.map(([name, text]) => `${name}: ${text}`).join(", "));
  }

  /** Says a text. */
  say(text: string): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.node.textContent = text;
    }, PAUSE);
  }

  dispose(): void {
    window.clearTimeout(this.#timer);
  }
}
