/** The public API of hotcell, in the order of the journey. */
export {
  CaptureError,
  CompileError,
  FigureError,
  FileFormatError,
  IntegrandError,
  InterruptError,
  NativeCodeError,
  PoolClosedError,
  TimeoutError,
  WorkerError,
} from "./errors.js";
export {
  arange,
  array,
  empty,
  full,
  linspace,
  logspace,
  shared,
  zeros,
  type Shape,
} from "./runtime/arrays.js";
export { NDArray, type NestedNumbers, type SliceRange } from "./runtime/ndarray.js";
export type { DType, DTypeArrays } from "./dtype.js";
export { jit } from "./runtime/jit.js";
export { prange } from "./runtime/prange.js";
export {
  vectorize,
  type NumberOrArray,
  type Vectorized,
  type VectorizedFunction,
} from "./runtime/vectorize.js";
export { type Recorded, recordTimeline } from "./runtime/record-timeline.js";
export { getNumThreads, setNumThreads } from "./runtime/team.js";
export type { AsyncOptions, JitOptions } from "./runtime/kernel-options.js";
export type { AsyncKernel, Kernel, KernelStats } from "./runtime/kernel.js";
export type { Diagnostics, LoopReport } from "./runtime/diagnostics.js";
export { cacheInfo, clearCache, type CacheInfo } from "./cache/kernel-cache.js";
export { pool, Pool, type PoolResult } from "./runtime/pool.js";
export type { MapOptions, PoolOptions } from "./runtime/options.js";
export type { Progress } from "./runtime/progress.js";
export type { Timeline, TimelineChunk } from "./figure/timeline.js";
export {
  quad,
  type ComplexValue,
  type Integral,
  type QuadOptions,
  type QuadResult,
} from "./numeric/quad.js";
export { philox, type RandomGenerator } from "./numeric/philox.js";
export { msd } from "./numeric/msd/msd.js";
export type {
  Msd,
  MsdAsyncOptions,
  MsdOptions,
  MsdStreamOptions,
} from "./numeric/msd/msd-options.js";
export type { MsdType, Positions, Strided } from "./numeric/msd/positions.js";
export { unwrap } from "./numeric/msd/unwrap.js";
export type { BoxOption, PeriodicBox } from "./numeric/msd/box.js";
export { diffusion, type Diffusion, type DiffusionOptions } from "./numeric/msd/diffusion.js";
export { readTrajectory, type TrajectoryOptions } from "./numeric/readers/trajectory.js";
export type { Trajectory } from "./numeric/readers/trajectory.js";
export type { Frame } from "./numeric/readers/frame.js";
export type { TrajectoryFormat } from "./numeric/readers/format.js";
export { loadNpy, saveNpy } from "./numeric/readers/npy.js";
export { gravity, type GravityField } from "./numeric/gravity/direct.js";
export { treeGravity, type TreeOptions } from "./numeric/gravity/tree-gravity.js";
export { energy, type Energy } from "./numeric/gravity/energy.js";
export { leapfrog } from "./numeric/gravity/leapfrog.js";
export { eulerCromer } from "./numeric/gravity/euler-cromer.js";
export { yoshida4 } from "./numeric/gravity/yoshida4.js";
export type { IntegrationOptions } from "./numeric/gravity/integrate.js";
export type { GravityRun } from "./numeric/gravity/gravity-run.js";
export { plummer, type PlummerOptions } from "./numeric/gravity/plummer.js";
export { uniformSphere, type SphereOptions } from "./numeric/gravity/uniform-sphere.js";
export { salpeter, type SalpeterOptions } from "./numeric/gravity/salpeter.js";
export { figureEight } from "./numeric/gravity/figure-eight.js";
export { unitSystem, type Units, type UnitSystem } from "./numeric/gravity/unit-system.js";
export type { Bodies, MassPoints, MovingPoints } from "./numeric/gravity/bodies.js";
export type { GravityOptions } from "./numeric/gravity/options.js";
export { heatmap, type HeatmapOptions } from "./display/heatmap.js";
export type { StridedArray } from "./display/numbers.js";
export { plot, type CurveOptions, type PlotAxes, type PlotOptions } from "./display/plot.js";
export { plotMsd, type MsdData, type PlotMsdOptions } from "./display/plot-msd.js";
export type { Numbers } from "./display/numbers.js";
export { animate, type AnimateOptions } from "./display/animate.js";
export { timeline, type TimelineOptions } from "./display/timeline.js";
export { table, type TableData, type TableOptions, type TableValue } from "./display/table.js";
export {
  timeit,
  compare,
  type ComparedResult,
  type Compared,
  type Comparison,
  type TimeitResult,
} from "./display/timeit.js";
export type { TimeitOptions } from "./display/stopwatch.js";
export { progress, type ProgressOptions } from "./display/progress.js";
