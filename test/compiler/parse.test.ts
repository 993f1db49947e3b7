import assert from "node:assert/strict";
import { locate, parse } from "../../kernel-lib/src/compiler/parse.js";
import type { SourceFunction } from "../../kernel-lib/src/compiler/types.js";

function sourceOf(text: string, captured: SourceFunction["captured"] = {}): SourceFunction {
  return { name: "k", text, captured, place: { file: "cell.ts", line: 4, column: 10 } };
}

describe("parsing a kernel", () => {
  const tight = "(a,n)=>{let s=0;for(let i=0;i<n;i++)s+=a[i];return s}";
  const loose = `(a, n) => {
  // adds up
  let s = 0;
  for (let i = 0; i < n; i++) /* each */ s += a[i];
  return s;
}`;

  it("numbers nodes so that formatting and comments change nothing", () => {
    const [one, other] = [parse(sourceOf(tight))!, parse(sourceOf(loose))!];
    assert.deepEqual(
      one.nodes.map(({ type }) => type),
      other.nodes.map(({ type }) => type),
    );
  });

  it("finds a node again at its place in the text as it is now", () => {
    const node = parse(sourceOf(tight))!.nodes.findIndex(({ type }) => type === "MemberExpression");
    const place = locate(sourceOf(loose), { fn: 0, node });
    assert.deepEqual([place.file, place.line, place.column], ["cell.ts", 8, 47]);
    assert.equal(place.text.slice(place.caret, place.caret + 4), "a[i]");
    const first = locate(sourceOf(tight), { fn: 0, node });
    assert.deepEqual([first.line, first.column], [5, 10 + tight.indexOf("a[i]") + 1]);
  });

  it("finds nodes of captured functions, whatever the order of their names", () => {
    const [f, g] = [sourceOf("(x) => x + 1"), sourceOf("(x) => x + 2")];
    const of = (source: SourceFunction) => ({ is: "function", source }) as const;
    for (const captured of [
      { f: of(f), g: of(g) },
      { g: of(g), f: of(f) },
    ]) {
      assert.equal(locate(sourceOf("() => f(g(1))", captured), { fn: 2, node: 0 }).text, g.text);
    }
  });

  it("takes arrows, functions and methods, and nothing else", () => {
    for (const text of ["x => x", "function f(x) { return x; }", "f(x) { return x; }"]) {
      assert.equal(parse(sourceOf(text))?.node.params.length, 1);
    }
    for (const text of ["class A {}", "get f() { return 1; }", "1 +"]) {
      assert.equal(parse(sourceOf(text)), undefined);
    }
  });
});
