/**
 * The watchdog: a thread of the kernel that hears of interrupts while the main thread is busy. A
 * shell beside it, in the same process group as Jupyter signals, says when SIGINT came; then the
 * main thread is asked, through the inspector, whether it has noticed. It ends with its kernel:
 * the shell waits for the end of a pipe that only the kernel holds open.
 */
import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { JUDGE, type Judgement } from "./watchdog-protocol.js";

/** `cat`, in the background, doesn't hear SIGINT; it ends with the pipe, and `wait` with it. */
const SHELL = `exec 3<&0; trap 'echo' INT; cat <&3 >/dev/null & while kill -0 $! 2>/dev/null; do wait $!; done`;

/** How long the main thread has to notice an interrupt by itself, in milliseconds. */
const PATIENCE = 150;

const session = new Session();
let connected = false;

// Windows has neither the shell nor its signals: there only what Node hears by itself stops a cell.
if (process.platform !== "win32") {
  const shell = spawn("/bin/sh", ["-c", SHELL], { stdio: ["pipe", "pipe", "ignore"] });
  shell.on("error", (error) => {
    throw error;
  });
  shell.stdout.on("data", () => {
    void interrupted(Date.now());
    parentPort?.postMessage("heard");
  });
}

async function interrupted(heardAt: number): Promise<void> {
  if (!connected) session.connectToMainThread();
  connected = true;
  let judgement: Judgement;
  do {
    await sleep(PATIENCE);
    judgement = await judge(heardAt);
  } while (judgement === "later");
  // Not by the main thread itself: a script that dies while it answers takes the inspector with it.
  if (judgement === "again") process.kill(process.pid, "SIGINT");
  if (judgement === "stuck") {
    // The main thread can't pass this on to the cell.
    writeSync(2, "hotcell: a loop in a timer's callback can't be stopped; restart the kernel\n");
  }
}

function judge(heardAt: number): Promise<Judgement> {
  return new Promise((resolve) => {
    const expression = `globalThis[Symbol.for(${JSON.stringify(JUDGE)})](${heardAt})`;
    session.post("Runtime.evaluate", { expression }, (error, answer) => {
      const value = (answer as { result?: { value?: Judgement } } | undefined)?.result?.value;
      resolve(error === null && value !== undefined ? value : "settled");
    });
  });
}
