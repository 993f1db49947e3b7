/**
 * A real tslab kernel, driven over the Jupyter protocol through a real server as a notebook does
 * it: code goes in; reply, streams and outputs come back, updates applied as a front end would.
 */
import { execFileSync } from "node:child_process";
import { type Kernel, KernelManager, ServerConnection } from "@jupyterlab/services";
import { KERNEL_NAME } from "../../kernel-lib/dist/kernelspec/spec.js";
import { type Server, server, STOCK_KERNEL_NAME } from "./server.js";

/** An output as a notebook file stores it. */
export interface CellOutput {
  readonly output_type: "stream" | "display_data" | "error";
  /** Of a stream. */
  readonly name?: "stdout" | "stderr";
  readonly text?: string;
  /** Of a display, MIME type to data. */
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
}

/** What one cell did. */
export interface Execution {
  /** `aborted`: tslab didn't run the cell because one before it failed. */
  readonly status: "ok" | "error" | "aborted";
  readonly executionCount: number | null;
  /** Streams and displays as they arrived; a display holds what its last update left. */
  readonly outputs: CellOutput[];
  readonly stdout: string;
  readonly stderr: string;
  /** The data of each display, MIME type to data. */
  readonly displays: Record<string, unknown>[];
  /** How many updates displays received. */
  readonly updates: number;
  /** Milliseconds from request to reply and idle. */
  readonly elapsed: number;
}

export interface TestKernel {
  /** The process id of the kernel. */
  readonly pid: number;
  readonly connection: Kernel.IKernelConnection;
  /** Runs a cell; resolves when the kernel has replied and is idle again. */
  execute(code: string, onStream?: (text: string) => void): Promise<Execution>;
  interrupt(): Promise<void>;
  shutdown(): Promise<void>;
}

export interface StartOptions {
  /** Without hotcell's preload. */
  stock?: boolean;
  /** The kernel's working directory, relative to the server's root; by default the root itself. */
  path?: string;
  /** By default the server shared by the mocha run. */
  on?: Server;
}

/** Starts a kernel; the caller shuts it down. */
export async function startKernel({ stock = false, path = "", on }: StartOptions = {}) {
  const { url, token } = on ?? (await server());
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: url,
    wsUrl: url.replace(/^http/, "ws"),
    token,
    appendToken: true,
  });
  const manager = new KernelManager({ serverSettings, standby: "never" });
  await manager.ready;
  const name = stock ? STOCK_KERNEL_NAME : KERNEL_NAME;
  // The REST API takes a path, which the client's types leave out.
  const options = { name, path };
  const connection = await manager.startNew(options);
  await connection.info;
  const kernel: TestKernel = {
    pid: processOf(connection.id),
    connection,
    execute: (code, onStream) => execute(connection, code, onStream),
    interrupt: () => connection.interrupt(),
    async shutdown() {
      connection.dispose();
      await manager.shutdown(connection.id);
      manager.dispose();
    },
  };
  return kernel;
}

async function execute(
  connection: Kernel.IKernelConnection,
  code: string,
  onStream?: (text: string) => void,
): Promise<Execution> {
  const outputs: CellOutput[] = [];
  const byId = new Map<string, CellOutput>();
  const text = { stdout: "", stderr: "" };
  let updates = 0;
  const start = performance.now();
  const future = connection.requestExecute({ code, stop_on_error: true });
  future.onIOPub = ({ header, content }) => {
    switch (header.msg_type) {
      case "stream": {
        const stream = content as { name: "stdout" | "stderr"; text: string };
        text[stream.name] += stream.text;
        outputs.push({ output_type: "stream", ...stream });
        onStream?.(stream.text);
        break;
      }
      case "display_data":
      case "update_display_data": {
        const { data, metadata, transient } = content as {
          data: Record<string, unknown>;
          metadata: Record<string, unknown>;
          transient?: { display_id?: string };
        };
        const id = transient?.display_id;
        if (header.msg_type === "update_display_data") {
          updates++;
          const shown = byId.get(id ?? "");
          if (shown) Object.assign(shown, { data, metadata });
          break;
        }
        const output: CellOutput = { output_type: "display_data", data, metadata };
        outputs.push(output);
        if (id !== undefined) byId.set(id, output);
        break;
      }
      case "error":
        outputs.push({ output_type: "error", ...(content as object) });
        break;
    }
  };
  const { content } = await future.done;
  return {
    status: content.status as Execution["status"],
    executionCount: content.execution_count ?? null,
    outputs,
    ...text,
    displays: outputs.flatMap(({ data }) => (data === undefined ? [] : [data])),
    updates,
    elapsed: performance.now() - start,
  };
}

/** The process that serves a kernel: Jupyter names the connection file after the kernel's id. */
function processOf(kernelId: string): number {
  for (const line of execFileSync("ps", ["-axo", "pid=,args="], { encoding: "utf8" }).split("\n")) {
    if (line.includes(`kernel-${kernelId}.json`)) return Number.parseInt(line, 10);
  }
  throw new Error(`no process serves kernel ${kernelId}`);
}
