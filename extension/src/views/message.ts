/** One line instead of a figure that can't be drawn. */
import type { View } from "./view.js";

/** A view that says why there is no figure. */
export function drawMessage(message: string): View {
  const node = document.createElement("div");
  node.className = "hotcell-Message";
  node.setAttribute("role", "alert");
  node.textContent = `hotcell figure: ${message}`;
  return { node, dispose() {} };
}
