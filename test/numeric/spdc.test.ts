import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import { quad } from "hotcell";
import { closedForm, complexIntegrand, grid, integrand } from "./spdc.js";

describe("the SPDC mode overlap", () => {
  it("has a closed form that agrees with values of 20 digits", () => {
    for (const [phi, xi, truth] of [
      [1, 1, 1.3080639176385976551],
      [-1, 1, 1.7274575733305240244],
      [-Math.PI, 2.84, 2.0658082251576742411],
      [-7 * Math.PI, 10 ** -1.5, -0.032406335307011776705],
      // by mpmath, where series and continued fraction are hardest pressed
      [-22, 0.0316, -0.032385795395025814304],
      [-10, 10, 1.1804866017725951452],
      [9, 200, -0.0119023546923150463],
      [-22, 250, 0.3811836691748359006],
    ] as const) {
      // a few roundings of numbers of size 1
      assert.ok(Math.abs(closedForm(phi, xi) - truth) < 1e-14);
    }
  });

  it("is met on the whole grid by real and complex integrands, within the error estimate", () => {
    for (const { phi, xi } of grid()) {
      const truth = closedForm(phi, xi);
      const real = quad(integrand(phi, xi), -1, 1);
      const complex = quad(complexIntegrand(phi, xi), -1, 1);
      assert.ok(real.converged && complex.converged);
      // what the issue asks for, with the default tolerance
      assert.ok(Math.abs(real.integral - truth) <= 1e-10);
      assert.ok(Math.abs(complex.integral[0] - truth) <= 1e-10);
      // the closed form itself is good to 1e-14
      assert.ok(Math.abs(real.integral - truth) <= real.error + 1e-14);
      assert.ok(Math.abs(complex.integral[1]) <= complex.error);
    }
  });

  it("takes half of the evaluations that plain bisection takes, which are 205 an integral", () => {
    let evaluations = 0;
    for (const { phi, xi } of grid()) evaluations += quad(integrand(phi, xi), -1, 1).evaluations;
    assert.ok(evaluations / 10_000 < 110);
  });

  it("has the same bits in a worker", async () => {
    const items = grid().filter((_, i) => i % 37 === 0);
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      const { quad } = require(workerData.hotcell);
      const integrand = ${integrand.toString()};
      parentPort.postMessage(workerData.items.map(({ phi, xi }) => quad(integrand(phi, xi), -1, 1)));
    `;
    const worker = new Worker(code, {
      eval: true,
      workerData: { items, hotcell: require.resolve("hotcell") },
    });
    const results = await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    assert.deepEqual(
      results,
      items.map(({ phi, xi }) => quad(integrand(phi, xi), -1, 1)),
    );
  });
});
