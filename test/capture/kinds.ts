/**
 * What a function can refer to, as a table. Each row is program text, so that the same row runs as a
 * CommonJS module, in one tslab cell, and with its setup in an earlier cell.
 */
export interface Kind {
  readonly name: string;
  /** Declares what the function refers to. */
  readonly setup: string;
  /** An expression: the function to send. */
  readonly fn: string;
  /** An expression: the list of inputs. */
  readonly inputs?: string;
  /** An expression: the results, where tslab itself can't run the function here. */
  readonly expected?: string;
}

export const kinds: readonly Kind[] = [
  { name: "a constant", setup: "const k = 3;", fn: "(x: number) => x * k" },
  { name: "a let", setup: "let k = 3; k = 4;", fn: "(x: number) => x * k" },
  {
    name: "a shorthand property",
    setup: "const k = 3; const label = 'a';",
    fn: "(x: number) => ({ x, k, label })",
    // tslab leaves the shorthand of an earlier cell's variable undefined
    expected: "[{ x: 3, k: 3, label: 'a' }, { x: 4, k: 3, label: 'a' }]",
  },
  {
    name: "a destructured variable",
    setup: "const { a, b: [c] } = { a: 1, b: [2] };",
    fn: "(x: number) => x + a + c",
  },
  {
    name: "undefined, null, NaN, -0 and a bigint",
    setup: "const odd = [undefined, null, NaN, -0, 12n] as const;",
    fn: "(x: number) => [x, ...odd]",
  },
  {
    name: "a function declaration",
    setup: "function square(x: number) { return x * x; }",
    fn: "(x: number) => square(x) + 1",
  },
  {
    name: "a function used before its declaration",
    setup: "const use = (x: number) => later(x); function later(x: number) { return -x; }",
    fn: "use",
  },
  { name: "an arrow function", setup: "const square = (x: number) => x * x;", fn: "square" },
  {
    name: "a function with defaults and rest",
    setup:
      "const base = 2; function sum(first = base, ...rest: number[]) { return rest.reduce((a, b) => a + b, first); }",
    fn: "(x: number) => sum(undefined, x, x)",
  },
  {
    name: "recursion",
    setup: "function fact(n: number): number { return n < 2 ? 1 : n * fact(n - 1); }",
    fn: "fact",
  },
  {
    name: "a recursive arrow",
    setup: "const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));",
    fn: "fib",
  },
  {
    name: "mutual recursion",
    setup:
      "const even = (n: number): boolean => n === 0 || odd(n - 1); const odd = (n: number): boolean => n !== 0 && even(n - 1);",
    fn: "(x: number) => [even(x), odd(x)]",
  },
  {
    name: "a named function expression",
    setup: "const f = function fact(n: number): number { return n < 2 ? 1 : n * fact(n - 1); };",
    fn: "f",
  },
  {
    name: "a closure",
    setup: "const scale = (factor: number) => (x: number) => x * factor; const five = scale(5);",
    fn: "five",
  },
  {
    name: "a closure made in place",
    setup: "const scale = (factor: number) => (x: number) => x * factor;",
    fn: "scale(5)",
  },
  {
    name: "several closures over one scope",
    setup:
      "function pair() { const shared = { n: 7 }; return { get: () => shared.n, whole: () => shared }; } const p = pair();",
    fn: "(x: number) => [p.get() + x, p.whole() === p.whole()]",
  },
  {
    name: "closures over a loop variable",
    setup:
      "const adders: ((x: number) => number)[] = []; for (let i = 0; i < 3; i++) adders.push((x) => x + i);",
    fn: "(x: number) => adders.map((f) => f(x))",
  },
  {
    name: "a shadowed name",
    setup: "const x1 = 1; const inner = (() => { const x1 = 2; return () => x1; })();",
    fn: "(x: number) => [x1, inner(), x]",
  },
  {
    name: "a class",
    setup:
      "class Point { constructor(readonly x: number, readonly y = 2) {} norm() { return Math.hypot(this.x, this.y); } }",
    fn: "(x: number) => new Point(x).norm()",
  },
  {
    name: "inheritance and super",
    setup:
      "class A { constructor(readonly n: number) {} who() { return `A${this.n}`; } static make() { return 'made'; } } class B extends A { override who() { return `B(${super.who()})`; } static override make() { return super.make() + '!'; } }",
    fn: "(x: number) => [new B(x).who(), B.make(), new B(x) instanceof A]",
  },
  {
    name: "a class that extends an expression",
    setup:
      "const mixin = (Base: new () => object) => class extends Base { mixed = true; }; class C extends mixin(Object) { own = 1; }",
    fn: "(x: number) => ({ ...new C(), x })",
  },
  {
    name: "two classes that know each other",
    setup:
      "class Base { make() { return new Derived().name(); } name() { return 'base'; } } class Derived extends Base { override name() { return 'derived'; } }",
    fn: "() => new Base().make()",
  },
  {
    name: "static fields as they are now",
    setup:
      "class Config { static step = 1; static name2 = 'a'; static { this.step += 1; } } Config.step = 10;",
    fn: "(x: number) => [x, Config.step, Config.name2]",
  },
  {
    name: "a static field that holds an instance",
    setup:
      "class V { static zero = new V(0); constructor(readonly n: number) {} same() { return this === V.zero; } }",
    fn: "(x: number) => [V.zero.n + x, V.zero.same(), V.zero instanceof V]",
  },
  {
    name: "private members in the class body",
    setup:
      "class Counter { #n = 0; static #made = 41; #bump() { this.#n += 1; } up() { this.#bump(); return this.#n; } static made() { return Counter.#made + 1; } get n() { return this.#n; } }",
    fn: "(x: number) => { const c = new Counter(); for (let i = 0; i < x; i++) c.up(); return [c.n, Counter.made()]; }",
  },
  {
    name: "getters, setters and computed members of a class",
    setup:
      "const key = 'dyn'; class G { v = 1; get w() { return this.v; } set w(x: number) { this.v = x * 2; } [key]() { return 'd'; } *[Symbol.iterator]() { yield this.v; } }",
    fn: "(x: number) => { const g = new G(); g.w = x; return [g.w, (g as any).dyn(), ...g]; }",
  },
  {
    name: "an instance of a class",
    setup:
      "class P { constructor(public x: number) {} double() { return this.x * 2; } } const p = new P(21);",
    fn: "(x: number) => [p.double() + x, p instanceof P]",
  },
  {
    name: "a constructor function with a prototype",
    setup:
      "const Old: any = function (this: any, n: number) { this.n = n; }; Old.prototype.twice = function () { return this.n * 2; }; Old.origin = 5;",
    fn: "(x: number) => new Old(x).twice() + Old.origin",
  },
  {
    name: "an object made with Object.create",
    setup:
      "const proto = { hi() { return 'hi ' + (this as any).name; } }; const child = Object.create(proto, { name: { value: 'bob', enumerable: false } });",
    fn: "(x: number) => [child.hi(), Object.keys(child).length, x]",
  },
  {
    name: "an enum",
    setup: "enum Color { Red, Green = 'green', Blue = 7 }",
    fn: "(x: number) => [Color.Red, Color.Green, Color[7], x]",
  },
  {
    name: "methods of an object",
    setup:
      "const o = { base: 2, times(x: number) { return x * this.base; }, get double() { return this.base * 2; }, set double(x: number) { this.base = x / 2; }, async later(x: number) { return x; }, *gen() { yield this.base; }, async *agen() { yield 9; }, ['comp' + 1]() { return 'c'; }, 'quoted name'() { return 'q'; }, 5() { return 5; } };",
    fn: "async (x: number) => { const out: unknown[] = [o.times(x), o.double, await o.later(x), ...o.gen(), (o as any).comp1(), o['quoted name'](), o[5]()]; for await (const y of o.agen()) out.push(y); return out; }",
  },
  {
    name: "a method taken from its object",
    setup:
      "const helpers = { add(a: number, b: number) { return a + b; } }; const { add } = helpers;",
    fn: "(x: number) => add(x, 1)",
  },
  {
    name: "super in an object's method",
    setup:
      "const top1 = { hi() { return 'top'; } }; const bottom = { __proto__: top1, hi(): string { return 'bottom of ' + (super.hi as any)(); } } as any;",
    fn: "() => bottom.hi()",
  },
  {
    name: "async functions",
    setup: "const wait = async (x: number) => { await null; return x; };",
    fn: "async (x: number) => (await wait(x)) + 1",
  },
  {
    name: "generator functions",
    setup: "function* upTo(n: number) { for (let i = 0; i < n; i++) yield i; }",
    fn: "(x: number) => [...upTo(x)]",
  },
  {
    name: "a regular expression",
    setup: "const word = /(\\w)(\\d+)/g;",
    fn: "(x: number) => `a${x} b2`.replace(word, '$2$1')",
  },
  {
    name: "a Map, a Set, a Date",
    setup:
      "const m = new Map<unknown, unknown>([['a', { n: 1 }], [2, 'b']]); const s = new Set([1, 'x']); const d = new Date(86400000);",
    fn: "(x: number) => [m.get('a'), m.get(2), s.has(x), d.getTime()]",
  },
  {
    name: "typed arrays and a view on a part",
    setup: "const big = new Float64Array([1, 2, 3, 4]); const part = big.subarray(1, 3);",
    fn: "(x: number) => [part.length, part[0] + x, part.buffer === big.buffer]",
  },
  {
    name: "shared memory",
    setup:
      "const sab = new SharedArrayBuffer(16); const cells = new Float64Array(sab); cells[1] = 2.5;",
    fn: "(x: number) => cells[1] + x",
  },
  {
    name: "one object by two paths",
    setup: "const shared = { n: 1 }; const left = { shared }; const right = [shared];",
    fn: "() => left.shared === right[0] && left.shared === shared",
  },
  {
    name: "a cycle",
    setup: "const ring: any = { name: 'ring' }; ring.self = ring; ring.list = [ring];",
    fn: "(x: number) => [ring.self.list[0] === ring, ring.self.self.name, x]",
  },
  {
    name: "a cycle through functions",
    setup:
      "const tree: any = { depth: 3 }; tree.walk = (n: number): number => (n === 0 ? tree.depth : tree.walk(n - 1)); const table = { tree, walk: tree.walk };",
    fn: "(x: number) => [table.walk(x), table.walk === tree.walk]",
  },
  {
    name: "a frozen object",
    setup: "const frozen = Object.freeze({ n: 1, inner: Object.freeze([1]) });",
    fn: "() => [Object.isFrozen(frozen), Object.isFrozen(frozen.inner)]",
  },
  {
    name: "an array with holes and a name",
    setup: "const list: any = [1, , 3]; list.label = 'l';",
    fn: "() => [1 in list, list.length, list.label, list]",
  },
  {
    name: "symbols",
    setup: "const tag = Symbol('tag'); const holder = { [tag]: 5, [Symbol.for('shared')]: 6 };",
    fn: "(x: number) => [holder[tag] + x, holder[Symbol.for('shared')], tag.toString()]",
  },
  {
    name: "functions with properties",
    setup: "const f = Object.assign((x: number) => x + f.step, { step: 3 });",
    fn: "(x: number) => f(x)",
  },
  {
    name: "globals of the language and Node",
    setup:
      "const { PI, sin } = Math; const parse = JSON.parse; const now = performance; const B = Buffer; const m = Math;",
    fn: "(x: number) => [sin(PI * x), parse('[1]'), typeof now.now(), B.from('a').length, m.max(1, x), typeof globalThis, new URL('http://a/b').pathname]",
  },
  {
    name: "a default import of a Node module",
    setup: "import path from 'path';",
    fn: "(x: number) => path.join('a', String(x))",
  },
  {
    name: "a default import of a node: module",
    setup: "import os from 'node:os';",
    fn: "() => os.EOL",
  },
  {
    name: "named imports of Node modules",
    setup: "import { join as put, sep } from 'node:path'; import { readFileSync } from 'fs';",
    fn: "(x: number) => [put('a', String(x)), sep, typeof readFileSync]",
  },
  {
    name: "a namespace import of a Node module",
    setup: "import * as path from 'path';",
    fn: "(x: number) => [path.join('a', String(x)), path.posix.sep]",
  },
  {
    name: "a namespace used as a value",
    setup: "import * as path from 'path'; const modules = { path };",
    fn: "(x: number) => modules.path.basename(`a/${x}`)",
  },
  {
    name: "a default import of an npm package",
    setup: "import Complex from 'complex.js';",
    fn: "(x: number) => new Complex(x, 1).mul(2).toString()",
  },
  {
    name: "a named import of an npm package",
    setup: "import { Complex } from 'complex.js';",
    fn: "(x: number) => Complex(x, 1).abs()",
  },
  {
    name: "a namespace import of an npm package",
    setup: "import * as complex from 'complex.js';",
    fn: "(x: number) => new complex.Complex(x, 0).re",
  },
  {
    name: "an instance of a class of an npm package",
    setup: "import { Complex } from 'complex.js'; const i = new Complex(0, 1);",
    fn: "(x: number) => i.mul(x).toString()",
  },
  {
    name: "a function taken from an npm package",
    setup: "import { Complex } from 'complex.js'; const make = Complex;",
    fn: "(x: number) => make(x).re",
  },
  {
    name: "require in the function",
    setup: "",
    fn: "(x: number) => require('node:path').join('a', String(x))",
  },
  {
    name: "a dynamic import in the function",
    setup: "",
    fn: "async (x: number) => (await import('node:path')).join('a', String(x))",
  },
  {
    name: "what the user put on globalThis",
    setup: "(globalThis as any).stray = { n: 4 };",
    fn: "(x: number) =>\n  // @ts-ignore: no declaration\n  stray.n + x",
  },
  {
    name: "state of its own",
    setup: "",
    fn: "(x: number) => { let n = 0; const up = () => { n += x; return n; }; up(); up(); return n; }",
  },
  {
    name: "names that look like its own helpers",
    setup: "const given = 1; const exports_k = 2; const $ = 3;",
    fn: "(x: number) => [given, exports_k, $, x]",
  },
  {
    name: "a function made by new Function",
    setup: "const made = new Function('x', 'return x + 1') as (x: number) => number;",
    fn: "made",
  },
  {
    name: "eval that only sees globals",
    setup: "const sum = '1 + 2';",
    fn: "() => (0, eval)(sum)",
  },
  {
    name: "an array of hotcell's and a function of hotcell's",
    setup: "import { linspace, quad } from 'hotcell'; const grid = linspace(0, 1, 5);",
    fn: "(x: number) => [grid.at(x), quad((t: number) => t * x, 0, 1).integral]",
  },
  {
    name: "a namespace import of hotcell",
    setup: "import * as hotcell from 'hotcell';",
    fn: "(x: number) => hotcell.quad((t: number) => t * x, 0, 1).integral",
  },
];
