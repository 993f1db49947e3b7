import assert from "node:assert/strict";
import { runInThisContext } from "node:vm";
import fc from "fast-check";
import { layOut } from "../../kernel-lib/dist/kernelspec/layout.js";

describe("the layout of compiled code", () => {
  const same = (place: { line: number; column: number }) => place;

  it("leaves code alone that stands where it was written", () => {
    const code = "const a = 1;\n\n  if (a) {\n    f(`x\n${a}`, /r/g);\n  }";
    assert.equal(layOut(code, same).code, code);
  });

  it("leaves comments behind, and nothing moves", () => {
    const code = "a(); // one\n/* two\n*/ b();";
    assert.equal(layOut(code, same).code, "a();\n\n   b();");
  });

  it("moves tokens down and to the right", () => {
    const down = layOut("a();\nb();", ({ line, column }) => ({
      line: 2 * line + 1,
      column: column + 2,
    }));
    assert.equal(down.code, "\n  a();\n\n  b();");
  });

  it("never breaks a line where that would end a statement", () => {
    const apart = (place: { line: number; column: number }) => ({ line: place.column, column: 0 });
    const code = "const f = async (x) => { x++; return x; };";
    const { code: laidOut } = layOut(code, apart);
    const result = runInThisContext(`{ ${laidOut}; f(1); }`) as Promise<number>;
    return result.then((value) => {
      assert.equal(value, 2);
    });
  });

  it("keeps lines that come after something the compiler moved up", () => {
    // The second statement was written on line 9 but compiled to stand before those of lines 1 to 3.
    const lines = [0, 9, 1, 2, 3];
    const { code } = layOut("a();\nz();\nb();\nc();\nd();", ({ line, column }) => ({
      line: lines[line]!,
      column,
    }));
    assert.deepEqual(
      code.split("\n").map((line) => line.trim()),
      ["a(); z();", "b();", "c();", "d();"],
    );
  });

  it("remembers the columns that could not be kept", () => {
    // Written as `k + k`.
    const written = new Map([
      [0, 0],
      [8, 0],
      [10, 2],
      [12, 4],
      [20, 4],
    ]);
    const { columns } = layOut("exports.k + exports.k", ({ line, column }) => {
      const at = written.get(column);
      return at === undefined ? undefined : { line, column: at };
    });
    assert.deepEqual(columns.get(0), [
      [8, 0],
      [10, 2],
      [12, 4],
      [20, 4],
    ]);
  });

  it("sees awaits outside of functions only, and passes their values on", () => {
    assert.equal(layOut("async () => { await 1; }", same).awaits, false);
    assert.equal(layOut("for await (const x of y) {}", same).awaits, true);
    const { awaits, code } = layOut("f(await g(await h));", same, "check(4, ");
    assert.equal(awaits, true);
    assert.equal(code.replace(/\s+/g, ""), "f(check(4,awaitg(check(4,awaith))));");
  });

  it("never changes what an expression means, wherever its tokens were written", () => {
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.integer({ min: 0, max: 99 }).map(String),
        fc
          .tuple(tie("tree"), fc.constantFrom("+", "-", "*", "%"), tie("tree"))
          .map((t) => `(${t.join(" ")})`),
        tie("tree").map((t) => `[${t}, \`a\n\${${t}}\`].length`),
        tie("tree").map((t) => `((x) => { return x + ${t}; })(1)`),
      ),
    }));
    fc.assert(
      fc.property(
        tree,
        fc.array(fc.tuple(fc.nat(20), fc.nat(60)), { minLength: 1 }),
        (code, places) => {
          let i = 0;
          const { code: laidOut } = layOut(`(${code})`, () => {
            const [line, column] = places[i++ % places.length]!;
            return { line, column };
          });
          assert.deepEqual(runInThisContext(`(${laidOut})`), runInThisContext(code));
        },
      ),
    );
  });
});
