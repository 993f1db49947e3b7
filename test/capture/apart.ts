/** Runs a function in a worker thread of its own, as the pool would: captured, revived, applied. */
import { Worker } from "node:worker_threads";
import { once } from "node:events";
import { join } from "node:path";
import { capture } from "../../kernel-lib/dist/capture/capture.js";

type Reply = { id: number; result: unknown } | { id: number; error: unknown };

/** A function that lives in a worker, with the warnings its capture gave. */
export interface Apart<A extends unknown[], R> {
  readonly call: (...args: A) => Promise<Awaited<R>>;
  readonly warnings: readonly string[];
  readonly end: () => Promise<void>;
}

export function apart<A extends unknown[], R>(fn: (...args: A) => R, name?: string): Apart<A, R> {
  const { capsule, courier, warnings } = capture(fn, name);
  const worker = new Worker(join(__dirname, "worker.cjs"), {
    workerData: { capsule },
    execArgv: [],
  });
  let calls = 0;
  return {
    warnings,
    call: async (...args: A): Promise<Awaited<R>> => {
      const id = calls++;
      worker.postMessage({ id, args: args.map((arg, i) => courier.pack(arg, `argument ${i}`)) });
      for (;;) {
        const [reply] = (await once(worker, "message")) as [Reply];
        if (reply.id !== id) continue;
        if ("error" in reply) throw courier.unpack(reply.error);
        return courier.unpack(reply.result) as Awaited<R>;
      }
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

/** Applies a function once in a worker and gives its result. */
export async function inWorker<A extends unknown[], R>(
  fn: (...args: A) => R,
  ...args: A
): Promise<Awaited<R>> {
  const { call, end } = apart(fn);
  try {
    return await call(...args);
  } finally {
    await end();
  }
}
