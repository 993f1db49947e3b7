/**
 * A kernel compiled for one kind of arguments, loaded on this thread. Arguments come in, the result
 * goes out, and failures in the code become errors that name the kernel and the line of the cell.
 */
import type { Artifact, SourceFunction } from "../compiler/types.js";
import { engine, type WasmInstance, type WasmModule } from "./engine.js";
import { heap } from "./heap.js";
import { Passing } from "./passing.js";
import { runHere } from "./sequential.js";
import { KernelFailure, SiteFailure } from "./site-failure.js";

export class Specialisation {
  readonly module: WasmModule;
  readonly #instance: WasmInstance;
  /** The call in progress. A kernel can't call itself but inside its own code. */
  #call: Passing | undefined;

  constructor(
    readonly artifact: Artifact,
    readonly source: SourceFunction,
  ) {
    this.module = new engine.Module(artifact.wasm);
    this.#instance = new engine.Instance(this.module, {
      host: {
        memory: heap().memory,
        fail: (site: number, a: number, b: number) => {
          throw new SiteFailure(site, a, b);
        },
        allocate: (bytes: number) => this.#call!.allocate(bytes),
        parallel: (loop: number, frame: number, count: number, partialBytes: number) =>
          this.#parallel(loop, frame, count, partialBytes),
      },
    });
  }

  /** Readies a call: arguments, then captured arrays. */
  open(values: readonly unknown[]): Passing {
    const passing = new Passing(heap(), this.artifact.frame);
    passing.write(values);
    return passing;
  }

  /** Runs the kernel; the passing is closed afterwards. */
  run(passing: Passing): unknown {
    this.#call = passing;
    try {
      this.#instance.exports["kernel"]!(passing.address);
      return passing.read();
    } catch (error) {
      throw error instanceof SiteFailure ? this.#failure(error) : error;
    } finally {
      passing.close();
    }
  }

  #failure({ site, a, b }: SiteFailure): KernelFailure {
    return new KernelFailure(this.source, this.artifact.sites[site]!, a, b);
  }

  #parallel(loop: number, frame: number, count: number, partialBytes: number): number {
    const passing = this.#call!;
    return runHere(
      heap(),
      (bytes) => passing.allocate(bytes),
      this.#instance.exports,
      this.artifact.loops[loop]!,
      loop,
      frame,
      count,
      partialBytes,
    );
  }
}
