/**
 * Writes the functions of Math in basic operations: inside loops in place, elsewhere as calls of
 * functions of their own, made once a kernel. What they need is computed before the statement that
 * uses them, in the same branch, so a checked element is reached as before.
 */
import { Emitter, get, local, operate } from "../build.js";
import type { Context } from "../context.js";
import type { Expr, Func, Kernel, Operate, Prange, Stmt } from "../ir.js";
import type { MathOperation } from "../operations.js";
import { operations } from "../operations.js";
import type { MathOptions } from "../math/options.js";
import { short, table } from "../math/table.js";
import { SharingEmitter } from "../sharing.js";
import { everyOperand, mapOperands, mapParts, setIn } from "../walk.js";

type Body = readonly Stmt[];

export function expand(kernel: Kernel, { options }: Context): Kernel {
  const expander = new Expander(options);
  const body = expander.body(kernel.body, "called", new SharingEmitter());
  // a recursive function is called again and again, as a loop's body runs
  for (const func of kernel.functions) {
    func.body = expander.body(func.body, "in place", new SharingEmitter());
  }
  return { ...kernel, body, functions: [...kernel.functions, ...expander.functions.values()] };
}

/** Where the code of a function of Math goes. */
type Manner = "in place" | "called";

class Expander {
  readonly functions = new Map<MathOperation, Func>();

  constructor(readonly options: MathOptions) {}

  /** The statements as `e`, new for them, emits them. */
  body(body: Body, manner: Manner, e: SharingEmitter): Body {
    for (const stmt of body) e.emit(this.#stmt(stmt, manner, e));
    return e.statements;
  }

  #stmt(stmt: Stmt, manner: Manner, e: SharingEmitter): Stmt {
    switch (stmt.op) {
      case "for":
      case "loop": {
        // its bounds are computed before it, what is inside after any number of iterations
        const entered = mapParts(stmt, { expr: (expr) => this.#expr(expr, manner, e) });
        return mapParts(entered, { body: (body) => this.#repeated(body, [stmt], "in place", e) });
      }
      case "prange": {
        const { guard } = stmt;
        const entered = mapParts(stmt, {
          expr: (expr) => (expr === guard?.condition ? expr : this.#expr(expr, manner, e)),
        }) as Prange;
        return mapParts(guard ? this.#guarded(entered, manner, e) : entered, {
          body: (body) =>
            this.#repeated(body, [stmt], body === guard?.careful ? "called" : "in place", e),
        });
      }
      default:
        return mapParts(stmt, {
          expr: (expr) => this.#expr(expr, manner, e),
          body: (body) => this.body(body, manner, new SharingEmitter(e)),
        });
    }
  }

  #repeated(body: Body, loop: Body, manner: Manner, e: SharingEmitter): Body {
    const inner = new SharingEmitter(e);
    inner.forget(setIn(loop));
    return this.body(body, manner, inner);
  }

  /** A guard's condition is evaluated for each chunk: only what is the same for all can go before the loop. */
  #guarded(stmt: Prange, manner: Manner, e: SharingEmitter): Prange {
    const guard = stmt.guard!;
    const { first, last } = guard;
    const change = (expr: Expr): Expr => {
      if (!isMath(expr)) return mapOperands(expr, change);
      for (const part of everyOperand(expr)) {
        if (part.op === "get" && (part.local === first || part.local === last)) {
          throw new Error(`a guard depends on ${expr.op} of the iteration's number`);
        }
      }
      return this.#expr(expr, manner, e);
    };
    return { ...stmt, guard: { ...guard, condition: change(guard.condition) } };
  }

  #expr(expr: Expr, manner: Manner, e: SharingEmitter): Expr {
    const inner = mapOperands(expr, (operand) => this.#expr(operand, manner, e));
    if (!isMath(inner)) return inner;
    if (isSquare(inner)) {
      const x = e.bind("x", inner.args[0]!);
      return operate("f64.mul", x, x);
    }
    const args = inner.args.map((arg) => (arg.op === "get" ? arg : e.bind("x", arg)));
    const whole = { ...inner, args };
    if (manner === "in place" || inner.lanes > 1 || short.has(inner.op)) {
      return e.once(whole, () => {
        const written = table[inner.op](e, args, this.options);
        return written.op === "const" ? written : get(e.variable(nameOf(inner.op), written));
      });
    }
    return e.once(whole, () => {
      const result = local(nameOf(inner.op), inner.kind);
      e.emit({ op: "call", callee: this.#function(inner.op), args, results: [result] });
      return get(result);
    });
  }

  /** The function of its own that computes an operation. */
  #function(op: MathOperation): Func {
    const known = this.functions.get(op);
    if (known) return known;
    const kinds = operations[op];
    const params = kinds.slice(0, -1).map((kind, i) => local(i === 0 ? "x" : "y", kind));
    const e: Emitter = new SharingEmitter();
    const written = table[op](e, params.map(get), this.options);
    e.emit({ op: "return", values: [written] });
    const func: Func = { name: op, params, results: [written.kind], body: e.statements };
    this.functions.set(op, func);
    return func;
  }
}

function isMath(expr: Expr): expr is Operate & { readonly op: MathOperation } {
  return expr.op.startsWith("math.");
}

function nameOf(op: MathOperation): string {
  return op.slice("math.".length);
}

/** Of any expression; lowering sees only those of variables. */
function isSquare({ op, args }: Operate): boolean {
  const exponent = args[1];
  return op === "math.pow" && exponent?.op === "const" && exponent.value === 2;
}
