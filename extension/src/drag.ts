/** Follows the pointer from where it went down until it is let go, wherever it goes in the meantime. */

/** What is told of a drag. */
export interface Drag {
  readonly moved: (event: PointerEvent) => void;
  /** Called when the pointer is let go; not when the drag is cut short. */
  readonly dropped?: (event: PointerEvent) => void;
  /** Called in any case, and last. */
  readonly ended?: () => void;
}

export function drag(
  node: HTMLElement,
  { pointerId }: PointerEvent,
  { moved, dropped, ended }: Drag,
): void {
  const end = new AbortController();
  const on = (event: "pointermove" | "pointerup" | "pointercancel", act: Drag["moved"]): void => {
    node.addEventListener(event, act, { signal: end.signal });
  };
  const stop = (): void => {
    end.abort();
    ended?.();
  };
  node.setPointerCapture(pointerId);
  on("pointermove", moved);
  on("pointercancel", stop);
  on("pointerup", (event) => {
    dropped?.(event);
    stop();
  });
}
