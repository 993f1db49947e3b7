/**
 * Statements of a loop's body for several iterations at once, under masks where lanes part (Pharr
 * and Mark 2012, "ispc: A SPMD compiler for high-performance CPU programming", section 5). What is
 * emitted always runs with at least one lane active, so that uniform loads, jumps and failures need
 * no mask. Takes what `divergence` found and `refusal` let pass.
 */
import { bool, collect, get, operate, splat, type Emitter } from "../../build.js";
import type { Expr, For, If, Jump, Label, Local, Loop, SetLocal, Stmt } from "../../ir.js";
import { everyExpr, setOnce } from "../../walk.js";
import {
  block,
  branch,
  iteration,
  targetOf,
  whole,
  type Divergence,
  type Place,
} from "./divergence.js";
import { extract, type Lanes } from "./lanes.js";
import { storeLaneByLane } from "./reduced-arrays.js";

/** A place with the lanes that are active in it. */
interface Frame extends Place {
  readonly mask: Local | undefined;
  /** Whether the mask can differ from that around it by now. */
  parted: boolean;
  /** What ends it for all lanes. */
  readonly leave: Jump | undefined;
}

/** Branches of at most this many operations are computed for all lanes without a look at the mask. */
const smallBranch = 12;

export class VectorBody {
  readonly #frames: Frame[] = [];
  readonly #setOnce: ReadonlySet<Local>;

  constructor(
    readonly code: Lanes,
    readonly divergence: Divergence,
  ) {
    this.#setOnce = setOnce(code.loop.body);
  }

  make(): readonly Stmt[] {
    const { loop } = this.code;
    return collect((e) => {
      e.set(this.code.vector(loop.counter), this.code.counters());
      const leave: Jump = { op: "continue", label: loop.label };
      this.#within(e, iteration(loop), this.divergence.isContinued(loop.label), leave, () => {
        this.#list(e, loop.body);
      });
    });
  }

  /** The active lanes; undefined where all are. */
  get #mask(): Expr | undefined {
    const frame = this.#frames.findLast(({ mask, parted }) => mask && parted);
    return frame?.mask && get(frame.mask);
  }

  /** Emits what is in a place, with a mask of its own if lanes may leave it. */
  #within(
    e: Emitter,
    place: Place,
    parts: boolean,
    leave: Jump | undefined,
    body: () => void,
  ): void {
    const mask = parts
      ? e.variable("active", this.#mask ?? splat(bool(true), this.lanes))
      : undefined;
    const parted = place.is === "loop";
    this.#frames.push({ ...place, mask, parted, leave });
    body();
    this.#frames.pop();
  }

  get lanes(): number {
    return this.code.lanes;
  }

  #list(e: Emitter, list: readonly Stmt[]): void {
    for (const [i, stmt] of list.entries()) {
      this.#stmt(e, stmt);
      if (i === list.length - 1 || !this.divergence.losesLanes(stmt)) continue;
      const mask = this.#mask;
      if (!mask) continue;
      const iterating = this.#frames.at(-1);
      const around = this.#frames.at(-2);
      if (iterating?.is === "iteration" && around?.is === "loop" && !iterating.mask) {
        e.if(operate("bool.not", any(mask)), (none) => {
          none.emit(around.leave!);
        });
        continue;
      }
      e.if(any(mask), (rest) => {
        this.#list(rest, list.slice(i + 1));
      });
      return;
    }
  }

  #stmt(e: Emitter, stmt: Stmt): void {
    switch (stmt.op) {
      case "set":
        this.#set(e, stmt);
        return;
      case "store": {
        const { array } = stmt.access;
        const mask = this.#mask;
        if (this.code.loop.arrayReductions.some((each) => each.array === array)) {
          storeLaneByLane(e, this.code, stmt, mask);
          return;
        }
        const access = this.code.access(e, stmt.access, mask);
        e.emit({ ...stmt, access, value: this.code.all(e, stmt.value, mask) });
        return;
      }
      case "if":
        this.#if(e, stmt);
        return;
      case "block":
        this.#block(e, stmt.body, stmt.label);
        return;
      case "for":
        this.#for(e, stmt);
        return;
      case "loop":
        this.#loop(e, stmt);
        return;
      case "break":
      case "continue":
        this.#jump(e, stmt);
        return;
      case "fail": {
        const mask = this.#mask;
        if (this.code.outside) {
          e.emit(this.code.outside);
          return;
        }
        const args = stmt.args.map((arg) => this.code.all(e, arg, mask));
        const bound = args.map((arg) => e.bind("found", arg));
        for (let lane = 0; lane < this.lanes; lane++) {
          const fail: Stmt = {
            ...stmt,
            args: [extract(bound[0]!, lane), extract(bound[1]!, lane)],
          };
          if (!mask) {
            e.emit(fail);
            return;
          }
          e.if(extract(mask, lane), (inner) => {
            inner.emit(fail);
          });
        }
        return;
      }
      default:
        e.emit(stmt);
    }
  }

  #set(e: Emitter, stmt: SetLocal): void {
    const { local, value } = stmt;
    if (!this.divergence.isVarying(local)) {
      e.emit(stmt);
      return;
    }
    const mask = this.#mask;
    const vector = this.code.vector(local);
    const misses = this.divergence.mayMiss(local, this.#frames);
    if (this.#setOnce.has(local) && !misses) this.code.note(e, local, value);
    const made = this.code.all(e, value, mask);
    e.set(vector, mask && misses ? operate(`${local.kind}.select`, mask, made, get(vector)) : made);
  }

  #if(e: Emitter, stmt: If): void {
    const { condition, then, otherwise } = stmt;
    if (!this.divergence.varies(condition)) {
      e.if(
        condition,
        (inner) => {
          this.#branch(inner, then, undefined);
        },
        (inner) => {
          this.#branch(inner, otherwise, undefined);
        },
      );
      return;
    }
    const mask = this.#mask;
    const holds = this.code.value(e, condition, mask);
    const leaving = onlyJump(then);
    if (leaving && this.divergence.isPartial(leaving)) {
      this.#exit(e, leaving, mask, holds, otherwise);
      return;
    }
    const staying = onlyJump(otherwise);
    if (staying && this.divergence.isPartial(staying)) {
      this.#exit(e, staying, mask, not(holds), then);
      return;
    }
    const small = isSmall([...then, ...otherwise], this.divergence);
    const made = otherwise.length > 0 ? e.bind("condition", holds) : holds;
    const sides = [
      [then, made],
      [otherwise, not(made)],
    ] as const;
    // both masks are those before the first branch runs, as it may lose lanes that the second never had
    const bound = sides.map(([list, side]) =>
      list.length === 0
        ? undefined
        : e.variable("taken", mask ? operate("bool.and", mask, side) : side),
    );
    for (const [n, [list]] of sides.entries()) {
      const taken = bound[n];
      if (!taken) continue;
      if (small) this.#branch(e, list, taken);
      else {
        e.if(any(get(taken)), (inner) => {
          this.#branch(inner, list, taken);
        });
      }
    }
  }

  /** `if (condition) jump; else rest`: the lanes that stay are those of the rest. */
  #exit(
    e: Emitter,
    jump: Jump,
    mask: Expr | undefined,
    condition: Expr,
    rest: readonly Stmt[],
  ): void {
    this.#lose(e, jump, mask, condition);
    if (rest.length === 0) return;
    e.if(any(this.#mask!), (inner) => {
      this.#frames.push({
        ...branch(rest, true),
        mask: undefined,
        parted: false,
        leave: undefined,
      });
      this.#list(inner, rest);
      this.#frames.pop();
    });
  }

  #branch(e: Emitter, list: readonly Stmt[], mask: Local | undefined): void {
    const parted = mask !== undefined;
    this.#frames.push({ ...branch(list, parted), mask, parted, leave: undefined });
    this.#list(e, list);
    this.#frames.pop();
  }

  #block(e: Emitter, body: readonly Stmt[], label: Label): void {
    const parts = this.divergence.isBroken(label);
    const leave: Jump = { op: "break", label };
    this.#within(e, block(body, label), parts, leave, () => {
      e.emit({
        op: "block",
        label,
        body: collect((inner) => {
          this.#list(inner, body);
        }),
      });
    });
  }

  #loop(e: Emitter, stmt: Loop): void {
    this.#iterate(e, stmt, (body) => {
      e.emit({ ...stmt, body: collect(body) });
    });
  }

  /** The places of a loop around what `emit` makes of its body. */
  #iterate(
    e: Emitter,
    stmt: For | Loop,
    emit: (body: (inner: Emitter) => void) => void,
    next: Jump = { op: "continue", label: stmt.label },
  ): void {
    const { divergence } = this;
    const leave: Jump = { op: "break", label: stmt.label };
    const continued = divergence.isContinued(stmt.label);
    const last = stmt.body.at(-1);
    // elsewhere the loop is left as soon as the last lane has left it
    const late = continued || (last !== undefined && divergence.losesLanes(last));
    this.#within(e, whole(stmt), divergence.isBroken(stmt.label), leave, () => {
      emit((inner) => {
        const active = this.#mask;
        if (active && late) {
          inner.if(operate("bool.not", any(active)), (none) => {
            none.emit(leave);
          });
        }
        this.#within(inner, iteration(stmt), continued, next, () => {
          this.#list(inner, stmt.body);
        });
      });
    });
  }

  #for(e: Emitter, stmt: For): void {
    const { counter, from, to, step, label } = stmt;
    const varies = this.divergence.varies(from) || this.divergence.varies(to);
    if (!varies) {
      this.#iterate(e, stmt, (body) => {
        e.emit({ ...stmt, body: collect(body) });
      });
      return;
    }
    const mask = this.#mask;
    const own = this.divergence.isVarying(counter) ? this.code.vector(counter) : counter;
    e.set(own, this.code.value(e, from, mask));
    const end = e.bind("to", this.code.value(e, to, mask));
    const compare =
      counter.kind === "i32"
        ? (["i32.lt_s", "i32.gt_s", "i32.add"] as const)
        : (["f64.lt", "f64.gt", "f64.add"] as const);
    const again: Label = { name: label.name };
    this.#iterate(
      e,
      stmt,
      (body) => {
        const active = this.#frames.at(-1)!.mask!;
        const more = splat(operate(step > 0 ? compare[0] : compare[1], get(own), end), this.lanes);
        const by: Expr = { op: "const", kind: counter.kind, lanes: 1, value: step };
        e.emit({
          op: "loop",
          label,
          loop: stmt.loop,
          body: collect((inner) => {
            inner.set(active, operate("bool.and", get(active), more));
            inner.if(operate("bool.not", any(get(active))), (none) => {
              none.emit({ op: "break", label });
            });
            inner.emit({ op: "block", label: again, body: collect(body) });
            inner.set(own, operate(compare[2], get(own), by));
          }),
        });
      },
      { op: "break", label: again },
    );
  }

  #jump(e: Emitter, jump: Jump): void {
    const mask = this.#mask;
    if (!mask || !this.divergence.isPartial(jump)) {
      e.emit(this.#frames[targetOf(jump, this.#frames)]!.leave!);
    } else this.#lose(e, jump, mask, undefined);
  }

  /** Takes the active lanes, or those of them for which a condition holds, out of all that a jump leaves. */
  #lose(e: Emitter, jump: Jump, mask: Expr | undefined, condition: Expr | undefined): void {
    const left = this.#frames.slice(targetOf(jump, this.#frames)).filter((each) => each.mask);
    const one = left.length === 1;
    const all = mask && condition ? operate("bool.and", mask, condition) : (mask ?? condition!);
    const exact = one && this.#isMask(left[0]!, mask) && condition;
    const gone = exact ? condition : one ? all : e.bind("gone", all);
    for (const frame of left) {
      e.set(frame.mask!, operate("bool.and", get(frame.mask!), not(gone)));
      frame.parted = true;
    }
  }

  /** Whether the active lanes are those of the frame's own mask, as it is set now. */
  #isMask({ mask }: Frame, active: Expr | undefined): boolean {
    return active === undefined || (active.op === "get" && active.local === mask);
  }
}

function any(mask: Expr): Expr {
  return { op: "any", kind: "bool", lanes: 1, value: mask };
}

function not(condition: Expr): Expr {
  return condition.op === "bool.not" ? condition.args[0]! : operate("bool.not", condition);
}

function onlyJump(list: readonly Stmt[]): Jump | undefined {
  const [only] = list;
  const jumps = list.length === 1 && (only?.op === "break" || only?.op === "continue");
  return jumps ? only : undefined;
}

/** Whether branches only compute a little, nothing of which can fail. */
function isSmall(list: readonly Stmt[], divergence: Divergence): boolean {
  if (!list.every((stmt) => stmt.op === "set" && divergence.isVarying(stmt.local))) return false;
  const parts = [...everyExpr(list)];
  const heavy = (op: Expr["op"]): boolean =>
    op === "element" || op === "i32.div_s" || op === "i32.rem_s";
  return (
    !parts.some(({ op }) => heavy(op)) && parts.filter((x) => "args" in x).length <= smallBranch
  );
}
