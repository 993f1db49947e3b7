/** What a figure's drawing depends on besides its data, read from the page and watched there. */
import { onPreferences, type Preferences, preferences } from "./preferences.js";

/** How a figure is to look. */
export interface Look {
  /** The room there is, in CSS pixels. */
  readonly width: number;
  readonly theme: "light" | "dark";
  /** Device pixels in a CSS pixel. */
  readonly pixelRatio: number;
  /** The front end's font, as in a style sheet. */
  readonly font: string;
  readonly preferences: Preferences;
}

const THEME = "data-jp-theme-light";

/** How a figure in this element is to look now. */
export function currentLook(element: HTMLElement): Look {
  const style = getComputedStyle(element);
  return {
    width: element.clientWidth,
    theme: document.body.getAttribute(THEME) === "false" ? "dark" : "light",
    pixelRatio: window.devicePixelRatio,
    font: style.fontFamily,
    preferences: preferences(),
  };
}

export function sameLook(a: Look, b: Look): boolean {
  return (Object.keys(a) as (keyof Look)[]).every((part) => a[part] === b[part]);
}

/** How far out of sight a figure may be and still be drawn: soon it will be seen. CSS pixels. */
const NEAR = 600;

/** Calls `changed` whenever the look of a figure in this element may have changed, until disposed. */
export class LookWatch {
  readonly #sizes: ResizeObserver;
  readonly #sight: IntersectionObserver;
  readonly #themes: MutationObserver;
  readonly #changed: () => void;
  readonly #forgetPreferences: () => void;
  #resolution: MediaQueryList | undefined;
  #isNear = false;

  constructor(element: HTMLElement, changed: () => void) {
    this.#changed = changed;
    this.#sizes = new ResizeObserver(changed);
    this.#sizes.observe(element);
    this.#sight = new IntersectionObserver(
      (entries) => {
        this.#isNear = entries.at(-1)!.isIntersecting;
        changed();
      },
      { rootMargin: `${NEAR}px` },
    );
    this.#sight.observe(element);
    this.#themes = new MutationObserver(changed);
    this.#themes.observe(document.body, { attributeFilter: [THEME] });
    this.#forgetPreferences = onPreferences(changed);
    this.#watchResolution();
  }

  /** Whether the element can be seen, or can be after a little scrolling. */
  get isNear(): boolean {
    return this.#isNear;
  }

  dispose(): void {
    this.#sizes.disconnect();
    this.#sight.disconnect();
    this.#themes.disconnect();
    this.#forgetPreferences();
    this.#resolution?.removeEventListener("change", this.#onResolution);
  }

  // A query matches one resolution only, so each change asks for the next one.
  #watchResolution(): void {
    this.#resolution?.removeEventListener("change", this.#onResolution);
    this.#resolution = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    this.#resolution.addEventListener("change", this.#onResolution);
  }

  readonly #onResolution = (): void => {
    this.#watchResolution();
    this.#changed();
  };
}
