/**
 * A kernel compiled for one kind of arguments, loaded on this thread. Arguments come in, the result
 * goes out, and failures in the code become errors that name the kernel and the line of the cell.
 */
import type { Artifact } from "../compiler/types.js";
import type { Compilation } from "./compilation.js";
import { heap } from "./heap.js";
import { loadCode } from "./load-code.js";
import type { Later } from "./native/background.js";
import { Passing, type FramePlace } from "./passing.js";
import { KernelFailure, SiteFailure } from "./site-failure.js";
import type { CallOptions } from "./team-call.js";
import { TeamKernel } from "./team-kernel.js";
import { team } from "./team.js";

/** A call that has its arguments. */
export interface OpenCall {
  readonly passing: Passing;
  /** Of the code that it runs with, at first. */
  readonly artifact: Artifact;
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
  #compilation: Compilation;
  #code: TeamKernel;
  /** Frames that no call has. */
  readonly #frames: FramePlace[] = [];

  constructor(compilation: Compilation) {
    this.#compilation = compilation;
    this.#code = this.#load(compilation);
  }

  get compilation(): Compilation {
    return this.#compilation;
  }

  #load({ artifact, code, later }: Compilation): TeamKernel {
    const loaded = loadCode(code, artifact.loops, {
      memory: heap().memory,
      allocate: (bytes) => team().scratch(bytes) ?? current!.passing.allocate(bytes),
      parallel: (loop, frame, count, partialBytes) =>
        team().run(this.#code, loop, frame, count, partialBytes),
      attend: () => {
        team().attend();
      },
    });
    const made = new TeamKernel(code, loaded, artifact.loops);
    if (later) this.#awaitRelief(made, artifact, later);
    return made;
  }

  /** Has calls in progress go on with the native code once it is there, if they can. */
  #awaitRelief(kernel: TeamKernel, artifact: Artifact, later: Later<Compilation>): void {
    let isFit: boolean | undefined;
    kernel.relief = () => {
      const better = later.get();
      if (!better) return undefined;
      isFit ??= canTakeOver(better.artifact, artifact);
      return isFit ? this.#renew(better) : undefined;
    };
    // a call on another thread doesn't look itself; a kernel that nobody calls any more is let go
    const waiting = new WeakRef(kernel);
    void later.ended.then(() => {
      const of = waiting.deref();
      const by = of?.relief();
      if (of && by) team().relieve(of, by);
    });
  }

  /** From now on, calls run that code. */
  #renew(better: Compilation): TeamKernel {
    if (better !== this.#compilation) {
      this.#code = this.#load(better);
      this.#compilation = better;
    }
    return this.#code;
  }

  /** Readies a call: arguments, then captured arrays. */
  open(values: readonly unknown[]): OpenCall {
    team().settle();
    current?.close();
    const better = this.#compilation.later?.get();
    if (better) this.#renew(better);
    const { artifact } = this.#compilation;
    const { frame } = artifact;
    const place = this.#frames.pop() ?? newFrame(this, frame.size);
    const passing = new Passing(heap(), frame, place);
    const call: OpenCall = {
      passing,
      artifact,
      close: () => {
        if (current === call) current = undefined;
        passing.free();
        // native code's frames are not larger than WebAssembly's, but one may be out from before
        if (place.view.byteLength >= this.#compilation.artifact.frame.size)
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
      throw this.#explained(error, call);
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
      throw this.#explained(error, call);
    } finally {
      passing.copyBack();
      call.close();
    }
  }

  #explained(error: unknown, { artifact }: OpenCall): unknown {
    if (!(error instanceof SiteFailure)) return error;
    const { kernel } = this.#compilation.request;
    return new KernelFailure(kernel, artifact.sites[error.site]!, error.a, error.b);
  }
}

function newFrame(owner: Specialisation, size: number): FramePlace {
  const address = heap().allocate(size);
  frames.register(owner, address);
  return { address, view: new DataView(heap().memory.buffer, address, size) };
}

/** Whether a kernel's code can go on with the loops of another: they find everything where they expect it. */
function canTakeOver(by: Artifact, from: Artifact): boolean {
  const parts = ({ frame, sites, loops }: Artifact): string =>
    JSON.stringify([frame.environment, sites, loops]);
  return by.frame.environment !== undefined && parts(by) === parts(from);
}
