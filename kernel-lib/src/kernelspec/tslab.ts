/**
 * Where tslab lives in this process: its loaded modules come out of Node's module cache, typed by
 * the few members hotcell touches; nothing comes out if this process is not a tslab kernel. It
 * knows tslab's internals and does nothing with them.
 */
import path from "node:path";
import type { StreamName } from "./outbox.js";

/** What tslab sends as the content of a `display_data` message. */
export interface DisplayContent {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient: { readonly display_id?: string };
}

export type WriteStream = (name: StreamName, text: string) => void;
export type WriteDisplayData = (content: DisplayContent, update: boolean) => void;

export interface ExecuteRequest {
  readonly code: string;
}

export interface ExecuteReply {
  readonly status: string;
  readonly execution_count?: number;
}

/** `jupyter.js`, `JupyterHandlerImpl`: runs requests, one cell after the other. */
export interface Handler {
  /** The number of the last cell that began. */
  execCount: number;
  handleExecute(
    this: Handler,
    request: ExecuteRequest,
    writeStream: WriteStream,
    writeDisplayData: WriteDisplayData,
  ): Promise<ExecuteReply>;
  /** The part of `handleExecute` that waits for its turn. */
  handleExecuteImpl(
    this: Handler,
    request: ExecuteRequest,
    writeStream: WriteStream,
    writeDisplayData: WriteDisplayData,
  ): Promise<unknown>;
  createWriteToIopub(name: StreamName, writeStream: WriteStream): typeof process.stdout.write;
  handleInspect(this: Handler, request: unknown): unknown;
  handleComplete(this: Handler, request: unknown): unknown;
}

/** A zeromq socket. */
export interface Socket {
  sendHighWaterMark: number;
  sendTimeout: number;
}

/** `jupyter.js`, `ZmqMessage`. */
export interface Message {
  readonly header: { msg_type: string };
  content: unknown;
  createReply(): Message;
  signAndSend(key: string, socket: Socket): void;
}

/** `jupyter.js`, `ZmqServer`: the sockets. */
export interface SocketServer {
  readonly connInfo: { readonly key: string };
  readonly iopub: Socket;
  readonly shell: Socket;
  readonly control: Socket;
  bindSocket(this: SocketServer, socket: Socket, port: number): Promise<void>;
  handleShellMessage(this: SocketServer, socket: Socket, ...frames: unknown[]): Promise<void>;
  publishStatus(this: SocketServer, status: string, parent: Message): void;
  handleExecute(this: SocketServer, socket: Socket, message: Message): Promise<void>;
}

/** `jupyter.js`: the protocol. */
export interface JupyterModule {
  /** Sends to the cell that ran last; null before the first cell. */
  readonly lastWriteDisplayData: WriteDisplayData | null;
  readonly JupyterHandlerImpl: { readonly prototype: Handler };
  readonly ZmqServer: { readonly prototype: SocketServer };
}

/** What the compiler makes of a cell. */
export interface Conversion {
  readonly output?: string;
  hasToplevelAwait?: boolean;
}

/** `converter.js`: TypeScript to JavaScript. */
export interface ConverterModule {
  createConverter(options?: unknown): { convert(declarations: string, source: string): Conversion };
}

/** What the executor prints errors with. */
export interface ExecutorConsole {
  readonly log: (...values: unknown[]) => void;
  readonly error: (...values: unknown[]) => void;
}

/** `executor.js`: runs what the compiler made. */
export interface ExecutorModule {
  createExecutor(rootDir: string, converters: unknown, console: ExecutorConsole): unknown;
}

/** The part of TypeScript's API that the converter uses and hotcell changes. */
export interface TypeScriptModule {
  readonly createWatchCompilerHost: (
    rootFiles: unknown,
    options: object,
    ...rest: unknown[]
  ) => unknown;
  readonly transpileModule: (
    input: string,
    options: { readonly compilerOptions?: object },
  ) => { outputText: string; sourceMapText?: string };
}

/** `public.js`: what `import "tslab"` gives a cell. */
export interface PublicModule {
  newDisplay(): { raw(mimeType: string, data: string): void };
}

/** Whether a file is one of tslab's own. */
export function isTslabFile(filename: string): boolean {
  return (
    path.basename(path.dirname(filename)) === "dist" && /[\\/]tslab[\\/]dist[\\/]/.test(filename)
  );
}

/** The running kernel's protocol module; undefined outside a kernel. */
export function jupyterModule(): JupyterModule | undefined {
  return found()?.exports as JupyterModule | undefined;
}

/** tslab's public module, loaded or loadable beside the running kernel; undefined outside one. */
export function publicModule(): PublicModule | undefined {
  const module = found();
  if (module === undefined) return undefined;
  return require(path.join(module.filename, "..", "public.js")) as PublicModule;
}

/** The version of the running tslab, for messages. */
export function tslabVersion(): string {
  const module = found();
  if (module === undefined) return "of an unknown version";
  const manifest = path.join(module.filename, "..", "..", "package.json");
  return (require(manifest) as { version: string }).version;
}

let protocol: NodeJS.Module | undefined;

function found(): NodeJS.Module | undefined {
  protocol ??= Object.values(require.cache).find(
    (module) =>
      module !== undefined &&
      path.basename(module.filename) === "jupyter.js" &&
      isTslabFile(module.filename),
  );
  return protocol;
}
