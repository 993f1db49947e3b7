/**
 * Goes through IR: the parts of an expression or statement, the same with parts replaced, and which
 * variables a piece of code reads and sets. Knows the shape of nodes, nothing of their meaning.
 */
import type {
  Access,
  ArrayLocal,
  Expr,
  Kernel,
  Local,
  Prange,
  Stmt,
  Storage,
  Winner,
} from "./ir.js";

const none: readonly never[] = [];

/** The expressions an expression is made of. */
export function operands(expr: Expr): readonly Expr[] {
  switch (expr.op) {
    case "const":
    case "get":
    case "lanes":
      return none;
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

/** The expression with each of its operands replaced by `change(operand)`; itself if none changes. */
export function mapOperands(expr: Expr, change: (operand: Expr) => Expr): Expr {
  switch (expr.op) {
    case "const":
    case "get":
    case "lanes":
      return expr;
    case "splat":
    case "extract":
    case "any":
    case "all": {
      const value = change(expr.value);
      return value === expr.value ? expr : { ...expr, value };
    }
    case "element": {
      const access = mapAccess(expr.access, change);
      return access === expr.access ? expr : { ...expr, access };
    }
    case "load": {
      const addresses = mapList(expr.addresses, change);
      const mask = expr.mask && change(expr.mask);
      if (addresses === expr.addresses && mask === expr.mask) return expr;
      return { ...expr, addresses, ...(mask && { mask }) };
    }
    default: {
      const args = mapList(expr.args, change);
      if (args === expr.args) return expr;
      return { op: expr.op, kind: expr.kind, lanes: expr.lanes, args };
    }
  }
}

export function mapAccess(access: Access, change: (operand: Expr) => Expr): Access {
  const indices = mapList(access.indices, change);
  const step = access.step && mapList(access.step, change);
  const mask = access.mask && change(access.mask);
  if (indices === access.indices && step === access.step && mask === access.mask) return access;
  return { ...access, indices, ...(step && { step }), ...(mask && { mask }) };
}

/** The list with each item replaced by `change(item)`; itself if none changes. */
export function mapList<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  let made: T[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const item = list[i]!;
    const changed = change(item);
    if (changed !== item) made ??= list.slice(0, i);
    made?.push(changed);
  }
  return made ?? list;
}

/** The expression rewritten from the leaves up. */
export function rewrite(expr: Expr, change: (expr: Expr) => Expr): Expr {
  const inside = (part: Expr): Expr => change(mapOperands(part, inside));
  return inside(expr);
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
      return [stmt.from, stmt.to, ...(stmt.apart ? [stmt.apart] : [])];
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
      return none;
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
      return none;
  }
}

/** What to do with the parts of a statement. */
export interface Change {
  readonly expr?: (expr: Expr) => Expr;
  readonly body?: (body: readonly Stmt[]) => readonly Stmt[];
}

const same = <T>(value: T): T => value;

/** The statement with its own expressions and its inner lists replaced; itself if none changes. */
export function mapParts(stmt: Stmt, { expr = same, body = same }: Change): Stmt {
  switch (stmt.op) {
    case "set": {
      const value = expr(stmt.value);
      return value === stmt.value ? stmt : { op: "set", local: stmt.local, value };
    }
    case "store": {
      const access = mapAccess(stmt.access, expr);
      const value = expr(stmt.value);
      return access === stmt.access && value === stmt.value ? stmt : { ...stmt, access, value };
    }
    case "write": {
      const addresses = mapList(stmt.addresses, expr);
      const value = expr(stmt.value);
      const mask = stmt.mask && expr(stmt.mask);
      if (addresses === stmt.addresses && value === stmt.value && mask === stmt.mask) return stmt;
      return { ...stmt, addresses, value, ...(mask && { mask }) };
    }
    case "if": {
      const condition = expr(stmt.condition);
      const then = body(stmt.then);
      const otherwise = body(stmt.otherwise);
      const isSame =
        condition === stmt.condition && then === stmt.then && otherwise === stmt.otherwise;
      return isSame ? stmt : { op: "if", condition, then, otherwise };
    }
    case "for": {
      const from = expr(stmt.from);
      const to = expr(stmt.to);
      const apart = stmt.apart && expr(stmt.apart);
      const inner = body(stmt.body);
      const isSame =
        from === stmt.from && to === stmt.to && apart === stmt.apart && inner === stmt.body;
      return isSame ? stmt : { ...stmt, from, to, ...(apart && { apart }), body: inner };
    }
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
    case "block": {
      const inner = body(stmt.body);
      return inner === stmt.body ? stmt : { ...stmt, body: inner };
    }
    case "call": {
      const args = mapList(stmt.args, expr);
      return args === stmt.args ? stmt : { ...stmt, args };
    }
    case "fail": {
      const [a, b] = stmt.args;
      const args = [expr(a), expr(b)] as const;
      return args[0] === a && args[1] === b ? stmt : { ...stmt, args };
    }
    case "return": {
      const values = mapList(stmt.values, expr);
      return values === stmt.values ? stmt : { ...stmt, values };
    }
    case "allocate": {
      const lengths = mapList(stmt.lengths, expr);
      return lengths === stmt.lengths ? stmt : { ...stmt, lengths };
    }
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

/** Whether it holds for the expression or anything that it is made of. */
export function someOperand(expr: Expr, holds: (part: Expr) => boolean): boolean {
  if (holds(expr)) return true;
  for (const operand of operands(expr)) if (someOperand(operand, holds)) return true;
  return false;
}

// lists and not generators, which take most of a compilation when they are nested
function addOperands(expr: Expr, found: Expr[]): void {
  found.push(expr);
  for (const operand of operands(expr)) addOperands(operand, found);
}

/** Every access to an array: stores and elements. */
export function accesses(body: readonly Stmt[]): readonly Access[] {
  const found: Access[] = [];
  for (const stmt of everyStmt(body)) if (stmt.op === "store") found.push(stmt.access);
  for (const expr of everyExpr(body)) if (expr.op === "element") found.push(expr.access);
  return found;
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

/** What a statement sets that has others in it. Kept, as passes ask at each depth, and no statement ever changes. */
const setWithin = new WeakMap<Stmt, ReadonlySet<Local>>();

/** The variables that the statements set, counters included. */
export function setIn(body: readonly Stmt[]): ReadonlySet<Local> {
  const found = new Set<Local>();
  for (const stmt of body) {
    const lists = bodies(stmt);
    let set = lists.length === 0 ? setBy(stmt) : setWithin.get(stmt);
    if (!set) {
      set = new Set([...setBy(stmt), ...lists.flatMap((list) => [...setIn(list)])]);
      setWithin.set(stmt, set);
    }
    for (const local of set) found.add(local);
  }
  return found;
}

/** The variables that are set in one place only. */
export function setOnce(body: readonly Stmt[]): ReadonlySet<Local> {
  const times = new Map<Local, number>();
  for (const stmt of everyStmt(body)) {
    if (stmt.op === "set") times.set(stmt.local, (times.get(stmt.local) ?? 0) + 1);
  }
  return new Set([...times].flatMap(([each, n]) => (n === 1 ? [each] : [])));
}

/** The variables that the statement itself sets, not those in it. */
export function setBy(stmt: Stmt): readonly Local[] {
  switch (stmt.op) {
    case "set":
      return [stmt.local];
    case "for":
    case "prange":
      return [stmt.counter];
    case "call":
      return stmt.results;
    case "allocate":
      return arrayLocals(stmt.array);
    case "parallel":
      return [stmt.partials, stmt.chunks];
    default:
      return none;
  }
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

/** How often the statements read each variable, those of accessed arrays included. */
export function countReads(body: readonly Stmt[]): ReadonlyMap<Local, number> {
  const found = new Map<Local, number>();
  const add = (each: Local): void => {
    found.set(each, (found.get(each) ?? 0) + 1);
  };
  for (const stmt of everyStmt(body)) {
    if (stmt.op === "store") arrayLocals(stmt.access.array).forEach(add);
    for (const expr of expressions(stmt)) {
      for (const part of everyOperand(expr)) {
        if (part.op === "get") add(part.local);
        if (part.op === "element") arrayLocals(part.access.array).forEach(add);
      }
    }
  }
  return found;
}

/** The variables of a winner. */
export function winnerLocals({ key, place, carried }: Winner): readonly Local[] {
  return key ? [key, place, ...carried] : [place, ...carried];
}

/** The variables that a parallel loop hands on from iteration to iteration. */
export function handedOn({ reductions, winners }: Prange): readonly Local[] {
  return [...reductions.map(({ local }) => local), ...winners.flatMap(winnerLocals)];
}

/** The variables that the kernel uses in statements outside of a part of it, or gives back. */
export function usesOutside(kernel: Kernel, part: readonly Stmt[]): ReadonlySet<Local> {
  const inside = new Set(everyStmt(part));
  const found = new Set(kernel.result ? storageLocals(kernel.result) : []);
  for (const stmt of everyStmt(kernel.body)) {
    if (inside.has(stmt)) continue;
    const alone = mapParts(stmt, { body: () => [] });
    for (const expr of everyExpr([alone])) if (expr.op === "get") found.add(expr.local);
    for (const each of setIn([alone])) found.add(each);
  }
  return found;
}

/** The variables an array consists of. */
export function arrayLocals({ base, shape, strides }: ArrayLocal): readonly Local[] {
  return [base, ...shape, ...strides];
}

/** The variables that hold a value. */
export function storageLocals(storage: Storage): readonly Local[] {
  switch (storage.is) {
    case "number":
    case "boolean":
      return [storage.local];
    case "array":
      return arrayLocals(storage.array);
    default:
      return Object.values(storage.members).flatMap(storageLocals);
  }
}
