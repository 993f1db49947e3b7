/**
 * The bridge to the notebook, and the only file of display/ that knows tslab. A bundle of MIME
 * types comes in; one output in the running cell goes out, which later bundles may replace. In
 * plain Node the text/plain form is printed. It refuses to know what a bundle shows.
 */
import { randomBytes } from "node:crypto";
import "../kernelspec/running.js";
import { jupyterModule, publicModule } from "../kernelspec/tslab.js";
import { setNotice } from "../runtime/notice.js";

/** One output in every form it has: MIME type to data, `image/png` as a base64 string. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** An output that has been shown. */
export interface Output {
  /** Replaces what is shown, wherever the output stands by now. */
  update(bundle: MimeBundle, metadata?: MimeBundle): void;
}

/**
 * Shows a bundle as one output of the running cell, after everything the cell has printed so far.
 *
 * In a tslab whose internals hotcell doesn't know, only the PNG or the text is shown; in plain Node
 * the text is printed once and updates are not. Metadata say more of a MIME type, such as the size
 * of `image/png` in CSS pixels.
 */
export function show(bundle: MimeBundle, metadata: MimeBundle = {}): Output {
  // Kept for updates: from code that outlives its cell they must not go to a later one.
  const write = jupyterModule()?.lastWriteDisplayData;
  if (write) {
    const transient = { display_id: randomBytes(16).toString("hex") };
    write({ data: bundle, metadata, transient }, false);
    return {
      update(next, nextMetadata = {}) {
        write({ data: next, metadata: nextMetadata, transient }, true);
      },
    };
  }
  const display = publicModule()?.newDisplay();
  if (display) {
    const raw = (next: MimeBundle) => {
      const type = "image/png" in next ? "image/png" : "text/plain";
      const data = next[type];
      if (typeof data === "string") display.raw(type, data);
    };
    raw(bundle);
    return {
      update(next) {
        raw(next);
      },
    };
  }
  process.stdout.write(`${plainText(bundle)}\n`);
  return { update() {} };
}

/** Whether an output can be replaced in place: in a notebook, but not on a terminal. */
export function canUpdate(): boolean {
  return typeof jupyterModule()?.lastWriteDisplayData === "function";
}

/** What stands for the cell that runs: the same as long as it does. */
export function runningCell(): unknown {
  return jupyterModule()?.lastWriteDisplayData;
}

/** Says something the user should know but needn't act on: red text (stderr) in the cell. */
export function warn(message: string): void {
  process.stderr.write(`hotcell: ${message}\n`);
}

function plainText(bundle: MimeBundle): string {
  const text = bundle["text/plain"];
  return typeof text === "string" ? text : `[${Object.keys(bundle).join(", ")}]`;
}

setNotice(warn);
