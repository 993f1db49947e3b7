/**
 * Makes IR: one function an expression, and an `Emitter` that collects statements. Operands that
 * are scalars where the others are vectors are splatted, so the same code builds both.
 */
import type { Const, Expr, Get, Label, Local, Operate, Stmt } from "./ir.js";
import { operations, type Kind, type Operation } from "./operations.js";
import { mapList } from "./walk.js";

export function f64(value: number): Const {
  return { op: "const", kind: "f64", lanes: 1, value };
}

export function i32(value: number): Const {
  return { op: "const", kind: "i32", lanes: 1, value: value | 0 };
}

export function i64(value: bigint): Const {
  return { op: "const", kind: "i64", lanes: 1, value: BigInt.asIntN(64, value) };
}

export function bool(value: boolean): Const {
  return { op: "const", kind: "bool", lanes: 1, value: Number(value) };
}

export function local(name: string, kind: Kind, lanes = 1): Local {
  return { name, kind, lanes };
}

export function get(local: Local): Get {
  return { op: "get", kind: local.kind, lanes: local.lanes, local };
}

/** The value in every one of `lanes` lanes; itself if it has them already. */
export function splat(value: Expr, lanes: number): Expr {
  if (value.lanes === lanes) return value;
  if (value.lanes !== 1) throw new Error(`can't splat ${value.lanes} lanes into ${lanes}`);
  if (value.op === "const") return { ...value, lanes };
  return { op: "splat", kind: value.kind, lanes, value };
}

/** Of a parallel loop of which nothing else is known. */
export const reducesNothing = { reductions: [], winners: [], arrayReductions: [] } as const;

/** An operation, checked against the table. */
export function operate(op: Operation, ...args: readonly Expr[]): Operate {
  const kinds: readonly Kind[] = operations[op];
  let lanes = 1;
  let fits = args.length === kinds.length - 1;
  for (let i = 0; i < args.length; i++) {
    lanes = Math.max(lanes, args[i]!.lanes);
    fits &&= args[i]!.kind === kinds[i];
  }
  if (!fits) {
    const wanted = kinds.slice(0, -1).join(", ");
    const found = args.map(({ kind }) => kind).join(", ");
    throw new Error(`${op} takes (${wanted}), not (${found})`);
  }
  return { op, kind: kinds.at(-1)!, lanes, args: mapList(args, (arg) => splat(arg, lanes)) };
}

/** Collects statements; `bind` names a value so that it is computed once. */
export class Emitter {
  readonly statements: Stmt[] = [];

  emit(...statements: readonly Stmt[]): void {
    this.statements.push(...statements);
  }

  /** A new variable that holds the value; constants and variables that are never set again need none. */
  bind(name: string, value: Expr): Expr {
    if (value.op === "const") return value;
    return get(this.variable(name, value));
  }

  /** What `make` gives for a value; an emitter that remembers gives what it gave before. */
  once(_value: Expr, make: () => Expr): Expr {
    return make();
  }

  /** A new variable that starts with the value. */
  variable(name: string, value: Expr): Local {
    const made = local(name, value.kind, value.lanes);
    this.set(made, value);
    return made;
  }

  set(local: Local, value: Expr): void {
    this.emit({ op: "set", local, value: splat(value, local.lanes) });
  }

  if(condition: Expr, then: (e: Emitter) => void, otherwise?: (e: Emitter) => void): void {
    this.emit({
      op: "if",
      condition,
      then: collect(then),
      otherwise: otherwise ? collect(otherwise) : [],
    });
  }

  /** Statements that are repeated until `break label`; no loop of the source. */
  loop(name: string, body: (e: Emitter, label: Label) => void): void {
    const label: Label = { name };
    this.emit({
      op: "loop",
      label,
      body: collect((e) => {
        body(e, label);
      }),
      loop: -1,
    });
  }

  /** Statements that `break label` leaves. */
  block(name: string, body: (e: Emitter, label: Label) => void): void {
    const label: Label = { name };
    this.emit({
      op: "block",
      label,
      body: collect((e) => {
        body(e, label);
      }),
    });
  }
}

/** The statements that a function emits. */
export function collect(body: (e: Emitter) => void): readonly Stmt[] {
  const emitter = new Emitter();
  body(emitter);
  return emitter.statements;
}
