/**
 * Says things the user should know but needn't act on, once per place in the user's code. How they
 * are shown is decided by whoever calls `setNotice` (display/ does); in plain Node they are
 * process warnings.
 */
import { dirname } from "node:path";

let show = (message: string): void => {
  process.emitWarning(message, "HotcellWarning");
};

/** Registers how notices are shown. */
export function setNotice(write: (message: string) => void): void {
  show = write;
}

const said = new Set<string>();
/** Shows a message unless it has been shown before, wherever that was. */
export function sayOnce(message: string): void {
  if (said.has(message)) return;
  said.add(message);
  show(message);
}

const ownFiles = dirname(__dirname);

/** Shows a message unless the same has been said for the same line of the user's code. */
export function noticeOnce(message: string): void {
  const frames = new Error().stack?.split("\n").slice(1) ?? [];
  const site = frames.find((frame) => !frame.includes(ownFiles)) ?? "";
  const key = `${site}\n${message}`;
  if (said.has(key)) return;
  said.add(key);
  show(message);
}
