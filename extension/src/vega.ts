/**
 * Vega and Vega-Lite, in a chunk of their own that the page fetches with its first picture. A
 * specification that hotcell built comes in, a canvas with its picture comes out. URLs are refused,
 * whatever a specification says; a heatmap's cells come as a canvas.
 */
import { type Loader, type LoggerInterface, parse, type Spec, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";

/** A drawn picture. */
export interface Picture {
  readonly node: HTMLElement;
  readonly view: View;
}

const refuse = (): Promise<never> =>
  Promise.reject(new Error("hotcell figures load nothing from anywhere"));
const closedLoader: Loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

/** The mark definitions of a Vega specification, at any depth. */
function* marksOf(group: Pick<Spec, "marks">): Generator<NonNullable<Spec["marks"]>[number]> {
  for (const mark of group.marks ?? []) {
    yield mark;
    if (mark.type === "group") yield* marksOf(mark);
  }
}

const RASTER = "hotcellRaster";

/** Has the image marks show a canvas of ours, which Vega can and Vega-Lite can't express. */
function withRaster(spec: Spec): Spec {
  for (const mark of marksOf(spec)) {
    if (mark.type !== "image") continue;
    const update = { ...mark.encode?.update, image: { signal: RASTER } };
    delete update.url;
    mark.encode = { ...mark.encode, update };
  }
  const value = document.createElement("canvas");
  return { ...spec, signals: [...(spec.signals ?? []), { name: RASTER, value }] };
}

export interface RenderOptions {
  /** Paints a heatmap's cells for a plot of so many device pixels. */
  readonly raster?: (width: number, height: number) => Promise<HTMLCanvasElement>;
}

/** Draws a specification on a new canvas, completely. */
export async function render(spec: TopLevelSpec, options: RenderOptions): Promise<Picture> {
  const { raster } = options;
  const node = document.createElement("div");
  const failures: unknown[] = [];
  const logger = collector(failures);
  const compiled = compile(spec, { logger }).spec;
  const view = new View(parse(raster ? withRaster(compiled) : compiled), {
    container: node,
    renderer: "canvas",
    loader: closedLoader,
    logger,
    tooltip: rest,
  });
  try {
    await view.runAsync();
    if (raster) {
      // Only now is it known how much room axes and labels leave to the cells.
      const scale = window.devicePixelRatio;
      view.signal(
        RASTER,
        await raster(Math.ceil(view.width() * scale), Math.ceil(view.height() * scale)),
      );
      await view.runAsync();
    }
    if (failures.length > 0) throw new Error("Vega could not draw it", { cause: failures[0] });
  } catch (error) {
    view.finalize();
    throw error;
  }
  return { node, view };
}

/** Vega reports what goes wrong in a run to its logger only, which therefore keeps it. */
function collector(failures: unknown[]): LoggerInterface {
  const logger: LoggerInterface = {
    level: () => logger,
    error(...messages: unknown[]) {
      failures.push(...messages);
      return logger;
    },
    warn: () => logger,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}

function rest(): void {
  // what lies under the pointer is said by a cursor of ours
}
