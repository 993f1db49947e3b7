/**
 * The life of one output area in JupyterLab: payloads come in, whenever and as often as they like;
 * exactly one view of the latest stands in the page, as wide as the cell and in its theme. What a
 * kind of figure looks like is the business of views/.
 */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { type Figure, FigureError, parseFigure } from "hotcell/figure";
import { currentLook, type Look, LookWatch, sameLook } from "./look.js";
import { draw } from "./views/draw.js";
import { drawMessage } from "./views/message.js";
import type { View } from "./views/view.js";

/** A view, and what it was drawn from. */
interface Shown {
  readonly subject: Figure | Error;
  readonly look: Look;
  readonly view: View;
}

/** Draws the figures of one output. */
export class FigureRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #mimeType: string;
  #subject: Figure | Error | undefined;
  #shown: Shown | undefined;
  #watch: LookWatch | undefined;
  #drawing: Promise<void> | undefined;

  constructor(mimeType: string) {
    super();
    this.#mimeType = mimeType;
    this.addClass("hotcell-Figure");
  }

  /** Takes the latest payload; resolves when it is drawn, or at once where there is no room yet. */
  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    try {
      this.#subject = parseFigure(model.data[this.#mimeType]);
    } catch (error) {
      this.#subject = asError(error);
    }
    return this.#refresh();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.#watch?.dispose();
    this.#shown?.view.dispose();
    this.#shown = undefined;
    super.dispose();
  }

  protected override onAfterAttach(): void {
    this.#watch = new LookWatch(this.node, () => void this.#refresh());
    void this.#refresh();
  }

  protected override onBeforeDetach(): void {
    this.#watch?.dispose();
    this.#watch = undefined;
  }

  /** Whatever arrives while a view is being drawn is seen by the same loop afterwards. */
  #refresh(): Promise<void> {
    this.#drawing ??= this.#catchUp().finally(() => {
      this.#drawing = undefined;
    });
    return this.#drawing;
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const subject = this.#subject;
      if (subject === undefined || this.isDisposed || !this.isAttached) return;
      const look = currentLook(this.node);
      if (look.width === 0) return;
      const shown = this.#shown;
      if (shown?.subject === subject && sameLook(shown.look, look)) return;
      const view = await drawSubject(subject, look);
      // The page may have closed the output meanwhile; TypeScript can't see that.
      if (this.isDisposed as boolean) {
        view.dispose();
        return;
      }
      this.#shown = { subject, look, view };
      this.node.replaceChildren(view.node);
      shown?.view.dispose();
    }
  }
}

async function drawSubject(subject: Figure | Error, look: Look): Promise<View> {
  if (subject instanceof Error) return drawMessage(subject.message);
  try {
    return await draw(subject, look);
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
