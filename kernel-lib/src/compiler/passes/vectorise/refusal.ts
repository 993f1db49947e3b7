/**
 * Why a loop isn't vectorised: what vectors can't do, and what they wouldn't speed up. Decides the
 * same for every number of lanes, as the order of a reduction depends on nothing else.
 */
import {
  arrayLocals,
  bodies,
  countReads,
  everyOperand,
  everyStmt,
  expressions,
  setIn,
  someOperand,
} from "../../walk.js";
import type { Access, ArrayLocal, Expr, Local, Prange, Stmt } from "../../ir.js";
import type { Divergence } from "./divergence.js";
import type { Lanes } from "./lanes.js";

/** The reason, as it goes on after "not vectorised: "; undefined if there is none. */
export function refusal(loop: Prange, divergence: Divergence): string | undefined {
  return counting(loop) ?? impossible(loop, divergence);
}

/** The counter of a lane has to have the bits that it has in an iteration of its own. */
function counting({ counter, from, step }: Prange): string | undefined {
  if (counter.kind === "i32") return undefined;
  const whole = from.op === "f64.convert_i32_s" || (from.op === "const" && isWhole(from.value));
  return whole && isWhole(step) ? undefined : "its counter may have fractions";
}

function isWhole(value: number | bigint): boolean {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
}

/** What of the body no vector can do. */
export function impossible(loop: Prange, divergence: Divergence): string | undefined {
  const set = setIn(loop.body);
  const changes = (array: ArrayLocal): boolean => arrayLocals(array).some((each) => set.has(each));
  // a loop may stand there in two forms, with and without checks
  const inside = new Map<Local, number>();
  for (const each of everyStmt(loop.body)) {
    if (each.op !== "for") continue;
    const { counter } = each;
    inside.set(counter, (inside.get(counter) ?? 0) + (countReads([each]).get(counter) ?? 0));
  }
  const reads = countReads(loop.body);
  for (const [counter, own] of inside) {
    if ((reads.get(counter) ?? 0) > own) return "reads a loop's counter behind the loop";
  }
  for (const stmt of everyStmt(loop.body)) {
    switch (stmt.op) {
      case "allocate":
        return `makes the array ${stmt.array.name} in each iteration`;
      case "prange":
      case "parallel":
      case "return":
      case "write":
        return "holds code that is only scalar";
      case "call":
        if (
          stmt.args.some((arg) => divergence.varies(arg)) ||
          stmt.results.some((each) => divergence.isVarying(each))
        ) {
          return `calls ${stmt.callee.name}, which runs once an iteration`;
        }
        break;
      case "store": {
        const { array, indices } = stmt.access;
        const reduced = loop.arrayReductions.some((each) => each.array === array);
        if (changes(array)) return `${array.name} is another array in each iteration`;
        if (!reduced && !indices.some((index) => divergence.varies(index))) {
          return `writes the same element of ${array.name} in every iteration`;
        }
        break;
      }
      default:
    }
    for (const expr of expressions(stmt)) {
      for (const part of everyOperand(expr)) {
        if (part.op === "element" && changes(part.access.array)) {
          return `${part.access.array.name} is another array in each iteration`;
        }
        const isScalar = part.op.startsWith("math.") || !isKnown(part);
        if (isScalar && divergence.varies(part)) {
          return `${part.op} is only scalar`;
        }
      }
    }
  }
  for (const { array } of loop.arrayReductions) {
    const why = reducedArray(loop.body, array);
    if (why) return why;
  }
  return undefined;
}

function isKnown(expr: Expr): boolean {
  return "args" in expr || expr.op === "get" || expr.op === "element";
}

/** Lane after lane is the order of the iterations only if each adds to the array once, in one statement. */
function reducedArray(body: readonly Stmt[], array: ArrayLocal): string | undefined {
  let stores = 0;
  const mentions = (expr: Expr): boolean =>
    [...everyOperand(expr)].some((x) => x.op === "element" && x.access.array === array);
  const visit = (list: readonly Stmt[], looping: boolean): string | undefined => {
    for (const stmt of list) {
      const own = stmt.op === "store" && stmt.access.array === array;
      if (own && (looping || ++stores > 1)) {
        return `adds to ${array.name} more than once an iteration`;
      }
      if (!own && expressions(stmt).some(mentions)) {
        return `reads ${array.name} apart from adding to it`;
      }
      for (const inner of bodies(stmt)) {
        const why = visit(inner, looping || stmt.op === "for" || stmt.op === "loop");
        if (why) return why;
      }
    }
    return undefined;
  };
  return visit(body, false);
}

/** A reduced element costs a lane as much as so many operations: it is read and written one by one. */
const reducing = 8;

/** How often an inner loop is taken to run. */
export const innerIterations = 8;

/** What an iteration does, as often as it is taken to. */
export interface Costs {
  /** Operations on numbers. */
  readonly floating: number;
  /** Elements that aren't side by side in the lanes. */
  readonly gathered: number;
}

/** A loop inside of another, and how often it is begun. */
interface InnerLoop {
  readonly begun: number;
  readonly sets: ReadonlySet<Local>;
  readonly stores: ReadonlySet<ArrayLocal>;
}

/** What the lanes of a loop do; `code` knows how they reach elements. */
export function costs(loop: Prange, divergence: Divergence, code: Lanes): Costs {
  let floating = 0;
  let gathered = 0;
  // a loop may stand there in several forms, of which one runs
  const counted = new Set<number>();
  const count = (list: readonly Stmt[], times: number, inside: readonly InnerLoop[]): void => {
    for (const stmt of list) {
      if (stmt.op === "store") {
        const reduced = loop.arrayReductions.some((each) => each.array === stmt.access.array);
        gathered += times * (reduced ? reducing : reach(stmt.access));
      }
      for (const expr of expressions(stmt)) {
        for (const part of everyOperand(expr)) {
          const isFloating = part.op.startsWith("f64.");
          if ((!isFloating && part.op !== "element") || !divergence.varies(part)) continue;
          if (isFloating) floating += times;
          else if (part.op === "element")
            gathered += reads(part.access, times, inside) * reach(part.access);
        }
      }
      if (stmt.op === "for" || stmt.op === "loop") {
        if (stmt.loop >= 0 && counted.has(stmt.loop)) continue;
        counted.add(stmt.loop);
        const within = [...inside, { begun: times, ...changes(stmt) }];
        for (const body of bodies(stmt)) count(body, times * innerIterations, within);
      } else {
        for (const body of bodies(stmt)) count(body, times, inside);
      }
    }
  };
  const reach = (access: Access): number =>
    access.indices.some((index) => divergence.varies(index)) && !code.isContiguous(access) ? 1 : 0;
  count(loop.body, 1, []);
  return { floating, gathered };
}

function changes(stmt: Stmt): Pick<InnerLoop, "sets" | "stores"> {
  const stores = everyStmt([stmt]).flatMap((each) =>
    each.op === "store" ? [each.access.array] : [],
  );
  return { sets: setIn([stmt]), stores: new Set(stores) };
}

/** How often an element is read: once for all iterations of a loop in which it is the same. */
function reads({ array, indices }: Access, times: number, inside: readonly InnerLoop[]): number {
  const varying = inside.findLastIndex(
    ({ sets, stores }) =>
      stores.has(array) ||
      indices.some((index) =>
        someOperand(
          index,
          (part) =>
            (part.op === "get" && sets.has(part.local)) ||
            part.op === "element" ||
            part.op === "load",
        ),
      ),
  );
  return inside[varying + 1]?.begun ?? times;
}

/** The reason why vectors that could be made would be no faster. */
export function unprofitable({ floating, gathered }: Costs): string | undefined {
  if (floating === 0) return "computes nothing in floating point";
  return gathered > floating
    ? `gathers more elements (${gathered}) than it computes (${floating})`
    : undefined;
}
