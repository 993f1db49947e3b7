/**
 * Makes 32-bit integers of counters, indices and whole variables, where no result can tell: the
 * values are whole, fit, and never −0 where its sign could be seen. A loop up to an argument is
 * kept twice, the narrow one for arguments that are small enough, which all but absurd ones are.
 */
import { f64, get, local, operate } from "../build.js";
import type { Context } from "../context.js";
import { Facts } from "../facts.js";
import { Integers, isBounded, isNotNegativeZero } from "../integers.js";
import { fits32, union, type Interval } from "../interval.js";
import type { Expr, For, Kernel, Local, LoopSource, Prange, Stmt, Storage } from "../ir.js";
import { withOwn } from "../rename.js";
import {
  everyOperand,
  everyStmt,
  handedOn,
  mapParts,
  readIn,
  setIn,
  usesOutside,
} from "../walk.js";
import { lengthLocals } from "./dependence.js";

/** Bounds up to this leave room for a counter's last step. */
const limit = 2 ** 31 - 2 ** 16;
const largestStep = 2 ** 15;
const greatest = 2 ** 31 - 1;

export function narrow(kernel: Kernel, context: Context): Kernel {
  const lengths = lengthLocals(kernel);
  const before = new Walk(new Map());
  before.body(kernel.body, new Facts(lengths));
  const passed = fixedLocals(kernel, kernel.body);
  const everywhere = new Facts(lengths);
  for (const [each, interval] of before.values) {
    if (!passed.has(each)) everywhere.set(each, interval);
  }
  const body = new Versions(kernel, context, everywhere).body(kernel.body);
  const fixed = fixedLocals(kernel, body);
  const integers = new Map<Local, Interval>();
  const narrowed = new Map<Local, Local>();
  // what is set to an integer of a loop is found to be one when that is known
  for (let found = -1; found < narrowed.size;) {
    found = narrowed.size;
    const seen = new Walk(new Map());
    seen.body(body, new Facts(lengths, integers));
    for (const [each, interval] of seen.values) {
      if (each.kind !== "f64" || each.lanes !== 1 || fixed.has(each)) continue;
      if (!fits32(interval) || interval.negativeZero) continue;
      if (!narrowed.has(each)) narrowed.set(each, local(each.name, "i32"));
      integers.set(each, interval);
    }
  }
  return { ...kernel, body: new Walk(narrowed).body(body, new Facts(lengths, integers)) };
}

/** The variables whose kind others rely on: what is passed in and out, called for, or reduced into. */
function fixedLocals(kernel: Kernel, body: readonly Stmt[]): ReadonlySet<Local> {
  const found = new Set<Local>();
  const visit = (storage: Storage): void => {
    if ("local" in storage) found.add(storage.local);
    else if ("members" in storage) Object.values(storage.members).forEach(visit);
  };
  [...kernel.parameters, ...(kernel.result ? [kernel.result] : [])].forEach(visit);
  for (const stmt of everyStmt(body)) {
    if (stmt.op === "call") stmt.results.forEach((each) => found.add(each));
    if (stmt.op !== "prange") continue;
    for (const each of handedOn(stmt)) found.add(each);
    // what has been built on a loop's variables relies on their kinds
    const { guard, vector } = stmt;
    const reads = guard ? [...everyOperand(guard.condition)] : [];
    const bound = reads.some(
      (e) => e.op === "get" && (e.local === guard!.first || e.local === guard!.last),
    );
    if (bound) found.add(stmt.counter).add(guard!.first).add(guard!.last);
    if (vector) [...setIn([stmt]), ...readIn([stmt])].forEach((each) => found.add(each));
  }
  return found;
}

/** Puts conditions before loops whose bounds are arguments, so that inside they are known to be small. */
class Versions {
  constructor(
    readonly kernel: Kernel,
    readonly context: Context,
    /** What holds of variables wherever they are used. */
    readonly facts: Facts,
  ) {}

  body(body: readonly Stmt[]): readonly Stmt[] {
    return body.flatMap((stmt) => {
      if (stmt.op === "prange") return this.#prange(stmt);
      if (stmt.op === "for" && ![...everyStmt(stmt.body)].some(({ op }) => op === "prange")) {
        return this.#for(stmt);
      }
      return [mapParts(stmt, { body: (inner) => this.body(inner) })];
    });
  }

  #for(loop: For): readonly Stmt[] {
    const condition = this.#condition(loop, setIn([loop]));
    if (!condition) return [loop];
    return [
      {
        op: "if",
        condition,
        then: withOwn([loop], this.#private([loop])),
        otherwise: [loop],
      },
    ];
  }

  #prange(loop: Prange): readonly Stmt[] {
    const start: Stmt[] = [];
    const bounded = this.#bounded(loop, start);
    const condition = loop.guard ? undefined : this.#condition(bounded, setIn([bounded]));
    if (!condition) return [...start, bounded];
    const kind = bounded.counter.kind;
    const guard = {
      first: local("first", kind),
      last: local("last", kind),
      condition,
      careful: bounded.body,
    };
    const own = this.#private(bounded.body, new Set(handedOn(bounded)));
    return [...start, { ...bounded, body: withOwn(bounded.body, own), guard }];
  }

  /** The loop after a check of its bound, which fails where counting couldn't end either. */
  #bounded(loop: Prange, start: Stmt[]): Prange {
    const { facts } = this;
    const { from, to, step } = loop;
    const end = facts.interval(to);
    const last = step > 0 ? Math.ceil(end.high) - 1 : Math.floor(end.low) + 1;
    const known = last + step <= greatest && last + step >= -greatest;
    if (known || !fits32(facts.interval(from)) || Math.abs(step) > largestStep) return loop;
    const bound = to.op === "get" ? to.local : local("bound", "f64");
    if (to.op !== "get") start.push({ op: "set", local: bound, value: to });
    const far = f64(step > 0 ? limit : -limit);
    const { position } = this.#source(loop.loop);
    start.push({
      op: "if",
      condition: operate(step > 0 ? "f64.gt" : "f64.lt", get(bound), far),
      then: [
        {
          op: "fail",
          site: this.context.site({ is: "range", name: "prange", axis: 0, position }),
          args: [get(bound), far],
        },
      ],
      otherwise: [],
    });
    return { ...loop, to: get(bound) };
  }

  #source(loop: number): LoopSource {
    return this.kernel.loops[loop]!;
  }

  /** What must hold of the arguments for the counters of the loop and of those in it to be narrow. */
  #condition(nest: For | Prange, set: ReadonlySet<Local>): Expr | undefined {
    const wanted = new Set<Local>();
    const wholes = new Set<Local>();
    const loops = [...everyStmt([nest])].filter((s) => s.op === "for");
    for (const { from, to, step } of loops) {
      if (!Number.isInteger(step) || Math.abs(step) > largestStep) continue;
      const starts = unknown(from, set, this.facts);
      const ends = unknown(to, set, this.facts);
      if (!starts || !ends) continue;
      for (const each of starts) wholes.add(each);
      for (const each of ends) wanted.add(each);
    }
    const conditions = [
      ...[...new Set([...wanted, ...wholes])].map((each) => isBounded(get(each), limit)),
      ...[...wholes].map((each) => operate("f64.eq", operate("f64.floor", get(each)), get(each))),
      ...[...wholes].map((each) => isNotNegativeZero(get(each))),
    ];
    return conditions.length === 0
      ? undefined
      : conditions.reduce((a, b) => operate("bool.and", a, b));
  }

  /** The float64 variables that only this code uses. */
  #private(body: readonly Stmt[], except: ReadonlySet<Local> = new Set()): ReadonlySet<Local> {
    const outside = usesOutside(this.kernel, body);
    return new Set(
      [...setIn(body)].filter(
        (each) => each.kind === "f64" && !outside.has(each) && !except.has(each),
      ),
    );
  }
}

/** The arguments in a bound that nothing is known of; undefined if the bound varies in the loop. */
function unknown(
  expr: Expr,
  set: ReadonlySet<Local>,
  facts: Facts,
): ReadonlySet<Local> | undefined {
  const found = new Set<Local>();
  for (const part of everyOperand(expr)) {
    if (part.op === "element") return undefined;
    if (part.op !== "get" || part.kind !== "f64") continue;
    if (set.has(part.local)) continue;
    if (!fits32(facts.of(part.local))) found.add(part.local);
  }
  return found;
}

/** Goes through the code with the facts at every point; collects what variables are set to, and rewrites. */
class Walk {
  /** All that each variable is ever set to. */
  readonly values = new Map<Local, Interval>();

  constructor(readonly narrowed: ReadonlyMap<Local, Local>) {}

  body(body: readonly Stmt[], facts: Facts): readonly Stmt[] {
    return body.map((stmt) => this.#statement(stmt, facts));
  }

  #statement(stmt: Stmt, facts: Facts): Stmt {
    const integers = new Integers(facts, this.narrowed);
    const value = (expr: Expr): Expr => integers.value(expr);
    switch (stmt.op) {
      case "set": {
        const interval = facts.interval(stmt.value);
        const made = this.narrowed.get(stmt.local);
        const next: Stmt = made
          ? { ...stmt, local: made, value: integers.forced(stmt.value) }
          : { ...stmt, value: value(stmt.value) };
        this.#note(stmt.local, interval);
        facts.set(stmt.local, interval);
        return next;
      }
      case "store": {
        const { dtype } = stmt.access.array.array;
        const narrowValue = dtype.startsWith("float") ? undefined : integers.wrapped(stmt.value);
        return {
          ...stmt,
          access: integers.access(stmt.access),
          value: narrowValue ?? value(stmt.value),
        };
      }
      case "if":
        return this.#if(stmt, facts, value);
      case "for":
        return this.#for(stmt, facts, integers);
      case "prange":
        return this.#prange(stmt, facts, integers);
      case "loop":
      case "block": {
        const set = setIn(stmt.body);
        if (stmt.op === "loop") facts.forget(set);
        const made = { ...stmt, body: this.body(stmt.body, facts.copy()) };
        facts.forget(set);
        return made;
      }
      default: {
        const made = mapParts(stmt, { expr: value });
        facts.forget(setIn([stmt]));
        return made;
      }
    }
  }

  #if(stmt: Extract<Stmt, { op: "if" }>, facts: Facts, value: (expr: Expr) => Expr): Stmt {
    const condition = value(stmt.condition);
    const others = facts.copy();
    const holds = facts.copy();
    holds.assume(stmt.condition, true);
    others.assume(stmt.condition, false);
    const then = this.body(stmt.then, holds);
    const otherwise = this.body(stmt.otherwise, others);
    if (leaves(stmt.then)) facts.replace(others);
    else if (leaves(stmt.otherwise)) facts.replace(holds);
    else {
      holds.join(others);
      facts.replace(holds);
    }
    return { ...stmt, condition, then, otherwise };
  }

  #for(stmt: For, facts: Facts, integers: Integers): Stmt {
    const range = this.#range(stmt, facts, integers);
    const apart = stmt.apart && integers.value(stmt.apart);
    facts.forget(setIn([stmt]));
    const inside = facts.copy();
    inside.set(stmt.counter, range.interval);
    return {
      ...stmt,
      counter: range.counter,
      from: range.from,
      to: range.to,
      ...(apart && { apart }),
      body: this.body(stmt.body, inside),
    };
  }

  #prange(stmt: Prange, facts: Facts, integers: Integers): Stmt {
    const range = this.#range(stmt, facts, integers);
    const condition = stmt.guard && integers.value(stmt.guard.condition);
    facts.forget(setIn([stmt]));
    const inside = facts.copy();
    inside.set(stmt.counter, range.interval);
    const careful = stmt.guard && this.body(stmt.guard.careful, inside.copy());
    if (stmt.guard) inside.assume(stmt.guard.condition, true);
    const made: Prange = {
      ...stmt,
      counter: range.counter,
      from: range.from,
      to: range.to,
      body: this.body(stmt.body, inside),
    };
    if (!stmt.guard) return made;
    const { first, last } = stmt.guard;
    const { kind } = range.counter;
    return {
      ...made,
      guard: {
        first: first.kind === kind ? first : { ...first, kind },
        last: last.kind === kind ? last : { ...last, kind },
        condition: condition!,
        careful: careful!,
      },
    };
  }

  /** A loop's counter and bounds, narrow if they can be. */
  #range(stmt: For | Prange, facts: Facts, integers: Integers) {
    const { counter, from, to, step } = stmt;
    const interval = facts.counter(stmt);
    const beyond = Math.abs(step) <= largestStep ? step : NaN;
    const reached: Interval = {
      ...interval,
      low: Math.min(interval.low, interval.low + beyond),
      high: Math.max(interval.high, interval.high + beyond),
    };
    const start = facts.interval(from);
    this.#note(
      counter,
      union(start, Number.isNaN(beyond) ? { ...reached, whole: false } : reached),
    );
    const made = this.narrowed.get(counter);
    if (!made) {
      return { counter, from: integers.value(from), to: integers.value(to), interval };
    }
    const narrowFrom = integers.forced(from);
    return { counter: made, from: narrowFrom, to: integers.bound(to, step, narrowFrom), interval };
  }

  #note(local: Local, interval: Interval): void {
    const known = this.values.get(local);
    this.values.set(local, known ? union(known, interval) : interval);
  }
}

/** Whether control never comes behind the statements. */
function leaves(body: readonly Stmt[]): boolean {
  const last = body[body.length - 1];
  switch (last?.op) {
    case "break":
    case "continue":
    case "return":
    case "fail":
      return true;
    default:
      return false;
  }
}
