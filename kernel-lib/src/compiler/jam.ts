/**
 * Two iterations of a loop in one, their statements in turn. A processor looks some hundred
 * instructions ahead; where an iteration is longer than that, and a chain of operations that wait
 * for one another, the next one can't fill the gaps unless it stands between. Loops inside that go on
 * until no lane is left go on until none of either iteration is (Carr and Kennedy 1994, "Improving the
 * ratio of memory operations to floating-point operations in loops", call it unroll-and-jam).
 */
import { get, operate } from "./build.js";
import type { Expr, For, If, Local, Stmt } from "./ir.js";
import type { Target } from "./types.js";
import { bodies, everyExpr, everyOperand, everyStmt, setIn } from "./walk.js";

type Body = readonly Stmt[];

/** Operations of an iteration from which on its end is too far ahead to see. */
const long = 100;

/** Whether two iterations in one would be faster, and are allowed: nothing in one may leave it. */
export function isWorthJamming(body: Body, target: Target): boolean {
  const set = setIn(body);
  if (!body.every((stmt) => isJammable(stmt, set))) return false;
  // WebAssembly's compilers put too much of such a loop's state into memory
  if (everyStmt(body).some(isExit)) return target === "c";
  return everyExpr(body).filter(({ op }) => op.includes(".")).length > long;
}

function isJammable(stmt: Stmt, set: ReadonlySet<Local>): boolean {
  switch (stmt.op) {
    case "block":
    case "loop":
    case "for":
      // an iteration whose lanes have all left goes on with the other, and must do no harm
      return (
        everyStmt([stmt]).some(isExit) &&
        !everyStmt([stmt]).some(touchesMemory) &&
        (stmt.op !== "for" || hasSameEnds(stmt, set)) &&
        stmt.body.every((each) => isExit(each) || isJammable(each, set))
      );
    default:
      return isStraight(stmt);
  }
}

/** `if (no lane is active) break` */
function isExit(stmt: Stmt): stmt is If {
  if (stmt.op !== "if" || stmt.otherwise.length > 0) return false;
  const [only, ...others] = stmt.then;
  return only?.op === "break" && others.length === 0 && activeIn(stmt) !== undefined;
}

/** The lanes of which an exit asks. */
function activeIn({ condition }: If): Expr | undefined {
  const [asked] = condition.op === "bool.not" ? condition.args : [];
  return asked?.op === "any" ? asked.value : undefined;
}

/** Whether the loop's ends are the same in both iterations. */
function hasSameEnds({ from, to }: For, set: ReadonlySet<Local>): boolean {
  return ![from, to].some((end) =>
    [...everyOperand(end)].some((part) => part.op === "get" && set.has(part.local)),
  );
}

function touchesMemory(stmt: Stmt): boolean {
  const isUnsafe = ({ op }: Expr): boolean =>
    op === "element" || op === "load" || op === "i32.div_s" || op === "i32.rem_s";
  return (
    stmt.op === "store" ||
    stmt.op === "write" ||
    stmt.op === "fail" ||
    everyExpr([stmt]).some(isUnsafe)
  );
}

function isStraight(stmt: Stmt): boolean {
  switch (stmt.op) {
    case "set":
    case "write":
    case "store":
    case "fail":
      return true;
    case "if":
      return bodies(stmt).every((inner) => inner.every(isStraight));
    default:
      return false;
  }
}

/** The bodies at once: they are alike, and set no variable in common. */
export function jammed(alike: readonly Body[]): Body {
  const [first = []] = alike;
  return first.flatMap((_, i) => together(alike.map((body) => body[i]!)));
}

function together(alike: readonly Stmt[]): Body {
  const [first, ...others] = alike as readonly [Stmt, ...Stmt[]];
  switch (first.op) {
    case "block":
    case "loop":
      return [{ ...first, body: jammed((alike as (typeof first)[]).map(({ body }) => body)) }];
    case "for": {
      const counters = (others as For[]).map(({ counter }): Stmt => ({
        op: "set",
        local: counter,
        value: get(first.counter),
      }));
      const body = jammed((alike as For[]).map((each) => each.body));
      return [{ ...first, body: [...counters, ...body] }];
    }
    default: {
      if (!isExit(first)) return alike;
      const value = (alike as If[])
        .map((each) => activeIn(each)!)
        .reduce((a, b) => operate("bool.or", a, b));
      const any: Expr = { op: "any", kind: "bool", lanes: 1, value };
      return [{ ...first, condition: operate("bool.not", any) }];
    }
  }
}
