/**
 * A counted loop as one over several iterations at once and one over those that remain. Iterations
 * that reduce go to 8 accumulators in turn, as long as there are 8 more of them; the accumulators
 * combine as a tree onto the variable, which then takes the remaining iterations as it comes. So a
 * sum's bits depend neither on the number of lanes nor on whether there are any.
 */
import { collect, f64, get, i32, local, operate, splat, type Emitter } from "../../build.js";
import { accumulators } from "../../chunks.js";
import type { By, Expr, For, Local, Reduction, Stmt } from "../../ir.js";
import { combined, identityOf } from "../../partial-sums.js";
import { replaced } from "../../rename.js";
import { turn } from "../../turn.js";
import { everyExpr, everyStmt, mapParts, rewrite, setIn } from "../../walk.js";

/** One body for so many iterations, with the variables that it reduces into. */
export interface Strip {
  readonly lanes: number;
  readonly body: readonly Stmt[];
  readonly reductions: readonly Reduction[];
  readonly into: readonly Local[];
}

/** A body is written out once an accumulator up to so many expressions in all. */
const longest = 400;

/** The loop, where a condition holds in strips. */
export function inStrips(source: For, when: Expr, strip: Strip): readonly Stmt[] {
  const loop = withoutApart(source);
  return collect((e) => {
    const { counter, label } = loop;
    const from = e.bind("from", loop.from);
    const to = e.bind("to", loop.to);
    const width = strip.reductions.length > 0 ? accumulators : strip.lanes;
    const whole = e.bind("whole", operate("bool.and", lessThan(from, to), when));
    const end = e.bind("end", select(whole, wholeStrips(from, to, width), from));
    const rest = e.variable(counter.name, from);
    e.if(lessThan(from, end), (inner) => {
      const sums = new Sums(inner, strip);
      const own = local(counter.name, counter.kind);
      const turns = turn(replaced(strip.body, new Map([[counter, own]])), label);
      const bodies = sums.bodies(own, turns);
      const step = bodies.length > 1 ? width : strip.lanes;
      const next = operate(`${kindOf(counter)}.add`, get(own), number(counter, step));
      const leaves = counter.kind === "f64" || breaks(strip.body, loop);
      if (!leaves) inner.set(rest, end);
      inner.emit({
        ...loop,
        counter: own,
        from,
        to: end,
        step,
        body: collect((each) => {
          for (const body of bodies) each.emit(...body);
          if (leaves) each.set(rest, next);
        }),
      });
      sums.combine(inner);
    });
    e.emit({ ...loop, from: get(rest), to });
  });
}

/** The loop without what is known of its iterations. */
export function withoutApart({ op, counter, from, to, step, label, body, loop }: For): For {
  return { op, counter, from, to, step, label, body, loop };
}

/** A loop's own body as a strip of one lane, which takes its sums in the order that vectors do. */
export function scalarStrip(loop: For, reductions: readonly Reduction[]): Strip {
  const into = reductions.map(({ local }) => ({ ...local }));
  const own = new Map(reductions.map(({ local }, r) => [local, into[r]!]));
  return { lanes: 1, body: replaced(loop.body, own), reductions, into };
}

/** Whether the body leaves its loop, to go on one by one. */
function breaks(body: readonly Stmt[], { label }: For): boolean {
  return everyStmt(body).some((stmt) => stmt.op === "break" && stmt.label === label);
}

function kindOf({ kind }: Expr | Local): "i32" | "f64" {
  return kind === "i32" ? "i32" : "f64";
}

function number(like: Local, value: number): Expr {
  return like.kind === "i32" ? i32(value) : f64(value);
}

function lessThan(a: Expr, b: Expr): Expr {
  return operate(a.kind === "i32" ? "i32.lt_s" : "f64.lt", a, b);
}

function select(condition: Expr, then: Expr, otherwise: Expr): Expr {
  return operate(`${kindOf(then)}.select`, condition, then, otherwise);
}

/** Where the last whole strip ends, for from < to; modulo 2³² that is right for any two numbers. */
function wholeStrips(from: Expr, to: Expr, width: number): Expr {
  if (from.kind === "i32") {
    const count = operate("i32.sub", to, from);
    return operate("i32.add", from, operate("i32.and", count, i32(-width)));
  }
  const strips = operate("f64.div", operate("f64.sub", to, from), f64(width));
  return operate("f64.add", from, operate("f64.mul", operate("f64.floor", strips), f64(width)));
}

/** The accumulators of a loop's reductions. */
class Sums {
  readonly #rings: readonly (readonly Local[])[];

  constructor(
    e: Emitter,
    readonly strip: Strip,
  ) {
    const { lanes, reductions } = strip;
    this.#rings = reductions.map(({ local: { name }, by }) =>
      Array.from({ length: accumulators / lanes }, () =>
        e.variable(name, splat(identityOf(by), lanes)),
      ),
    );
  }

  /** The bodies that follow one another in one turn of the loop: one an accumulator, or one for all in turn. */
  bodies(counter: Local, body: readonly Stmt[]): readonly (readonly Stmt[])[] {
    const { lanes, into } = this.strip;
    const [ring] = this.#rings;
    const own = (): Map<Local, Local> =>
      new Map(
        [...setIn(body)].filter((each) => !into.includes(each)).map((each) => [each, { ...each }]),
      );
    if (!ring) return [replaced(body, own())];
    if (ring.length * everyExpr(body).length > longest || counter.kind !== "i32") {
      return [this.#rotating(replaced(body, own()))];
    }
    return ring.map((_, v) => {
      const by = own();
      into.forEach((each, r) => by.set(each, this.#rings[r]![v]!));
      return shifted(replaced(body, by), counter, v * lanes);
    });
  }

  #rotating(body: readonly Stmt[]): readonly Stmt[] {
    return collect((e) => {
      this.#rings.forEach((ring, r) => {
        e.set(this.strip.into[r]!, get(ring[0]!));
      });
      e.emit(...body);
      this.#rings.forEach((ring, r) => {
        ring.forEach((each, v) => {
          e.set(each, get(ring[v + 1] ?? this.strip.into[r]!));
        });
      });
    });
  }

  combine(e: Emitter): void {
    this.strip.reductions.forEach(({ local: sum, by }, r) => {
      const vectors = halved(e, by, this.#rings[r]!.map(get));
      const lanes = Array.from({ length: this.strip.lanes }, (_, lane): Expr => {
        return { op: "extract", kind: sum.kind, lanes: 1, value: vectors, lane };
      });
      const total = this.strip.lanes === 1 ? vectors : halved(e, by, lanes);
      e.set(sum, combined(e, by, get(sum), total));
    });
  }
}

/** The first half combined with the second, until one is left. */
function halved(e: Emitter, by: By, values: readonly Expr[]): Expr {
  let level = values;
  while (level.length > 1) {
    const half = level.length / 2;
    const next = level.slice(0, half).map((each, k) => combined(e, by, each, level[k + half]!));
    level = next.map((each) => e.bind("partial", each));
  }
  return level[0]!;
}

/** The statements with the counter so much further on. */
function shifted(body: readonly Stmt[], counter: Local, by: number): readonly Stmt[] {
  if (by === 0) return body;
  const expr = (outer: Expr): Expr =>
    rewrite(outer, (part) =>
      part.op === "get" && part.local === counter ? operate("i32.add", part, i32(by)) : part,
    );
  const list = (stmts: readonly Stmt[]): readonly Stmt[] =>
    stmts.map((stmt) => mapParts(stmt, { expr, body: list }));
  return list(body);
}
