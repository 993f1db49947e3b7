/**
 * Turns a module of the IR into a program of WebAssembly instructions, function by function. Takes
 * what the passes up to `addresses` leave (no elements, no pranges, no functions of Math) and
 * decides where variables live and how control flows; bytes and text are made elsewhere.
 */
import type { Code } from "./code.js";
import type { Definition, Import, Program, ValueType } from "./encoder.js";
import type { Instruction } from "./instructions.js";
import { load, store } from "./memory.js";
import { scalar } from "./scalar.js";
import { rowMajor } from "../row-major.js";
import { pushConst, pushLane, pushLanes, pushSplat, vector } from "./vector.js";
import { f64, get, i32, local, operate } from "../../build.js";
import type {
  Allocate,
  Call,
  Expr,
  For,
  Func,
  Label,
  Local,
  Module,
  Parallel,
  Stmt,
} from "../../ir.js";
import type { BasicOperation, Kind } from "../../operations.js";
import { chunkCountBefore } from "../../chunks.js";
import { withCallees } from "../../callees.js";

export interface EmitOptions {
  /** The engine has `f64x2.relaxed_madd`. */
  readonly relaxedSimd: boolean;
}

const host: readonly Import[] = [
  { name: "fail", params: ["i32", "f64", "f64"], results: [] },
  { name: "allocate", params: ["f64"], results: ["i32"] },
  { name: "parallel", params: ["i32", "i32", "i32", "i32"], results: ["i32"] },
];
const imported = (name: string): number => host.findIndex((each) => each.name === name);

/** The module with all that its functions call. */
export function emit(module: Module, { relaxedSimd }: EmitOptions): Program {
  const functions = withCallees(module.functions);
  const numbers = new Map(functions.map((func, i) => [func, host.length + i]));
  return {
    host: "host",
    memory: { initial: 1, maximum: 65536 },
    imports: host,
    functions: functions.map((func) => ({
      ...new FunctionEmitter(func, numbers, relaxedSimd).definition(),
      exported: func.exported === true,
    })),
  };
}

function valueType(kind: Kind, lanes: number): ValueType {
  if (lanes === 2) return "v128";
  if (lanes !== 1) throw new Error(`WebAssembly has vectors of 2 lanes, not ${lanes}`);
  return kind === "bool" ? "i32" : kind;
}

class FunctionEmitter implements Code {
  readonly #code: Instruction[] = [];
  readonly #locals: { readonly name: string; readonly type: ValueType }[] = [];
  readonly #indices = new Map<Local, number>();
  readonly #free: Local[] = [];
  /** Nesting of blocks, and at which nesting a label's targets stand. */
  #depth = 0;
  readonly #targets = new Map<Label, { readonly break: number; readonly continue?: number }>();

  constructor(
    readonly func: Func,
    readonly functions: ReadonlyMap<Func, number>,
    readonly relaxedSimd: boolean,
  ) {
    for (const param of func.params) this.#index(param);
  }

  definition(): Omit<Definition, "exported"> {
    const { name, params, results, body } = this.func;
    this.#body(body);
    if (results.length > 0) this.push("unreachable");
    return {
      name,
      params: params.map(({ kind, lanes }) => valueType(kind, lanes)),
      results: results.map((kind) => valueType(kind, 1)),
      locals: this.#locals,
      code: this.#code,
    };
  }

  push(...instruction: Instruction): void {
    const [op] = instruction;
    if (op === "block" || op === "loop" || op === "if") this.#depth++;
    if (op === "end") this.#depth--;
    this.#code.push(instruction);
  }

  hold(expr: Expr, use: (held: Expr) => void): void {
    if (expr.op === "const" || expr.op === "get") {
      use(expr);
      return;
    }
    const at = this.#free.findIndex(
      ({ kind, lanes }) => kind === expr.kind && lanes === expr.lanes,
    );
    const held = at < 0 ? local("held", expr.kind, expr.lanes) : this.#free.splice(at, 1)[0]!;
    this.#set(held, expr);
    use(get(held));
    this.#free.push(held);
  }

  value(expr: Expr): void {
    switch (expr.op) {
      case "const":
        this.#constant(expr.kind, expr.lanes, expr.value);
        return;
      case "get":
        this.push("local.get", this.#index(expr.local));
        return;
      case "lanes":
        if (expr.lanes === 1) this.#constant(expr.kind, 1, 0);
        else pushLanes(this, expr.kind);
        return;
      case "splat":
        this.#splat(expr.value);
        return;
      case "extract":
        if (expr.value.lanes === 1) this.value(expr.value);
        else pushLane(this, expr.value, expr.lane);
        return;
      case "any":
      case "all":
        this.value(expr.value);
        if (expr.value.lanes > 1) this.push(expr.op === "any" ? "v128.any_true" : "i64x2.all_true");
        return;
      case "load":
        load(this, expr);
        return;
      case "element":
        throw new Error(`an element of ${expr.access.array.name} has no address yet`);
      default: {
        if (expr.op.startsWith("math.")) throw new Error(`${expr.op} isn't expanded yet`);
        const table = expr.lanes === 1 ? scalar : vector;
        table[expr.op as BasicOperation](expr.args, this);
      }
    }
  }

  #constant(kind: Kind, lanes: number, value: number | bigint): void {
    if (lanes > 1) pushConst(this, kind, value);
    else this.push(kind === "bool" ? "i32.const" : `${kind}.const`, value);
  }

  #splat(value: Expr): void {
    if (value.op === "load" && (value.dtype === "float64" || value.dtype === "i64")) {
      this.value(value.addresses[0]!);
      this.push("v128.load64_splat", value.offset);
    } else pushSplat(this, value);
  }

  #index(local: Local): number {
    const known = this.#indices.get(local);
    if (known !== undefined) return known;
    const index =
      this.#locals.push({ name: local.name, type: valueType(local.kind, local.lanes) }) - 1;
    this.#indices.set(local, index);
    return index;
  }

  #set(local: Local, value: Expr): void {
    this.value(value);
    this.push("local.set", this.#index(local));
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
        store(this, stmt);
        return;
      case "if":
        this.value(stmt.condition);
        this.push("if");
        this.#body(stmt.then);
        if (stmt.otherwise.length > 0) {
          this.push("else");
          this.#body(stmt.otherwise);
        }
        this.push("end");
        return;
      case "for":
        this.#for(stmt);
        return;
      case "loop":
        this.push("block");
        this.#targets.set(stmt.label, { break: this.#depth, continue: this.#depth + 1 });
        this.push("loop");
        this.#body(stmt.body);
        this.push("br", 0);
        this.push("end");
        this.push("end");
        return;
      case "block":
        this.push("block");
        this.#targets.set(stmt.label, { break: this.#depth });
        this.#body(stmt.body);
        this.push("end");
        return;
      case "break":
      case "continue":
        this.#jump(stmt.op, stmt.label);
        return;
      case "call":
        this.#call(stmt);
        return;
      case "return":
        for (const value of stmt.values) this.value(value);
        this.push("return");
        return;
      case "fail":
        this.push("i32.const", stmt.site);
        for (const arg of stmt.args) this.value(arg);
        this.push("call", imported("fail"));
        this.push("unreachable");
        return;
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

  #jump(op: "break" | "continue", label: Label): void {
    const target = this.#targets.get(label)?.[op];
    if (target === undefined) throw new Error(`nothing to ${op}: ${label.name}`);
    this.push("br", this.#depth - target);
  }

  /** Tested at the end: one branch an iteration. */
  #for({ counter, from, to, step, label, body }: For): void {
    this.hold(to, (to) => {
      const more = (): void => {
        const less = step > 0 ? "lt" : "gt";
        this.value(
          counter.kind === "f64"
            ? operate(`f64.${less}`, get(counter), to)
            : operate(`i32.${less}_s`, get(counter), to),
        );
      };
      this.#set(counter, from);
      more();
      this.push("if");
      const leave = this.#depth;
      this.push("loop");
      const again = this.#depth;
      this.push("block");
      this.#targets.set(label, { break: leave, continue: this.#depth });
      this.#body(body);
      this.push("end");
      this.#set(
        counter,
        counter.kind === "f64"
          ? operate("f64.add", get(counter), f64(step))
          : operate("i32.add", get(counter), i32(step)),
      );
      more();
      this.push("br_if", this.#depth - again);
      this.push("end");
      this.push("end");
    });
  }

  #call({ callee, args, results }: Call): void {
    for (const arg of args) this.value(arg);
    this.push("call", this.functions.get(callee)!);
    for (const result of results.toReversed()) this.push("local.set", this.#index(result));
  }

  #allocate(stmt: Allocate): void {
    const { bytes, sets } = rowMajor(stmt);
    this.value(bytes);
    this.push("call", imported("allocate"));
    this.push("local.set", this.#index(stmt.array.base));
    for (const { local, value } of sets) this.#set(local, value);
  }

  #parallel({ loop, count, partialBytes, partials, chunks }: Parallel): void {
    const [frame] = this.func.params;
    if (!frame) throw new Error("a parallel loop runs where there is no frame");
    this.push("i32.const", loop);
    this.value(get(frame));
    this.value(count);
    this.value(partialBytes);
    this.push("call", imported("parallel"));
    this.push("local.set", this.#index(partials));
    this.value(operate("i32.sub", get(partials), i32(chunkCountBefore)));
    this.push("i32.load", 0);
    this.push("local.set", this.#index(chunks));
  }
}
