// The other side of a capture in a thread of its own: revives a capsule, applies the function.
const { parentPort, workerData } = require("node:worker_threads");
const { revive } = require("../../kernel-lib/dist/capture/revive.js");

const { fn, courier } = revive(workerData.capsule);

parentPort.on("message", async ({ id, args }) => {
  try {
    const result = await fn(...args.map((arg) => courier.unpack(arg)));
    parentPort.postMessage({ id, result: courier.pack(result, "result") });
  } catch (error) {
    parentPort.postMessage({ id, error: packError(error) });
  }
});

function packError(error) {
  try {
    return courier.pack(error, "error");
  } catch (refusal) {
    return courier.pack(refusal, "error");
  }
}
