/**
 * The name of the script a function was written in. A script's number comes in, as V8 reports it;
 * its URL or file name goes out, with whether its code is strict. The debugger is switched on for
 * the moment of asking only, about 3 ms, and each script is asked for once.
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
  const parsed = new Map<string, ParsedScript>();
  const stop = listen("Debugger.scriptParsed", (script) => {
    const event = script as ParsedScript;
    parsed.set(event.scriptId, event);
  });
  try {
    inspect("Debugger.enable", {});
    const found = parsed.get(scriptId);
    const script = found ? describe(found) : unknown;
    scripts.set(scriptId, script);
    return script;
  } finally {
    inspect("Debugger.disable", {});
    stop();
  }
}

function describe({ scriptId, url, isModule }: ParsedScript): Script {
  const name = url.startsWith("file:") && isModule !== true ? fileURLToPath(url) : url;
  if (isModule === true) return { name, url, strict: true };
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
