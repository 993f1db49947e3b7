/** A picture that Vega draws, in the page's font and theme; Vega itself arrives with the first. */
import { type PlotState, toVegaLite, type VegaPicture } from "hotcell/figure";
import type { View as VegaView } from "vega";
import { blobOf } from "../canvas.js";
import type { Look } from "../look.js";
import type { Picture, RenderOptions } from "../vega.js";
import type { Exports } from "./frame.js";

/**
 * No picture is wider, where eyes would have to travel, and none narrower, where axes would leave
 * nothing to the data and the output scrolls instead. CSS pixels.
 */
const MAX_WIDTH = 760;
const MIN_WIDTH = 280;

/** The width of a figure that looks so. */
export function pictureWidth({ width }: Look): number {
  return Math.max(MIN_WIDTH, Math.min(width, MAX_WIDTH));
}

/** Fetches Vega, unless it is there. */
export function loadVega() {
  return import(/* webpackChunkName: "vega" */ "../vega.js");
}

/** Draws a figure by its Vega-Lite specification. */
export async function drawPicture(
  figure: VegaPicture,
  look: Look,
  { state, ...options }: RenderOptions & { readonly state?: PlotState },
): Promise<Picture> {
  const { render } = await loadVega();
  const spec = toVegaLite(figure, {
    width: pictureWidth(look),
    theme: look.theme,
    font: look.font,
    ...(state && { state }),
  });
  return render(spec, options);
}

/** What stands in the page of a picture, and the view of Vega's that drew it. */
export interface Drawn {
  readonly view: VegaView;
  readonly nodes: readonly HTMLElement[];
}

/** A picture that is drawn anew as its reader changes it: one of its views lives, in place of the one before. */
export class LivePicture {
  readonly node = document.createElement("div");
  readonly #draw: () => Promise<Drawn>;
  #view: VegaView | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(draw: () => Promise<Drawn>) {
    this.#draw = draw;
  }

  /** Draws it, after what was asked for before. */
  draw(): Promise<void> {
    return this.#then(async () => {
      const { view, nodes } = await this.#draw();
      this.#view?.finalize();
      this.#view = view;
      this.node.replaceChildren(...nodes);
    });
  }

  /** Lets go of the view that is the last. */
  dispose(): void {
    void this.#then(() => void this.#view?.finalize());
  }

  /** Does something to the view after all that was asked for before. */
  #then<T>(act: () => T | Promise<T>): Promise<T> {
    const next = this.#last.then(act, act);
    this.#last = next;
    return next;
  }

  /** The forms in which Vega can save what stands now. */
  get exports(): Required<Exports> {
    return {
      svg: (ground) => this.#on(ground, (view) => view.toSVG()),
      png: async (ground, scale) => blobOf(await this.#on(ground, (view) => view.toCanvas(scale))),
    };
  }

  #on<T>(ground: string, save: (view: VegaView) => Promise<T>): Promise<T> {
    return this.#then(async () => {
      const view = this.#view!;
      const before = view.background();
      view.background(ground);
      try {
        return await save(view);
      } finally {
        view.background(before);
      }
    });
  }
}
