/**
 * A kernel compiled for one kind of arguments, loaded on this thread. Arguments come in, the result
 * goes out, and failures in the code become errors that name the kernel and the line of the cell.
 */
import type { Artifact, SourceFunction } from "../compiler/types.js";
import type { Code } from "./code.js";
import { heap } from "./heap.js";
import { loadCode } from "./load-code.js";
import { Passing, type FramePlace } from "./passing.js";
import { KernelFailure, SiteFailure } from "./site-failure.js";
import type { CallOptions } from "./team-call.js";
import { TeamKernel } from "./team-kernel.js";
import { team } from "./team.js";

/** A call that has its arguments. */
export interface OpenCall {
  readonly passing: Passing;
  /** Gives back what it holds. */
  close(): void;
}

/** The synchronous call in progress; still here at the next one only if an interrupt tore it down. */
let current: OpenCall | undefined;

/** Frames go with their kernels. */
const frames = new FinalizationRegistry<number>((address) => {
  heap().free(address);
});

export class Specialisation {
  readonly #code: TeamKernel;
  /** Frames that no call has. */
  readonly #frames: FramePlace[] = [];

  constructor(
    readonly artifact: Artifact,
    readonly source: SourceFunction,
    code: Code,
  ) {
    const loaded = loadCode(code, artifact.loops, {
      memory: heap().memory,
      allocate: (bytes) => team().scratch(bytes) ?? current!.passing.allocate(bytes),
      parallel: (loop, frame, count, partialBytes) =>
        team().run(this.#code, loop, frame, count, partialBytes),
      attend: () => {
        team().attend();
      },
    });
    this.#code = new TeamKernel(code, loaded, artifact.loops);
  }

  /** Readies a call: arguments, then captured arrays. */
  open(values: readonly unknown[]): OpenCall {
    team().settle();
    current?.close();
    const place = this.#frames.pop() ?? this.#newFrame();
    const passing = new Passing(heap(), this.artifact.frame, place);
    const call: OpenCall = {
      passing,
      close: () => {
        if (current === call) current = undefined;
        passing.free();
        this.#frames.push(place);
      },
    };
    current = call;
    try {
      passing.write(values);
    } catch (error) {
      call.close();
      throw error;
    }
    return call;
  }

  /** Runs the kernel and closes the call. */
  run(call: OpenCall): unknown {
    const { passing } = call;
    try {
      this.#code.loaded.kernel(passing.place.address);
      return passing.read();
    } catch (error) {
      throw this.#explained(error);
    } finally {
      passing.copyBack();
      call.close();
    }
  }

  /** The same on a worker thread of the team; the call is closed when no thread touches its memory. */
  async start(call: OpenCall, options: Omit<CallOptions, "allocate">): Promise<unknown> {
    const { passing } = call;
    if (current === call) current = undefined;
    try {
      await team().call(this.#code, passing.place.address, {
        ...options,
        allocate: (bytes) => passing.allocate(bytes),
      });
      return passing.read();
    } catch (error) {
      throw this.#explained(error);
    } finally {
      passing.copyBack();
      call.close();
    }
  }

  #explained(error: unknown): unknown {
    if (!(error instanceof SiteFailure)) return error;
    return new KernelFailure(this.source, this.artifact.sites[error.site]!, error.a, error.b);
  }

  #newFrame(): FramePlace {
    const { size } = this.artifact.frame;
    const address = heap().allocate(size);
    frames.register(this, address);
    return { address, view: new DataView(heap().memory.buffer, address, size) };
  }
}
