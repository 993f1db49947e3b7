// The other side of a capture in a thread of its own: revives a capsule, applies the function.
const { parentPort, workerData } = require("node:worker_threads");
const { revive } = require("../../kernel-lib/dist/capture/revive.js");

const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);
const { fn, courier } = revive(workerData.capsule);

/** @param {{ id: number, args: unknown[] }} call */
async function answer({ id, args }) {
  try {
    const result = await fn(...args.map((arg) => courier.unpack(arg)));
    return { id, result: courier.pack(result, "result") };
  } catch (error) {
    return { id, error: packError(error) };
  }
}

/** @param {unknown} error */
function packError(error) {
  try {
    return courier.pack(error, "error");
  } catch (refusal) {
    return courier.pack(refusal, "error");
  }
}

port.on("message", (call) => {
  void answer(call).then((reply) => {
    port.postMessage(reply);
  });
});
