/**
 * `npm start`: sets up what is missing and opens JupyterLab on the walk-throughs. Arguments go to
 * `jupyter lab`: `npm start -- --no-browser --port 9999`.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { root, setup } from "./setup.mjs";

const { jupyter } = setup();
const notebooks = path.join(root, "notebooks");
// in containers one is often root, and Jupyter would refuse without a word about hotcell
const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
const args = [notebooks, ...asRoot, ...process.argv.slice(2)];
const lab = spawn(jupyter("lab"), args, { cwd: notebooks, stdio: "inherit" });
// Jupyter itself asks what Ctrl-C means; this process only waits for its answer
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => lab.kill("SIGTERM"));
lab.on("error", ({ message }) => {
  console.error(`hotcell: JupyterLab did not start (${message}): delete .venv and try again`);
  process.exit(1);
});
lab.on("exit", (code) => process.exit(code ?? 1));
