/**
 * Goes through IR: the parts of an expression or statement, the same with parts replaced, and which
 * variables a piece of code reads and sets. Knows the shape of nodes, nothing of their meaning.
 */
import type { Access, ArrayLocal, Expr, Local, Stmt } from "./ir.js";

/** The expressions an expression is made of. */
export function operands(expr: Expr): readonly Expr[] {
  switch (expr.op) {
    case "const":
    case "get":
    case "lanes":
      return [];
    case "splat":
    case "extract":
    case "any":
    case "all":
      return [expr.value];
    case "element":
      return accessOperands(expr.access);
    case "load":
      return expr.mask ? [...expr.addresses, expr.mask] : expr.addresses;
    default:
      return expr.args;
  }
}

/** The expressions an access evaluates. */
export function accessOperands({ indices, step, mask }: Access): readonly Expr[] {
  return [...indices, ...(step ?? []), ...(mask ? [mask] : [])];
}

/** The expression with each of its operands replaced by `change(operand)`. */
export function mapOperands(expr: Expr, change: (operand: Expr) => Expr): Expr {
  switch (expr.op) {
    case "const":
    case "get":
    case "lanes":
      return expr;
    case "splat":
    case "extract":
    case "any":
    case "all":
      return { ...expr, value: change(expr.value) };
    case "element":
      return { ...expr, access: mapAccess(expr.access, change) };
    case "load":
      return {
        ...expr,
        addresses: expr.addresses.map(change),
        ...(expr.mask && { mask: change(expr.mask) }),
      };
    default:
      return { ...expr, args: expr.args.map(change) };
  }
}

export function mapAccess(access: Access, change: (operand: Expr) => Expr): Access {
  const { indices, step, mask } = access;
  return {
    ...access,
    indices: indices.map(change),
    ...(step && { step: step.map(change) }),
    ...(mask && { mask: change(mask) }),
  };
}

/** The expression rewritten from the leaves up. */
export function rewrite(expr: Expr, change: (expr: Expr) => Expr): Expr {
  return change(mapOperands(expr, (operand) => rewrite(operand, change)));
}

/** The expressions a statement evaluates itself, not those of the statements in it. */
export function expressions(stmt: Stmt): readonly Expr[] {
  switch (stmt.op) {
    case "set":
      return [stmt.value];
    case "store":
      return [...accessOperands(stmt.access), stmt.value];
    case "write":
      return [...stmt.addresses, ...(stmt.mask ? [stmt.mask] : []), stmt.value];
    case "if":
      return [stmt.condition];
    case "for":
      return [stmt.from, stmt.to];
    case "prange":
      return [stmt.from, stmt.to, ...(stmt.guard ? [stmt.guard.condition] : [])];
    case "call":
    case "fail":
      return stmt.args;
    case "return":
      return stmt.values;
    case "allocate":
      return stmt.lengths;
    case "parallel":
      return [stmt.count, stmt.partialBytes];
    case "loop":
    case "block":
    case "break":
    case "continue":
      return [];
  }
}

/** The lists of statements inside a statement. */
export function bodies(stmt: Stmt): readonly (readonly Stmt[])[] {
  switch (stmt.op) {
    case "if":
      return [stmt.then, stmt.otherwise];
    case "for":
    case "loop":
    case "block":
      return [stmt.body];
    case "prange":
      return [
        stmt.body,
        ...(stmt.guard ? [stmt.guard.careful] : []),
        ...(stmt.vector ? [stmt.vector.body] : []),
      ];
    default:
      return [];
  }
}

/** What to do with the parts of a statement. */
export interface Change {
  readonly expr?: (expr: Expr) => Expr;
  readonly body?: (body: readonly Stmt[]) => readonly Stmt[];
}

const same = <T>(value: T): T => value;

/** The statement with its own expressions and its inner lists replaced. */
export function mapParts(stmt: Stmt, { expr = same, body = same }: Change): Stmt {
  switch (stmt.op) {
    case "set":
      return { ...stmt, value: expr(stmt.value) };
    case "store":
      return { ...stmt, access: mapAccess(stmt.access, expr), value: expr(stmt.value) };
    case "write":
      return {
        ...stmt,
        addresses: stmt.addresses.map(expr),
        value: expr(stmt.value),
        ...(stmt.mask && { mask: expr(stmt.mask) }),
      };
    case "if":
      return {
        ...stmt,
        condition: expr(stmt.condition),
        then: body(stmt.then),
        otherwise: body(stmt.otherwise),
      };
    case "for":
      return { ...stmt, from: expr(stmt.from), to: expr(stmt.to), body: body(stmt.body) };
    case "prange":
      return {
        ...stmt,
        from: expr(stmt.from),
        to: expr(stmt.to),
        body: body(stmt.body),
        ...(stmt.guard && {
          guard: {
            ...stmt.guard,
            condition: expr(stmt.guard.condition),
            careful: body(stmt.guard.careful),
          },
        }),
        ...(stmt.vector && { vector: { ...stmt.vector, body: body(stmt.vector.body) } }),
      };
    case "loop":
    case "block":
      return { ...stmt, body: body(stmt.body) };
    case "call":
      return { ...stmt, args: stmt.args.map(expr) };
    case "fail":
      return { ...stmt, args: [expr(stmt.args[0]), expr(stmt.args[1])] };
    case "return":
      return { ...stmt, values: stmt.values.map(expr) };
    case "allocate":
      return { ...stmt, lengths: stmt.lengths.map(expr) };
    case "parallel":
      return { ...stmt, count: expr(stmt.count), partialBytes: expr(stmt.partialBytes) };
    case "break":
    case "continue":
      return stmt;
  }
}

/** Every expression of the statements with all operands, outer before inner. */
export function everyExpr(body: readonly Stmt[]): readonly Expr[] {
  const found: Expr[] = [];
  for (const stmt of everyStmt(body)) {
    for (const expr of expressions(stmt)) addOperands(expr, found);
  }
  return found;
}

/** The expression and all it is made of. */
export function everyOperand(expr: Expr): readonly Expr[] {
  const found: Expr[] = [];
  addOperands(expr, found);
  return found;
}

// lists and not generators, which take most of a compilation when they are nested
function addOperands(expr: Expr, found: Expr[]): void {
  found.push(expr);
  for (const operand of operands(expr)) addOperands(operand, found);
}

/** Every statement, outer before inner. */
export function everyStmt(body: readonly Stmt[]): readonly Stmt[] {
  const found: Stmt[] = [];
  addStmts(body, found);
  return found;
}

function addStmts(body: readonly Stmt[], found: Stmt[]): void {
  for (const stmt of body) {
    found.push(stmt);
    for (const inner of bodies(stmt)) addStmts(inner, found);
  }
}

/** The variables that the statements set, counters included. */
export function setIn(body: readonly Stmt[]): ReadonlySet<Local> {
  const found = new Set<Local>();
  for (const stmt of everyStmt(body)) {
    switch (stmt.op) {
      case "set":
        found.add(stmt.local);
        break;
      case "for":
      case "prange":
        found.add(stmt.counter);
        break;
      case "call":
        for (const result of stmt.results) found.add(result);
        break;
      case "allocate":
        for (const each of arrayLocals(stmt.array)) found.add(each);
        break;
      case "parallel":
        found.add(stmt.partials).add(stmt.chunks);
        break;
      default:
    }
  }
  return found;
}

/** The variables that the statements read, those of accessed arrays included. */
export function readIn(body: readonly Stmt[]): ReadonlySet<Local> {
  const found = new Set<Local>();
  const addArray = (array: ArrayLocal): void => {
    for (const each of arrayLocals(array)) found.add(each);
  };
  for (const stmt of everyStmt(body)) {
    if (stmt.op === "store") addArray(stmt.access.array);
    for (const expr of expressions(stmt)) {
      for (const part of everyOperand(expr)) {
        if (part.op === "get") found.add(part.local);
        if (part.op === "element") addArray(part.access.array);
      }
    }
  }
  return found;
}

/** The variables an array consists of. */
export function arrayLocals({ base, shape, strides }: ArrayLocal): readonly Local[] {
  return [base, ...shape, ...strides];
}
