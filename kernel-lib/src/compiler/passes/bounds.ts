/**
 * Takes the checks out of loops: an access that is proven inside needs none; one whose index is
 * affine in the counter is checked at the first and the last iteration before the loop, which is
 * kept twice: without those checks, and as it was for where they fail, so that errors come at the
 * very iteration, after the very writes. The careful copy is not taken apart again.
 */
import { extremes, isNotNegative, isPositive, Polynomial } from "../affine.js";
import { f64, get, local, operate } from "../build.js";
import type { Context } from "../context.js";
import { Guard, isTame, modulo32, type Ends } from "../guard.js";
import { fits32 } from "../interval.js";
import type { Access, Expr, For, If, Kernel, Local, Prange, Stmt } from "../ir.js";
import { Place, readsAny } from "../place.js";
import { accesses, mapParts, rewrite, setIn } from "../walk.js";
import { lengthLocals } from "./dependence.js";

export function bounds(kernel: Kernel, context: Context): Kernel {
  const start = Place.start(lengthLocals(kernel));
  if (!context.options.boundsCheck) {
    for (const func of kernel.functions)
      func.body = walked(func.body, Place.start(new Set()), trusted);
    return { ...kernel, body: walked(kernel.body, start, trusted) };
  }
  const proven = walked(kernel.body, start.copy(), (access, place) =>
    isInside(access, place) ? unchecked(access, place) : access,
  );
  const body = new Hoister(context).body(proven, start);
  return { ...kernel, body };
}

/** The statements with every access replaced by what becomes of it at its place. */
function walked(
  body: readonly Stmt[],
  place: Place,
  change: (access: Access, place: Place) => Access,
): readonly Stmt[] {
  const expr =
    (at: Place) =>
    (outer: Expr): Expr =>
      rewrite(outer, (part) =>
        part.op === "element" ? { ...part, access: change(part.access, at) } : part,
      );
  return body.map((stmt) => {
    const own = mapParts(stmt, { expr: expr(place) });
    const made = mapInside(own, place, (inner, at) => walked(inner, at, change));
    place.pass(stmt);
    return made.op === "store" ? { ...made, access: change(made.access, place) } : made;
  });
}

/** The statement with its inner lists replaced, each at its place. */
function mapInside(
  stmt: Stmt,
  place: Place,
  body: (list: readonly Stmt[], place: Place) => readonly Stmt[],
): Stmt {
  switch (stmt.op) {
    case "if":
      return {
        ...stmt,
        then: body(stmt.then, place.branch(stmt, true)),
        otherwise: body(stmt.otherwise, place.branch(stmt, false)),
      };
    case "for":
    case "loop":
    case "block":
      return { ...stmt, body: body(stmt.body, place.inside(stmt)) };
    case "prange": {
      const fast = place.inside(stmt);
      if (!stmt.guard) return { ...stmt, body: body(stmt.body, fast) };
      const careful = body(stmt.guard.careful, fast.copy());
      fast.facts.assume(stmt.guard.condition, true);
      return { ...stmt, body: body(stmt.body, fast), guard: { ...stmt.guard, careful } };
    }
    default:
      return stmt;
  }
}

/** Whether every index is proven to be whole and inside its axis. */
function isInside({ array, indices, pattern }: Access, place: Place): boolean {
  if (pattern !== "scalar") return false;
  const { facts, forms, innermostFirst } = place;
  const notNegative = (each: Local): boolean => facts.of(each).low >= 0;
  return indices.every((index, axis) => {
    const interval = facts.interval(index);
    if (!fits32(interval)) return false;
    const length = array.shape[axis]!;
    if (interval.low >= 0 && interval.high < facts.of(length).low) return true;
    const form = forms.of(index);
    if (!form) return false;
    const { least, greatest } = extremes(form, innermostFirst, notNegative);
    const above = interval.low >= 0 || (least !== undefined && isNotNegative(least, notNegative));
    return (
      above &&
      greatest !== undefined &&
      isPositive(Polynomial.of(length).minus(greatest), notNegative)
    );
  });
}

function unchecked(access: Access, place: Place): Access {
  const indices = access.indices.map((index) => modulo32(index, place) ?? index);
  return { ...access, indices, checked: false };
}

/** An access whose indices are taken to be inside: integers where their terms are exact then. */
function trusted(access: Access, place: Place): Access {
  const indices = access.indices.map((index) => {
    const form = place.forms.of(index);
    return (form && isTame(form, place) ? modulo32(index, place) : undefined) ?? index;
  });
  return { ...access, indices, checked: false };
}

/** Checks loops before they start. */
class Hoister {
  constructor(readonly context: Context) {}

  body(body: readonly Stmt[], place: Place): readonly Stmt[] {
    return body.map((stmt) => {
      const made = this.#statement(stmt, place);
      place.pass(stmt);
      return made;
    });
  }

  #statement(stmt: Stmt, place: Place): Stmt {
    if (stmt.op === "for") return this.#for(stmt, place);
    if (stmt.op === "prange") return this.#prange(stmt, place);
    if (stmt.op === "if" && isVersioned(stmt)) return this.#versioned(stmt, place);
    return mapInside(stmt, place, (inner, at) => this.body(inner, at));
  }

  #for(loop: For, place: Place): Stmt {
    const { guard, fast } = this.#guarded(loop, place);
    if (!guard.condition) return fast;
    return { op: "if", condition: guard.condition, then: [fast], otherwise: [loop] };
  }

  /** A loop that stands twice already gets its further conditions where it has some. */
  #versioned(stmt: If, place: Place): Stmt {
    const loop = stmt.then[0] as For;
    const { guard, fast } = this.#guarded(loop, place.branch(stmt, true));
    const { condition } = guard;
    return {
      ...stmt,
      condition: condition ? operate("bool.and", stmt.condition, condition) : stmt.condition,
      then: [fast],
    };
  }

  #prange(loop: Prange, place: Place): Stmt {
    const { kind } = loop.counter;
    const first = loop.guard?.first ?? local("first", kind);
    const last = loop.guard?.last ?? local("last", kind);
    if (kind !== "i32") {
      this.#note(loop, accesses(loop.body));
      return mapInside(loop, place, (inner, at) => this.body(inner, at));
    }
    const convert = (each: Local): Expr => operate("f64.convert_i32_s", get(each));
    const ends = { counter: loop.counter, first: convert(first), last: convert(last) };
    const inside = place.inside(loop);
    const guard = new Guard(ends, inside.facts.of(loop.counter), setIn([loop]));
    if (loop.guard) inside.facts.assume(loop.guard.condition, true);
    const body = this.#fast(loop.body, inside, guard);
    this.#note(loop, accesses(body));
    const conditions = [loop.guard?.condition, guard.condition].filter(
      (each) => each !== undefined,
    );
    const further = this.body(body, inside);
    if (conditions.length === 0) return { ...loop, body: further };
    const condition = conditions.reduce((a, b) => operate("bool.and", a, b));
    const careful = loop.guard?.careful ?? loop.body;
    return { ...loop, body: further, guard: { first, last, condition, careful } };
  }

  /** What must hold before the loop, and the loop where it does. */
  #guarded(loop: For, place: Place): { readonly guard: Guard; readonly fast: For } {
    const inside = place.inside(loop);
    const guard = new Guard(endsOf(loop), inside.facts.of(loop.counter), setIn([loop]));
    const possible = loop.counter.kind === "i32" && isPure(loop.from) && isPure(loop.to);
    const body = possible ? this.#fast(loop.body, inside, guard) : loop.body;
    this.#note(loop, accesses(body));
    return { guard, fast: { ...loop, body: this.body(body, inside) } };
  }

  #fast(body: readonly Stmt[], inside: Place, guard: Guard): readonly Stmt[] {
    return walked(body, inside.copy(), (access, place) =>
      access.checked && access.pattern === "scalar"
        ? (guard.covered(access, place) ?? access)
        : access,
    );
  }

  #note({ loop, counter }: For | Prange, all: readonly Access[]): void {
    const notes = this.context.notes(loop);
    const checked = all.filter((access) => access.checked);
    if (all.length === 0) return;
    const names = [...new Set(checked.map(({ array }) => `'${array.name}'`))].join(", ");
    notes.boundsHoisted =
      checked.length === 0
        ? { yes: true }
        : { yes: false, why: `an index of ${names} isn't a linear function of ${counter.name}` };
  }
}

/** Whether an expression reads no element, which could fail. */
function isPure(expr: Expr): boolean {
  return !readsAny(expr, new Set());
}

/** Whether a branch is one loop in two forms, as `narrow` leaves it. */
function isVersioned({ then, otherwise }: If): boolean {
  const [fast, ...more] = then;
  const [careful, ...others] = otherwise;
  return (
    more.length + others.length === 0 &&
    fast?.op === "for" &&
    careful?.op === "for" &&
    fast.loop === careful.loop &&
    fast.loop >= 0
  );
}

/** The first and the last value of a loop's counter, if it runs at all. */
function endsOf({ counter, from, to, step }: For): Ends {
  const number = (value: Expr): Expr =>
    value.kind === "i32" ? operate("f64.convert_i32_s", value) : value;
  const first = number(from);
  const before = operate("f64.sub", number(to), f64(Math.sign(step)));
  if (Math.abs(step) === 1) return { counter, first, last: before };
  const steps = operate(
    "f64.floor",
    operate("f64.div", operate("f64.sub", before, first), f64(step)),
  );
  const last = operate("f64.add", first, operate("f64.mul", steps, f64(step)));
  return { counter, first, last };
}
