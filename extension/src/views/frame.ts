/**
 * What stands around every picture: a toolbar that saves it as PNG, SVG or CSV, the table of its
 * data, and the line that speaks to screen readers. The picture itself is drawn before.
 */
import { type Picture, summary, toTable } from "hotcell/figure";
import type { Announcer } from "../announcer.js";
import { DataGrid, untouched } from "../data-grid.js";
import { csvFile, download, fileName } from "../download.js";
import type { Memory } from "../memory.js";
import { preferences } from "../preferences.js";
import { type Action, toolbar } from "../toolbar.js";
import type { View } from "./view.js";

/** The forms in which a picture can be saved, on a ground of this colour. */
export interface Exports {
  readonly png: (ground: string, scale: number) => Promise<Blob>;
  readonly svg?: (ground: string) => Promise<string>;
}

/** A picture as it stands in the page. */
export interface Framed extends View {
  readonly exports: Exports;
}

/** A picture, and what is put around it. */
export interface FrameOptions {
  readonly figure: Picture;
  readonly picture: Framed;
  readonly memory: Memory;
  readonly announcer: Announcer;
  /** Controls of this kind of figure, before those that all have. */
  readonly controls?: readonly HTMLElement[];
}

/** A picture in its frame. */
export function frame({ figure, picture, memory, announcer, controls = [] }: FrameOptions): View {
  const node = document.createElement("div");
  node.className = "hotcell-Frame";
  node.setAttribute("role", "figure");
  node.ariaLabel = summary(figure);
  picture.node.classList.add("hotcell-Picture");

  const name = (extension: string) => fileName(figure.title, figure.kind, extension);
  const panel = dataPanel(figure, memory);
  const save: Action[] = [
    {
      label: "PNG",
      hint: "Save as PNG",
      deed: "png",
      act: async () => {
        download(await picture.exports.png(groundOf(node), preferences().pngScale), name("png"));
      },
    },
    {
      label: "CSV",
      hint: "Save the data as CSV",
      deed: "csv",
      act: async () => {
        download(await csvFile(toTable(figure)), name("csv"));
      },
    },
  ];
  const { svg } = picture.exports;
  if (svg) {
    save.splice(1, 0, {
      label: "SVG",
      hint: "Save as SVG",
      deed: "svg",
      act: async () => {
        const text = await svg(groundOf(node));
        download(new Blob([text], { type: "image/svg+xml" }), name("svg"));
      },
    });
  }
  const bar = toolbar([...save, panel.toggle]);
  bar.prepend(...controls);
  node.append(picture.node, bar, panel.node, announcer.node);
  return {
    node,
    dispose() {
      announcer.dispose();
      picture.dispose();
    },
  };
}

/** The table of a figure's data, made when it is opened, and the switch that does so. */
function dataPanel(figure: Picture, memory: Memory): { node: HTMLElement; toggle: Action } {
  const state = memory.of("data", () => ({ open: false, grid: untouched() }));
  const node = document.createElement("div");
  const show = (): void => {
    node.replaceChildren();
    if (!state.open) return;
    const title = `Data of the figure ${figure.title}`.trim();
    node.append(new DataGrid({ table: toTable(figure), title, state: state.grid }).node);
  };
  show();
  return {
    node,
    toggle: {
      label: "Data",
      hint: "Show the data as a table",
      deed: "data",
      pressed: state.open,
      act(open) {
        state.open = open;
        show();
      },
    },
  };
}

/** The colour of the paper under a figure. */
function groundOf(node: HTMLElement): string {
  return getComputedStyle(node).getPropertyValue("--jp-layout-color0").trim() || "white";
}
