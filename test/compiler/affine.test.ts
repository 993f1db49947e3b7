import assert from "node:assert/strict";
import fc from "fast-check";
import { extremes, Forms, isPositive, Polynomial } from "../../kernel-lib/src/compiler/affine.js";
import { f64, get, local, operate } from "../../kernel-lib/src/compiler/build.js";
import type { Expr, Local } from "../../kernel-lib/src/compiler/ir.js";

const variables = ["i", "j", "m"].map((name) => local(name, "f64"));
const [i, j, m] = variables as [Local, Local, Local];

function valueOf(form: Polynomial, values: ReadonlyMap<Local, number>): number {
  return form.terms.reduce(
    (sum, { coefficient, factors }) =>
      sum + factors.reduce((product, each) => product * values.get(each)!, coefficient),
    0,
  );
}

function evaluate(expr: Expr, values: ReadonlyMap<Local, number>): number {
  switch (expr.op) {
    case "const":
      return Number(expr.value);
    case "get":
      return values.get(expr.local)!;
    case "f64.add":
    case "f64.sub":
    case "f64.mul": {
      const [a, b] = expr.args.map((each) => evaluate(each, values)) as [number, number];
      return expr.op === "f64.add" ? a + b : expr.op === "f64.sub" ? a - b : a * b;
    }
    default:
      throw new Error(`${expr.op} isn't expected`);
  }
}

const expressions = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...variables.map(get)),
    fc.integer({ min: -9, max: 9 }).map(f64),
    fc
      .tuple(fc.constantFrom("f64.add", "f64.sub", "f64.mul"), tie("expr"), tie("expr"))
      .map(([op, a, b]) => operate(op, a, b)),
  ),
})).expr;

const values = fc
  .tuple(...variables.map(() => fc.integer({ min: -20, max: 20 })))
  .map((numbers) => new Map(variables.map((each, k) => [each, numbers[k]!])));

describe("affine forms", () => {
  it("have the value of their expression", () => {
    fc.assert(
      fc.property(expressions, values, (expr, at) => {
        const form = new Forms().of(expr);
        // at most 16 factors of 20: sums of whole numbers, exact where they stay below 2^53
        const exact = evaluate(expr, at);
        if (form && Math.abs(exact) < 2 ** 53) assert.equal(valueOf(form, at) + 0, exact + 0);
      }),
    );
  });

  it("are equal however they are written", () => {
    const a = operate("f64.mul", operate("f64.add", get(i), f64(1)), get(m));
    const b = operate("f64.add", get(m), operate("f64.mul", get(m), get(i)));
    assert.ok(new Forms().of(a)!.equals(new Forms().of(b)!));
  });

  it("see through variables until what they are made of changes", () => {
    const forms = new Forms();
    forms.pass({ op: "set", local: j, value: operate("f64.mul", get(i), f64(2)) });
    assert.ok(forms.of(get(j))!.equals(Polynomial.of(i).scaled(2)));
    forms.pass({ op: "set", local: i, value: f64(7) });
    assert.ok(forms.of(get(j))!.equals(Polynomial.of(j)));
  });

  it("don't exist where a variable would fall out that may be NaN or huge", () => {
    assert.equal(new Forms().of(operate("f64.mul", get(i), f64(0))), undefined);
    const moved = operate("f64.sub", operate("f64.add", get(i), get(m)), get(m));
    assert.equal(new Forms().of(moved), undefined);
  });

  it("lie between their extremes", () => {
    const range = {
      counter: i,
      least: Polynomial.constant(0),
      greatest: Polynomial.of(m).minus(Polynomial.constant(1)),
    };
    const form = Polynomial.of(i).scaled(3).plus(Polynomial.constant(2));
    const { least, greatest } = extremes(form, [range], () => true);
    assert.equal(least?.value, 2);
    assert.ok(isPositive(Polynomial.of(m).scaled(3).minus(greatest!), () => true));
  });
});
