import assert from "node:assert/strict";
import { CompileError } from "../../kernel-lib/src/errors.js";
import {
  refusals,
  refusedSyntax,
  type RefusalName,
} from "../../kernel-lib/src/compiler/refusals.js";
import { lowered, type Free } from "./source.js";

/** A kernel that is refused, its arguments, and what it refers to. */
interface Example {
  readonly text: string;
  readonly args?: readonly unknown[];
  readonly free?: Free;
}

const a = new Float64Array(3);

const examples: Readonly<Record<RefusalName, string | Example>> = {
  native: { text: "() => f()", free: { f: Math.max.bind(null) } },
  async: "async (n) => n",
  generatorFunction: "function* (n) { yield n; }",
  class: "(n) => { class A {} return n; }",
  this: "function (n) { return this; }",
  arguments: "function (n) { return arguments; }",
  tooDeep: "(n) => { const go = (f, x) => f(f, x); return go((f, x) => f(f, x), n); }",
  recursiveArgument:
    "(n) => { const f = (g, k) => (k > 0 ? f(g, k - 1) : g(k)); return f((x) => x, n); }",
  recursiveAssignment:
    "(n) => { let s = 0; const f = (k) => { s += k; if (k > 0) f(k - 1); }; f(n); return s; }",
  recursiveResult:
    "(n) => { const f = (k) => { if (k > 0) return f(k - 1); return [k]; }; return f(n); }",
  exceptions: "(n) => { try { return n; } catch { return 0; } }",
  throwValue: "(n) => { throw n; }",
  forIn: "(n) => { for (const k in { n }) return n; }",
  forOf: "(n) => { for (const k of n) return k; }",
  longList: "(n) => { let s = 0; for (const x of [" + "n,".repeat(65) + "]) s += x; return s; }",
  with: "function (n) { with (n) { return n; } }",
  debugger: "(n) => { debugger; return n; }",
  leavesPrange: "(n) => { for (const i of prange(n)) { if (i > 3) break; } }",
  prangeStep: "(n) => { for (const i of prange(0, n, 0)) { } }",
  prangeArguments: "(n) => { for (const i of prange()) { } }",
  prangeElsewhere: "(n) => { const r = prange(n); }",
  noReturn: "(n) => { if (n > 0) return n; }",
  unknownName: "(n) => n + k",
  tooEarly: "(n) => { const y = x + 1; const x = n; return y; }",
  unsupportedValue: { text: "(n) => cache + n", free: { cache: new WeakMap() } },
  constAssignment: "(n) => { const x = n; x = 2; return x; }",
  outerAssignment: { text: "(n) => { k = n; }", free: { k: 1 } },
  changesType: "(n) => { let x = n; x = n > 1; return x; }",
  maybeUndefined:
    "(n) => { let x; for (let i = 0; i < n; i++) { if (x === undefined) x = i; } return x; }",
  sharedObject: "(n) => { const p = { x: n }; let q = { x: 1 }; q = p; q.x = 2; return p.x; }",
  string: "(n) => 'n' + n",
  bigint: "(n) => 1n",
  regexp: "(n) => /n/",
  template: "(n) => f`n`",
  notNumber: "(n) => n * { n }",
  notCondition: "(n) => Boolean([n])",
  mixedTypes: "(n) => (n > 1 ? n : { n })",
  identity: "(n) => [n] === [n]",
  operator: "(n) => 'n' in n",
  getter: "(n) => ({ get x() { return n; } })",
  computedName: "(n) => ({ [n]: n })",
  hole: "(n) => [n, , n]",
  spread: "(n) => [...n]",
  member: "(n) => n.length",
  newMember: "(n) => { const p = { n }; p.m = n; return p; }",
  memberType: "(n) => { const p = { f: () => n }; p.f = () => 2; return n; }",
  readonly: { text: "(a) => { a.length = 0; }", args: [a] },
  listIndex: "(n) => [n, n][2]",
  listMethod: "(n) => [n].map((x) => x)",
  indexCount: { text: "(a) => a.at(1, 2)", args: [a] },
  bracketIndex: "(n) => zeros([n, n])[0]",
  sliceRange: "(n) => zeros([n, n]).slice({ n }).size",
  gaps: "(n) => zeros([n, n]).slice(undefined, [1, 2]).data[0]",
  dataOfPart: "(n) => zeros([n, n]).slice(1).data[0]",
  scalarArray: "(n) => zeros([n, n]).slice(0, 0)",
  arrayMethod: { text: "(a) => a.sort()", args: [a] },
  rank: "(n) => zeros([n, n, n, n, n])",
  dtype: "(n) => zeros(n, 'complex')",
  filledDType: "(n) => array([n], 'int32')",
  shape: "(n) => zeros({ n })",
  growingList: "(n) => new Array(n)",
  notFunction: "(n) => n()",
  construct: "(n) => new Map()",
  intrinsic: "(n) => parseInt(n)",
  random: "(n) => Math.random()",
  clock: "(n) => Date.now()",
  print: "(n) => console.log(n)",
  philoxArguments: "(n) => philox(n, n, n)",
  quadArguments: "(n) => quad(n, 0, 1).integral",
  quadOption: "(n) => quad((x) => x, 0, 1, { limit: n }).integral",
  quadValue: "(n) => quad((x) => [x, n, 1], 0, 1).integral",
  result: "(n) => (() => n)",
  syntax: "(n) => import('n')",
};

describe("refusing", () => {
  for (const [name, example] of Object.entries(examples)) {
    it(`shows the line and a remedy: ${name}`, () => {
      const {
        text,
        args = [5],
        free = {},
      } = typeof example === "string" ? { text: example } : example;
      const make = refusals[name as RefusalName] as (...found: string[]) => { remedy: string };
      assert.throws(
        () => lowered(text, args, free),
        (error) => {
          assert.ok(error instanceof CompileError, String(error));
          const remedy = make("\u0000", "\u0000", "\u0000").remedy.split("\u0000")[0]!;
          assert.ok(error.message.includes(`\n  ${remedy}`), error.message);
          assert.match(error.message, /^kernel 'kernel' .* \(cell\.ts:1\)\n {2}> .*\n *\^\n/);
          assert.deepEqual([error.file, error.line], ["cell.ts", 1]);
          assert.ok(error.column >= 1 && error.column <= text.length);
          return true;
        },
      );
    });
  }

  it("knows a refusal for each kind of syntax that it lists", () => {
    for (const name of Object.values(refusedSyntax)) assert.ok(name in refusals);
  });
});
