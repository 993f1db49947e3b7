/** The small box beside the pointer that says what is under it: names and texts, never markup. */

/** What there is to say: names and texts. */
export type Rows = readonly (readonly [name: string, text: string])[];

/** How far the box keeps from the pointer, and from the window's edges, in CSS pixels. */
const GAP = 14;
const MARGIN = 6;

/** A box of names and texts. Its node may stand anywhere: the browser lifts it above the page. */
export class Readout {
  readonly node = document.createElement("div");

  constructor() {
    this.node.className = "hotcell-Readout";
    this.node.popover = "manual";
    this.node.setAttribute("role", "status");
  }

  /** Shows the rows beside a point of the window. */
  show(rows: Rows, clientX: number, clientY: number): void {
    this.node.replaceChildren(
      ...rows.flatMap(([name, text]) => [part("name", name), part("value", text)]),
    );
    if (!this.node.matches(":popover-open")) this.node.showPopover();
    const { offsetWidth: width, offsetHeight: height } = this.node;
    this.node.style.left = `${place(clientX, width, window.innerWidth)}px`;
    this.node.style.top = `${place(clientY, height, window.innerHeight)}px`;
  }

  hide(): void {
    if (this.node.matches(":popover-open")) this.node.hidePopover();
  }
}

/** After the point where that fits, else before it, and in any case inside. */
function place(point: number, size: number, room: number): number {
  const after = point + GAP;
  const start = after + size + MARGIN <= room ? after : point - GAP - size;
  return Math.max(MARGIN, start);
}

function part(role: "name" | "value", text: string): HTMLElement {
  const node = document.createElement("span");
  node.className = `hotcell-Readout-${role}`;
  node.textContent = text;
  return node;
}
