/**
 * The ordinary loops of a piece of code, innermost first, in strips where that can be. A loop may
 * stand there in several forms, with checks and without: what was decided of the first form holds
 * for all, so that they take their sums in one order.
 */
import type { Context } from "../../context.js";
import { bool } from "../../build.js";
import type { For, Stmt } from "../../ir.js";
import { bodies, everyStmt, mapParts } from "../../walk.js";
import { reductionsOf, type Inner, type InnerLoops } from "./inner.js";
import { innerIterations, type Costs } from "./refusal.js";
import { inStrips, scalarStrip } from "./strip.js";

export class Nest {
  /** What the first form of a loop runs as, or why not. */
  readonly #decided = new Map<number, Inner | string>();
  #floating = 0;
  #gathered = 0;

  /** Loops that run inside each lane of another. */
  readonly #inLanes = new Set<number>();

  constructor(
    readonly loops: InnerLoops,
    readonly context: Context,
  ) {}

  /** What the loops in strips do, each as often as it is taken to run. */
  get costs(): Costs {
    return { floating: this.#floating, gathered: this.#gathered };
  }

  /** Decides about the loops. */
  decide(body: readonly Stmt[], times = 1): this {
    for (const stmt of body) {
      if (stmt.op === "for" && stmt.loop >= 0) {
        this.#decideFor(stmt, times * innerIterations);
        continue;
      }
      if (stmt.op === "loop" && stmt.loop >= 0) {
        this.#decided.set(stmt.loop, "it doesn't count to an end that is known before it");
      }
      const inside = stmt.op === "loop" ? times * innerIterations : times;
      for (const list of bodies(stmt)) this.decide(list, inside);
    }
    return this;
  }

  /** The statements with their loops in strips, where that was decided. */
  list(body: readonly Stmt[]): readonly Stmt[] {
    return body.flatMap((stmt) => {
      const decided = stmt.op === "for" ? this.#decided.get(stmt.loop) : undefined;
      return stmt.op === "for" && isFound(decided)
        ? this.#inStrips(stmt, decided)
        : [mapParts(stmt, { body: (list) => this.list(list) })];
    });
  }

  /** Takes note of what was decided, for `k.diagnostics()`. */
  note(): void {
    const { lanes } = this.context.options;
    for (const [loop, found] of this.#decided) {
      if (this.#inLanes.has(loop)) continue;
      const notes = this.context.notes(loop);
      if (!isFound(found)) notes.vectorised = { yes: false, why: found };
      else if (lanes > 1) notes.vectorised = { yes: true, how: `${lanes} iterations at once` };
      else notes.vectorised = { yes: false, why: "vectors are switched off" };
    }
  }

  #decideFor(loop: For, times: number): void {
    if (this.#decided.has(loop.loop)) return;
    this.decide(loop.body, times);
    const inside = everyStmt(loop.body).flatMap((each) => (each.op === "for" ? [each.loop] : []));
    const strips = inside.some((each) => isFound(this.#decided.get(each)));
    const found = strips ? "a loop in it is" : this.loops.find(loop);
    this.#decided.set(loop.loop, found);
    if (!isFound(found)) return;
    for (const each of inside) this.#inLanes.add(each);
    this.#floating += times * found.costs.floating;
    this.#gathered += times * found.costs.gathered;
  }

  /** One form of a loop that was decided to run in strips. */
  #inStrips(loop: For, decided: Inner): readonly Stmt[] {
    const { lanes } = this.context.options;
    const found = this.loops.find(loop);
    const ordered = isOrdered(decided);
    if (lanes === 1 || !isFound(found)) return ordered ? this.#oneByOne(loop) : [loop];
    const { apart } = found;
    if (!ordered || apart.op === "const") return inStrips(loop, apart, found.strip());
    // where iterations may meet they run one by one, with their sums in the same order
    return [
      {
        op: "if",
        condition: apart,
        then: inStrips(loop, bool(true), found.strip()),
        otherwise: this.#oneByOne(loop),
      },
    ];
  }

  #oneByOne(loop: For): readonly Stmt[] {
    return inStrips(loop, bool(true), scalarStrip(loop, reductionsOf(loop)));
  }
}

function isFound(found: Inner | string | undefined): found is Inner {
  return typeof found === "object";
}

/** Whether a result can tell the order that the loop takes its iterations in. */
function isOrdered({ reductions }: Inner): boolean {
  return reductions.some(({ by }) => by === "add" || by === "mul");
}
