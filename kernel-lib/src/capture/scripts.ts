/**
 * The name of the script a function was written in. A script's number comes in, as V8 reports it;
 * its URL or file name goes out, with whether its code is strict. The debugger is switched on for
 * the moment of asking only, which makes V8 hash every script there is (about 20 ms in a notebook
 * kernel), so one question tells all scripts so far.
 */
import { fileURLToPath } from "node:url";
import { inspect, listen } from "./inspector.js";

export interface Script {
  /** The name that stack traces show. */
  readonly name: string;
  readonly url: string;
  readonly strict: boolean;
}

interface ParsedScript {
  readonly scriptId: string;
  readonly url: string;
  readonly isModule?: boolean;
}

const scripts = new Map<string, Script>();
const unknown: Script = { name: "", url: "", strict: false };

export function scriptOf(scriptId: string): Script {
  const known = scripts.get(scriptId);
  if (known) return known;
  const parsed: ParsedScript[] = [];
  const stop = listen("Debugger.scriptParsed", (script) => {
    parsed.push(script as ParsedScript);
  });
  try {
    inspect("Debugger.enable", {});
    for (const script of parsed) {
      if (scripts.has(script.scriptId)) continue;
      const isWanted = script.scriptId === scriptId || isUsers(script.url);
      scripts.set(script.scriptId, describe(script, isWanted));
    }
    const found = scripts.get(scriptId) ?? unknown;
    scripts.set(scriptId, found);
    return found;
  } finally {
    inspect("Debugger.disable", {});
    stop();
  }
}

/** The whole text of a script as V8 ran it, and whether it is an ES module. */
export function sourceOf(scriptId: string): { text: string; isModule: boolean } {
  let isModule = false;
  const stop = listen("Debugger.scriptParsed", (script) => {
    const parsed = script as ParsedScript;
    if (parsed.scriptId === scriptId) isModule = parsed.isModule === true;
  });
  try {
    inspect("Debugger.enable", {});
    const { scriptSource } = inspect("Debugger.getScriptSource", { scriptId }) as {
      scriptSource: string;
    };
    return { text: scriptSource, isModule };
  } finally {
    inspect("Debugger.disable", {});
    stop();
  }
}

/** The sources of packages are many and large. */
function isUsers(url: string): boolean {
  return url !== "" && !url.startsWith("node:") && !/[\\/]node_modules[\\/]/.test(url);
}

function describe({ scriptId, url, isModule }: ParsedScript, readsSource: boolean): Script {
  const name = url.startsWith("file:") && isModule !== true ? fileURLToPath(url) : url;
  if (isModule === true || !readsSource) return { name, url, strict: isModule === true };
  const { scriptSource } = inspect("Debugger.getScriptSource", { scriptId }) as {
    scriptSource: string;
  };
  return { name, url, strict: firstToken(scriptSource) === "use strict" };
}

function firstToken(source: string): unknown {
  const { tokenizer } = require("acorn") as typeof import("acorn");
  const token = tokenizer(source, { ecmaVersion: "latest" }).getToken();
  return token.type.label === "string" ? (token as { value?: unknown }).value : undefined;
}
