/** A kernel's code, loaded on this thread and, once the team is wanted, on others. */
import type { LoopPlan } from "../compiler/types.js";
import type { WasmInstance, WasmModule } from "./engine.js";
import { LoadedLoop } from "./team-loop.js";

export class TeamKernel {
  readonly loops: readonly LoadedLoop[];
  /** By which the team knows it; 0 if it doesn't. */
  number = 0;

  constructor(
    readonly module: WasmModule,
    readonly exports: WasmInstance["exports"],
    readonly plans: readonly LoopPlan[],
  ) {
    this.loops = plans.map((plan, loop) => new LoadedLoop(exports, loop, plan));
  }
}
