/**
 * Lays out the frame: the block of shared memory through which a call and its loops' bodies pass
 * values. Variables come in; offsets, and the statements that load and save them, go out.
 */
import { f64, get, i32, operate } from "./build.js";
import type { ArrayLocal, Expr, Kernel, Local, Stmt, Storage } from "./ir.js";
import type { Frame, Slot } from "./types.js";

/** What the caller must know of an array. */
type Marks = Pick<Extract<Slot, { is: "array" }>, "written" | "spans">;

export class FrameLayout {
  #size = 0;

  /** Bytes so far, a multiple of 16. */
  get size(): number {
    return Math.ceil(this.#size / 16) * 16;
  }

  /** The offset of `bytes` more, 8-byte aligned. */
  reserve(bytes: number): number {
    const offset = this.#size;
    this.#size += Math.ceil(bytes / 8) * 8;
    return offset;
  }

  /** Room for a value that the caller writes or reads. */
  slot(storage: Storage, marks: (array: ArrayLocal) => Marks): Slot {
    switch (storage.is) {
      case "number":
      case "boolean":
        return { is: storage.is, offset: this.reserve(8) };
      case "array": {
        const { array } = storage.array;
        const offset = this.reserve(4 * (1 + 2 * array.rank));
        return { is: "array", offset, array, ...marks(storage.array) };
      }
      case "tuple":
        return { is: "tuple", members: storage.members.map((each) => this.slot(each, marks)) };
      case "object":
        return {
          is: "object",
          members: Object.fromEntries(
            Object.entries(storage.members).map(([key, each]) => [key, this.slot(each, marks)]),
          ),
        };
    }
  }

  /** @param isWritten - Tells the arrays that the kernel writes to. */
  frame(kernel: Kernel, isWritten: (array: ArrayLocal) => boolean): Frame {
    const marks = (array: ArrayLocal): Marks => ({
      written: isWritten(array),
      ...(kernel.lists?.has(array) && { spans: true }),
    });
    return {
      parameters: kernel.parameters.map((each) => this.slot(each, marks)),
      result: kernel.result && this.slot(kernel.result, () => ({ written: true })),
      size: this.size,
    };
  }
}

/** Reads a variable from the frame. */
export function loadLocal(frame: Expr, offset: number, local: Local): Stmt {
  return { op: "set", local, value: load(frame, offset, local) };
}

/** Writes a variable to the frame. */
export function saveLocal(frame: Expr, offset: number, local: Local): Stmt {
  const value = local.kind === "bool" ? operate("i32.from_bool", get(local)) : get(local);
  return { op: "write", dtype: width(local), addresses: [frame], offset, value };
}

function load(frame: Expr, offset: number, local: Local): Expr {
  const kind = local.kind === "bool" ? "i32" : local.kind;
  const value: Expr = {
    op: "load",
    kind,
    lanes: 1,
    dtype: width(local),
    addresses: [frame],
    offset,
  };
  return local.kind === "bool" ? operate("i32.ne", value, i32(0)) : value;
}

function width({ kind }: Local): "float64" | "int32" | "i64" {
  return kind === "f64" ? "float64" : kind === "i64" ? "i64" : "int32";
}

/** Reads a parameter that the caller wrote. */
export function loadStorage(frame: Expr, storage: Storage, slot: Slot): readonly Stmt[] {
  return leaves(storage, slot).flatMap(([leaf, { offset }]): readonly Stmt[] => {
    if (leaf.is === "array") {
      return arrayFields(leaf.array).map((local, i) => loadLocal(frame, offset + 4 * i, local));
    }
    const { local } = leaf;
    if (local.kind !== "bool") return [loadLocal(frame, offset, local)];
    const number = load(frame, offset, { ...local, kind: "f64" });
    return [{ op: "set", local, value: operate("f64.ne", number, f64(0)) }];
  });
}

/** Writes the result for the caller to read. */
export function saveStorage(frame: Expr, storage: Storage, slot: Slot): readonly Stmt[] {
  return leaves(storage, slot).flatMap(([leaf, { offset }]): readonly Stmt[] => {
    if (leaf.is === "array") {
      return arrayFields(leaf.array).map((local, i) => saveLocal(frame, offset + 4 * i, local));
    }
    const { local } = leaf;
    return [
      {
        op: "write",
        dtype: "float64",
        addresses: [frame],
        offset,
        value: asNumber(get(local)),
      },
    ];
  });
}

function asNumber(value: Expr): Expr {
  switch (value.kind) {
    case "bool":
      return operate("f64.from_bool", value);
    case "i32":
      return operate("f64.convert_i32_s", value);
    default:
      return value;
  }
}

function arrayFields({ base, shape, strides }: ArrayLocal): readonly Local[] {
  return [base, ...shape, ...strides];
}

type Leaf = Extract<Storage, { is: "number" | "boolean" | "array" }>;
type LeafSlot = Extract<Slot, { offset: number }>;

function leaves(storage: Storage, slot: Slot): readonly (readonly [Leaf, LeafSlot])[] {
  if (storage.is === "tuple" && slot.is === "tuple") {
    return storage.members.flatMap((each, i) => leaves(each, slot.members[i]!));
  }
  if (storage.is === "object" && slot.is === "object") {
    return Object.entries(storage.members).flatMap(([key, each]) =>
      leaves(each, slot.members[key]!),
    );
  }
  return [[storage as Leaf, slot as LeafSlot]];
}
