/**
 * Throws on IR that no backend could give a meaning: kinds and lanes that don't fit, jumps to
 * nowhere, variables that nothing sets. Tests call it after every pass; it trusts nobody.
 */
import type {
  Access,
  Expr,
  For,
  Func,
  Kernel,
  Label,
  Load,
  Local,
  Module,
  Prange,
  Stmt,
  StoreMemory,
} from "./ir.js";
import { operations, type Kind } from "./operations.js";
import { printBody, printExpr } from "./print.js";
import {
  bodies,
  everyOperand,
  everyStmt,
  expressions,
  handedOn,
  readIn,
  setIn,
  storageLocals,
} from "./walk.js";

/** Checks every function of a kernel or module, and the kernel's own body. */
export function verify(code: Kernel | Module): void {
  for (const func of code.functions) verifyFunc(func);
  if (!("body" in code)) return;
  const own = code.parameters.flatMap(storageLocals);
  const returned = code.result ? storageLocals(code.result) : [];
  verifyVariables(code.body, new Set(own), returned);
  new Verifier(undefined).body(code.body);
}

function verifyFunc(func: Func): void {
  verifyVariables(func.body, new Set(func.params), []);
  new Verifier(func).body(func.body);
}

/** Whatever is read is set somewhere, or given. */
function verifyVariables(
  body: readonly Stmt[],
  given: ReadonlySet<Local>,
  returned: readonly Local[],
): void {
  const set = setIn(body);
  const bound = new Set<Local>();
  for (const stmt of everyStmt(body)) {
    if (stmt.op !== "prange") continue;
    if (stmt.guard) bound.add(stmt.guard.first).add(stmt.guard.last);
    const { reductions = [], winners = [] } = stmt.vector ?? {};
    for (const each of [...reductions, ...winners.flat()]) bound.add(each);
  }
  for (const local of [...readIn(body), ...returned]) {
    if (!set.has(local) && !given.has(local) && !bound.has(local)) {
      throw new Error(`nothing sets ${local.name}, which is read:\n${printBody(body)}`);
    }
  }
}

class Verifier {
  readonly #breaks = new Set<Label>();
  readonly #continues = new Set<Label>();

  constructor(readonly func: Func | undefined) {}

  body(body: readonly Stmt[]): void {
    for (const stmt of body) {
      const want = (holds: boolean, what: string): void => {
        if (!holds) throw new Error(`${what}:\n${printBody([stmt])}`);
      };
      for (const expr of expressions(stmt)) {
        for (const part of everyOperand(expr)) {
          checkExpr(part, (holds, what) => {
            want(holds, `${what} in ${printExpr(part)}`);
          });
        }
      }
      this.#stmt(stmt, want);
    }
  }

  #stmt(stmt: Stmt, want: Want): void {
    switch (stmt.op) {
      case "set":
        want(fits(stmt.value, stmt.local), "the value doesn't fit the variable");
        return;
      case "store":
        checkAccess(stmt.access, want);
        want(stmt.value.kind === "f64" || stmt.value.kind === "i32", "stores neither f64 nor i32");
        want(stmt.value.lanes === stmt.access.lanes, "the value has other lanes than the access");
        return;
      case "write":
        checkMemory(stmt, stmt.value.lanes, want);
        want(
          stmt.value.kind === storedKind(stmt.dtype),
          `${stmt.dtype} doesn't hold ${stmt.value.kind}`,
        );
        return;
      case "if":
        want(isScalar(stmt.condition, "bool"), "the condition isn't a scalar bool");
        this.body(stmt.then);
        this.body(stmt.otherwise);
        return;
      case "for":
        this.#range(stmt, want);
        this.#within([stmt.body], stmt.label, true, true);
        return;
      case "prange":
        this.#prange(stmt, want);
        return;
      case "loop":
        this.#within([stmt.body], stmt.label, true, true);
        return;
      case "block":
        this.#within([stmt.body], stmt.label, true, false);
        return;
      case "break":
        want(this.#breaks.has(stmt.label), "breaks out of nothing that surrounds it");
        return;
      case "continue":
        want(this.#continues.has(stmt.label), "continues nothing that surrounds it");
        return;
      case "call": {
        const { params, results } = stmt.callee;
        const fitting =
          stmt.args.length === params.length && stmt.args.every((arg, i) => fits(arg, params[i]!));
        want(fitting, "the arguments aren't what the function takes");
        const given =
          stmt.results.length === results.length &&
          stmt.results.every(({ kind, lanes }, i) => kind === results[i] && lanes === 1);
        want(given, "the results aren't what the function gives");
        return;
      }
      case "return": {
        const results = this.func?.results;
        want(results !== undefined, "returns from a kernel's body or a prange");
        const fitting =
          results?.length === stmt.values.length &&
          stmt.values.every((value, i) => isScalar(value, results[i]!));
        want(fitting, "the values aren't what the function gives");
        return;
      }
      case "fail":
        want(
          stmt.args.every((arg) => isScalar(arg, "f64")),
          "fails with what isn't a scalar f64",
        );
        return;
      case "allocate":
        want(
          stmt.lengths.every((length) => isScalar(length, "f64")),
          "a length isn't a scalar f64",
        );
        want(stmt.lengths.length === stmt.array.array.rank, "not one length an axis");
        want(stmt.array.array.contiguous, "makes an array that isn't contiguous");
        return;
      case "parallel":
        want(
          isScalar(stmt.count, "i32") && isScalar(stmt.partialBytes, "i32"),
          "counts in what isn't i32",
        );
        want(stmt.partials.kind === "i32" && stmt.chunks.kind === "i32", "sets what isn't i32");
    }
  }

  #range({ counter, from, to, step, body }: For | Prange, want: Want): void {
    const { kind } = counter;
    want(kind === "f64" || kind === "i32", "the counter is neither f64 nor i32");
    want(counter.lanes === 1, "the counter is a vector");
    want(isScalar(from, kind) && isScalar(to, kind), "the bounds aren't of the counter's kind");
    want(Number.isFinite(step) && step !== 0, "the step is 0 or not finite");
    want(kind === "f64" || (step | 0) === step, "the step of an i32 isn't one");
    const set = setIn(body);
    want(!set.has(counter), "the body sets the counter");
    const reads = [...everyOperand(to)].flatMap((part) => (part.op === "get" ? [part.local] : []));
    want(!reads.some((each) => set.has(each)), "the body sets what the bound reads");
  }

  #prange(stmt: Prange, want: Want): void {
    this.#range(stmt, want);
    const { guard, vector } = stmt;
    if (guard) want(isScalar(guard.condition, "bool"), "the guard isn't a scalar bool");
    if (vector) {
      const scalars = handedOn(stmt);
      const vectors = [...vector.reductions, ...vector.winners.flat()];
      const same = vectors.every(
        ({ kind, lanes }, i) => lanes === vector.lanes && kind === scalars[i]?.kind,
      );
      want(same && vectors.length === scalars.length, "the vector's reductions differ");
    }
    // nothing leaves a prange early: it is checked as a function of its own
    const own = new Verifier(undefined);
    own.#within(bodies(stmt), stmt.label, false, true);
  }

  #within(
    inner: readonly (readonly Stmt[])[],
    label: Label,
    breaks: boolean,
    continues: boolean,
  ): void {
    if (breaks) this.#breaks.add(label);
    if (continues) this.#continues.add(label);
    for (const body of inner) this.body(body);
    this.#breaks.delete(label);
    this.#continues.delete(label);
  }
}

type Want = (holds: boolean, what: string) => void;

function isScalar(expr: Expr, kind: Kind): boolean {
  return expr.kind === kind && expr.lanes === 1;
}

function fits({ kind, lanes }: Expr, local: Local): boolean {
  return kind === local.kind && lanes === local.lanes;
}

/** Checks one expression; its operands have a turn of their own. */
function checkExpr(expr: Expr, want: Want): void {
  want(Number.isInteger(expr.lanes) && expr.lanes >= 1, "has no lanes");
  switch (expr.op) {
    case "const":
      want(isOfKind(expr.value, expr.kind), `not a constant of ${expr.kind}`);
      return;
    case "get":
      want(fits(expr, expr.local), "not read as what the variable is");
      return;
    case "lanes":
      want(expr.kind !== "bool", "lane numbers as a mask");
      return;
    case "splat":
      want(isScalar(expr.value, expr.kind), "not a splat of a scalar of its kind");
      return;
    case "extract":
      want(expr.lanes === 1 && expr.value.kind === expr.kind, "not one lane of its kind");
      want(expr.lane >= 0 && expr.lane < expr.value.lanes, "no such lane");
      return;
    case "any":
    case "all":
      want(isScalar(expr, "bool") && expr.value.kind === "bool", "not a scalar bool of a mask");
      return;
    case "element": {
      const { dtype } = expr.access.array.array;
      const narrow = storedKind(dtype) === "i32" && dtype !== "uint32";
      checkAccess(expr.access, want);
      want(expr.lanes === expr.access.lanes, "other lanes than its access");
      want(expr.kind === "f64" || (expr.kind === "i32" && narrow), `no ${expr.kind} from ${dtype}`);
      return;
    }
    case "load": {
      const stored = storedKind(expr.dtype);
      checkMemory(expr, expr.lanes, want);
      want(
        expr.kind === stored || (expr.kind === "f64" && stored === "i32"),
        `no ${expr.kind} from ${expr.dtype}`,
      );
      return;
    }
    default: {
      const kinds: readonly Kind[] = operations[expr.op];
      want(expr.kind === kinds.at(-1), "not the operation's kind");
      want(expr.args.length === kinds.length - 1, "not the operation's number of operands");
      want(
        expr.args.every(({ kind }, i) => kind === kinds[i]),
        "operands of other kinds",
      );
      want(
        expr.args.every(({ lanes }) => lanes === expr.lanes),
        "operands of other lanes",
      );
      if (!/^i64\.sh/.test(expr.op) || expr.lanes === 1) return;
      const amount = expr.args[1]?.op;
      want(amount === "const" || amount === "splat", "shifts by amounts that may differ");
    }
  }
}

function isOfKind(value: number | bigint, kind: Kind): boolean {
  switch (kind) {
    case "f64":
      return typeof value === "number";
    case "i32":
      return typeof value === "number" && Object.is(value | 0, value);
    case "i64":
      return typeof value === "bigint" && BigInt.asIntN(64, value) === value;
    case "bool":
      return value === 0 || value === 1;
  }
}

/** What stands on the stack for an element in memory. */
function storedKind(dtype: Load["dtype"]): Kind {
  if (dtype === "float64" || dtype === "float32") return "f64";
  return dtype === "i64" ? "i64" : "i32";
}

function checkAccess(access: Access, want: Want): void {
  const { array, indices, lanes, pattern, step, mask } = access;
  want(indices.length === array.array.rank, "not one index an axis");
  want((pattern === "scalar") === (lanes === 1), `${lanes} lanes in a ${pattern} access`);
  const each = pattern === "gather" ? lanes : 1;
  const kinds: readonly Kind[] =
    pattern === "scalar" || pattern === "gather" ? ["f64", "i32"] : ["i32"];
  want(
    indices.every((index) => index.lanes === each && kinds.includes(index.kind)),
    "an index of the wrong kind or lanes",
  );
  want((pattern === "affine") === (step !== undefined), "a step belongs to an affine access");
  if (step) {
    want(
      step.length === indices.length && step.every((by) => isScalar(by, "i32")),
      "not one i32 step an axis",
    );
  }
  checkMask(mask, lanes, want);
}

function checkMemory(
  { addresses, offset, mask }: Load | StoreMemory,
  lanes: number,
  want: Want,
): void {
  want(addresses.length === 1 || addresses.length === lanes, "neither one address nor one a lane");
  want(
    addresses.every((address) => isScalar(address, "i32")),
    "an address that isn't a scalar i32",
  );
  want(
    Number.isInteger(offset) && offset >= 0 && offset < 2 ** 32,
    "an offset that isn't an unsigned i32",
  );
  checkMask(mask, lanes, want);
}

function checkMask(mask: Expr | undefined, lanes: number, want: Want): void {
  if (mask)
    want(lanes > 1 && mask.kind === "bool" && mask.lanes === lanes, "not a mask of its lanes");
}
