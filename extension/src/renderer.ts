/**
 * The life of one output area in JupyterLab: payloads come in, whenever and as often as they like;
 * exactly one view of the latest stands in the page, as wide as the cell and in its theme. What a
 * kind of figure looks like is the business of views/.
 */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { type Figure, FigureError, parseFigure } from "hotcell/figure";
import { currentLook, type Look, LookWatch, sameLook } from "./look.js";
import { Memory } from "./memory.js";
import { draw } from "./views/draw.js";
import { drawMessage } from "./views/message.js";
import type { View } from "./views/view.js";

/** Texts of so many characters take a moment to read. */
const LARGE = 100_000;

/** A view, and what it was drawn from. */
interface Shown {
  readonly subject: Figure | Error;
  readonly look: Look;
  readonly view: View;
}

/** Draws the figures of one output. */
export class FigureRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #mimeType: string;
  readonly #memory = new Memory();
  /** The latest payload, until it is read. */
  #payload: unknown;
  #subject: Figure | Error | undefined;
  #shown: Shown | undefined;
  #watch: LookWatch | undefined;
  #frame: number | undefined;
  #drawing = false;

  constructor(mimeType: string) {
    super();
    this.#mimeType = mimeType;
    this.addClass("hotcell-Figure");
  }

  /** Takes the latest payload, which is read and drawn with the page's next frame. */
  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.#payload = model.data[this.#mimeType];
    this.#refresh();
    return Promise.resolve();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#watch?.dispose();
    this.#shown?.view.dispose();
    this.#shown = undefined;
    super.dispose();
  }

  protected override onAfterAttach(): void {
    this.#watch = new LookWatch(this.node, () => {
      this.#refresh();
    });
    this.#refresh();
  }

  /** JupyterLab hides its shell within a frame to change its theme; there is no width until then. */
  protected override onAfterShow(): void {
    this.#refresh();
  }

  protected override onBeforeDetach(): void {
    this.#watch?.dispose();
    this.#watch = undefined;
  }

  /** Once a frame is enough, whatever has changed in it. */
  #refresh(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#read();
      void this.#draw();
    });
  }

  /** Reads the latest payload; a large one, which is a picture's, once that is near. */
  #read(): void {
    const payload = this.#payload;
    if (payload === undefined) return;
    const isLarge = typeof payload === "string" && payload.length > LARGE;
    if (isLarge && !this.#watch?.isNear) {
      this.addClass("hotcell-mod-picture");
      return;
    }
    this.#payload = undefined;
    try {
      this.#subject = parseFigure(payload);
    } catch (error) {
      this.#subject = asError(error);
    }
    this.toggleClass("hotcell-mod-picture", isPicture(this.#subject));
  }

  /** Draws until what is shown is what is wanted, which may change while it draws. */
  async #draw(): Promise<void> {
    if (this.#drawing) return;
    this.#drawing = true;
    try {
      while (!this.isDisposed) {
        const wanted = this.#wanted();
        if (wanted === undefined) return;
        this.#put({
          ...wanted,
          view: await drawSubject(wanted.subject, wanted.look, this.#memory),
        });
      }
    } finally {
      this.#drawing = false;
    }
  }

  /** What to draw next: nothing where it stands already, out of sight, or without room for it. */
  #wanted(): Omit<Shown, "view"> | undefined {
    const subject = this.#subject;
    if (subject === undefined || !this.isAttached) return undefined;
    const look = currentLook(this.node);
    if (look.width === 0) return undefined;
    if (isPicture(subject) && !this.#watch?.isNear) return undefined;
    const shown = this.#shown;
    // A message looks the same everywhere, and would be read aloud again.
    const stands = shown && (subject instanceof Error || sameLook(shown.look, look));
    return stands && shown.subject === subject ? undefined : { subject, look };
  }

  #put(next: Shown): void {
    if (this.isDisposed) {
      next.view.dispose();
      return;
    }
    const focused = focusable(this.node).findIndex((node) => node === document.activeElement);
    this.node.replaceChildren(next.view.node);
    focusable(this.node)[focused]?.focus();
    this.#shown?.view.dispose();
    this.#shown = next;
  }
}

/** What the keyboard reaches, in its order. */
function focusable(node: HTMLElement): HTMLElement[] {
  return Array.from(node.querySelectorAll("button, [tabindex]"));
}

function isPicture(subject: Figure | Error): boolean {
  return !(subject instanceof Error) && subject.kind !== "progress";
}

async function drawSubject(subject: Figure | Error, look: Look, memory: Memory): Promise<View> {
  if (subject instanceof Error) return drawMessage(subject.message);
  try {
    return await draw(subject, look, memory);
  } catch (error) {
    return drawMessage(asError(error).message);
  }
}

/** An error whose message may be shown. */
function asError(error: unknown): Error {
  if (error instanceof FigureError) return error;
  console.error("hotcell could not draw a figure:", error);
  return new Error("this figure could not be drawn: the browser's console says why");
}
