/** A table: written as the kernel writes it, sorted by a click on a name, copied and saved in full. */
import { columnWriter, type TableFigure, toTable } from "hotcell/figure";
import { DataGrid, untouched } from "../data-grid.js";
import { csvFile, download, fileName } from "../download.js";
import type { Look } from "../look.js";
import type { Memory } from "../memory.js";
import type { View } from "./view.js";

/** The view of a table. */
export function drawTable(figure: TableFigure, _look: Look, memory: Memory): View {
  const node = document.createElement("div");
  node.className = "hotcell-Table";
  if (figure.title) {
    const title = document.createElement("div");
    title.className = "hotcell-Table-title";
    title.textContent = figure.title;
    node.append(title);
  }
  const writers = figure.columns.map(columnWriter);
  const grid = new DataGrid({
    table: toTable(figure),
    title: figure.title || "table",
    state: memory.of("table", untouched),
    write: (datum, column) => writers[column]!(datum),
    actions: [
      {
        label: "Save CSV",
        hint: "Save all rows as CSV",
        deed: "csv",
        act: async () => {
          download(await csvFile(toTable(figure)), fileName(figure.title, "table", "csv"));
        },
      },
    ],
  });
  node.append(grid.node);
  return { node, dispose() {} };
}
