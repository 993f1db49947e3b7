/**
 * Writes IR as indented text, for `k.inspect("ir")`, for messages and for people who debug a pass.
 * A variable shows its type where it is first set; different variables of one name are numbered.
 */
import type { Access, ArrayLocal, Expr, Func, Kernel, Local, Module, Stmt, Storage } from "./ir.js";
import { winnerLocals } from "./walk.js";

/** A kernel or module with all its functions. */
export function print(code: Kernel | Module): string {
  const functions = code.functions.map((func) => new Printer().func(func));
  const own = "body" in code ? [new Printer().kernel(code)] : [];
  return [...own, ...functions].join("\n");
}

/** Statements alone. */
export function printBody(body: readonly Stmt[]): string {
  return new Printer().lines(body).join("\n");
}

/** One expression alone. */
export function printExpr(expr: Expr): string {
  return new Printer().expr(expr);
}

class Printer {
  readonly #names = new Map<Local, string>();
  readonly #taken = new Set<string>();

  kernel({ name, parameters, result, body }: Kernel): string {
    const takes = parameters.map((each) => this.#storage(each)).join(", ");
    const gives = result ? `: ${this.#storage(result)}` : "";
    return [`kernel ${name}(${takes})${gives}`, ...indent(this.lines(body)), ""].join("\n");
  }

  func({ name, params, results, body }: Func): string {
    const takes = params.map((each) => this.#declare(each)).join(", ");
    const gives = results.length > 0 ? `: ${results.join(", ")}` : "";
    return [`function ${name}(${takes})${gives}`, ...indent(this.lines(body)), ""].join("\n");
  }

  lines(body: readonly Stmt[]): string[] {
    return body.flatMap((stmt) => this.#stmt(stmt));
  }

  #stmt(stmt: Stmt): string[] {
    switch (stmt.op) {
      case "set":
        return [`${this.#declare(stmt.local)} = ${this.expr(stmt.value)}`];
      case "store":
        return [`${this.#access(stmt.access)} = ${this.expr(stmt.value)}`];
      case "write":
        return [`${this.#memory(stmt)} = ${this.expr(stmt.value)}`];
      case "if":
        return [
          `if ${this.expr(stmt.condition)}`,
          ...indent(this.lines(stmt.then)),
          ...(stmt.otherwise.length > 0 ? ["else", ...indent(this.lines(stmt.otherwise))] : []),
        ];
      case "for":
        return [`for ${this.#range(stmt)}`, ...indent(this.lines(stmt.body))];
      case "prange":
        return this.#prange(stmt);
      case "loop":
      case "block":
        return [`${stmt.op} ${stmt.label.name}`, ...indent(this.lines(stmt.body))];
      case "break":
      case "continue":
        return [`${stmt.op} ${stmt.label.name}`];
      case "call": {
        const results = stmt.results.map((each) => this.#declare(each)).join(", ");
        return [`${results && `${results} = `}call ${stmt.callee.name}(${this.#list(stmt.args)})`];
      }
      case "return":
        return [`return ${this.#list(stmt.values)}`.trimEnd()];
      case "fail":
        return [`fail site ${stmt.site} (${this.#list(stmt.args)})`];
      case "allocate": {
        for (const each of [...stmt.array.shape, ...stmt.array.strides]) this.#name(each);
        const { dtype } = stmt.array.array;
        return [
          `${this.#declare(stmt.array.base)} = allocate ${dtype}[${this.#list(stmt.lengths)}]`,
        ];
      }
      case "parallel": {
        const results = [stmt.partials, stmt.chunks].map((each) => this.#declare(each)).join(", ");
        const count = `${this.expr(stmt.count)} iterations`;
        return [
          `${results} = parallel loop${stmt.loop} (${count}, ${this.expr(stmt.partialBytes)} bytes)`,
        ];
      }
    }
  }

  #range({ counter, from, to, step, label }: Extract<Stmt, { op: "for" | "prange" }>): string {
    const range = `${this.expr(from)} to ${this.expr(to)}${step === 1 ? "" : ` step ${step}`}`;
    return `${this.#declare(counter)} = ${range} (${label.name})`;
  }

  #prange(stmt: Extract<Stmt, { op: "prange" }>): string[] {
    const head = `prange ${this.#range(stmt)}`;
    const reduces = [
      ...stmt.reductions.map(({ local, by }) => `${by} ${this.#name(local)}`),
      ...stmt.winners.map((each) =>
        [each.by, ...winnerLocals(each).map((local) => this.#name(local))].join(" "),
      ),
      ...stmt.arrayReductions.map(({ array, by }) => `${by} ${this.#name(array.base)}[]`),
    ];
    const { guard, vector } = stmt;
    const inner: string[] = [];
    if (guard) {
      const counters = `${this.#declare(guard.first)}, ${this.#declare(guard.last)}`;
      inner.push(`guard (${counters}) ${this.expr(guard.condition)}`);
    }
    inner.push(
      ...(guard || vector ? ["body", ...indent(this.lines(stmt.body))] : this.lines(stmt.body)),
    );
    if (vector) {
      const handedOn = [...vector.reductions, ...vector.winners.flat()];
      const sums = handedOn.map((each) => this.#declare(each)).join(", ");
      inner.push(
        `vector ${vector.lanes}${sums && ` (${sums})`}`,
        ...indent(this.lines(vector.body)),
      );
    }
    if (guard) inner.push("careful", ...indent(this.lines(guard.careful)));
    return [reduces.length > 0 ? `${head} reduces ${reduces.join(", ")}` : head, ...indent(inner)];
  }

  expr(expr: Expr): string {
    switch (expr.op) {
      case "const":
        return constant(expr.value);
      case "get":
        return this.#name(expr.local);
      case "lanes":
        return "lanes";
      case "extract":
        return `${this.expr(expr.value)}.${expr.lane}`;
      case "splat":
      case "any":
      case "all":
        return `${expr.op}(${this.expr(expr.value)})`;
      case "element":
        return this.#access(expr.access);
      case "load":
        return this.#memory(expr);
      default:
        return `${expr.op}(${this.#list(expr.args)})`;
    }
  }

  #access({ array, indices, pattern, step, mask, checked }: Access): string {
    const how = pattern === "scalar" || pattern === "gather" ? "" : ` ${pattern}`;
    const by = step ? ` step ${this.#list(step)}` : "";
    const under = mask ? ` where ${this.expr(mask)}` : "";
    return `${this.#name(array.base)}${checked ? "" : "!"}[${this.#list(indices)}${how}${by}${under}]`;
  }

  #memory({
    dtype,
    addresses,
    offset,
    mask,
  }: Extract<Expr | Stmt, { op: "load" | "write" }>): string {
    const under = mask ? ` where ${this.expr(mask)}` : "";
    return `${dtype}@[${this.#list(addresses)}${offset ? ` + ${offset}` : ""}${under}]`;
  }

  #list(list: readonly Expr[]): string {
    return list.map((each) => this.expr(each)).join(", ");
  }

  #storage(storage: Storage): string {
    switch (storage.is) {
      case "number":
      case "boolean":
        return this.#declare(storage.local);
      case "array":
        return this.#array(storage.array);
      case "tuple":
        return `[${storage.members.map((each) => this.#storage(each)).join(", ")}]`;
      case "object": {
        const members = Object.entries(storage.members);
        return `{ ${members.map(([name, each]) => `${name}: ${this.#storage(each)}`).join(", ")} }`;
      }
    }
  }

  #array({ base, shape, strides, array }: ArrayLocal): string {
    for (const each of [...shape, ...strides]) this.#name(each);
    const layout = array.contiguous ? "" : " strided";
    return `${this.#name(base)}: ${array.dtype}[${":,".repeat(array.rank).slice(0, -1)}]${layout}`;
  }

  /** The name, with the type the first time. */
  #declare(local: Local): string {
    const known = this.#names.has(local);
    const name = this.#name(local);
    if (known) return name;
    return `${name}: ${local.kind}${local.lanes > 1 ? `x${local.lanes}` : ""}`;
  }

  #name(local: Local): string {
    const known = this.#names.get(local);
    if (known) return known;
    let name = local.name;
    for (let n = 2; this.#taken.has(name); n++) name = `${local.name}.${n}`;
    this.#taken.add(name);
    this.#names.set(local, name);
    return name;
  }
}

function constant(value: number | bigint): string {
  if (typeof value === "bigint") return `${value}n`;
  return Object.is(value, -0) ? "-0" : String(value);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
