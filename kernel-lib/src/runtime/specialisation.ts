/**
 * A kernel compiled for one kind of arguments, loaded on this thread. Arguments come in, the result
 * goes out, and failures in the code become errors that name the kernel and the line of the cell.
 */
import type { Artifact, SourceFunction } from "../compiler/types.js";
import { engine } from "./engine.js";
import { heap } from "./heap.js";
import { Passing } from "./passing.js";
import { KernelFailure, SiteFailure } from "./site-failure.js";
import { TeamKernel } from "./team-kernel.js";
import { team } from "./team.js";

export class Specialisation {
  readonly #code: TeamKernel;
  /** The call in progress. A kernel can't call itself but inside its own code. */
  #call: Passing | undefined;

  constructor(
    readonly artifact: Artifact,
    readonly source: SourceFunction,
  ) {
    const module = new engine.Module(artifact.wasm);
    const { exports } = new engine.Instance(module, {
      host: {
        memory: heap().memory,
        fail: (site: number, a: number, b: number) => {
          throw new SiteFailure(site, a, b);
        },
        allocate: (bytes: number) => team().scratch(bytes) ?? this.#call!.allocate(bytes),
        parallel: (loop: number, frame: number, count: number, partialBytes: number) =>
          team().run(this.#code, loop, frame, count, partialBytes),
      },
    });
    this.#code = new TeamKernel(module, exports, artifact.loops);
  }

  /** Readies a call: arguments, then captured arrays. */
  open(values: readonly unknown[]): Passing {
    const passing = new Passing(heap(), this.artifact.frame);
    try {
      passing.write(values);
    } catch (error) {
      passing.close();
      throw error;
    }
    return passing;
  }

  /** Runs the kernel; the passing is closed afterwards. */
  run(passing: Passing): unknown {
    team().settle();
    this.#call = passing;
    try {
      this.#code.exports["kernel"]!(passing.address);
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
}
