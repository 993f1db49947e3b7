/**
 * Recognises what is kept of one iteration: its value of a variable, if it is the last to set it, or
 * the outcome of a search for the best, `if (x < best) { best = x; at = i; }`, with any of < <= > >= and any
 * number of variables that are kept along with `best`. Which iteration wins doesn't depend on
 * where the comparing starts, as long as only the comparisons read `best`. What is computed for the
 * variables kept along may be computed for iterations that win a part of the loop only.
 */
import { bool, get, local, operate } from "../build.js";
import type { Expr, If, Local, SetLocal, Stmt, Winner } from "../ir.js";
import { everyExpr, everyStmt, mapParts, setBy, setIn, setOnce, someOperand } from "../walk.js";
import { sameExpr } from "./reductions.js";
import { Stale } from "./stale.js";

type By = Exclude<Winner["by"], "last">;

const compared: Readonly<Record<string, readonly [by: By, mirrored: By]>> = {
  "f64.lt": ["lt", "gt"],
  "f64.le": ["le", "ge"],
  "f64.gt": ["gt", "lt"],
  "f64.ge": ["ge", "le"],
};

/**
 * The search for the best value of `key` in a loop's body, and the body with the place of the best
 * noted; undefined if the body does anything else with it.
 *
 * @param used the variables that code outside of the loop uses.
 */
export function winner(
  body: readonly Stmt[],
  key: Local,
  counter: Local,
  used: ReadonlySet<Local>,
): { readonly winner: Winner; readonly body: readonly Stmt[] } | undefined {
  const sites = everyStmt(body).flatMap((stmt) =>
    stmt.op === "if" && reads(stmt.condition, key) ? [stmt] : [],
  );
  const [by, ...others] = sites.map((site) => comparison(site, key));
  if (!by || others.some((each) => each !== by)) return undefined;
  const all = setIn(sites.flatMap(({ then }) => then));
  if (!isPrivate(body, sites, all, sites.length)) return undefined;
  const carried = [...all].filter((each) => each !== key && used.has(each));
  const wins = ({ then }: If): boolean =>
    carried.every((each) => then.some((stmt) => isSetOf(stmt, each)));
  if (!sites.every(wins) || !carried.every(isPlain)) return undefined;
  const place = local(`${key.name}Place`, "f64");
  return { winner: { key, by, place, carried }, body: noting(body, sites, place, counter) };
}

/** How a branch compares with the best what becomes the best in it; undefined if it does something else. */
function comparison({ condition, then, otherwise }: If, key: Local): By | undefined {
  const inside = everyStmt(then);
  if (otherwise.length > 0 || !inside.every(isQuiet)) return undefined;
  const [only, ...more] = inside.flatMap((stmt) => (isSetOf(stmt, key) ? [stmt] : []));
  const [test, ...others] = conjuncts(condition).filter((each) => reads(each, key));
  if (!only || !then.includes(only) || more.length > 0 || !test || others.length > 0) {
    return undefined;
  }
  const known = compared[test.op];
  if (!known || !("args" in test)) return undefined;
  const [a, b] = test.args as readonly [Expr, Expr];
  const settings = settingsOf(then);
  if (isGet(b, key) && !reads(a, key) && sameExpr(a, only.value, settings)) return known[0];
  if (isGet(a, key) && !reads(b, key) && sameExpr(b, only.value, settings)) return known[1];
  return undefined;
}

/** What variables are set to in a branch, where that depends on nothing else that it sets. */
function settingsOf(branch: readonly Stmt[]): ReadonlyMap<Local, Expr> {
  const set = setIn(branch);
  const once = setOnce(branch);
  return new Map(
    branch.flatMap((stmt) =>
      stmt.op === "set" && once.has(stmt.local) && ![...set].some((each) => reads(stmt.value, each))
        ? [[stmt.local, stmt.value]]
        : [],
    ),
  );
}

/** Conditions that hold together. */
function conjuncts(condition: Expr): readonly Expr[] {
  return condition.op === "bool.and" ? condition.args.flatMap(conjuncts) : [condition];
}

/** Whether a statement, apart from those in it, changes variables and nothing else. */
function isQuiet({ op }: Stmt): boolean {
  return op === "set" || op === "if" || op === "for";
}

/**
 * Whether variables are set and read in branches only, and never as another iteration left them.
 *
 * @param tests how many reads there are besides.
 */
function isPrivate(
  body: readonly Stmt[],
  sites: readonly If[],
  all: ReadonlySet<Local>,
  tests: number,
): boolean {
  const inside = sites.flatMap(({ then }) => then);
  const count = (stmts: readonly Stmt[]): number =>
    everyStmt(stmts).filter((stmt) => setBy(stmt).some((each) => all.has(each))).length;
  const countReads = (stmts: readonly Stmt[]): number =>
    everyExpr(stmts).filter((expr) => expr.op === "get" && all.has(expr.local)).length;
  if (count(body) !== count(inside)) return false;
  if (countReads(body) !== countReads(inside) + tests) return false;
  return sites.every(({ then }) => {
    const stale = new Stale();
    stale.body(then, all);
    return stale.read.size === 0;
  });
}

/** A variable of which the last value that an iteration sets is read behind the loop; undefined if it can't be kept. */
export function lastValue(
  body: readonly Stmt[],
  kept: Local,
  counter: Local,
): { readonly winner: Winner; readonly body: readonly Stmt[] } | undefined {
  const setting = everyStmt(body).filter((stmt) => setBy(stmt).includes(kept));
  if (!isPlain(kept) || setting.some(({ op }) => op !== "set")) return undefined;
  const place = local(`${kept.name}Place`, "f64");
  const list = (stmts: readonly Stmt[]): readonly Stmt[] =>
    stmts.flatMap((stmt): readonly Stmt[] =>
      isSetOf(stmt, kept)
        ? [stmt, { op: "set", local: place, value: get(counter) }]
        : [mapParts(stmt, { body: list })],
    );
  return { winner: { key: undefined, by: "last", place, carried: [kept] }, body: list(body) };
}

/**
 * `any = any || x`, which comes as `if (!any) any = x`, as `if (x) any = true`, which any iteration
 * can do; and the same of `&&`. Undefined if the body does anything else with the variable.
 *
 * @param used the variables that code outside of the loop uses.
 */
export function flagged(
  body: readonly Stmt[],
  flag: Local,
  used: ReadonlySet<Local>,
): readonly Stmt[] | undefined {
  const sites: If[] = [];
  const list = (stmts: readonly Stmt[]): readonly Stmt[] =>
    stmts.flatMap((stmt) => {
      const without = stmt.op === "if" && flagging(stmt, flag);
      if (!without) return [mapParts(stmt, { body: list })];
      sites.push(stmt);
      return without;
    });
  const free = list(body);
  const own = setIn(sites.flatMap(({ then }) => then.slice(0, -1)));
  if ([...own].some((each) => used.has(each)) || !isPrivate(body, sites, own, 0)) return undefined;
  return everyExpr(free).some((expr) => isGet(expr, flag)) ? undefined : free;
}

/** What a branch that looks at the flag does, without the look. */
function flagging({ condition, then, otherwise }: If, flag: Local): readonly Stmt[] | undefined {
  const decided = isGet(condition, flag);
  if (!decided && !(condition.op === "bool.not" && isGet(condition.args[0]!, flag)))
    return undefined;
  const last = then.at(-1);
  if (!last || !isSetOf(last, flag) || otherwise.length > 0) return undefined;
  if (!everyStmt(then).every(isQuiet)) return undefined;
  const changes = decided ? operate("bool.not", last.value) : last.value;
  const set: Stmt = { ...last, value: bool(!decided) };
  return [...then.slice(0, -1), { op: "if", condition: changes, then: [set], otherwise: [] }];
}

/** The body whose branches also note the counter. */
function noting(
  body: readonly Stmt[],
  sites: readonly Stmt[],
  place: Local,
  counter: Local,
): readonly Stmt[] {
  return body.map((stmt) => {
    if (stmt.op === "if" && sites.includes(stmt)) {
      return { ...stmt, then: [...stmt.then, { op: "set", local: place, value: get(counter) }] };
    }
    return mapParts(stmt, { body: (inner) => noting(inner, sites, place, counter) });
  });
}

function isPlain({ kind }: Local): boolean {
  return kind === "f64" || kind === "bool";
}

function isSetOf(stmt: Stmt, local: Local): stmt is SetLocal {
  return stmt.op === "set" && stmt.local === local;
}

function reads(expr: Expr, local: Local): boolean {
  return someOperand(expr, (part) => isGet(part, local));
}

function isGet(expr: Expr, local: Local): boolean {
  return expr.op === "get" && expr.local === local;
}
