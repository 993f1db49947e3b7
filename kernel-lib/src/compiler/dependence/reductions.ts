/**
 * Recognises what the iterations of a loop may do to the same variable or element in any order: add
 * to it, multiply it, take `Math.min` or `Math.max` with it, or `&`, `|` or `^`. Everything else about the variable must be
 * left alone: an iteration that looks at a running total depends on the order.
 */
import { f64, operate } from "../build.js";
import { elements, intervalOf, anything, whole, type Interval } from "../interval.js";
import type { Access, ArrayLocal, By, Expr, Local, Stmt } from "../ir.js";
import { bodies, everyExpr, everyOperand, everyStmt, operands, setIn } from "../walk.js";

/** How a value is made of the reduced one: "int32" cuts it to one, as `| 0` and `& -1` do, besides any of the bits. */
type Step = By | "int32";

/** How a value is made of the reduced one: by what, in how many places it is read, and what is added to it. */
interface Update {
  readonly by: Step | undefined;
  readonly reads: number;
  readonly added: readonly Expr[];
}

/** What variables were last set to, where that still gives the same. */
type Settings = ReadonlyMap<Local, Expr>;
const none: Settings = new Map();
/** How many settings are looked up on the way down two expressions. */
const deepest = 8;

/** Whether two expressions are the same code, given what variables stand for. */
export function sameExpr(a: Expr, b: Expr, known = none, depth = 0): boolean {
  if (a === b) return true;
  if (a.op === "get" && b.op === "get" && a.local === b.local) return true;
  if (depth < deepest) {
    const x = a.op === "get" ? known.get(a.local) : undefined;
    const y = b.op === "get" ? known.get(b.local) : undefined;
    if (x ?? y) return sameExpr(x ?? a, y ?? b, known, depth + 1);
  }
  if (a.op !== b.op || a.kind !== b.kind || a.lanes !== b.lanes) return false;
  if (a.op === "const" && b.op === "const") return Object.is(a.value, b.value);
  if (a.op === "get") return false;
  if (a.op === "element" && b.op === "element") return sameAccess(a.access, b.access, known, depth);
  if (a.op === "load" || a.op === "extract") return false;
  const [x, y] = [operands(a), operands(b)];
  return x.length === y.length && x.every((each, i) => sameExpr(each, y[i]!, known, depth));
}

function sameAccess(a: Access, b: Access, known = none, depth = 0): boolean {
  return (
    a.array === b.array &&
    !a.mask &&
    !b.mask &&
    a.indices.every((index, axis) => sameExpr(index, b.indices[axis]!, known, depth))
  );
}

function isBits(by: Step | undefined): boolean {
  return by === "int32" || by === "and" || by === "or" || by === "xor";
}

/** What both are together; undefined if they are no one reduction. */
function joined(a: Step | undefined, b: Step): Step | undefined {
  if (a === undefined || a === b) return b;
  if (b === "int32") return isBits(a) ? a : undefined;
  return a === "int32" && isBits(b) ? b : undefined;
}

function asBy(step: Step): By {
  return step === "int32" ? "or" : step;
}

/** How `value` is made of the target, if by one kind of reduction. */
function update(value: Expr, isTarget: (expr: Expr) => boolean): Update | undefined {
  const occurs = (expr: Expr): boolean => [...everyOperand(expr)].some(isTarget);
  const visit = (expr: Expr): Update | undefined => {
    if (isTarget(expr)) return { by: undefined, reads: 1, added: [] };
    switch (expr.op) {
      case "f64.add":
        return either(expr.args, "add");
      case "f64.sub":
        return occurs(expr.args[1]!) ? undefined : onto(expr.args[0]!, expr.args[1]!, "add");
      case "f64.madd": {
        const [a, b, c] = expr.args as readonly [Expr, Expr, Expr];
        return occurs(a) || occurs(b) ? undefined : onto(c, operate("f64.mul", a, b), "add");
      }
      case "f64.mul":
        return either(expr.args, "mul");
      case "f64.neg":
        return onto(expr.args[0]!, f64(-1), "mul");
      case "f64.min":
        return either(expr.args, "min");
      case "f64.max":
        return either(expr.args, "max");
      case "f64.convert_i32_s": {
        const bits = expr.args[0]!;
        if (bits.op === "math.to_int32") {
          const inner = visit(bits.args[0]!);
          if (!inner || (inner.by && !isBits(inner.by))) return undefined;
          return { ...inner, by: inner.by ?? "int32" };
        }
        if (bits.op !== "i32.and" && bits.op !== "i32.or" && bits.op !== "i32.xor")
          return undefined;
        return either(bits.args.map(asNumber), bits.op.slice(4) as By);
      }
      case "f64.select": {
        const [condition, then, otherwise] = expr.args as readonly [Expr, Expr, Expr];
        if (occurs(condition)) return undefined;
        const a = visit(then);
        const b = visit(otherwise);
        if (!a || !b) return undefined;
        const by = b.by ? joined(a.by, b.by) : a.by;
        if (!by && a.by) return undefined;
        return { by, reads: a.reads + b.reads, added: [...a.added, ...b.added] };
      }
      default:
        return undefined;
    }
  };
  const either = ([a, b]: readonly Expr[], by: By): Update | undefined => {
    if (occurs(a!) && occurs(b!)) return undefined;
    return occurs(a!) ? onto(a!, b!, by) : onto(b!, a!, by);
  };
  const onto = (target: Expr, other: Expr, by: By): Update | undefined => {
    const inner = visit(target);
    if (!inner || !joined(inner.by, by)) return undefined;
    return { by, reads: inner.reads, added: [...inner.added, other] };
  };
  return visit(value);
}

/** The number whose int32 it is. */
function asNumber(bits: Expr): Expr {
  return bits.op === "math.to_int32" ? bits.args[0]! : operate("f64.convert_i32_s", bits);
}

/** By what the loop's body reduces into the variable; undefined if it does anything else with it. */
export function reducedBy(body: readonly Stmt[], reduced: Local): By | undefined {
  let by: Step | undefined;
  let reads = 0;
  for (const stmt of everyStmt(body)) {
    if (stmt.op === "call" && stmt.results.includes(reduced)) return undefined;
    if (stmt.op !== "set" || stmt.local !== reduced) continue;
    const found = update(stmt.value, (expr) => expr.op === "get" && expr.local === reduced);
    by = found?.by && joined(by, found.by);
    if (!found || !by) return undefined;
    reads += found.reads;
  }
  const all = [...everyExpr(body)].filter((e) => e.op === "get" && e.local === reduced);
  return by && all.length === reads ? asBy(by) : undefined;
}

/** By what a loop reduces into the elements of an array; undefined if it does anything else with them. */
export function arrayReduction(
  body: readonly Stmt[],
  array: ArrayLocal,
  counter: Local,
): By | undefined {
  const temporaries = new Temporaries(body, counter);
  let by: Step | undefined;
  let reads = 0;
  for (const list of everyList(body)) {
    for (const [at, stmt] of list.entries()) {
      if (stmt.op !== "store" || stmt.access.array !== array) continue;
      const known = settings(list.slice(0, at), array);
      const value = temporaries.inlined(stmt.value, known);
      const found = update(
        value,
        (expr) => expr.op === "element" && sameAccess(expr.access, stmt.access, known),
      );
      by = found?.by && joined(by, found.by);
      if (!found || !by || !keepsDType(array, found, temporaries)) return undefined;
      reads += found.reads;
    }
  }
  const all = [...everyExpr(body)].filter((e) => e.op === "element" && e.access.array === array);
  return by && all.length === reads ? asBy(by) : undefined;
}

/**
 * Whether neither the order can be seen, in an array of integers each of whose elements is cut to size
 * again and again, nor what no iteration reduces into, where bits would make an int32 of a fraction.
 */
function keepsDType({ array }: ArrayLocal, { by, added }: Update, known: Temporaries): boolean {
  if (array.dtype.startsWith("float")) return !isBits(by);
  if (isBits(by)) return true;
  return (
    by === "add" &&
    added.every((expr) => {
      const found = known.interval(expr);
      return found.whole && Math.abs(found.low) <= 2 ** 52 && Math.abs(found.high) <= 2 ** 52;
    })
  );
}

/** Every list of statements in the body, itself first. */
function* everyList(body: readonly Stmt[]): Generator<readonly Stmt[]> {
  yield body;
  for (const stmt of body) for (const inner of bodies(stmt)) yield* everyList(inner);
}

/** What variables were set to before a store into the array, since the one before, where evaluating it again gives the same. */
function settings(before: readonly Stmt[], array: ArrayLocal): Settings {
  const found = new Map<Local, Expr>();
  const changed = new Set<Local>();
  const written = new Set<Local>();
  for (const stmt of [...before].reverse()) {
    const inside = everyStmt([stmt]);
    for (const each of inside) if (each.op === "store") written.add(each.access.array.base);
    if (written.has(array.base)) break;
    if (stmt.op === "set" && !changed.has(stmt.local)) {
      const isSteady = everyOperand(stmt.value).every((part) => {
        if (part.op === "get") return part.local !== stmt.local && !changed.has(part.local);
        return part.op !== "element" || !written.has(part.access.array.base);
      });
      if (isSteady) found.set(stmt.local, stmt.value);
    }
    for (const each of setIn([stmt])) changed.add(each);
  }
  return found;
}

/** The variables that a loop's body sets in one place only. */
class Temporaries {
  readonly #values = new Map<Local, Expr | undefined>();
  readonly #reads = new Map<Local, number>();

  constructor(
    body: readonly Stmt[],
    readonly counter: Local,
  ) {
    for (const stmt of everyStmt(body)) {
      if (stmt.op !== "set") continue;
      this.#values.set(stmt.local, this.#values.has(stmt.local) ? undefined : stmt.value);
    }
    for (const expr of everyExpr(body)) {
      if (expr.op === "get") this.#reads.set(expr.local, (this.#reads.get(expr.local) ?? 0) + 1);
    }
  }

  /** The value with variables that only it reads written out. */
  inlined(value: Expr, known: Settings): Expr {
    const visit = (expr: Expr): Expr => {
      if (expr.op !== "get") return "args" in expr ? { ...expr, args: expr.args.map(visit) } : expr;
      const setting = known.get(expr.local);
      return setting && this.#reads.get(expr.local) === 1 ? visit(setting) : expr;
    };
    return visit(value);
  }

  interval(expr: Expr, depth = 0): Interval {
    if (expr.op === "element") return elements(expr.access.array.array.dtype);
    return intervalOf(expr, (local) => {
      if (local.kind === "bool") return whole(0, 1);
      const value = this.#values.get(local);
      return value && depth < 8 ? this.interval(value, depth + 1) : anything;
    });
  }
}
