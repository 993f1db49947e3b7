/**
 * Gives every parallel loop a function of its own, which a thread calls for a chunk of iterations,
 * and makes the kernel a function of one frame. Here stands what makes the bits of a reduction
 * independent of threads and lanes: see `chunks.ts` for the cut, `partial-sums.ts` for the order.
 */
import { collect, Emitter, f64, get, i32, local, operate } from "../build.js";
import type { Context } from "../context.js";
import { accumulators } from "../chunks.js";
import { FrameLayout, loadLocal, loadStorage, saveLocal, saveStorage } from "../frame.js";
import type {
  ArrayLocal,
  Expr,
  Func,
  Kernel,
  Local,
  LoopSource,
  Module,
  Prange,
  Stmt,
} from "../ir.js";
import { isWorthJamming, jammed } from "../jam.js";
import { PartialArrays } from "../partial-arrays.js";
import { PartialSums } from "../partial-sums.js";
import { PartialWinners } from "../partial-winners.js";
import type { Frame, LoopPlan, Target } from "../types.js";
import { replaced } from "../rename.js";
import { turn } from "../turn.js";
import { everyStmt, handedOn, mapParts, readIn, setIn } from "../walk.js";

export interface Outlined {
  readonly module: Module;
  readonly frame: Frame;
  readonly plans: readonly LoopPlan[];
}

export function outline(kernel: Kernel, context: Context): Outlined {
  const outliner = new Outliner(context, kernel.loops);
  const layout = outliner.layout;
  const frame = local("frame", "i32");
  const { parameters, result } = layout.frame(kernel, writes(kernel));
  const body = [
    ...kernel.parameters.flatMap((each, i) => loadStorage(get(frame), each, parameters[i]!)),
    ...outliner.rewrite(kernel.body, get(frame)),
    ...(kernel.result ? saveStorage(get(frame), kernel.result, result!) : []),
  ];
  const entry: Func = { name: "kernel", params: [frame], results: [], exported: true, body };
  return {
    module: { functions: [entry, ...outliner.loops, ...kernel.functions] },
    frame: {
      ...{ size: layout.size, parameters, result },
      ...(outliner.isPortable && { environment: outliner.environment.join(" ") }),
    },
    plans: outliner.plans,
  };
}

/** Tells which arrays the kernel writes to; through a view that may be any. */
function writes(kernel: Kernel): (array: ArrayLocal) => boolean {
  const bases = new Set<Local>();
  let anywhere = false;
  for (const stmt of everyStmt([...kernel.body, ...kernel.functions.flatMap(({ body }) => body)])) {
    if (stmt.op !== "store") continue;
    const { base, origin } = stmt.access.array;
    bases.add(base);
    anywhere ||= origin === "view";
  }
  return ({ base }) => anywhere || bases.has(base);
}

class Outliner {
  readonly layout = new FrameLayout();
  readonly loops: Func[] = [];
  readonly plans: LoopPlan[] = [];
  /** The number of each variable in the frame and where it is. */
  readonly environment: string[] = [];
  /** Whether all of them have a number. */
  isPortable = true;

  constructor(
    readonly context: Context,
    readonly sources: readonly LoopSource[],
  ) {}

  /** The statements with each prange replaced by its parallel run. */
  rewrite(body: readonly Stmt[], frame: Expr): readonly Stmt[] {
    return body.flatMap((stmt) =>
      stmt.op === "prange"
        ? collect((e) => {
            this.#run(e, stmt, frame);
          })
        : [mapParts(stmt, { body: (inner) => this.rewrite(inner, frame) })],
    );
  }

  /** Counts the iterations, saves what the body needs, runs it on the team, combines. */
  #run(e: Emitter, loop: Prange, frame: Expr): void {
    const number = this.loops.length;
    const start = local("start", loop.counter.kind);
    e.set(start, loop.from);
    const count = e.bind("count", this.#count(e, loop, get(start)));
    const sums = new PartialSums(loop.reductions);
    const winners = new PartialWinners(loop.winners, sums.bytes, loop.step);
    const arrays = new PartialArrays(loop.arrayReductions, sums.bytes + winners.bytes);
    const environment = [...needed(loop), start].map(
      (each) => [each, this.layout.reserve(8)] as const,
    );
    for (const [each, offset] of environment) {
      const known = each === start ? "start" : this.context.numberOf(each);
      this.isPortable &&= known !== undefined;
      this.environment.push(`${known}@${offset}`);
    }
    this.loops.push(this.#function(number, loop, environment, start, { sums, winners, arrays }));
    this.plans.push({
      reduces: handedOn(loop).length + loop.arrayReductions.length > 0,
      reducesArrays: loop.arrayReductions.length > 0,
    });
    for (const [each, offset] of environment) e.emit(saveLocal(frame, offset, each));
    const partials = local("partials", "i32");
    const chunks = local("chunks", "i32");
    const partialBytes = e.bind("partialBytes", arrays.bytes(e));
    e.emit({ op: "parallel", loop: number, count, partialBytes, partials, chunks });
    sums.combine(e, get(partials), get(chunks), partialBytes);
    winners.combine(e, get(partials), get(chunks), partialBytes);
    arrays.combine(e, get(partials), get(chunks), partialBytes);
  }

  /** The number of iterations, an i32; a range that has too many fails. */
  #count(e: Emitter, { counter, to, step, loop }: Prange, start: Expr): Expr {
    const number = (value: Expr): Expr =>
      counter.kind === "i32" ? operate("f64.convert_i32_s", value) : value;
    const length = e.bind(
      "length",
      operate(
        "f64.ceil",
        operate("f64.div", operate("f64.sub", number(to), number(start)), f64(step)),
      ),
    );
    const site = this.context.site({
      is: "range",
      name: "prange",
      axis: 0,
      position: this.sources[loop]!.position,
    });
    e.if(operate("f64.gt", length, f64(2 ** 31 - 1)), (inner) => {
      inner.emit({ op: "fail", site, args: [length, f64(2 ** 31 - 1)] });
    });
    return operate("i32.trunc_sat_f64_s", operate("f64.max", length, f64(0)));
  }

  #function(
    number: number,
    loop: Prange,
    environment: readonly (readonly [Local, number])[],
    start: Local,
    partial: Partial,
  ): Func {
    const { sums, winners, arrays } = partial;
    const [frame, from, to, partials] = ["frame", "from", "to", "partials"].map((name) =>
      local(name, "i32"),
    ) as [Local, Local, Local, Local];
    const body = collect((e) => {
      for (const [each, offset] of environment) e.emit(loadLocal(get(frame), offset, each));
      arrays.enter(e, get(partials));
      sums.enter(e, get(partials));
      winners.enter(e);
      const { target } = this.context.options;
      new ChunkBody(loop, start, get(from), get(to), get(partials), partial, target).emit(e);
      sums.leave(e, get(partials));
      winners.leave(e, get(partials));
    });
    const params = [frame, from, to, partials];
    return { name: `loop${number}`, params, results: [], exported: true, body };
  }
}

/** What a chunk needs from outside: all that it reads but doesn't set itself. */
function needed(loop: Prange): readonly Local[] {
  const own = new Set([
    loop.counter,
    ...(loop.guard ? [loop.guard.first, loop.guard.last] : []),
    ...handedOn(loop),
    ...(loop.vector?.reductions ?? []),
    ...(loop.vector?.winners.flat() ?? []),
  ]);
  const inside = { ...loop, from: i32(0), to: i32(0) };
  const set = setIn(
    loop.guard || loop.vector
      ? [...loop.body, ...(loop.guard?.careful ?? []), ...(loop.vector?.body ?? [])]
      : loop.body,
  );
  return [...readIn([inside])].filter((each) => !own.has(each) && !set.has(each));
}

/** What a chunk's iterations hand on. */
interface Partial {
  readonly sums: PartialSums;
  readonly winners: PartialWinners;
  readonly arrays: PartialArrays;
}

/** The loops over the iterations of one chunk: lanes at a time where that can be, one by one else. */
class ChunkBody {
  constructor(
    readonly loop: Prange,
    readonly start: Local,
    readonly from: Expr,
    readonly to: Expr,
    readonly partials: Expr,
    readonly partial: Omit<Partial, "arrays">,
    readonly target: Target,
  ) {}

  emit(e: Emitter): void {
    const { guard, vector } = this.loop;
    const length = e.bind("iterations", operate("i32.sub", this.to, this.from));
    const inside = guard && this.#guard(e, guard, length);
    if (!vector) {
      if (!inside) this.#scalar(e, i32(0), length, this.loop.body);
      else {
        e.if(
          inside,
          (fast) => {
            this.#scalar(fast, i32(0), length, this.loop.body);
          },
          (slow) => {
            this.#scalar(slow, i32(0), length, guard.careful);
          },
        );
      }
      return;
    }
    const together = this.#isJammed(vector) ? 2 : 1;
    const unit = Math.max(this.partial.sums.unit(vector.lanes), together * vector.lanes);
    const whole = operate("i32.and", length, i32(-unit));
    const main = local("main", "i32");
    e.set(main, inside ? operate("i32.select", inside, whole, i32(0)) : whole);
    this.#vector(e, get(main), vector, together);
    this.#scalar(e, get(main), length, guard ? guard.careful : this.loop.body);
  }

  #guard(e: Emitter, { first, last, condition }: NonNullable<Prange["guard"]>, length: Expr): Expr {
    e.set(first, this.#counter(i32(0)));
    e.set(last, this.#counter(operate("i32.sub", length, i32(1))));
    return e.bind("inside", condition);
  }

  /** The counter in iteration p of the chunk. */
  #counter(p: Expr): Expr {
    const { counter, step } = this.loop;
    const k = operate("i32.add", this.from, p);
    return counter.kind === "i32"
      ? operate("i32.add", get(this.start), operate("i32.mul", k, i32(step)))
      : operate(
          "f64.add",
          get(this.start),
          operate("f64.mul", operate("f64.convert_i32_s", k), f64(step)),
        );
  }

  #scalar(e: Emitter, from: Expr, to: Expr, body: readonly Stmt[]): void {
    this.#iterate(e, from, to, 1, (inner, p) => {
      const { sums } = this.partial;
      sums.load(inner, this.partials, p);
      inner.emit(...turn(body, this.loop.label));
      sums.store(inner, this.partials, p);
    });
  }

  /** Iterations that add to one element have to take turns. */
  #isJammed({ lanes, body }: NonNullable<Prange["vector"]>): boolean {
    return (
      2 * lanes <= accumulators &&
      this.loop.arrayReductions.length === 0 &&
      isWorthJamming(body, this.target)
    );
  }

  #vector(
    e: Emitter,
    to: Expr,
    { lanes, reductions, winners, body }: NonNullable<Prange["vector"]>,
    together: number,
  ): void {
    const { counter } = this.loop;
    const vectors = this.partial.sums.vectors(e, lanes);
    const turns = Array.from({ length: together }, (_, k) => {
      // what each body sets once, `hoist` can lift, though another sets it as well
      const kept = k === 0 ? [counter, ...reductions] : [];
      const own = new Map<Local, Local>();
      for (const each of [...setIn(body), counter, ...reductions]) {
        if (!kept.includes(each)) own.set(each, { ...each });
      }
      const mine = (each: Local): Local => own.get(each) ?? each;
      return {
        counter: mine(counter),
        current: reductions.map(mine),
        winners: winners.map((each) => each.map(mine)),
        body: replaced(turn(body, this.loop.label), own),
      };
    });
    for (const each of turns) this.partial.winners.enterVectors(e, each.winners);
    this.#iterate(e, i32(0), to, together * lanes, (inner, p) => {
      turns.forEach((each, k) => {
        if (k > 0) inner.set(each.counter, this.#counter(operate("i32.add", p, i32(k * lanes))));
        vectors.take(inner, k, each.current);
      });
      inner.emit(...jammed(turns.map((each) => each.body)));
      vectors.rotate(
        inner,
        turns.map((each) => each.current),
      );
    });
    vectors.spill(e, this.partials);
    for (const each of turns) this.partial.winners.takeLanes(e, each.winners);
  }

  #iterate(
    e: Emitter,
    from: Expr,
    to: Expr,
    step: number,
    body: (e: Emitter, p: Expr) => void,
  ): void {
    const p = local("p", "i32");
    e.emit({
      op: "for",
      counter: p,
      from,
      to,
      step,
      label: { name: "chunk" },
      loop: this.loop.loop,
      body: collect((inner) => {
        inner.set(this.loop.counter, this.#counter(get(p)));
        body(inner, get(p));
      }),
    });
  }
}
