/**
 * The one in-memory shape of every document. A format turns bytes into a `Node` and a `Node` into bytes;
 * a mapping turns a `Node` into a `Node`. Neither knows the other.
 *
 *  - X12: a segment is a node named for its segment id whose `fields` are its elements (`fields[0]` is element 01).
 *    A loop is the node of the segment that opens it: the segments and loops inside it are its `children`.
 *    A transaction set is a node named for its id ("850") whose fields are those of ST and whose children are the rest (without SE).
 *  - XML: an element is a node; its text is `value`, its attributes are leaf children named `@name`.
 *  - CSV: a row is a node named `row` with a leaf child for each column, named by its header or by its number from 1.
 *  - Fixed width: a record is a node with a leaf child for each field. JSON: members are children, list items `repeats`.
 */

/** Where something stood in its source. `offset` counts bytes from 0; `line` and `column` count from 1; `segment` counts from 1 at ST. */
export type Position = {
  readonly offset: number;
  readonly line?: number;
  readonly column?: number;
  readonly segment?: number;
};

/** A positional value: plain text, or repetitions of components where the element has either. */
export type Field = string | readonly (readonly string[])[];

/** What is absent may be written as undefined: nodes that all have their members in this order are read fastest. */
export type Node = {
  readonly name: string;
  readonly value?: string | undefined;
  readonly fields?: readonly Field[] | undefined;
  readonly children?: readonly Node[] | undefined;
  /** One of a list, even when it is alone in it. */
  readonly repeats?: true | undefined;
  readonly at?: Position | undefined;
};

/** What a tree of named values is as plain data: the form canonical documents have. */
export type Plain = string | readonly Plain[] | { readonly [key: string]: Plain };

/** The same text, in the form that names of members have, of which there is one for each text: names are compared many times, which is quick only then. */
export function asName(text: string): string {
  return Object.keys({ [text]: true })[0]!;
}

/** The first child called `name`. */
export function child(node: Node, name: string): Node | undefined {
  return node.children?.find((candidate) => candidate.name === name);
}

/** All children called `name`, in their order. */
export function childrenNamed(node: Node, name: string): readonly Node[] {
  return node.children?.filter((candidate) => candidate.name === name) ?? [];
}

/** The text of one component of a field; component and repetition count from 1. Absent gives ''. */
export function fieldText(field: Field | undefined, component = 1, repetition = 1): string {
  if (field === undefined) return '';
  if (typeof field === 'string') return component === 1 && repetition === 1 ? field : '';
  return field[repetition - 1]?.[component - 1] ?? '';
}

/** A leaf. */
export function leaf(name: string, value: string, at?: Position): Node {
  return { name, value, fields: undefined, children: undefined, repeats: undefined, at };
}

type Bare = { [key: string]: Plain };

/** Makes objects that inherit no member, so that `__proto__` is one like any other; engines read them faster than those of `Object.create(null)`. */
const Bare = function () {} as unknown as new () => Bare;
Bare.prototype = Object.create(null);

/**
 * A tree as plain data: a node with children becomes an object, a leaf becomes its text, and children that share a name or
 * are marked `repeats` become a list. Objects inherit no members.
 */
export function toPlain(node: Node): Plain {
  if (!node.children) return node.value ?? '';
  const result = new Bare();
  for (const each of node.children) {
    const { name, value, children, repeats } = each;
    const plain = children ? toPlain(each) : (value ?? '');
    const before = result[name];
    if (before === undefined) result[name] = repeats ? [plain] : plain;
    else if (Array.isArray(before)) before.push(plain);
    else result[name] = [before, plain];
  }
  return result;
}

/** Plain data as a tree, the inverse of `toPlain`. Numbers and booleans become text; null and undefined members are left out. */
export function fromPlain(name: string, value: unknown): Node {
  return fromMember(name, value, false);
}

function fromMember(name: string, value: unknown, listed: boolean): Node {
  if (typeof value !== 'object' || value === null) return plainNode(name, value === null || value === undefined ? '' : String(value), undefined, listed);
  const children: Node[] = [];
  for (const key in value) {
    const member = (value as { readonly [key: string]: unknown })[key];
    if (member === null || member === undefined) continue;
    if (typeof member === 'string') children.push(leaf(key, member));
    else if (Array.isArray(member)) for (const item of member) children.push(fromMember(key, item, true));
    else children.push(fromMember(key, member, false));
  }
  return plainNode(name, undefined, children, listed);
}

function plainNode(name: string, value: string | undefined, children: readonly Node[] | undefined, listed: boolean): Node {
  return { name, value, fields: undefined, children, repeats: listed ? true : undefined, at: undefined };
}
