/**
 * What statements may change: whether an expression still means the same after them, and whether
 * code behind them is reached. Conservative answers about IR; makes none.
 */
import type { Expr, Label, Stmt } from "../ir.js";
import { arrayLocals, bodies, everyOperand, everyStmt, setIn } from "../walk.js";

/** Whether the expression may have another value, or fail at another time, after the statements. */
export function disturbs(statements: readonly Stmt[], ...exprs: readonly Expr[]): boolean {
  const set = setIn(statements);
  const writes = hasEffects(statements);
  for (const expr of exprs) {
    for (const part of everyOperand(expr)) {
      if (part.op === "get" && set.has(part.local)) return true;
      if (part.op !== "element") continue;
      if (writes || arrayLocals(part.access.array).some((each) => set.has(each))) return true;
    }
  }
  return false;
}

/** Whether the statements do more than set variables. */
export function hasEffects(statements: readonly Stmt[]): boolean {
  for (const { op } of everyStmt(statements)) {
    if (op !== "set" && op !== "if" && op !== "for" && op !== "block") return true;
  }
  return false;
}

/** Whether evaluating the expression needs a branch of its own where JavaScript may skip it. */
export function isCostly(expr: Expr): boolean {
  let operations = 0;
  for (const { op } of everyOperand(expr)) {
    if (op === "element" || op === "load") return true;
    if (op.startsWith("math.") && !cheap.has(op)) return true;
    if (op !== "const" && op !== "get") operations++;
  }
  return operations > 24;
}

const cheap = new Set(["math.round", "math.sign", "math.fround", "math.to_int32"]);

/** Whether the end of the statements can't be reached. */
export function ends(statements: readonly Stmt[]): boolean {
  const last = statements[statements.length - 1];
  switch (last?.op) {
    case "break":
    case "continue":
    case "return":
    case "fail":
      return true;
    case "if":
      return ends(last.then) && ends(last.otherwise);
    case "block":
      return ends(last.body) && !leaves(last.body, last.label);
    case "loop":
      return !leaves(last.body, last.label);
    default:
      return false;
  }
}

/** Whether some statement breaks to the label. */
export function leaves(statements: readonly Stmt[], label: Label): boolean {
  for (const stmt of everyStmt(statements)) {
    if (stmt.op === "break" && stmt.label === label) return true;
  }
  return false;
}

/** The statements of a block: without the breaks at its end, and without itself if none is left. */
export function unblock(statements: readonly Stmt[], label: Label): readonly Stmt[] {
  const body = trim(statements, label);
  return leaves(body, label) ? [{ op: "block", label, body }] : body;
}

function trim(statements: readonly Stmt[], label: Label): readonly Stmt[] {
  const end = statements.findIndex((stmt) => stmt.op === "break" || stmt.op === "continue");
  const reached = end < 0 ? statements : statements.slice(0, end + 1);
  const last = reached[reached.length - 1];
  if (!last) return reached;
  const before = reached.slice(0, -1);
  if (last.op === "break" && last.label === label) return trim(before, label);
  if (last.op === "if") {
    const [then, otherwise] = bodies(last).map((body) => trim(body, label));
    return [...before, { ...last, then: then!, otherwise: otherwise! }];
  }
  if (last.op === "block") return [...before, { ...last, body: trim(last.body, label) }];
  return reached;
}
