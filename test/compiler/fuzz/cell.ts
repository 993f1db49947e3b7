/** Writes a random program as a cell that anyone can run. Takes it as generated; computes nothing. */
import { NDArray } from "hotcell";
import { PRELUDE, type Program } from "./program.js";

/** The program as a cell of a notebook or a script; it shows the plain run and both compiled ones. */
export function asCell({ text, args }: Program): string {
  const values = args().map((each) => `  ${literal(each)},`);
  return `const hotcell = require("hotcell");
${PRELUDE}${text}
const args = () => [
${values.join("\n")}
];
for (const run of [kernel, hotcell.jit(kernel, { parallel: false }), hotcell.jit(kernel)]) {
  const given = args();
  console.log(run(...given), given.map((each) => (typeof each === "object" ? [...each] : each)));
}
`;
}

function literal(value: unknown): string {
  if (value instanceof NDArray) return ndarray(value as NDArray);
  if (ArrayBuffer.isView(value)) return `new ${value.constructor.name}(${list(value)})`;
  return Object.is(value, -0) ? "-0" : String(value);
}

function list(values: unknown): string {
  return `[${[...(values as Iterable<number>)].map(literal).join(", ")}]`;
}

/** The array, with gaps between its rows where it had some. */
function ndarray(array: NDArray): string {
  const { dtype, shape, contiguous } = array;
  const [rows = 0, columns] = shape;
  const dense = `hotcell.array(${list(array)}, "${dtype}")${columns === undefined ? "" : `.reshape(${rows}, ${columns})`}`;
  if (contiguous) return dense;
  const [part, k] = columns === undefined ? ["1", "i"] : [`[1, ${columns + 1}]`, `i, j`];
  const each = `for (let i = 0; i < ${rows}; i++)${columns === undefined ? "" : ` for (let j = 0; j < ${columns}; j++)`}`;
  return `((from, to) => { ${each} to.set(from.at(${k}), ${k}); return to; })(${dense}, hotcell.zeros([${rows}, ${(columns ?? 2) + 1}]).slice(undefined, ${part}))`;
}
