/**
 * A table of data in the page, for reading, sorting and copying: a hundred rows at a time, so that
 * a map of millions costs no more than a list of dozens. Names and numbers are set as text, never markup.
 */
import { csvParts, type DataTable, type Datum } from "hotcell/figure";
import { type Action, actionButton } from "./toolbar.js";

/** Rows that are shown at once. */
const PAGE = 100;

/** The most rows that can be sorted without the page being held up. */
const MOST_SORTED = 1_000_000;

/** The most characters that are put on the clipboard. */
const MOST_COPIED = 50_000_000;

/** How a table stands: its first row, and by which column it is sorted, which way. */
export interface GridState {
  first: number;
  column: number | undefined;
  descending: boolean;
}

/** A grid that was never touched. */
export function untouched(): GridState {
  return { first: 0, column: undefined, descending: false };
}

/** What a grid shows, and how. */
export interface GridOptions {
  readonly table: DataTable;
  readonly title: string;
  readonly state: GridState;
  /** How a cell is to be written; default: with all its digits. */
  readonly write?: (datum: Datum, column: number) => string;
  /** Further buttons below. */
  readonly actions?: readonly Action[];
}

/** A table in the page. */
export class DataGrid {
  readonly node = document.createElement("div");
  readonly #table: DataTable;
  readonly #state: GridState;
  readonly #write: (datum: Datum, column: number) => string;
  readonly #grid = document.createElement("table");
  readonly #place = document.createElement("span");
  readonly #pages: readonly HTMLButtonElement[];
  #order: Uint32Array | undefined;

  constructor({ table, title, state, write = String, actions = [] }: GridOptions) {
    this.#table = table;
    this.#state = state;
    this.#write = write;
    this.#grid.className = "hotcell-Grid-table";
    this.#grid.ariaLabel = title;
    const turn = (label: string, hint: string, by: number) =>
      actionButton({
        label,
        hint,
        act: () => {
          this.#turn(by);
        },
      });
    this.#pages = [turn("‹", "Earlier rows", -PAGE), turn("›", "Later rows", PAGE)];
    this.#place.className = "hotcell-Grid-place";
    this.#place.setAttribute("role", "status");
    const copy: Action = {
      label: "Copy CSV",
      hint: "Copy all rows to the clipboard as CSV",
      act: () => this.#copy(),
    };
    const foot = document.createElement("div");
    foot.className = "hotcell-Grid-foot";
    foot.append(
      this.#place,
      ...(table.length > PAGE ? this.#pages : []),
      ...[copy, ...actions].map(actionButton),
    );
    const scroll = document.createElement("div");
    scroll.className = "hotcell-Grid-scroll";
    scroll.append(this.#grid);
    // what can be scrolled must be reached by the keyboard
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.ariaLabel = title;
    this.node.className = "hotcell-Grid";
    this.node.append(scroll, foot);
    this.#sort();
    this.#fill();
  }

  #turn(by: number): void {
    this.#state.first += by;
    this.#fill();
  }

  /** Up, down, and as the data came, in turn. */
  #sortBy(column: number): void {
    const state = this.#state;
    if (state.column !== column) Object.assign(state, { column, descending: false });
    else if (!state.descending) state.descending = true;
    else state.column = undefined;
    state.first = 0;
    this.#sort();
    this.#fill();
    this.#grid.querySelectorAll<HTMLElement>("th button")[column]?.focus();
  }

  #sort(): void {
    const { column, descending } = this.#state;
    this.#order = undefined;
    if (column === undefined || column >= this.#table.columns.length) return;
    const keys = Array.from({ length: this.#table.length }, (_, i) => this.#table.row(i)[column]!);
    this.#order = Uint32Array.from(keys.keys()).sort((a, b) => {
      const order = compare(keys[a]!, keys[b]!);
      return (descending && isOrdered(keys[a]!) && isOrdered(keys[b]!) ? -order : order) || a - b;
    });
  }

  #fill(): void {
    const { columns, length } = this.#table;
    const first = Math.max(0, Math.min(this.#state.first, length - 1));
    const start = first - (first % PAGE);
    const end = Math.min(start + PAGE, length);
    this.#state.first = start;
    const rows = Array.from({ length: end - start }, (_, i) =>
      this.#table.row(this.#order?.[start + i] ?? start + i),
    );
    const head = document.createElement("thead");
    head.append(line(columns.map((name, column) => this.#head(name, column))));
    const body = document.createElement("tbody");
    body.append(...rows.map((row) => line(row.map((datum, column) => this.#cell(datum, column)))));
    this.#grid.replaceChildren(head, body);
    columns.forEach((_, column) => {
      if (!rows.some((row) => typeof row[column] === "number")) return;
      const cells = this.#grid.querySelectorAll(`:nth-child(${column + 1}):is(th, td)`);
      for (const cell of Array.from(cells)) cell.classList.add("hotcell-Grid-number");
    });
    const [back, on] = this.#pages;
    back!.disabled = start === 0;
    on!.disabled = end === length;
    const count = length.toLocaleString("en");
    const part = `${(start + 1).toLocaleString("en")} to ${end.toLocaleString("en")} of ${count}`;
    this.#place.textContent = length > PAGE ? part : `${count} row${length === 1 ? "" : "s"}`;
  }

  #head(name: string, column: number): HTMLElement {
    const node = document.createElement("th");
    node.scope = "col";
    if (this.#table.length > MOST_SORTED) {
      node.textContent = name;
      return node;
    }
    const { column: sorted, descending } = this.#state;
    node.ariaSort = sorted !== column ? "none" : descending ? "descending" : "ascending";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.title = "Sort";
    button.addEventListener("click", () => {
      this.#sortBy(column);
    });
    node.append(button);
    return node;
  }

  #cell(datum: Datum, column: number): HTMLElement {
    const node = document.createElement("td");
    node.textContent = this.#write(datum, column);
    if (node.textContent !== String(datum)) node.title = String(datum);
    return node;
  }

  async #copy(): Promise<void> {
    let text = "";
    for (const part of csvParts(this.#table)) {
      text += part;
      if (text.length > MOST_COPIED) {
        this.#place.textContent = "too long for the clipboard: save it as CSV instead";
        return;
      }
    }
    await navigator.clipboard.writeText(text);
    this.#place.textContent = "copied";
  }
}

function line(cells: readonly HTMLElement[]): HTMLElement {
  const node = document.createElement("tr");
  node.append(...cells);
  return node;
}

/** NaN stands last, whichever way a column is sorted. */
function isOrdered(datum: Datum): boolean {
  return !Number.isNaN(datum);
}

/** Numbers before names, numbers by size, names as in a dictionary. */
function compare(a: Datum, b: Datum): number {
  if (typeof a === "number" && typeof b === "number") {
    return Number(isOrdered(b)) - Number(isOrdered(a)) || a - b || 0;
  }
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b, "en");
  return typeof a === "number" ? -1 : 1;
}
