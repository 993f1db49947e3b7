/** A kernel's code, loaded on this thread and, once the team is wanted, on others. */
import type { LoopPlan } from "../compiler/types.js";
import type { Code, LoadedCode } from "./code.js";
import { LoadedLoop } from "./team-loop.js";

export class TeamKernel {
  readonly loops: readonly LoadedLoop[];
  /** By which the team knows it; 0 if it doesn't. */
  number = 0;
  /** The same kernel in better code that can take over in the midst of a loop, once there is. */
  relief: () => TeamKernel | undefined = () => undefined;

  constructor(
    readonly code: Code,
    readonly loaded: LoadedCode,
    readonly plans: readonly LoopPlan[],
  ) {
    this.loops = plans.map((plan, loop) => new LoadedLoop(loaded.loops[loop]!, loop, plan));
  }
}
