/** A row of small buttons under a picture. What they do is told by whoever makes them. */

import type { Deed } from "./selected-figure.js";

/** A button: a word, what it does in a sentence, and the deed. */
export interface Action {
  readonly label: string;
  readonly hint: string;
  /** Which command presses it, if there is one. */
  readonly deed?: Deed;
  /** Whether it switches something that stays on: its state at first. */
  readonly pressed?: boolean;
  /** Called with the new state of a switch. */
  readonly act: (pressed: boolean) => void | Promise<void>;
}

/** The button of an action. While its deed takes time it can't be pressed again. */
export function actionButton({ label, hint, deed, pressed, act }: Action): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "hotcell-Toolbar-button";
  button.textContent = label;
  button.title = hint;
  if (deed) button.dataset.deed = deed;
  if (pressed !== undefined) button.ariaPressed = String(pressed);
  button.addEventListener("click", () => {
    if (button.ariaDisabled) return;
    const next = button.ariaPressed === "false";
    if (pressed !== undefined) button.ariaPressed = String(next);
    void carryOut(button, () => act(next));
  });
  return button;
}

async function carryOut(button: HTMLButtonElement, deed: () => void | Promise<void>) {
  button.ariaDisabled = "true";
  try {
    await deed();
  } catch (error) {
    console.error("hotcell could not do what a button says:", error);
  } finally {
    button.ariaDisabled = null;
  }
}

/** The row of buttons. */
export function toolbar(actions: readonly Action[]): HTMLElement {
  const node = document.createElement("div");
  node.className = "hotcell-Toolbar";
  node.setAttribute("role", "group");
  node.ariaLabel = "Figure";
  node.append(...actions.map(actionButton));
  return node;
}
