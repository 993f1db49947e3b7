/**
 * Decides about every `prange` whether its iterations are independent: finds what they reduce, makes
 * an ordinary loop of a prange inside another, and refuses one whose result would depend on the
 * order of iterations. Trusts `lower` that nothing leaves a prange early.
 */
import { operate } from "../build.js";
import type { Context } from "../context.js";
import { isLength, withApart } from "../dependence/apart.js";
import { arrayReduction, reducedBy } from "../dependence/reductions.js";
import { Ground, touches, written, type Touch } from "../dependence/races.js";
import { Stale } from "../dependence/stale.js";
import { flagged, lastValue, winner } from "../dependence/winners.js";
import type {
  ArrayLocal,
  ArrayReduction,
  By,
  For,
  Kernel,
  Local,
  LoopSource,
  Prange,
  Reduction,
  Stmt,
  Storage,
  Winner,
} from "../ir.js";
import { LoopRefusal } from "../loop-refusal.js";
import type { Position } from "../types.js";
import {
  arrayLocals,
  everyExpr,
  everyStmt,
  handedOn,
  mapParts,
  setIn,
  storageLocals,
  usesOutside,
} from "../walk.js";

export function dependence(kernel: Kernel, context: Context): Kernel {
  for (const func of kernel.functions) {
    func.body = serial(func.body, context, "inside a recursive function");
  }
  const { parallel, aliased } = context.options;
  const lengths = lengthLocals(kernel);
  if (!parallel || aliased) {
    const why = parallel ? "arrays of the call share memory" : "the option parallel is false";
    const body = serial(kernel.body, context, why);
    return { ...kernel, body: withApart(body, lengths, aliased) };
  }
  const judge = new Judge(context, kernel, lengths);
  const body = keepLastValues(kernel, context, judge.body(kernel.body));
  return { ...kernel, body: withApart(body, lengths, aliased) };
}

/** The statements with ordinary loops in place of their pranges. */
function serial(body: readonly Stmt[], context: Context, why: string): readonly Stmt[] {
  return body.map((stmt) => {
    const inner = mapParts(stmt, { body: (list) => serial(list, context, why) });
    if (inner.op !== "prange" && !(inner.op === "for" && inner.unordered)) return inner;
    context.notes(inner.loop).parallel = { yes: false, why };
    return asFor(inner);
  });
}

function asFor({ counter, from, to, step, label, body, loop }: Prange | For): For {
  return { op: "for", counter, from, to, step, label, body, loop, unordered: true };
}

/** The variables that hold the lengths of arrays. */
export function lengthLocals(kernel: Kernel): ReadonlySet<Local> {
  const found = new Set<Local>();
  const add = ({ shape }: ArrayLocal): void => {
    for (const each of shape) found.add(each);
  };
  const visit = (storage: Storage): void => {
    if (storage.is === "array") add(storage.array);
    else if ("members" in storage) Object.values(storage.members).forEach(visit);
  };
  kernel.parameters.forEach(visit);
  for (const stmt of everyStmt(kernel.body)) {
    if (stmt.op === "allocate") add(stmt.array);
    if (stmt.op === "store") add(stmt.access.array);
  }
  for (const expr of everyExpr(kernel.body)) if (expr.op === "element") add(expr.access.array);
  return found;
}

class Judge {
  constructor(
    readonly context: Context,
    readonly kernel: Kernel,
    readonly lengths: ReadonlySet<Local>,
  ) {}

  body(body: readonly Stmt[]): readonly Stmt[] {
    return body.map((stmt) =>
      stmt.op === "prange"
        ? this.#prange(stmt)
        : mapParts(stmt, { body: (inner) => this.body(inner) }),
    );
  }

  #prange(source: Prange): Stmt {
    const inner = serial(source.body, this.context, "runs inside another prange");
    const used = (): ReadonlySet<Local> => usesOutside(this.kernel, [source]);
    const loop: Prange = { ...source, ...this.#scalars({ ...source, body: inner }, used) };
    const { arrayReductions, assumed } = this.#arrays(loop);
    const notes = this.context.notes(loop.loop);
    notes.parallel = { yes: true };
    notes.reductions = [
      ...loop.reductions.map(({ local, by }) => shown(local.name, by)),
      ...loop.winners.map(shownWinner),
      ...arrayReductions.map(({ array, by }) => shown(`${array.name}[…]`, by)),
    ];
    const parallel: Prange = { ...loop, arrayReductions };
    if (assumed.size === 0) return parallel;
    return {
      op: "if",
      condition: [...assumed].map(isLength).reduce((a, b) => operate("bool.and", a, b)),
      then: [parallel],
      otherwise: [asFor({ ...source, body: inner })],
    };
  }

  /** The variables that iterations hand on: reductions and searches for the best, or an error. */
  #scalars(
    loop: Prange,
    used: () => ReadonlySet<Local>,
  ): Pick<Prange, "body" | "reductions" | "winners"> {
    const set = new Set(setIn(loop.body));
    set.delete(loop.counter);
    const stale = new Stale();
    stale.body(loop.body, set);
    let { body } = loop;
    const reductions: Reduction[] = [];
    const winners: Winner[] = [];
    for (const local of inOrder(set, stale.read)) {
      const free = local.kind === "bool" ? flagged(body, local, used()) : undefined;
      if (free) {
        body = free;
        continue;
      }
      if (local.kind !== "f64") throw this.#carried(loop, local);
      const by = reducedBy(body, local);
      if (by) {
        reductions.push({ local, by });
        continue;
      }
      const found = winner(body, local, loop.counter, used());
      if (!found) throw this.#carried(loop, local);
      winners.push(found.winner);
      body = found.body;
    }
    return { body, reductions, winners };
  }

  #carried(loop: Prange, local: Local): LoopRefusal {
    const { name } = local;
    const { text, position } = this.#source(loop);
    return new LoopRefusal(
      position,
      `carries '${name}' from one iteration of '${text}' to the next`,
      `declare it inside the loop, ${example(local)} and read it after the loop only, ` +
        `or use a plain for`,
    );
  }

  /** The arrays that iterations reduce into, and the variables that must be whole and not negative for the others to be independent. */
  #arrays(loop: Prange): {
    readonly arrayReductions: readonly ArrayReduction[];
    readonly assumed: ReadonlySet<Local>;
  } {
    const own = new Set<Local>();
    for (const stmt of everyStmt(loop.body)) {
      if (stmt.op === "allocate") own.add(stmt.array.base);
    }
    const ground = new Ground(loop, this.lengths);
    const all = touches(loop).filter(({ access }) => !own.has(access.array.base));
    const first = all.find(({ writes }) => writes);
    const view = all.find(({ access }) => access.array.origin === "view");
    if (first && view) throw this.#views(loop, first, view);
    const arrayReductions: ArrayReduction[] = [];
    const assumed = new Set<Local>();
    for (const group of groups(all)) {
      if (!group.some(({ writes }) => writes)) continue;
      const { array } = group[0]!.access;
      const one = group.every(({ access }) => access.array === array);
      const apart = one ? ground.apart(group) : undefined;
      if (apart) {
        for (const each of apart) assumed.add(each);
        continue;
      }
      const by = one ? arrayReduction(loop.body, array, loop.counter) : undefined;
      if (!by) throw this.#race(loop, ground, group);
      arrayReductions.push({ array, by });
    }
    return { arrayReductions, assumed };
  }

  #race(loop: Prange, ground: Ground, group: readonly Touch[]): LoopRefusal {
    const { text } = this.#source(loop);
    const [write, other] = meeting(ground, group);
    const name = this.#name(write);
    const mirror = other.writes && other.access !== write.access ? mirrored(name) : "";
    return new LoopRefusal(
      this.#position(loop, write),
      `may touch one element of '${name}' in two iterations of '${text}': ` +
        `one writes ${written(write, name)}, another ${other.writes ? "writes" : "reads"} ` +
        written(other, this.#name(other)),
      `write only at the loop's own index and read there or from another array, ` +
        `reduce with ${name}[k] += …,${mirror} or use a plain for`,
    );
  }

  #views(loop: Prange, write: Touch, view: Touch): LoopRefusal {
    const { text } = this.#source(loop);
    const name = this.#name(view);
    return new LoopRefusal(
      this.#position(loop, write),
      `may touch one element in two iterations of '${text}': it writes ${written(write, this.#name(write))}, ` +
        `and '${name}' may share memory with any array`,
      `index the array that '${name}' was made from; where two arrays take turns, put the loop into a ` +
        `function, step = (from, to) => { … }, and call step(a, b), then step(b, a); or use a plain for`,
    );
  }

  /** The array as the source calls it. */
  #name({ access }: Touch): string {
    return this.context.sites[access.site]?.name ?? access.array.name;
  }

  #position(loop: Prange, { access }: Touch): Position {
    return this.context.sites[access.site]?.position ?? this.#source(loop).position;
  }

  #source({ loop }: Prange): LoopSource {
    return this.kernel.loops[loop]!;
  }
}

/** The first two accesses that may meet. */
function meeting(ground: Ground, group: readonly Touch[]): readonly [Touch, Touch] {
  const writes = group.filter((each) => each.writes);
  for (const write of writes) {
    for (const other of group) if (!ground.apart([write, other])) return [write, other];
  }
  return [writes[0]!, group.find((each) => each !== writes[0]) ?? writes[0]!];
}

/** Accesses by the memory they go to. */
function groups(all: readonly Touch[]): readonly (readonly Touch[])[] {
  const found = new Map<Local, Touch[]>();
  for (const touch of all) {
    const { base } = touch.access.array;
    const known = found.get(base);
    if (known) known.push(touch);
    else found.set(base, [touch]);
  }
  return [...found.values()];
}

function inOrder(all: ReadonlySet<Local>, wanted: ReadonlySet<Local>): readonly Local[] {
  return [...all].filter((each) => wanted.has(each));
}

/** How a symmetric matrix can be filled, which iterations write to on both sides of the diagonal. */
function mirrored(name: string): string {
  return (
    ` of a symmetric matrix write one triangle, and the whole behind the loop into another array, ` +
    `full[i * n + j] = ${name}[Math.max(i, j) * n + Math.min(i, j)],`
  );
}

/** How a variable can be handed on. */
function example({ name, kind }: Local): string {
  return kind === "bool"
    ? `set it with if (…) ${name} = true`
    : `reduce it with ${name} += … (or -=, *=, |=, &=, ^=, Math.min, Math.max, if (x < ${name}) ${name} = x)`;
}

function shown(name: string, by: By): string {
  switch (by) {
    case "add":
      return `${name} +=`;
    case "mul":
      return `${name} *=`;
    case "min":
    case "max":
      return `${name} = Math.${by}`;
    case "and":
      return `${name} &=`;
    case "or":
      return `${name} |=`;
    case "xor":
      return `${name} ^=`;
  }
}

const order: Readonly<Record<Winner["by"], string>> = {
  lt: "first smallest",
  le: "last smallest",
  gt: "first largest",
  ge: "last largest",
  last: "last",
};

function shownWinner({ key, by, carried }: Winner): string {
  const names = carried.map(({ name }) => name).join(", ");
  if (!key) return `the ${order[by]} ${names}`;
  return `the ${order[by]} ${key.name}${names && ` with ${names}`}`;
}

/** What is read behind a parallel loop of the variables that iterations set has to be the last of their values. */
function keepLastValues(kernel: Kernel, context: Context, body: readonly Stmt[]): readonly Stmt[] {
  const stale = new Stale((stmt) => {
    if (stmt.op !== "prange") return new Set();
    const left = new Set(setIn(stmt.body));
    for (const each of handedOn(stmt)) left.delete(each);
    for (const { array } of stmt.arrayReductions) arrayLocals(array).forEach((e) => left.delete(e));
    return left;
  });
  const end = stale.body(body, new Set());
  const results = kernel.result ? storageLocals(kernel.result) : [];
  const read = new Set([...stale.read, ...results.filter((each) => end?.has(each))]);
  if (read.size === 0) return body;
  const keeping = (loop: Prange): Prange => {
    let kept = loop;
    const notes = context.notes(loop.loop);
    for (const local of read) {
      if (!setIn(loop.body).has(local) || handedOn(loop).includes(local)) continue;
      const found = lastValue(kept.body, local, loop.counter);
      const { text, position } = kernel.loops[loop.loop]!;
      if (!found) {
        throw new LoopRefusal(
          position,
          `reads '${local.name}' after '${text}', which sets it in every iteration`,
          `write what you need into an array at the loop's own index, or use a plain for`,
        );
      }
      kept = { ...kept, body: found.body, winners: [...kept.winners, found.winner] };
      notes.reductions = [...(notes.reductions ?? []), shownWinner(found.winner)];
    }
    return kept;
  };
  const list = (stmts: readonly Stmt[]): readonly Stmt[] =>
    stmts.map((stmt) => (stmt.op === "prange" ? keeping(stmt) : mapParts(stmt, { body: list })));
  return list(body);
}
