/**
 * Figures of one notebook that show the same place because their author linked them: one tells where it
 * is along x, the others mark it. What a place is to a figure, the figure knows.
 */

const members = new Set<Link>();

/** What holds the figures that may be linked; those of another notebook have the same names. */
function notebookOf(node: Element): Element | null {
  return node.closest(".jp-NotebookPanel");
}

/** A figure's place among those of the same link, until it leaves. */
export class Link {
  readonly #name: string | undefined;
  readonly #node: Element;
  readonly #mark: (x: number | undefined) => void;

  /** `mark` shows where another figure is; undefined where it is nowhere any more. */
  constructor(name: string | undefined, node: Element, mark: (x: number | undefined) => void) {
    this.#name = name;
    this.#node = node;
    this.#mark = mark;
    if (name) members.add(this);
  }

  /** Tells the others where this figure is. */
  tell(x: number | undefined): void {
    if (!this.#name) return;
    const notebook = notebookOf(this.#node);
    for (const other of members) {
      if (other === this || other.#name !== this.#name) continue;
      if (notebookOf(other.#node) === notebook) other.#mark(x);
    }
  }

  leave(): void {
    members.delete(this);
  }
}
