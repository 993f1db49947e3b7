/**
 * What differs between the lanes of a loop's body: variables, and jumps that some lanes take while
 * others go on (the uniform/varying types of ISPC; Pharr and Mark 2012, section 3.1, found instead
 * of declared). Takes a body as lowered; makes no code.
 */
import type { Expr, For, Jump, Label, Local, Loop, Prange, Stmt } from "../../ir.js";
import { everyStmt, handedOn, someOperand } from "../../walk.js";
import { Homes, type Region } from "./homes.js";

/** A region that the walk is in. A loop is two: all its iterations, and the one that runs. */
export interface Place {
  readonly region: Region;
  readonly is: "if" | "block" | "loop" | "iteration";
  readonly label: Label | undefined;
  /** Of an "if": whether lanes differ in taking this branch. */
  readonly varying: boolean;
}

export class Divergence {
  readonly homes: Homes;
  /** Variables that may differ between lanes. */
  readonly #varying = new Set<Local>();
  readonly #jumps = new Set<Jump>();
  readonly #broken = new Set<Label>();
  readonly #continued = new Set<Label>();
  readonly #handedOn: ReadonlySet<Local>;
  #changed = true;

  constructor(readonly loop: Prange) {
    this.homes = new Homes(loop.body);
    this.#handedOn = new Set(handedOn(loop));
    for (const each of [loop.counter, ...this.#handedOn]) this.#varying.add(each);
    const root = iteration(loop);
    while (this.#changed) {
      this.#changed = false;
      this.#list(loop.body, [root]);
    }
  }

  varies(expr: Expr): boolean {
    return someOperand(expr, (part) => part.op === "get" && this.#varying.has(part.local));
  }

  isVarying(local: Local): boolean {
    return this.#varying.has(local);
  }

  /** Whether only some of the lanes that are there take this jump. */
  isPartial(jump: Jump): boolean {
    return this.#jumps.has(jump);
  }

  isBroken(label: Label): boolean {
    return this.#broken.has(label);
  }

  isContinued(label: Label): boolean {
    return this.#continued.has(label);
  }

  /** Whether some lanes take a jump out of the statement, or end an iteration around it. */
  losesLanes(stmt: Stmt): boolean {
    for (const each of everyStmt([stmt])) {
      if (!isJump(each) || !this.#jumps.has(each)) continue;
      if (!owns(stmt, each.label)) return true;
    }
    return false;
  }

  /** Whether lanes that set a variable here may be fewer than those that could look at it later. */
  mayMiss(local: Local, places: readonly Place[]): boolean {
    return this.#parted(places, this.#handedOn.has(local) ? undefined : this.homes.of(local));
  }

  /** Whether lanes may have parted inside of a region. */
  #parted(places: readonly Place[], region: Region | undefined): boolean {
    for (let p = places.length - 1; p >= 0; p--) {
      const { region: here, is, label, varying } = places[p]!;
      if (here === region || (isList(here) && here.some((stmt) => stmt === region))) return false;
      if (is === "if" && varying) return true;
      if ((is === "block" || is === "loop") && this.#broken.has(label!)) return true;
      if (is === "iteration" && this.#continued.has(label!)) return true;
    }
    return false;
  }

  #vary(local: Local): void {
    if (this.#varying.has(local)) return;
    this.#varying.add(local);
    this.#changed = true;
  }

  #list(list: readonly Stmt[], places: readonly Place[]): void {
    for (const stmt of list) this.#stmt(stmt, places);
  }

  #stmt(stmt: Stmt, places: readonly Place[]): void {
    switch (stmt.op) {
      case "set":
        if (this.#varying.has(stmt.local)) return;
        if (this.varies(stmt.value) || this.mayMiss(stmt.local, places)) this.#vary(stmt.local);
        return;
      case "call":
        for (const result of stmt.results) {
          if (stmt.args.some((arg) => this.varies(arg)) || this.mayMiss(result, places)) {
            this.#vary(result);
          }
        }
        return;
      case "if": {
        const varying = this.varies(stmt.condition);
        this.#list(stmt.then, [...places, branch(stmt.then, varying)]);
        this.#list(stmt.otherwise, [...places, branch(stmt.otherwise, varying)]);
        return;
      }
      case "block":
        this.#list(stmt.body, [...places, block(stmt.body, stmt.label)]);
        return;
      case "for":
        if (this.varies(stmt.from)) this.#vary(stmt.counter);
        if (this.varies(stmt.from) || this.varies(stmt.to)) this.#leave(stmt.label);
        this.#list(stmt.body, [...places, whole(stmt), iteration(stmt)]);
        return;
      case "loop":
        this.#list(stmt.body, [...places, whole(stmt), iteration(stmt)]);
        return;
      case "break":
      case "continue":
        this.#jump(stmt, places);
        return;
      default:
    }
  }

  #leave(label: Label): void {
    if (this.#broken.has(label)) return;
    this.#broken.add(label);
    this.#changed = true;
  }

  #jump(jump: Jump, places: readonly Place[]): void {
    if (this.#jumps.has(jump) || !this.#parted(places, places[targetOf(jump, places)]!.region)) {
      return;
    }
    this.#jumps.add(jump);
    (jump.op === "break" ? this.#broken : this.#continued).add(jump.label);
    this.#changed = true;
  }
}

/** The place that a jump ends. */
export function targetOf(jump: Jump, places: readonly Place[]): number {
  return places.findIndex(
    ({ is, label }) => label === jump.label && (is === "iteration") === (jump.op === "continue"),
  );
}

export function branch(region: readonly Stmt[], varying: boolean): Place {
  return { region, is: "if", label: undefined, varying };
}

export function block(region: readonly Stmt[], label: Label): Place {
  return { region, is: "block", label, varying: false };
}

export function whole(loop: For | Loop): Place {
  return { region: loop, is: "loop", label: loop.label, varying: false };
}

export function iteration({ body, label }: For | Loop | Prange): Place {
  return { region: body, is: "iteration", label, varying: false };
}

function isList(region: Region): region is readonly Stmt[] {
  return Array.isArray(region);
}

function isJump(stmt: Stmt): stmt is Jump {
  return stmt.op === "break" || stmt.op === "continue";
}

/** Whether a jump to the label stays within the statement. */
function owns(stmt: Stmt, label: Label): boolean {
  for (const each of everyStmt([stmt])) {
    if ((each.op === "block" || each.op === "loop" || each.op === "for") && each.label === label) {
      return true;
    }
  }
  return false;
}
