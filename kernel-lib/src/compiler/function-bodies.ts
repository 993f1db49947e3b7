/**
 * Rewrites the functions of a kernel or module. A call names its callee by identity, also in a
 * recursion, so new functions are made first and calls redirected to them.
 */
import type { Func, Kernel, Module, Stmt } from "./ir.js";
import { mapList, mapParts } from "./walk.js";

type Body = readonly Stmt[];

/** The kernel or module with every function's body, and the kernel's own, replaced by `change(body)`. */
export function mapBodies<Code extends Kernel | Module>(
  code: Code,
  change: (body: Body) => Body,
): Code {
  const renewed = new Map(code.functions.map((func) => [func, { ...func }]));
  const redirect = (body: Body): Body =>
    mapList(body, (stmt) =>
      stmt.op === "call"
        ? { ...stmt, callee: renewed.get(stmt.callee) ?? stmt.callee }
        : mapParts(stmt, { body: redirect }),
    );
  const rewrite = (body: Body): Body => redirect(change(body));
  for (const func of renewed.values()) func.body = rewrite(func.body);
  const functions: readonly Func[] = [...renewed.values()];
  return { ...code, functions, ...("body" in code && { body: rewrite(code.body) }) };
}
