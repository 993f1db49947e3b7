/**
 * Writes the functions of a module as C. Takes what the passes up to `addresses` leave; decides how
 * control flows, where a call can end early (every function returns whether it did), and where
 * running code looks whether it should. What operations and memory look like is said elsewhere.
 */
import { f64, i32 } from "../../build.js";
import { chunkCountBefore } from "../../chunks.js";
import type {
  Allocate,
  Call,
  Const,
  Expr,
  For,
  Func,
  Label,
  Local,
  Loop,
  Parallel,
  Stmt,
  StoreMemory,
} from "../../ir.js";
import type { BasicOperation } from "../../operations.js";
import { bodies } from "../../walk.js";
import { load, store } from "./memory.js";
import { operation, typeName } from "./operations.js";
import { rowMajor } from "../row-major.js";

/** Iterations of an innermost loop between two looks at the outside world. */
const strip = 4096;

/** The names of functions in C. */
export type FunctionNames = ReadonlyMap<Func, string>;

/** The function's first line, without what follows its parameters. */
export function head(func: Func, name: string, names: (param: Local) => string): string {
  const params = [
    "char *memory",
    "host_t *host",
    ...func.params.map((param) => `${typeName(param.kind, param.lanes)} ${names(param)}`),
    ...func.results.map((kind, i) => `${kind} *result${i}`),
  ];
  return `${func.exported === true ? "EXPORT" : "static"} i32 ${name}(${params.join(", ")})`;
}

/** A whole function. */
export function functionText(func: Func, functions: FunctionNames): string {
  return new FunctionWriter(func, functions).text();
}

class FunctionWriter {
  readonly #lines: string[] = [];
  readonly #names = new Map<Local, string>();
  readonly #targets = new Map<Label, { readonly break: string; readonly continue?: string }>();
  readonly #used = new Set<string>();
  readonly #declared: string[] = [];
  #depth = 1;
  #count = 0;

  constructor(
    readonly func: Func,
    readonly functions: FunctionNames,
  ) {}

  text(): string {
    const { func } = this;
    const first = head(func, this.functions.get(func)!, (param) => this.#name(param));
    // parameters need no declaration of their own
    this.#declared.length = 0;
    this.#body(func.body);
    const end = func.results.length > 0 ? "__builtin_unreachable();" : "return DONE;";
    return [
      `${first} {`,
      ...this.#declared.map((each) => `  ${each}`),
      "  i32 fuel = FUEL, ended = DONE;",
      func.exported === true ? "  ENTER;" : "  DESCEND;",
      ...this.#lines,
      `  ${end}`,
      "}",
    ].join("\n");
  }

  #line(text: string): void {
    this.#lines.push(`${"  ".repeat(this.#depth)}${text}`);
  }

  #indented(write: () => void): void {
    this.#depth++;
    write();
    this.#depth--;
  }

  #name(local: Local): string {
    const known = this.#names.get(local);
    if (known !== undefined) return known;
    const name = `${local.name.replace(/\W/g, "_")}_${this.#count++}`;
    this.#names.set(local, name);
    const type = typeName(local.kind, local.lanes);
    this.#declared.push(`${type} ${name} = ${local.lanes > 1 ? "{0}" : "0"};`);
    return name;
  }

  /** A name for the value of an expression, computed before the statement at hand. */
  #hold(expr: Expr): string {
    if (expr.op === "get") return this.#name(expr.local);
    const name = `held_${this.#count++}`;
    this.#line(`const ${typeName(expr.kind, expr.lanes)} ${name} = ${this.#value(expr)};`);
    return name;
  }

  /** What a branch depends on, for which C is to ask one after the other. */
  #condition(expr: Expr): string {
    if (expr.lanes > 1) return this.#value(expr);
    if (expr.op === "bool.not") return `!${this.#condition(expr.args[0]!)}`;
    if (expr.op !== "bool.and") return this.#value(expr);
    return `(${expr.args.map((arg) => this.#condition(arg)).join(" && ")})`;
  }

  #value(expr: Expr): string {
    switch (expr.op) {
      case "const":
        return constant(expr);
      case "get":
        return this.#name(expr.local);
      case "lanes":
        return lanes(expr.kind, expr.lanes);
      case "splat":
        return `${typeName(expr.kind, expr.lanes)}_splat(${this.#value(expr.value)})`;
      case "extract": {
        if (expr.value.lanes === 1) return this.#value(expr.value);
        const lane = `${this.#hold(expr.value)}[${expr.lane}]`;
        return expr.kind === "bool" ? `(bool)-${lane}` : lane;
      }
      case "any":
      case "all": {
        const { kind, lanes } = expr.value;
        const value = this.#value(expr.value);
        return lanes === 1 ? value : `${typeName(kind, lanes)}_${expr.op}(${value})`;
      }
      case "load":
        return load(expr, (part) => (expr.lanes > 1 ? this.#hold(part) : `(${this.#value(part)})`));
      case "element":
        throw new Error(`an element of ${expr.access.array.name} has no address yet`);
      default: {
        if (expr.op.startsWith("math.")) throw new Error(`${expr.op} isn't expanded yet`);
        const args = expr.args.map((arg) => this.#value(arg));
        return operation(expr.op as BasicOperation, expr.args[0]!.lanes, args);
      }
    }
  }

  #set(local: Local, value: Expr): void {
    this.#line(`${this.#name(local)} = ${this.#value(value)};`);
  }

  #body(body: readonly Stmt[]): void {
    for (const stmt of body) this.#statement(stmt);
  }

  #statement(stmt: Stmt): void {
    switch (stmt.op) {
      case "set":
        this.#set(stmt.local, stmt.value);
        return;
      case "write":
        this.#write(stmt);
        return;
      case "if":
        this.#line(`if (${this.#condition(stmt.condition)}) {`);
        this.#indented(() => {
          this.#body(stmt.then);
        });
        if (stmt.otherwise.length > 0) {
          this.#line("} else {");
          this.#indented(() => {
            this.#body(stmt.otherwise);
          });
        }
        this.#line("}");
        return;
      case "for":
        this.#for(stmt);
        return;
      case "loop":
        this.#loop(stmt);
        return;
      case "block": {
        const after = this.#label(stmt.label);
        this.#targets.set(stmt.label, { break: after });
        this.#body(stmt.body);
        this.#target(after);
        return;
      }
      case "break":
      case "continue": {
        const target = this.#targets.get(stmt.label)?.[stmt.op];
        if (target === undefined) throw new Error(`nothing to ${stmt.op}: ${stmt.label.name}`);
        this.#used.add(target);
        this.#line(`goto ${target};`);
        return;
      }
      case "call":
        this.#call(stmt);
        return;
      case "return":
        stmt.values.forEach((value, i) => {
          this.#line(`*result${i} = ${this.#value(value)};`);
        });
        this.#line("return DONE;");
        return;
      case "fail": {
        const [a, b] = stmt.args.map((arg) => this.#value(arg));
        this.#line(`return fail(host, ${stmt.site}, ${a!}, ${b!});`);
        return;
      }
      case "allocate":
        this.#allocate(stmt);
        return;
      case "parallel":
        this.#parallel(stmt);
        return;
      case "store":
        throw new Error(`an element of ${stmt.access.array.name} has no address yet`);
      case "prange":
        throw new Error("a prange has no function of its own yet");
    }
  }

  #write(stmt: StoreMemory): void {
    const { lanes } = stmt.value;
    const name = (part: Expr): string => (lanes > 1 ? this.#hold(part) : this.#value(part));
    const at = stmt.addresses.map((each) => (lanes > 1 ? name(each) : `(${this.#value(each)})`));
    const value = name(stmt.value);
    const mask = stmt.mask && name(stmt.mask);
    for (const line of store(stmt, lanes, at, value, mask)) this.#line(line);
  }

  #label({ name }: Label): string {
    return `${name.replace(/\W/g, "_")}_${this.#count++}`;
  }

  /** The place that jumps to `name` reach. */
  #target(name: string): void {
    if (this.#used.has(name)) this.#lines.push(`${"  ".repeat(this.#depth - 1)}${name}:;`);
  }

  #loop({ label, body }: Loop): void {
    const [after, again] = [this.#label(label), this.#label(label)];
    this.#targets.set(label, { break: after, continue: again });
    this.#line("for (;;) {");
    this.#indented(() => {
      this.#body(body);
      this.#target(again);
      this.#line("POLL(1);");
    });
    this.#line("}");
    this.#target(after);
  }

  #for(loop: For): void {
    const { counter, from, to, step, label, body } = loop;
    const [after, next] = [this.#label(label), this.#label(label)];
    this.#targets.set(label, { break: after, continue: next });
    const name = this.#name(counter);
    const end = to.op === "const" ? constant(to) : this.#hold(to);
    const less = step > 0 ? "<" : ">";
    const advance = `${name} += ${constant(counter.kind === "f64" ? f64(step) : i32(step))}`;
    const inner = (polls: boolean): void => {
      this.#indented(() => {
        this.#body(body);
        this.#target(next);
        if (polls) this.#line("POLL(1);");
      });
      this.#line("}");
    };
    const start = this.#value(from);
    if (isShort(loop)) {
      this.#line(`for (${name} = ${start}; ${name} ${less} ${end}; ${advance}) {`);
      inner(false);
    } else if (counter.kind === "i32" && isInnermost(body)) {
      // in strips, so that nothing is counted besides
      this.#line(`for (${name} = ${start}; ${name} ${less} ${end};) {`);
      this.#indented(() => {
        const reach = `(i64)${name} + ${strip * step}`;
        const stop = `stop_${this.#count++}`;
        this.#line(`const i32 ${stop} = ${reach} ${less} ${end} ? ${reach} : ${end};`);
        this.#line(`fuel -= (${stop} - ${name}) / ${step};`);
        this.#line(`for (; ${name} ${less} ${stop}; ${advance}) {`);
        inner(false);
        this.#line("POLL(1);");
      });
      this.#line("}");
    } else {
      this.#line(`for (${name} = ${start}; ${name} ${less} ${end}; ${advance}) {`);
      inner(true);
    }
    this.#target(after);
  }

  #call({ callee, args, results }: Call): void {
    const all = [
      "memory",
      "host",
      ...args.map((arg) => this.#value(arg)),
      ...results.map((result) => `&${this.#name(result)}`),
    ];
    this.#line(`if ((ended = ${this.functions.get(callee)!}(${all.join(", ")}))) return ended;`);
  }

  #allocate(stmt: Allocate): void {
    const { bytes, sets } = rowMajor(stmt);
    const base = this.#name(stmt.array.base);
    this.#line(`if (!(${base} = host->allocate(host, ${this.#value(bytes)}))) return STOPPED;`);
    for (const { local, value } of sets) this.#set(local, value);
  }

  #parallel({ loop, count, partialBytes, partials, chunks }: Parallel): void {
    const [frame] = this.func.params;
    if (!frame) throw new Error("a parallel loop runs where there is no frame");
    const args = [this.#name(frame), this.#value(count), this.#value(partialBytes)].join(", ");
    const name = this.#name(partials);
    this.#line(`if (!(${name} = host->parallel(host, ${loop}, ${args}))) return STOPPED;`);
    this.#line(
      `${this.#name(chunks)} = *(at_int32 *)(memory + (u32)${name} - ${chunkCountBefore});`,
    );
  }
}

/** Whether a loop has no loop and no call inside. */
function isInnermost(body: readonly Stmt[]): boolean {
  return body.every(
    (stmt) =>
      stmt.op !== "for" &&
      stmt.op !== "loop" &&
      stmt.op !== "call" &&
      bodies(stmt).every((inner) => isInnermost(inner)),
  );
}

/** Whether a loop is known to be over soon. */
function isShort({ from, to, step, body }: For): boolean {
  if (from.op !== "const" || to.op !== "const" || !isInnermost(body)) return false;
  return (Number(to.value) - Number(from.value)) / step <= strip;
}

function lanes(kind: Expr["kind"], count: number): string {
  if (count === 1) return "0";
  const numbers = Array.from({ length: count }, (_, k) => (kind === "bool" ? -k : k));
  return `(${typeName(kind, count)}){${numbers.join(", ")}}`;
}

function constant({ kind, lanes, value }: Const): string {
  const text = number(kind, value);
  return lanes === 1 ? text : `${typeName(kind, lanes)}_splat(${text})`;
}

function number(kind: Const["kind"], value: number | bigint): string {
  if (kind === "i64") return `(i64)0x${BigInt.asUintN(64, BigInt(value)).toString(16)}ULL`;
  if (kind !== "f64") return Number(value) === -(2 ** 31) ? "(i32)0x80000000" : String(value);
  const each = Number(value);
  if (Number.isNaN(each)) return '__builtin_nan("")';
  if (!Number.isFinite(each)) return each > 0 ? "__builtin_inf()" : "(-__builtin_inf())";
  const digits = Object.is(each, -0) ? "-0" : String(each);
  const decimal = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return each < 0 || Object.is(each, -0) ? `(${decimal})` : decimal;
}
