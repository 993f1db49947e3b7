/** A capsule comes in, the function it carries goes out, with the courier for its inputs and results. */
import { deserialize } from "node:v8";
import { runInThisContext } from "node:vm";
import type { Capsule, Courier } from "./capsule.js";

export interface Revived {
  readonly fn: (...args: unknown[]) => unknown;
  readonly courier: Courier;
}

export function revive(capsule: Capsule): Revived {
  const { source, variables } = deserialize(Buffer.from(new Uint8Array(capsule.bytes))) as {
    source: string;
    variables: Record<string, { source?: string; value: unknown }>;
  };
  const names = Object.keys(variables);
  const make = (text: string, values: unknown[]): ((...args: unknown[]) => unknown) =>
    (
      runInThisContext(`(function (${names.join(", ")}) { return (${text}); })`) as (
        ...args: unknown[]
      ) => (...args: unknown[]) => unknown
    )(...values);
  const plain = names.map((k) => variables[k]!.value);
  const values = names.map((k, i) =>
    variables[k]!.source === undefined ? plain[i] : make(variables[k]!.source, plain),
  );
  return { fn: make(source, values), courier: { pack: (v) => v, unpack: (p) => p } };
}
