/**
 * Watches how much memory the workers of a pool take while they work, and says which took too much.
 *
 * V8's own limit ends a thread in good order only when memory runs out in small steps: one large
 * array that no longer fits aborts the whole process, a notebook's kernel included. So V8's limit
 * is set far higher than the pool's, and the pool's is kept from here: by the growth of the
 * process, and once that looks bad by asking each thread's heap through the inspector, which
 * answers also in the middle of a synchronous loop.
 */
import type { InspectorNotification, NodeWorker, Session } from "node:inspector";

const intervalMs = 50;
/** Threads starting, compiled code and messages under way also make the process grow. */
const slack = 256 * 2 ** 20;

export class MemoryWatch {
  readonly #threads: number;
  readonly #limit: number;
  readonly #onExceeded: (thread: number | "all") => void;
  #timer: NodeJS.Timeout | undefined;
  /** Size of the process and of this thread's heap at the first look. */
  #rss: number | undefined;
  #heap = 0;
  #session: Session | undefined;
  /** Thread of each of the session's workers. */
  readonly #attached = new Map<string, number>();

  /**
   * `limit`: bytes a thread may take. `onExceeded` is told a `threadId` when one heap is too large,
   * `"all"` when the threads together take more than all their limits.
   */
  constructor(threads: number, limit: number, onExceeded: (thread: number | "all") => void) {
    this.#threads = threads;
    this.#limit = limit;
    this.#onExceeded = onExceeded;
  }

  /**
   * The workers begin to work. What they take from the first look on counts, a moment later: most
   * calls are over by then, and reading the process's size is slow.
   */
  start(): void {
    this.#rss = undefined;
    this.#timer = setInterval(() => {
      this.#look();
    }, intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#session?.disconnect();
    this.#session = undefined;
    this.#attached.clear();
  }

  #look(): void {
    const { rss, heapTotal, external } = process.memoryUsage();
    if (this.#rss === undefined) {
      this.#rss = rss;
      this.#heap = heapTotal;
      return;
    }
    const growth = rss - this.#rss - Math.max(0, heapTotal - this.#heap) - slack;
    // Shared arrays of the calling thread grow the process only when workers first write to them, and
    // nothing tells which were written to: all of the growth may be theirs.
    if (growth - external > this.#threads * this.#limit) this.#onExceeded("all");
    else if (growth > this.#limit) this.#ask();
  }

  #ask(): void {
    this.#session ??= this.#connect();
    for (const sessionId of this.#attached.keys())
      this.#session.post("NodeWorker.sendMessageToWorker", {
        sessionId,
        message: JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }),
      });
  }

  #connect(): Session {
    const { Session: Connection } = require("node:inspector") as typeof import("node:inspector");
    const session = new Connection();
    session.connect();
    session.on(
      "NodeWorker.attachedToWorker",
      ({ params }: InspectorNotification<NodeWorker.AttachedToWorkerEventDataType>) => {
        const { title, workerId } = params.workerInfo;
        const thread = /\[worker (\d+)\]/.exec(title)?.[1] ?? workerId;
        this.#attached.set(params.sessionId, Number(thread));
      },
    );
    session.on(
      "NodeWorker.receivedMessageFromWorker",
      ({ params }: InspectorNotification<NodeWorker.ReceivedMessageFromWorkerEventDataType>) => {
        const thread = this.#attached.get(params.sessionId);
        const { result } = JSON.parse(params.message) as { result?: { totalSize?: number } };
        if (thread !== undefined && (result?.totalSize ?? 0) > this.#limit)
          this.#onExceeded(thread);
      },
    );
    session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
    return session;
  }
}
