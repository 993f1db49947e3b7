/**
 * `npm run notebooks`: executes notebooks for real (JupyterLab's own nbconvert, a tslab kernel) into
 * `build/notebooks/` and fails on a cell error, on anything on stderr (where tslab prints errors;
 * a cell tagged "notice" has to print one of hotcell's notices there) and on a figure that lacks its PNG or its text. `npm run notebooks -- FILE…` executes only those.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root, setup } from "./setup.mjs";

const FIGURE = "application/vnd.hotcell.figure+json";
const PNG_SIGNATURE = "iVBORw0KGgo";

/** @typedef {{ output_type: string, name?: string, text?: string | string[], data?: Record<string, unknown>, ename?: string, evalue?: string }} Output */
/** @typedef {{ cell_type: string, source: string | string[], metadata: { tags?: string[] }, execution_count?: number | null, outputs?: Output[] }} Cell */

const { jupyter } = setup();
const folder = path.join(root, "notebooks");
const named = process.argv.slice(2).map((file) => path.resolve(file));
const all = fs.readdirSync(folder).filter((file) => file.endsWith(".ipynb"));
const files = named.length > 0 ? named : all.sort().map((file) => path.join(folder, file));
const target = path.join(root, "build", "notebooks");

let failed = false;
for (const file of files) {
  const problems = execute(file);
  console.log(`${problems.length === 0 ? "ok  " : "FAIL"} ${path.relative(root, file)}`);
  for (const problem of problems) console.log(`     ${problem}`);
  if (problems.length > 0) failed = true;
}
process.exit(failed ? 1 : 0);

/**
 * @param {string} file
 * @returns {string[]} what is wrong with the executed notebook
 */
function execute(file) {
  const args = ["--to", "notebook", "--execute", "--allow-errors", "--output-dir", target, file];
  const { status, stderr, error } = spawnSync(jupyter("nbconvert"), args, { encoding: "utf8" });
  if (status !== 0) return [`nbconvert: ${error?.message ?? stderr.trim()}`];
  const notebook = JSON.parse(fs.readFileSync(path.join(target, path.basename(file)), "utf8"));
  /** @type {Cell[]} */
  const cells = notebook.cells.filter((/** @type {Cell} */ cell) => cell.cell_type === "code");
  const problems = cells.flatMap((cell, index) =>
    problemsOf(cell).map((problem) => `code cell ${index + 1}: ${problem}`),
  );
  const skipped = cells.filter((cell) => cell.source.length > 0 && cell.execution_count == null);
  if (skipped.length > 0) problems.push(`${skipped.length} of ${cells.length} cells did not run`);
  return problems;
}

/**
 * @param {Cell} cell
 * @returns {string[]}
 */
function problemsOf({ metadata, outputs = [] }) {
  if (metadata.tags?.includes("notice") !== true) return outputs.flatMap(inspect);
  /** @param {Output} output */
  const isNotice = ({ name, text }) =>
    name === "stderr" && [text].flat().join("").startsWith("hotcell: ");
  if (!outputs.some(isNotice)) return ["no notice, where one is expected"];
  return outputs.filter((output) => !isNotice(output)).flatMap(inspect);
}

/**
 * @param {Output} output
 * @returns {string[]}
 */
function inspect(output) {
  if (output.output_type === "error") return [`${output.ename}: ${output.evalue}`];
  if (output.output_type === "stream")
    return output.name === "stderr" ? [`on stderr: ${[output.text].flat().join("").trim()}`] : [];
  const data = output.data ?? {};
  if (!(FIGURE in data)) return [];
  const problems = [];
  if (!String(data["image/png"]).startsWith(PNG_SIGNATURE))
    problems.push("a figure without its PNG");
  if (!data["text/plain"]) problems.push("a figure without its text");
  return problems;
}
