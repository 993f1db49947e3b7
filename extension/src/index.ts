/**
 * Tells JupyterLab who draws `application/vnd.hotcell.figure+json`. Registration only: the renderer
 * is next door, and nothing here depends on the application.
 */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { MIME_TYPE } from "hotcell/figure";
import { FigureRenderer } from "./renderer.js";

const extension: IRenderMime.IExtension = {
  id: "hotcell-jupyterlab:figure",
  description: "Draws hotcell figures.",
  // Before text/html (50) and image/png (90): a figure carries its PNG for everyone else.
  rank: 40,
  dataType: "json",
  rendererFactory: {
    // Untrusted notebooks draw too: a payload is checked data, never markup, script or a URL.
    safe: true,
    mimeTypes: [MIME_TYPE],
    createRenderer: (options) => new FigureRenderer(options.mimeType),
  },
};

export default extension;
