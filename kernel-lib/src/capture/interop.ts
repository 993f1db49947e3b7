/**
 * What compilers put around `require` so that a CommonJS module reads like an ES module. Their own
 * versions travel badly (one of them rewrites itself on first use), so shipped functions get these.
 */

type Module = Record<string, unknown> & { readonly __esModule?: boolean };

/** The module seen by `import x from`. */
export function __importDefault(module: Module): unknown {
  return module.__esModule === true ? module : { default: module };
}

/** The module seen by `import * as x from`. */
export function __importStar(module: Module): unknown {
  if (module.__esModule === true) return module;
  const star: Record<string, unknown> = {};
  for (const key of Object.getOwnPropertyNames(module)) {
    if (key === "default") continue;
    Object.defineProperty(star, key, { enumerable: true, get: () => module[key] });
  }
  return Object.defineProperty(star, "default", { enumerable: true, value: module });
}
