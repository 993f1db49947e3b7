/**
 * Makes counted loops of uncounted ones: `while (i < n) { …; i++; }` counts, too, as long as nothing
 * else sets `i` or changes `n`. What is known of counters then holds of it: whole numbers, hoisted
 * checks, lanes. The variable itself goes along, for what reads it behind the loop.
 */
import { f64, get, local, operate } from "../build.js";
import type { Expr, For, Kernel, Local, Loop, SetLocal, Stmt } from "../ir.js";
import { replaced } from "../rename.js";
import { everyOperand, everyStmt, mapParts, setBy, setIn } from "../walk.js";

export function count(kernel: Kernel): Kernel {
  for (const func of kernel.functions) func.body = list(func.body);
  return { ...kernel, body: list(kernel.body) };
}

function list(body: readonly Stmt[]): readonly Stmt[] {
  return body.flatMap((stmt) => {
    const made = mapParts(stmt, { body: list });
    return made.op === "loop" ? (counted(made) ?? rotated(made) ?? [made]) : [made];
  });
}

/** `loop { i += 1; if (…) … }` as `i += 1; loop { if (…) …; i += 1; }`. */
function rotated(loop: Loop): readonly Stmt[] | undefined {
  const [first, ...rest] = loop.body;
  if (first?.op !== "set" || continues(loop)) return undefined;
  const made = counted({ ...loop, body: [...rest, first] });
  return made && [first, ...made];
}

function counted(loop: Loop): readonly Stmt[] | undefined {
  const [test, ...rest] = loop.body;
  if (test?.op !== "if" || test.then.length > 0 || !leaves(test.otherwise, loop)) return undefined;
  if (continues(loop)) return undefined;
  // what `continue` leaves
  const [block] = rest;
  const isBlock = rest.length === 1 && block?.op === "block";
  const inside = isBlock ? block.body : rest;
  const skips = (stmts: readonly Stmt[]): boolean =>
    isBlock && everyStmt(stmts).some((each) => each.op === "break" && each.label === block.label);
  for (const [at, step] of inside.entries()) {
    if (step.op !== "set") continue;
    const by = stepOf(step);
    if (by === undefined || !isSetOnce(loop, step.local) || skips(inside.slice(0, at))) continue;
    const found = endOf(test.condition, step.local, by, setIn(loop.body));
    if (!found) continue;
    const made = counting(loop, step, by, found, inside, at);
    return [isBlock ? { ...made, body: [{ ...block, body: made.body }] } : made];
  }
  return undefined;
}

function counting(
  { label, loop }: Loop,
  step: SetLocal,
  by: number,
  { to, others }: End,
  rest: readonly Stmt[],
  at: number,
): For {
  const counter = local(step.local.name, "f64");
  const own = new Map([[step.local, counter]]);
  const test: readonly Stmt[] = others.map((condition) => ({
    op: "if",
    condition,
    then: [],
    otherwise: [{ op: "break", label }],
  }));
  const next: Stmt = { ...step, value: operate("f64.add", get(counter), f64(by)) };
  const body = [...replaced([...test, ...rest.slice(0, at)], own), next, ...rest.slice(at + 1)];
  return { op: "for", counter, from: get(step.local), to, step: by, label, body, loop };
}

/** What a variable grows by; undefined if it is set to something else. */
function stepOf({ local, value }: SetLocal): number | undefined {
  if (value.op !== "f64.add" && value.op !== "f64.sub") return undefined;
  const [a, b] = value.args as readonly [Expr, Expr];
  if (a.op !== "get" || a.local !== local || b.op !== "const") return undefined;
  const by = value.op === "f64.add" ? Number(b.value) : -Number(b.value);
  return Number.isFinite(by) && by !== 0 ? by : undefined;
}

interface End {
  /** What the counter stays before. */
  readonly to: Expr;
  /** What else has to hold for an iteration. */
  readonly others: readonly Expr[];
}

/** The end of a counter in the condition of its loop, which sets these variables. */
function endOf(
  condition: Expr,
  counter: Local,
  by: number,
  set: ReadonlySet<Local>,
): End | undefined {
  if (condition.op === "bool.and") {
    const [a, b] = condition.args as readonly [Expr, Expr];
    const left = endOf(a, counter, by, set);
    if (left) return { ...left, others: [...left.others, b] };
    const right = endOf(b, counter, by, set);
    return right && { ...right, others: [a, ...right.others] };
  }
  if (!("args" in condition)) return undefined;
  const [a, b] = condition.args as readonly [Expr, Expr];
  const isCounter = (expr: Expr): boolean => expr.op === "get" && expr.local === counter;
  const [own, to] = isCounter(a) ? [a, b] : [b, a];
  if (!isCounter(own) || !isSteady(to, set)) return undefined;
  const upwards = isCounter(a) ? condition.op === "f64.lt" : condition.op === "f64.gt";
  const downwards = isCounter(a) ? condition.op === "f64.gt" : condition.op === "f64.lt";
  if (by > 0 ? upwards : downwards) return { to, others: [] };
  // i >= 0 is i > -5e-324
  const least = isCounter(a) ? condition.op === "f64.ge" : condition.op === "f64.le";
  const isZero = to.op === "const" && to.value === 0;
  return by < 0 && least && isZero ? { to: f64(-Number.MIN_VALUE), others: [] } : undefined;
}

/** Whether an expression gives the same in every iteration, and can't fail. */
function isSteady(expr: Expr, set: ReadonlySet<Local>): boolean {
  return everyOperand(expr).every(
    (part) => part.op !== "element" && !(part.op === "get" && set.has(part.local)),
  );
}

function isSetOnce({ body }: Loop, local: Local): boolean {
  return everyStmt(body).filter((stmt) => setBy(stmt).includes(local)).length === 1;
}

function continues({ body, label }: Loop): boolean {
  return everyStmt(body).some((stmt) => stmt.op === "continue" && stmt.label === label);
}

function leaves(body: readonly Stmt[], { label }: Loop): boolean {
  const [only] = body;
  return body.length === 1 && only?.op === "break" && only.label === label;
}
