/**
 * Vega and Vega-Lite for a program without a screen: a specification goes in, an SVG text comes out,
 * at once. What is drawn is not known here.
 *
 * Both packages are ES modules, and Vega's waits for an optional canvas while it loads, so that
 * neither `require` nor a synchronous caller can have it. Their single-file builds, which the
 * packages publish for browsers, can be compiled as CommonJS, and load in a quarter of the time.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import type { TopLevelSpec } from "vega-lite";
import { textWidth } from "../figure/text-width.js";

type VegaSpec = ReturnType<VegaLite["compile"]>["spec"];
type Logger = NonNullable<NonNullable<Parameters<VegaLite["compile"]>[1]>["logger"]>;
type Vega = typeof import("vega");
type VegaLite = typeof import("vega-lite");

/** What the scenegraph offers beyond its published types. */
interface Scenegraph {
  readonly textMetrics: { width: (item: TextItem, text: string) => number };
  readonly SVGStringRenderer: new (loader: unknown) => Renderer;
}
interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}
interface Renderer {
  initialize(element: null, width: number, height: number, origin: [number, number]): Renderer;
  render(scene: SceneItem): Renderer;
  svg(): string;
}
interface SceneItem {
  readonly marktype?: string;
  readonly items?: SceneItem[];
  readonly url?: string;
  image?: { complete: boolean; url: string; src: string; width: number; height: number };
}

let loaded: { vega: Vega & Scenegraph; vegaLite: VegaLite } | undefined;

/** Compiles a published single-file build as the CommonJS module that it can be. */
function load(file: string, dependency?: unknown): unknown {
  const exports = {};
  const run = compileFunction(readFileSync(file, "utf8"), ["exports", "module", "require"], {
    filename: file,
  }) as (exports: object, module: object, require: () => unknown) => void;
  run(exports, { exports }, () => dependency);
  return exports;
}

function libraries(): NonNullable<typeof loaded> {
  if (!loaded) {
    const build = (name: string) => join(dirname(require.resolve(name)), `${name}.min.js`);
    const vega = load(build("vega")) as Vega & Scenegraph;
    const vegaLite = load(build("vega-lite"), vega) as VegaLite;
    vega.textMetrics.width = (item, text) =>
      textWidth(text, item.fontSize ?? 11, Number(item.fontWeight ?? 400) >= 600);
    loaded = { vega, vegaLite };
  }
  return loaded;
}

/** An image has no size of its own here, and is there from the start: its URL holds its data. */
function resolveImages(scene: SceneItem): void {
  for (const item of scene.items ?? []) {
    if (scene.marktype === "image" && item.url !== undefined) {
      item.image = { complete: true, url: item.url, src: item.url, width: 0, height: 0 };
    }
    resolveImages(item);
  }
}

/** The Vega form of a specification; `warn` hears what Vega-Lite finds odd in it. */
export function compileSpec(spec: TopLevelSpec, warn: (text: string) => void = ignore): VegaSpec {
  const { vegaLite } = libraries();
  const logger: Logger = {
    level: () => logger,
    error: (...texts) => (warn(texts.join(" ")), logger),
    warn: (...texts) => (warn(texts.join(" ")), logger),
    info: () => logger,
    debug: () => logger,
  };
  return vegaLite.compile(spec, { logger }).spec;
}

function ignore(): void {
  // the specifications are ours, and tested to compile without a warning
}

/** The SVG of a specification, and its size in CSS pixels. */
export function toSvg(spec: TopLevelSpec): { svg: string; width: number; height: number } {
  const { vega } = libraries();
  const view = new vega.View(vega.parse(compileSpec(spec)), { renderer: "none" });
  try {
    view.run();
    const { left, right, top, bottom } = view.padding() as Record<string, number>;
    // after autosize, what a renderer must cover is known to the view alone
    const size = view as unknown as { _viewWidth: number; _viewHeight: number };
    const width = size._viewWidth + left! + right!;
    const height = size._viewHeight + top! + bottom!;
    const [x, y] = view.origin();
    const scene = (view.scenegraph() as unknown as { root: SceneItem }).root;
    resolveImages(scene);
    const svg = new vega.SVGStringRenderer(view.loader())
      .initialize(null, width, height, [left! + x, top! + y])
      .render(scene)
      .svg();
    return { svg, width, height };
  } finally {
    view.finalize();
  }
}
