/**
 * Where cached kernels are kept: the folder that the user or the operating system names, made if it
 * is missing, refused if somebody else could have put code into it.
 */
import { mkdirSync, statSync, type Stats } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** `HOTCELL_CACHE_DIR`, or the operating system's folder for caches of this user. */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  system: string = process.platform,
): string {
  const { HOTCELL_CACHE_DIR: chosen, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (chosen !== undefined && chosen !== "") return chosen;
  if (system === "win32")
    return join(local ?? join(homedir(), "AppData", "Local"), "hotcell", "Cache");
  if (system === "darwin") return join(homedir(), "Library", "Caches", "hotcell");
  // the XDG specification says that a relative path is to be ignored
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".cache");
  return join(base, "hotcell");
}

/** Why a folder can't be trusted; undefined if it is this user's alone or isn't there. */
export function distrust(folder: string): string | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats && fault(stats);
}

/** Makes the folder for this user alone. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

function fault(stats: Stats): string | undefined {
  if (!stats.isDirectory()) return "it is no folder";
  // Windows keeps other users out of a user's folders, and has no such modes
  if (process.getuid === undefined) return undefined;
  if (stats.uid !== process.getuid()) return "it belongs to another user";
  return (stats.mode & 0o022) === 0 ? undefined : "other users may write to it";
}
