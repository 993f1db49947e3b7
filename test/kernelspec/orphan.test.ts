import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const python = path.resolve(__dirname, "..", "..", ".venv", "bin", "python");

/** Starts a kernel as Jupyter does, waits until it answers, and is killed without a farewell. */
const KILLED_JUPYTER = `
import os, signal
from jupyter_client import KernelManager
manager = KernelManager(kernel_name="tslab")
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
print(manager.provisioner.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
`;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a kernel whose Jupyter was killed", () => {
  it("ends by itself", async () => {
    const { stdout, stderr } = spawnSync(python, ["-c", KILLED_JUPYTER], { encoding: "utf8" });
    const pid = Number(stdout);
    assert.ok(pid > 0, stderr);
    const until = Date.now() + 60_000;
    while (isAlive(pid) && Date.now() < until) await sleep(100);
    assert.ok(!isAlive(pid), `process ${pid} goes on`);
  });
});
