/** Turns a failure inside compiled code, which is three numbers, into the error that a user meets. */
import type { Site, SourceFunction } from "../compiler/types.js";
import {
  IntegrandError,
  kernelCalled,
  distributionRefused,
  type DistributionParameter,
} from "../errors.js";

/** What `host.fail` throws inside the code: the number of the site, and what it tells. */
export class SiteFailure extends Error {
  constructor(
    readonly site: number,
    readonly a: number,
    readonly b: number,
  ) {
    super("a kernel failed");
  }
}

/** The same, where the kernel is known. */
export class KernelFailure extends Error {
  constructor(
    readonly kernel: SourceFunction,
    readonly site: Site,
    readonly a: number,
    readonly b: number,
  ) {
    super("a kernel failed");
  }

  /** The error that the user meets: the line of the cell on top of its stack, then `callers`. */
  explain(callers: string): Error {
    const { locate } = require("../compiler/parse.js") as typeof import("../compiler/parse.js");
    const { name } = this.kernel;
    const error = make(name, this.site, this.a, this.b);
    const { file, line, column } = locate(this.kernel, this.site.position);
    const place = `${name || "kernel"} (${file}:${line}:${column})`;
    error.stack = `${error.name}: ${error.message}\n    at ${place}${callers}`;
    return error;
  }
}

const classes: Readonly<Record<string, new (message: string) => Error>> = {
  Error,
  TypeError,
  RangeError,
};

function make(kernel: string, { is, name, axis }: Site, a: number, b: number): Error {
  const of = kernelCalled(kernel);
  switch (is) {
    case "index":
      return new RangeError(
        Number.isInteger(a)
          ? `${of}: index ${a} is outside of \`${name}\`, whose axis ${axis} has the length ${b}`
          : `${of}: index ${a} of \`${name}\` isn't a whole number (axis ${axis}, length ${b})`,
      );
    case "length":
      return new RangeError(`${of}: an array can't have the length ${a}`);
    case "range":
      return new RangeError(
        `${of}: prange has ${a} turns, more than the ${b} it can count; use two nested loops`,
      );
    case "seed":
      return new RangeError(
        `${of}: philox got ${a}: give a whole number from 0 to 2^53 - 1 as seed and stream`,
      );
    case "distribution":
      return new RangeError(`${of}: ${distributionRefused(name as DistributionParameter, a)}`);
    case "quad":
      return new IntegrandError(a, b, String(b));
    case "throw": {
      const [, className = "Error", message = name] = /^(\w+): ([^]*)$/.exec(name) ?? [];
      return new (classes[className] ?? Error)(message);
    }
  }
}
