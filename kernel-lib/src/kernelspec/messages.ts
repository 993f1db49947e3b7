/**
 * Repair: every line a cell prints arrives, in order, and so does the number of the cell. tslab
 * sends each line at once and never waits; its sockets refuse what comes too fast and the server
 * drops what exceeds its limits. Here output passes through an outbox, and the sockets' own limits
 * are lifted.
 */
import { StringDecoder } from "node:string_decoder";
import { Budget, Outbox } from "./outbox.js";
import type { DisplayContent, ExecuteRequest, JupyterModule, Socket } from "./tslab.js";
import { wrap } from "./wrap.js";

export function repairMessages({ JupyterHandlerImpl, ZmqServer }: JupyterModule): void {
  // A client that knocks while a socket is still being bound gets no answer, and the kernel dies of it.
  const bound: Promise<void>[] = [];
  wrap(ZmqServer.prototype, "bindSocket", 2, (bindSocket) => {
    return function (socket, port) {
      const binding = bindSocket.call(this, socket, port);
      bound.push(binding);
      return binding;
    };
  });
  wrap(ZmqServer.prototype, "handleShellMessage", 1, (handleShellMessage) => {
    return async function (socket, ...frames) {
      await Promise.all(bound);
      return handleShellMessage.call(this, socket, ...frames);
    };
  });

  wrap(ZmqServer.prototype, "publishStatus", 2, (publishStatus) => {
    let lifted = false;
    return function (status, parent) {
      if (!lifted) [this.iopub, this.shell, this.control].forEach(liftLimits);
      lifted = true;
      publishStatus.call(this, status, parent);
    };
  });

  // tslab never says which number a cell gets, and tools that execute notebooks wait for it.
  const announce = new WeakMap<object, (number: number) => void>();
  wrap(ZmqServer.prototype, "handleExecute", 2, (handleExecute) => {
    return function (socket, message) {
      const request = message.content as ExecuteRequest;
      announce.set(request, (number) => {
        const input = message.createReply();
        input.header.msg_type = "execute_input";
        input.content = { code: request.code, execution_count: number };
        input.signAndSend(this.connInfo.key, this.iopub);
      });
      return handleExecute.call(this, socket, message);
    };
  });
  wrap(JupyterHandlerImpl.prototype, "handleExecuteImpl", 3, (handleExecuteImpl) => {
    return function (request, writeStream, writeDisplayData) {
      announce.get(request)?.(this.execCount + 1);
      return handleExecuteImpl.call(this, request, writeStream, writeDisplayData);
    };
  });

  const budget = new Budget();
  wrap(JupyterHandlerImpl.prototype, "handleExecute", 3, (handleExecute) => {
    return async function (request, writeStream, writeDisplayData) {
      const sender = { text: writeStream, display: writeDisplayData };
      const outbox = new Outbox<DisplayContent>(sender, budget);
      const reply = await handleExecute.call(
        this,
        request,
        (name, text) => {
          outbox.print(name, text);
        },
        (content, update) => {
          outbox.show(content, update, content.transient.display_id);
        },
      );
      // Stop means stop: of a cell that printed a gigabyte, the rest is not wanted.
      const discard = () => {
        outbox.discard();
      };
      process.once("SIGINT", discard);
      await outbox.drained();
      budget.restore();
      process.off("SIGINT", discard);
      // tslab says "abort", the protocol "aborted".
      return reply.status === "abort" ? { ...reply, status: "aborted" } : reply;
    };
  });

  wrap(JupyterHandlerImpl.prototype, "createWriteToIopub", 2, () => (name, writeStream) => {
    // Keeps half a character until its other half comes.
    const decoder = new StringDecoder("utf8");
    return (chunk: string | Uint8Array, ...rest: unknown[]) => {
      const text = typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
      if (text !== "") writeStream(name, text);
      const done = rest.at(-1);
      if (typeof done === "function") process.nextTick(done);
      return true;
    };
  });
}

function liftLimits(socket: Socket | undefined): void {
  if (socket === undefined) return;
  // Unlimited queue, and never wait: without the second a burst of 512 sends is refused.
  socket.sendHighWaterMark = 0;
  socket.sendTimeout = 0;
}
