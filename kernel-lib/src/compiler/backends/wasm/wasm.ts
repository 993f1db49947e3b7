/** The WebAssembly backend: a module of the IR as bytes, or as the same instructions to read. */
import { emit, type EmitOptions } from "./emit.js";
import { encodeProgram } from "./encoder.js";
import { listing } from "./text.js";
import type { Module } from "../../ir.js";

/** The bytes, for `new WebAssembly.Module`. */
export function encode(module: Module, options: EmitOptions): Uint8Array {
  return encodeProgram(emit(module, options));
}

/** What `k.inspect("wat")` shows. */
export function text(module: Module, options: EmitOptions): string {
  return listing(emit(module, options));
}
