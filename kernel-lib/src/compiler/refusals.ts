/**
 * What the kernel language refuses, as data: how the error names it and what to write in its place.
 * A problem continues "kernel 'step' …"; a remedy stands on a line of its own.
 */

/** One refusal: what was found and what to do. */
export interface Refusal {
  readonly problem: string;
  readonly remedy: string;
}

const pool = "compute it before the call, or use pool.map, which runs any function";

export const refusals = {
  // functions
  native: (name: string) => ({
    problem: `uses ${name}, which is no plain function`,
    remedy: "write it as an arrow function or a function declaration",
  }),
  async: () => ({ problem: "awaits", remedy: "await before the call, and pass the value in" }),
  generatorFunction: () => ({
    problem: "is or holds a generator function",
    remedy: "fill an array in a loop",
  }),
  class: () => ({
    problem: "defines a class",
    remedy: "use an object of numbers and functions that take it",
  }),
  this: () => ({ problem: "uses `this`", remedy: "put the value into a variable or an argument" }),
  arguments: () => ({ problem: "uses `arguments`", remedy: "name the parameters" }),
  tooDeep: (name: string) => ({
    problem: `calls ${name} through too many functions`,
    remedy: "call it by its own name, or write a loop",
  }),
  recursiveArgument: (name: string, found: string) => ({
    problem: `passes ${found} to ${name}, which calls itself`,
    remedy: "pass numbers, booleans and arrays, or write a loop",
  }),
  recursiveAssignment: (name: string) => ({
    problem: `assigns to '${name}' from inside a function that calls itself`,
    remedy: "return the value instead",
  }),
  recursiveResult: (name: string, found: string) => ({
    problem: `returns ${found} from ${name}, which calls itself`,
    remedy: "return numbers and booleans, or write into an array",
  }),
  // statements
  exceptions: () => ({
    problem: "catches errors",
    remedy: "test for the case with `if` before it can fail",
  }),
  throwValue: () => ({
    problem: "throws something other than an error with a constant message",
    remedy: 'write throw new RangeError("…") with the message in quotes',
  }),
  forIn: () => ({
    problem: "loops over the names of an object",
    remedy: "write one statement a member",
  }),
  forOf: (found: string) => ({
    problem: `loops over ${found}`,
    remedy: "loop over an array, a list of known length, or prange(n)",
  }),
  longList: (length: string) => ({
    problem: `uses a list of ${length} values with a varying index`,
    remedy: "put the numbers into a Float64Array before the call",
  }),
  with: () => ({ problem: "uses `with`", remedy: "name the object" }),
  debugger: () => ({ problem: "stops for a debugger", remedy: "debug the plain run, k.js(…)" }),
  leavesPrange: (how: string) => ({
    problem: `leaves a prange early with ${how}: its iterations run at the same time`,
    remedy: "use an ordinary for loop, or `continue` and a flag",
  }),
  prangeStep: () => ({
    problem: "has a prange whose step is 0 or no finite number",
    remedy: "give a step other than 0",
  }),
  prangeArguments: () => ({
    problem: "calls prange with other than 1 to 3 numbers",
    remedy: "write prange(stop), prange(start, stop) or prange(start, stop, step)",
  }),
  prangeElsewhere: () => ({
    problem: "uses prange outside of the head of a loop",
    remedy: "write for (const i of prange(n)) { … }",
  }),
  noReturn: (name: string) => ({
    problem: `returns a value from ${name} on one path and nothing on another`,
    remedy: "return a value on every path",
  }),
  // variables
  unknownName: (name: string) => ({
    problem: `uses '${name}', which has no value here`,
    remedy: "declare it before, in this cell or an earlier one",
  }),
  tooEarly: (name: string) => ({
    problem: `uses '${name}' before its declaration`,
    remedy: "move the declaration up",
  }),
  unsupportedValue: (name: string, what: string) => ({
    problem: `uses '${name}', which is ${what}`,
    remedy: "pass numbers, booleans, arrays, or lists and objects of them",
  }),
  constAssignment: (name: string) => ({
    problem: `assigns to '${name}', a constant`,
    remedy: "declare it with let",
  }),
  outerAssignment: (name: string) => ({
    problem: `assigns to '${name}', a variable from outside the kernel`,
    remedy: "return the value, or write into an array",
  }),
  changesType: (name: string, before: string, after: string) => ({
    problem: `changes ${name} from ${before} to ${after}`,
    remedy: "use another variable for the other type",
  }),
  maybeUndefined: (name: string) => ({
    problem: `asks whether '${name}' is undefined, but it is a number from its declaration on`,
    remedy: "give it a first value such as NaN, and ask Number.isNaN",
  }),
  sharedObject: () => ({
    problem: "changes a member of a list or object that two variables hold after an assignment",
    remedy: "copy it where it is assigned: [...v] or { ...v }",
  }),
  // values
  string: () => ({
    problem: "makes a string",
    remedy: "return the numbers, and format them outside",
  }),
  bigint: () => ({
    problem: "uses a bigint",
    remedy: "use numbers; whole ones are exact up to 2^53",
  }),
  regexp: () => ({ problem: "uses a regular expression", remedy: pool }),
  template: () => ({ problem: "uses a tagged template", remedy: pool }),
  notNumber: (found: string) => ({
    problem: `calculates with ${found}`,
    remedy: "calculate with its elements or members, which are numbers",
  }),
  notCondition: (found: string) => ({
    problem: `tests ${found}`,
    remedy: "compare numbers",
  }),
  mixedTypes: (one: string, other: string) => ({
    problem: `has a value that may be ${one} or ${other}`,
    remedy: "give both branches the same type",
  }),
  identity: (one: string, other: string) => ({
    problem: `compares ${one} with ${other}`,
    remedy: "compare their numbers",
  }),
  operator: (name: string) => ({ problem: `uses the operator '${name}'`, remedy: pool }),
  getter: () => ({
    problem: "has an object with a getter or setter",
    remedy: "use a function that returns the value",
  }),
  computedName: () => ({
    problem: "has an object member whose name is computed",
    remedy: "write the name out, or use an array",
  }),
  hole: () => ({ problem: "has a list with holes", remedy: "write every value" }),
  spread: (found: string) => ({
    problem: `spreads ${found}`,
    remedy: "spread a list of known length, or loop over it",
  }),
  // members
  member: (name: string, found: string) => ({
    problem: `uses '${name}' of ${found}, which has no such member in a kernel`,
    remedy:
      "use its numbers: at, set, shape, size, length, slice of an array, members of an object",
  }),
  newMember: (name: string) => ({
    problem: `adds the member '${name}' to an object or list`,
    remedy: "give the object all its members where it is made",
  }),
  memberType: (name: string) => ({
    problem: `replaces the member '${name}', which is no number or boolean`,
    remedy: "make a new object instead",
  }),
  readonly: (name: string) => ({
    problem: `assigns to '${name}', which can't be changed in a kernel`,
    remedy: "copy it into a variable, and change that",
  }),
  listIndex: (index: string, length: string) => ({
    problem: `takes element ${index} of a list of ${length}`,
    remedy: "use an index from 0 to its length − 1",
  }),
  listMethod: (name: string) => ({
    problem: `calls ${name} on a list`,
    remedy: /^(push|pop|shift|unshift|splice)$/.test(name)
      ? "a list keeps its length: make an array with zeros(n), and count what is in it"
      : "write a loop over its elements",
  }),
  // arrays
  indexCount: (name: string, axes: string, given: string) => ({
    problem: `gives ${given} indices to '${name}', which has ${axes} axes`,
    remedy: "give one index an axis",
  }),
  bracketIndex: (name: string) => ({
    problem: `indexes the NDArray '${name}' with brackets`,
    remedy: `write ${name}.at(i, …) to read and ${name}.set(value, i, …) to write`,
  }),
  sliceRange: () => ({
    problem: "slices with something other than numbers, [from, to] ranges and undefined",
    remedy: "write a.slice(i), a.slice([from, to]) or a.slice(undefined, j)",
  }),
  gaps: (name: string) => ({
    problem: `takes the data of '${name}', whose elements don't stand one after the other`,
    remedy: "use at and set",
  }),
  dataOfPart: (name: string) => ({
    problem: `takes the data of '${name}', which may be a part of another array`,
    remedy: "use at and set, or the data of an argument, a captured or a new array by its own name",
  }),
  scalarArray: () => ({
    problem: "takes a slice with no axis left",
    remedy: "read the element with at",
  }),
  arrayMethod: (name: string, method: string) => ({
    problem: `calls ${method} of '${name}'`,
    remedy: "write the loop over its elements",
  }),
  rank: (axes: string) => ({
    problem: `makes an array of ${axes} axes`,
    remedy: "use 1 to 4 axes",
  }),
  dtype: (found: string) => ({
    problem: `makes an array whose dtype is ${found}`,
    remedy: 'write the dtype as a constant, such as "float64" or "int32"',
  }),
  filledDType: (found: string) => ({
    problem: `makes an array of given numbers whose dtype is ${found}`,
    remedy: 'make it with zeros(n, "int32") or the like, and set each element',
  }),
  shape: (found: string) => ({
    problem: `makes an array with ${found} as its shape`,
    remedy: "give a length, or a list of lengths such as [n, 3]",
  }),
  growingList: () => ({
    problem: "makes a list whose length isn't known",
    remedy: "make an array with zeros(n) or new Float64Array(n)",
  }),
  // calls
  notFunction: (found: string) => ({
    problem: `calls ${found}`,
    remedy: "call a function",
  }),
  construct: (name: string) => ({
    problem: `makes a new ${name}`,
    remedy: "use numbers, objects and arrays: zeros(n), new Float64Array(n)",
  }),
  intrinsic: (name: string) => ({
    problem: `uses ${name}, which kernels don't know`,
    remedy: pool,
  }),
  random: () => ({
    problem: "calls Math.random, which gives other numbers on every run and thread",
    remedy: "draw from philox(seed, i).uniform()",
  }),
  clock: (name: string) => ({
    problem: `reads the clock with ${name}`,
    remedy: "measure around the call, or with timeit(k)",
  }),
  print: (name: string) => ({
    problem: `prints with ${name}`,
    remedy: "return the value and print it outside, or debug the plain run, k.js(…)",
  }),
  philoxArguments: () => ({
    problem: "calls philox with other than one or two numbers",
    remedy: "write philox(seed, stream)",
  }),
  quadArguments: () => ({
    problem: "calls quad with other than a function and two numbers",
    remedy: "write quad((x) => …, a, b) or quad((x) => …, a, b, { limit: 100 })",
  }),
  quadOption: (name: string) => ({
    problem: `gives quad a value of ${name} that isn't known when the kernel is compiled`,
    remedy: "write it out: { limit: 100, points: [0, p] }; limit is a whole number from 1 to 10000",
  }),
  quadValue: (found: string) => ({
    problem: `integrates ${found}`,
    remedy: "let the integrand return a number, [re, im] or { re, im }, always the same of them",
  }),
  result: (found: string) => ({
    problem: `returns ${found}`,
    remedy: "return numbers, booleans, arrays, or lists and objects of them",
  }),
  syntax: (type: string) => ({ problem: `uses ${type}`, remedy: pool }),
} satisfies Record<string, (...found: string[]) => Refusal>;

export type RefusalName = keyof typeof refusals;

/** Syntax that no kernel may contain, by the name of its node. */
export const refusedSyntax: Readonly<Record<string, RefusalName>> = {
  AwaitExpression: "async",
  YieldExpression: "generatorFunction",
  ClassDeclaration: "class",
  ClassExpression: "class",
  ThisExpression: "this",
  Super: "this",
  MetaProperty: "this",
  TryStatement: "exceptions",
  ForInStatement: "forIn",
  WithStatement: "with",
  DebuggerStatement: "debugger",
  TemplateLiteral: "string",
  TaggedTemplateExpression: "template",
};
