/**
 * Values of the user's program on their way between two threads: inputs, results, errors. What the
 * structured clone keeps passes as it is; what it would change (classes, errors, functions, symbols,
 * accessors, frozen objects) travels as a graph.
 */
import type { Courier, Instance, Message } from "./capsule.js";
import { fieldsSurviveClone, survivesClone } from "./clone.js";
import { harmless, ownerOf, prototypeOf } from "./objects.js";
import { Packer } from "./packer.js";
import { referenceTo, resolve } from "./references.js";
import type { Registry } from "./registry.js";
import { Unpacker } from "./unpacker.js";

export function createCourier(registry: Registry): Courier {
  return {
    pack(value, path) {
      if (survivesClone(value) && !isMessage(value)) return value;
      const instance = packInstance(value, registry);
      if (instance) return instance;
      const packer = new Packer({
        path: [path],
        destination: registry.destination,
        known: (held) => registry.idOf(held),
        captureApart: (fn, trail) => registry.captureApart(fn, trail),
        attach: (buffer) => buffer,
      });
      packer.pack(value);
      const { nodes, attachments } = packer;
      const { extras } = registry;
      return {
        hotcell: nodes,
        ...(attachments.length > 0 && { attachments }),
        ...(extras.length > 0 && { capsules: extras }),
      } satisfies Message;
    },
    unpack(packed) {
      if (!isMessage(packed)) return packed;
      if (packed.hotcell === "instance") return unpackInstance(packed, registry);
      for (const capsule of packed.capsules ?? []) registry.revive(capsule);
      const { hotcell, attachments = [] } = packed;
      return new Unpacker(hotcell, attachments, (id) => registry.valueOf(id)).unpack();
    },
  };
}

function packInstance(value: unknown, registry: Registry): Instance | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const proto = prototypeOf(value);
  if (proto === null || !harmless.has(proto) || !fieldsSurviveClone(value)) return undefined;
  const owner = ownerOf(proto);
  const prototype = (owner && registry.idOf(owner)) ?? referenceTo(proto);
  return prototype && { hotcell: "instance", fields: { ...value }, prototype };
}

function unpackInstance({ fields, prototype }: Instance, registry: Registry): unknown {
  const proto =
    "path" in prototype
      ? resolve(prototype)
      : (registry.valueOf(prototype) as { prototype: unknown }).prototype;
  return Object.setPrototypeOf(fields, proto as object) as unknown;
}

function isMessage(value: unknown): value is Message | Instance {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "hotcell");
}
