/**
 * Modules as compilers hand them to code: recognised by the name of their variable and by what they
 * look like. Says nothing of what a module holds.
 */
import { types } from "node:util";

/** True for a module as a compiler hands it to code under this name. */
export function isModule(name: string, value: object): boolean {
  if (name === "exports" || types.isModuleNamespaceObject(value)) return true;
  return Object.hasOwn(value, "__esModule") || (isImport(name) && isInteropModule(value));
}

/** True for what `__importStar`, `__importDefault` and esbuild's `__toESM` make of a CommonJS module. */
function isInteropModule(value: object): boolean {
  const properties = Object.getOwnPropertyDescriptors(value) as Record<string, PropertyDescriptor>;
  const { default: inner, ...others } = properties;
  if (!isObject(inner?.value)) return false;
  const isFixed = ({ writable, configurable }: PropertyDescriptor): boolean =>
    writable !== true && configurable !== true;
  return (
    Object.getPrototypeOf(value) === null ||
    Object.keys(others).length === 0 ||
    (isFixed(inner) && Object.values(others).every((own) => own.get !== undefined || isFixed(own)))
  );
}

/** True for the names that compilers give to what they import. */
export function isImport(name: string): boolean {
  return /^import_|_\d+$/.test(name);
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
