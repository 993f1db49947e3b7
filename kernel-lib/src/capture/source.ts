/**
 * What a function's text says about it: the names it needs from outside, how it uses them, what
 * of the text has to change to be evaluated elsewhere, and what makes it unfit to travel.
 * Looks at text only, never at values.
 */
import { children, parse, walk, type Node, type Syntax } from "./syntax.js";

/** A replacement of part of the text; positions count from the start of the function. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change the function makes to a variable or to what a variable holds. */
export interface Change {
  /** The members between the variable and what changes; `undefined` stands for a computed one. */
  readonly members: readonly (string | undefined)[];
  /** The mutating method, such as `push`; undefined for an assignment. */
  readonly method: string | undefined;
}

export type Members = ReadonlyMap<string, Member>;

/** One member of a name, with the places where `name.member` stands. */
export interface Member {
  readonly places: readonly Edit[];
  /** True if it is called as `name.member(…)` somewhere, which makes the name its `this`. */
  readonly called: boolean;
  /** As for the name itself. */
  readonly members: Members | undefined;
}

/** A name the function takes from outside. */
export interface FreeName {
  readonly name: string;
  /** Its members, if it stands as `name.member` everywhere; undefined if it is used in any other way. */
  readonly members: Members | undefined;
  readonly changes: readonly Change[];
  /** Calls of other methods of what it holds. */
  readonly calls: readonly Call[];
}

/** A call such as `name.members.method(…)`; the method may change its object. */
export type Call = Change & { readonly method: string };

/** What a function does to something it holds. */
interface Uses {
  readonly changes: Change[];
  readonly calls: Call[];
}

/** A static private field of a class: its value lives outside the text. */
export interface StaticPrivate {
  readonly name: string;
  readonly edit: Edit;
}

/** A class member `[expression]() {…}`. */
export interface ComputedMember {
  /** The place of the expression. */
  readonly edit: Edit;
  readonly isStatic: boolean;
  /** What `toString` of the method or accessor says. */
  readonly text: string;
}

export interface FunctionSource {
  readonly text: string;
  readonly kind: "function" | "class" | "member";
  /** Where in the text V8 says the function begins. */
  readonly anchor: number;
  readonly names: readonly FreeName[];
  /** Every name of a variable in the text, bound or free. */
  readonly identifiers: ReadonlySet<string>;
  /** Names that are read while the class is being evaluated, so must hold their value before. */
  readonly early: ReadonlySet<string>;
  /** Where the superclass stands, unless it is `null`. */
  readonly superclass: Edit | undefined;
  /** Methods and accessors of a class whose key is an expression, which was evaluated once and for all. */
  readonly computed: readonly ComputedMember[];
  readonly derived: boolean;
  readonly staticPrivates: readonly StaticPrivate[];
  /** Parts to blank, such as static initialisers, whose outcome travels as data. */
  readonly edits: readonly Edit[];
  readonly usesSuper: boolean;
  /** What it does to its own `this`. */
  readonly self: { readonly changes: readonly Change[]; readonly calls: readonly Call[] };
  /** True for a class whose instances have `#private` members. */
  readonly hasPrivates: boolean;
  readonly importsDynamically: boolean;
  /** Why it can't travel; undefined if nothing in the text speaks against it. */
  readonly refusal: string | undefined;
}

const cache = new Map<string, FunctionSource | undefined>();
const cacheLimit = 2000;

/** Reads a function's text; undefined when the text cannot stand alone (a method with `#private` or `super()`). */
export function readSource(text: string): FunctionSource | undefined {
  if (!cache.has(text)) {
    if (cache.size >= cacheLimit) cache.clear();
    const syntax = parse(text);
    cache.set(text, syntax && describe(text, syntax));
  }
  return cache.get(text);
}

function describe(text: string, syntax: Syntax): FunctionSource {
  const { root, form } = syntax;
  const kind =
    form === "member" ? "member" : root.type === "ClassExpression" ? "class" : "function";
  const statics = kind === "class" ? staticParts(text, root) : { edits: [], privates: [] };
  const superclass = kind === "class" ? (root.superClass as Node | null) : null;
  const inherited =
    superclass === null || superclass.type === "Literal" ? undefined : placeOf(superclass);
  const computed = kind === "class" ? computedMembers(text, root) : [];
  const gone = [
    ...statics.edits,
    ...[...statics.privates, ...computed].map(({ edit }) => edit),
    ...(inherited ? [inherited] : []),
  ];
  if (form === "member") {
    const key = root.key as Node;
    if (root.computed === true) gone.push({ ...placeOf(key), text: "0" });
  }
  const within = (node: Node): boolean =>
    gone.some(({ start, end }) => node.start >= start && node.end <= end);
  const free = syntax.free.filter(({ node }) => !within(node));
  return {
    text,
    kind,
    anchor: anchorOf(text, syntax),
    names: freeNames(text, syntax, free),
    identifiers: identifiersOf(syntax),
    early:
      kind === "class"
        ? new Set(
            earlyNames(
              root,
              free.map(({ node }) => node),
            ),
          )
        : new Set(),
    superclass: inherited,
    computed,
    derived: superclass !== null,
    staticPrivates: statics.privates,
    edits: form === "member" ? gone : statics.edits,
    self: selfUses(syntax),
    ...traits(syntax, within),
  };
}

/** V8 places a class at its first character, an arrow at its parameters, others at the parenthesis. */
export function anchorOf(text: string, { root, form }: Syntax): number {
  if (root.type === "ClassExpression") return 0;
  if (root.type === "ArrowFunctionExpression") {
    return root.async === true ? text.slice(5).search(/\S/) + 5 : 0;
  }
  if (form === "member") return text.indexOf("(", (root.key as Node).end);
  return text.indexOf("(", (root.id as Node | null)?.end ?? 0);
}

type Tree = Map<string, { places: Edit[]; called: boolean; members: Tree | undefined }>;

function freeNames(text: string, syntax: Syntax, free: Syntax["free"]): FreeName[] {
  const names = new Map<string, Uses & { name: string; members: Tree | undefined }>();
  for (const { node, writes } of free) {
    const { name } = node;
    const entry = names.get(name) ?? { name, members: new Map() as Tree, changes: [], calls: [] };
    names.set(name, entry);
    if (writes) entry.changes.push({ members: [], method: undefined });
    else addUses(entry, node, [], syntax);
    entry.members = withMember(entry.members, node, text, syntax.parents);
  }
  return [...names.values()];
}

/** Adds the member read from an expression; undefined if it is used in another way. */
function withMember(
  members: Tree | undefined,
  node: Node,
  text: string,
  parents: Syntax["parents"],
): Tree | undefined {
  const parent = parents.get(node);
  if (!members || !parent || !isStaticMember(parent) || parent.object !== node) return undefined;
  const { name } = parent.property as { name: string };
  const entry = members.get(name) ?? { places: [], called: false, members: new Map() as Tree };
  members.set(name, entry);
  const user = parents.get(parent);
  entry.called ||= user?.type === "CallExpression" && user.callee === parent;
  const { start, end } = parent;
  entry.places.push({ start, end, text: text.slice(start, end) });
  entry.members = withMember(entry.members, parent, text, parents);
  return members;
}

function identifiersOf({ root, parents }: Syntax): Set<string> {
  const names = new Set<string>();
  walk(root, (node) => {
    const parent = parents.get(node);
    const isProperty = parent && isStaticMember(parent) && parent.property === node;
    if (node.type === "Identifier" && !isProperty) names.add(node.name as string);
    return true;
  });
  return names;
}

export function isStaticMember(node: Node): boolean {
  return (
    node.type === "MemberExpression" &&
    node.computed !== true &&
    (node.property as Node).type === "Identifier"
  );
}

const mutators = new Set(
  "push pop shift unshift splice sort reverse fill copyWithin set add delete clear".split(" "),
);

/** Notes how one mention of a name, or of a constant made of its members, changes what it holds. */
function addUses(
  uses: Uses,
  mention: Node,
  before: readonly (string | undefined)[],
  syntax: Syntax,
): void {
  const { parents } = syntax;
  const own: (string | undefined)[] = [];
  let node = mention;
  let parent = parents.get(node);
  while (parent && (parent.type === "MemberExpression" || parent.type === "ChainExpression")) {
    if (parent.type === "MemberExpression") {
      if (parent.object !== node) return;
      own.push(isStaticMember(parent) ? (parent.property as { name: string }).name : undefined);
    }
    node = parent;
    parent = parents.get(node);
  }
  if (!parent) return;
  const members = [...before, ...own];
  if (own.length > 0 && isTarget(node, parent, parents)) {
    uses.changes.push({ members, method: undefined });
  } else if (parent.type === "CallExpression") {
    const callee = parent.callee as Node;
    const method = own.at(-1);
    if (callee === node && method !== undefined) {
      const call = { members: members.slice(0, -1), method };
      if (mutators.has(method)) uses.changes.push(call);
      uses.calls.push(call);
    } else if ((parent.arguments as Node[])[0] === node && assigns(callee)) {
      uses.changes.push({ members: [...members, undefined], method: "Object.assign" });
    }
  } else if (parent.type === "VariableDeclarator" && parent.init === node) {
    for (const [name, path] of boundNames(parent.id as Node)) {
      for (const read of syntax.reads.get(name) ?? []) {
        addUses(uses, read, [...members, ...path], syntax);
      }
    }
  }
}

/** The names that a declaration binds to members of its value, one level deep. */
function boundNames(pattern: Node): [Node, (string | undefined)[]][] {
  if (pattern.type === "Identifier") return [[pattern, []]];
  if (pattern.type === "ArrayPattern") {
    const elements = (pattern.elements as (Node | null)[]).filter((element) => element !== null);
    return elements.filter(isIdentifier).map((element) => [element, [undefined]]);
  }
  if (pattern.type !== "ObjectPattern") return [];
  return (pattern.properties as Node[])
    .filter(({ type, value }) => type === "Property" && isIdentifier(value as Node))
    .map(({ key, computed, value }) => {
      const name = computed === true ? undefined : (key as { name?: string }).name;
      return [value as Node, [name]];
    });
}

function isIdentifier(node: Node): boolean {
  return node.type === "Identifier";
}

/** An arrow's `this` is not its own, nor is that of the functions and classes inside. */
function selfUses(syntax: Syntax): Uses {
  const uses: Uses = { changes: [], calls: [] };
  const { root } = syntax;
  const fn = syntax.form === "member" ? (root.value as Node) : root;
  if (fn.type !== "FunctionExpression") return uses;
  walk(fn, (node) => {
    if (node.type === "ThisExpression") addUses(uses, node, [], syntax);
    return node === fn || !/^(Function|Class)(Expression|Declaration)$/.test(node.type);
  });
  return uses;
}

function isTarget(node: Node, parent: Node, parents: Syntax["parents"]): boolean {
  switch (parent.type) {
    case "AssignmentExpression":
    case "AssignmentPattern":
    case "ForInStatement":
    case "ForOfStatement":
      return parent.left === node;
    case "UpdateExpression":
    case "ArrayPattern":
    case "RestElement":
      return true;
    case "Property":
      return parent.value === node && parents.get(parent)?.type === "ObjectPattern";
    case "UnaryExpression":
      return parent.operator === "delete";
    default:
      return false;
  }
}

function assigns(callee: Node): boolean {
  if (!isStaticMember(callee)) return false;
  const object = callee.object as Node & { name?: string };
  const { name } = callee.property as { name: string };
  return object.name === "Object" && /^(assign|defineProperty|defineProperties)$/.test(name);
}

/** Static fields and blocks are not run again: their outcome travels as data. */
function staticParts(text: string, root: Node): { edits: Edit[]; privates: StaticPrivate[] } {
  const edits: Edit[] = [];
  const privates: StaticPrivate[] = [];
  for (const member of (root.body as Node).body as Node[]) {
    const key = member.key as (Node & { name?: string }) | undefined;
    if (member.type === "StaticBlock") edits.push(blank(text, member));
    if (member.type !== "PropertyDefinition" || member.static !== true || !key) continue;
    if (key.type !== "PrivateIdentifier") {
      edits.push(blank(text, member));
    } else {
      const value = member.value as Node | null;
      const place = value ?? { start: key.end, end: key.end };
      privates.push({
        name: `#${key.name!}`,
        edit: { start: place.start, end: place.end, text: value ? "" : " = " },
      });
    }
  }
  return { edits, privates };
}

function computedMembers(text: string, root: Node): ComputedMember[] {
  return ((root.body as Node).body as Node[])
    .filter(({ type, computed }) => type === "MethodDefinition" && computed === true)
    .map((member) => ({
      edit: placeOf(member.key as Node),
      isStatic: member.static === true,
      text: text.slice(member.start, member.end).replace(/^static\s+/, ""),
    }));
}

function placeOf({ start, end }: Node): Edit {
  return { start, end, text: "" };
}

/** A semicolon stays behind, so that a field before it doesn't run into what follows. */
function blank(text: string, { start, end }: Node): Edit {
  return { start, end, text: `;${text.slice(start + 1, end).replace(/[^\n]/g, " ")}` };
}

/** The names in the keys of fields, which are read as soon as the class is evaluated. */
function earlyNames(root: Node, free: readonly Node[]): string[] {
  const early = ((root.body as Node).body as Node[])
    .filter(({ computed }) => computed === true)
    .map(({ key }) => key as Node);
  return free
    .filter(({ start }) => early.some((node) => start >= node.start && start < node.end))
    .map(({ name }) => name as string);
}

interface Traits {
  usesSuper: boolean;
  hasPrivates: boolean;
  importsDynamically: boolean;
  refusal: string | undefined;
}

/** Where `this` and its kin come from: an arrow takes them from the code around it. */
function traits(syntax: Syntax, within: (node: Node) => boolean): Traits {
  const found: Traits = {
    usesSuper: false,
    hasPrivates: false,
    importsDynamically: false,
    refusal: undefined,
  };
  const outer = syntax.root.type === "ArrowFunctionExpression";
  const refuse = (what: string): void => {
    found.refusal ??= what;
  };
  const visit = (node: Node, lexical: boolean): void => {
    if (within(node)) return;
    switch (node.type) {
      case "ThisExpression":
        if (lexical) refuse("uses `this` of the code around it; put what it needs into a variable");
        break;
      case "Super":
        if (lexical) refuse("uses `super` of the method around it; pass the method itself");
        found.usesSuper = true;
        break;
      case "MetaProperty":
        if (lexical) refuse("uses `new.target` of the code around it; put it into a variable");
        break;
      case "WithStatement":
        refuse("uses `with`, so its variables can't be told from the text; name the object");
        break;
      case "ImportExpression":
        found.importsDynamically = true;
        break;
      case "CallExpression":
        if ((node.callee as { name?: string }).name === "eval") {
          refuse("calls eval, whose variables can't be told from the text; write the code out");
        }
        break;
    }
    const opens = /^(FunctionExpression|FunctionDeclaration|PropertyDefinition|StaticBlock)$/;
    for (const child of children(node)) {
      const computedKey = node.type === "PropertyDefinition" && child === node.key;
      visit(child, opens.test(node.type) && !computedKey ? false : lexical);
    }
  };
  visit(syntax.root, outer);
  if (outer && syntax.free.some(({ node }) => node.name === "arguments")) {
    refuse("uses `arguments` of the function around it; put them into a variable");
  }
  if (syntax.root.type === "ClassExpression") {
    walk(syntax.root.body as Node, (node) => {
      if (node.type === "ClassExpression" || node.type === "ClassDeclaration") return false;
      const key = node.key as Node | undefined;
      found.hasPrivates ||=
        node.static !== true && "value" in node && key?.type === "PrivateIdentifier";
      return true;
    });
  }
  return found;
}
