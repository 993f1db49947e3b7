/**
 * Values of the user's program on their way between two threads: inputs, results, errors. What the
 * structured clone keeps passes as it is; what it would change (classes, errors, functions, symbols,
 * accessors, frozen objects) travels as a graph.
 */
import type { Courier, Message } from "./capsule.js";
import { survivesClone } from "./clone.js";
import { Packer } from "./packer.js";
import type { Registry } from "./registry.js";
import { refreshReferences } from "./references.js";
import { Unpacker } from "./unpacker.js";

export function createCourier(registry: Registry): Courier {
  return {
    pack(value, path) {
      if (survivesClone(value) && !isMessage(value)) return value;
      refreshReferences();
      const packer = new Packer({
        path: [path],
        destination: registry.destination,
        known: (held) => registry.idOf(held),
        captureApart: (fn, trail) => registry.captureApart(fn, trail),
        attach: (buffer) => buffer,
      });
      const root = packer.pack(value);
      const { nodes, attachments } = packer;
      const graph = { nodes, root };
      const capsules = registry.extras;
      return { hotcell: "message", graph, attachments, capsules } satisfies Message;
    },
    unpack(packed) {
      if (!isMessage(packed)) return packed;
      for (const capsule of packed.capsules) registry.revive(capsule);
      const { graph, attachments } = packed;
      return new Unpacker(graph, attachments, (id) => registry.valueOf(id)).unpack();
    },
  };
}

function isMessage(value: unknown): value is Message {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { hotcell?: unknown }).hotcell === "message"
  );
}
