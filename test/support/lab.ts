/**
 * A notebook open in a real JupyterLab in a real Chromium: cells go in, the page comes out, and with
 * it a list of everything that no honest page does (dialogs, page errors, requests to elsewhere).
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { requireChromium } from "../../scripts/chromium.mjs";
import { KERNEL_NAME } from "../../kernel-lib/dist/kernelspec/spec.js";
import { bundle } from "./payloads.js";
import { repository, type Server, server } from "./server.js";

/** Notebooks of the tests, inside the server's root so that cells find the hotcell of this clone. */
const NOTEBOOKS = path.join("build", "lab");
const SCREENSHOTS = path.join(repository, "build", "screenshots");

const FLAGS = [
  // A document that a test hands on counts as one from far away, which may not talk to this machine.
  "--disable-features=LocalNetworkAccessChecks",
  "--no-sandbox",
  // Without these Chromium calls home at every start.
  ...["--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** How long anything may take that the tests wait for, in milliseconds: a slow machine's worst. */
const PATIENCE = 90_000;

// JupyterLab asks every kernel for a debugger; tslab has none.
const KNOWN_ERROR = "No active debugger session";

// What the page's console says of the extension, or of packages that it shares in the wrong version.
const OURS = /hotcell-jupyterlab|shared singleton module/;

interface Chromium {
  readonly context: BrowserContext;
  readonly profile: string;
}

let shared: Promise<Chromium> | undefined;

async function launch(): Promise<Chromium> {
  const profile = mkdtempSync(path.join(tmpdir(), "hotcell-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: requireChromium(),
    args: FLAGS,
    viewport: { width: 1000, height: 800 },
    deviceScaleFactor: 2,
  });
  context.setDefaultTimeout(PATIENCE);
  return { context, profile };
}

async function closeChromium(): Promise<void> {
  const running = await shared;
  shared = undefined;
  await running?.context.close();
  if (running) rmSync(running.profile, { recursive: true, force: true });
}

// A root hook, as in server.ts.
if (typeof after === "function") after("close Chromium", closeChromium);

/** A cell of code, or a cell with the outputs of an earlier session, as JSON. */
export type Cell = string | { readonly code: string; readonly outputs: string };

export interface OpenOptions {
  /** Without hotcell's extension, as if it were not installed. */
  readonly withoutExtension?: boolean;
  /** The kernelspec of a notebook that is written; default: hotcell's. */
  readonly kernel?: string;
  /** Default: the one of this mocha run. */
  readonly server?: Server;
}

const DISPLAY = path.join(repository, "kernel-lib", "dist", "display", "tslab.js");

/** A cell that shows a figure through the kernel, as an output that later cells may update. */
export function shows(payload: object, name = "output"): string {
  const module = JSON.stringify(DISPLAY);
  return `const ${name} = require(${module}).show(${JSON.stringify(bundle(payload))});`;
}

/** What JupyterLab's page is told by the server, and this by the test. */
function configure(html: string, { withoutExtension = false }: OpenOptions): string {
  const config = /(<script id="jupyter-config-data"[^>]*>)([^]*?)(<\/script>)/;
  return html.replace(config, (_all, open: string, json: string, close: string) => {
    const data = JSON.parse(json) as { federated_extensions: { name: string }[] };
    const extensions = data.federated_extensions.filter(
      ({ name }) => !(withoutExtension && name === "hotcell-jupyterlab"),
    );
    const told = {
      ...data,
      federated_extensions: extensions,
      exposeAppInBrowser: true,
      // It asks a question that covers figures.
      disabledExtensions: ["@jupyterlab/apputils-extension:announcements"],
    };
    return `${open}${JSON.stringify(told)}${close}`;
  });
}

/** A cell as a notebook file stores it. */
export interface SavedCell {
  readonly cell_type: string;
  readonly source: string;
  readonly execution_count: number | null;
  readonly outputs: readonly {
    readonly output_type: string;
    readonly name?: string;
    readonly data?: Readonly<Record<string, unknown>>;
  }[];
}

/** The part of JupyterLab's application that the tests use. */
declare const jupyterapp: {
  restored: Promise<void>;
  commands: {
    execute(id: string, args?: object): Promise<unknown>;
    isEnabled(id: string): boolean;
  };
  pluginRegistry: { _services: Map<{ name: string }, string> };
  resolveRequiredService(token: { name: string }): Promise<{
    set(plugin: string, key: string, value: string | number): Promise<void>;
  }>;
  shell: {
    currentWidget: {
      context: { ready: Promise<void>; save(): Promise<void> };
      sessionContext: { ready: Promise<void> };
      content: { model: { sharedModel: { toJSON(): { cells: SavedCell[] } } } };
    };
  };
};

function cellJson(cell: Cell, i: number): string {
  const { code, outputs } = typeof cell === "string" ? { code: cell, outputs: "[]" } : cell;
  return `{
    "id": "cell-${i}",
    "cell_type": "code",
    "execution_count": null,
    "metadata": {},
    "source": ${JSON.stringify(code)},
    "outputs": ${outputs}
  }`;
}

let opened = 0;

/** Writes a notebook to where the server finds it, and returns its path there. */
export function writeNotebook(cells: readonly Cell[], kernel = KERNEL_NAME): string {
  mkdirSync(path.join(repository, NOTEBOOKS), { recursive: true });
  const file = path.join(NOTEBOOKS, `test-${++opened}.ipynb`);
  // As text, since some JSON is not what JSON.stringify gives.
  const notebook = `{
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {
      "kernelspec": { "name": "${kernel}", "display_name": "TypeScript", "language": "typescript" }
    },
    "cells": [${cells.map(cellJson).join(",\n")}]
  }`;
  writeFileSync(path.join(repository, file), notebook);
  return file;
}

/** A notebook in JupyterLab. */
export class Lab {
  readonly page: Page;
  /** Dialogs, page errors, our own complaints and requests to other hosts since it was opened. */
  readonly faults: string[] = [];

  readonly #server: Server;

  private constructor(page: Page, from: Server) {
    this.page = page;
    this.#server = from;
  }

  /** Opens a notebook with these cells, or the one at a path, with the light theme. */
  static async open(notebook: readonly Cell[] | string, options: OpenOptions = {}): Promise<Lab> {
    const from = options.server ?? (await server());
    const { url, token } = from;
    shared ??= launch();
    const { context } = await shared;
    const lab = new Lab(await context.newPage(), from);
    lab.#watch(new URL(url).host);
    const { page } = lab;
    await page.route("**/doc/**", async (route) => {
      if (route.request().resourceType() !== "document") return route.fallback();
      const answer = await route.fetch();
      return route.fulfill({
        response: answer,
        body: configure(await answer.text(), options),
      });
    });
    const file = typeof notebook === "string" ? notebook : writeNotebook(notebook, options.kernel);
    await page.goto(`${url}doc/workspaces/test/tree/${file}?token=${token}&reset`);
    await page.waitForSelector(".jp-Notebook .jp-Cell");
    await page.evaluate(async () => {
      await jupyterapp.restored;
      await jupyterapp.shell.currentWidget.context.ready;
      await jupyterapp.shell.currentWidget.sessionContext.ready;
    });
    await lab.theme("light");
    return lab;
  }

  #watch(host: string): void {
    this.page.on("dialog", (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    this.page.on("pageerror", (error) => {
      if (!error.message.includes(KNOWN_ERROR)) this.faults.push(`page error: ${error.message}`);
    });
    this.page.on("console", (message) => {
      const isOurs = [message.text(), message.location().url].some((text) => OURS.test(text));
      if (isOurs && ["warning", "error"].includes(message.type())) {
        this.faults.push(`console: ${message.text()}`);
      }
    });
    this.page.on("request", (request) => {
      const { protocol, host: to } = new URL(request.url());
      if (!["data:", "blob:"].includes(protocol) && to !== host) {
        this.faults.push(`request: ${request.url()}`);
      }
    });
  }

  /** Runs all cells and waits for their end. */
  async runAll(): Promise<void> {
    await this.command("notebook:run-all-cells");
  }

  async command(id: string, args: object = {}): Promise<void> {
    await this.page.evaluate(
      async ([command, options]) => {
        await jupyterapp.commands.execute(command, options);
      },
      [id, args] as const,
    );
  }

  /** Whether a command can be given now. */
  async isEnabled(id: string): Promise<boolean> {
    return this.page.evaluate((command) => jupyterapp.commands.isEnabled(command), id);
  }

  /** Sets one of the extension's settings, as the settings' editor does. */
  async setting(name: string, value: string | number): Promise<void> {
    await this.page.evaluate(
      async ([key, wish]) => {
        const tokens = [...jupyterapp.pluginRegistry._services.keys()];
        const token = tokens.find(({ name: known }) => known.endsWith(":ISettingRegistry"))!;
        const registry = await jupyterapp.resolveRequiredService(token);
        await registry.set("hotcell-jupyterlab:plugin", key, wish);
      },
      [name, value] as const,
    );
  }

  async theme(theme: "light" | "dark"): Promise<void> {
    const name = theme === "dark" ? "JupyterLab Dark" : "JupyterLab Light";
    await this.command("apputils:change-theme", { theme: name });
    const shown = `body[data-jp-theme-light="${String(theme === "light")}"]`;
    await this.page.waitForSelector(shown, { state: "attached" });
    await this.page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
  }

  /** The code cells and what they have put out so far, as they would be saved. */
  async codeCells(): Promise<SavedCell[]> {
    const cells = await this.page.evaluate(
      () => jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells,
    );
    return cells.filter((cell) => cell.cell_type === "code");
  }

  async save(): Promise<void> {
    await this.page.evaluate(() => jupyterapp.shell.currentWidget.context.save());
  }

  /** The outputs that hotcell's extension has drawn or is about to. */
  get figures(): Locator {
    return this.page.locator(".jp-OutputArea .hotcell-Figure");
  }

  /** The pictures that stand in the page, one for each figure that is a picture. */
  get canvases(): Locator {
    return this.page.locator(".jp-OutputArea .hotcell-Picture canvas:first-of-type");
  }

  /** What the box beside the pointer says, row by row; undefined where there is none. */
  async readout(): Promise<Record<string, string> | undefined> {
    // in one question to the page: tests ask hundreds of times
    const rows = await this.page.evaluate<[string, string][] | null>(`(() => {
      const box = document.querySelector(".hotcell-Readout:popover-open");
      const texts = (part) =>
        Array.from(box.querySelectorAll(".hotcell-Readout-" + part), (node) => node.textContent);
      return box && texts("name").map((name, i) => [name, texts("value")[i] ?? ""]);
    })()`);
    return rows ? Object.fromEntries(rows) : undefined;
  }

  /** Waits until what is looked at is as wanted; what it was last is in the error. */
  async until<T>(
    look: () => Promise<T>,
    wanted: (seen: T) => boolean,
    patience = PATIENCE,
  ): Promise<T> {
    const end = Date.now() + patience;
    for (;;) {
      const seen = await look();
      if (wanted(seen)) return seen;
      if (Date.now() > end) throw new Error(`still ${JSON.stringify(seen)} after ${patience} ms`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Waits until so many pictures are drawn. */
  async drawn(pictures: number): Promise<void> {
    await this.until(
      () => this.canvases.count(),
      (count) => count === pictures,
    );
  }

  /** Does something that must draw every picture anew, and waits for that. */
  async redrawn(cause: () => Promise<void>): Promise<void> {
    const before = await this.canvases.count();
    await this.page.evaluate(
      `for (const c of document.querySelectorAll(".hotcell-Picture canvas")) c.dataset.before = ""`,
    );
    await cause();
    const fresh = this.page.locator(".hotcell-Picture canvas:first-of-type:not([data-before])");
    await this.until(
      () => fresh.count(),
      (count) => count === before,
    );
  }

  /** Keeps a picture of the page, or of a part of it, for people to look at. */
  async screenshot(name: string, part: Locator | Page = this.page): Promise<Buffer> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    return part.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  }

  /** Closes the page, ends its kernel, and fails on any fault. */
  async close(): Promise<void> {
    await this.page.close();
    await endSessions(this.#server);
    assert.deepEqual(this.faults, []);
  }
}

/** Ends every kernel of a server, so that no test meets another's. */
async function endSessions({ url, token }: Server): Promise<void> {
  const headers = { Authorization: `token ${token}` };
  const answer = await fetch(`${url}api/sessions`, { headers });
  const sessions = (await answer.json()) as { id: string }[];
  for (const { id } of sessions) {
    await fetch(`${url}api/sessions/${id}`, { method: "DELETE", headers });
  }
}
