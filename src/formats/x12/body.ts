/** The segments of one set as they were read, kept small; the tree is made of them only when somebody asks for it. */
import { asName, type Field, type Node } from '../../tree.ts';
import { BINARY, COMPONENT, REPETITION, type Segment } from './segment.ts';
import type { Delimiters } from './types.ts';

export type Body = {
  readonly add: (segment: Segment, parent: number) => void;
  readonly size: () => number;
  /** Closes the body; what it gives builds the tree whose root has `name`. */
  readonly finish: (name: string, delimiters: Delimiters) => () => Node;
};

/** Numbers kept for each segment: start, end, and its parent with its flags. */
const WIDTH = 3;
const FLAG_BITS = 7;

/** Text that holds the segments from number `from` on, and what to add to a place in it for the offset in the file. */
type Piece = { readonly text: string; readonly from: number; readonly base: number };

/** A collector that serves one set after another. */
export function bodyCollector(): Body {
  let numbers: number[] = [];
  let pieces: Piece[] = [];
  let last = '';
  let lastBase = 0;
  let count = 0;
  return {
    add: (segment, parent) => {
      const base = segment.at - segment.marks[segment.first]!;
      // Two texts may be equal and yet not the same: the place in the file tells them apart.
      if (base !== lastBase || segment.text !== last || pieces.length === 0) {
        last = segment.text;
        lastBase = base;
        pieces.push({ text: last, from: count, base });
      }
      count++;
      numbers.push(segment.marks[segment.first]!, segment.marks[segment.first + segment.count + 1]! - 1, (parent << FLAG_BITS) | segment.flags);
    },
    size: () => count,
    finish: (name, delimiters) => {
      const kept = { numbers, pieces, count };
      numbers = [];
      pieces = [];
      last = '';
      count = 0;
      let tree: Node | undefined;
      return () => (tree ??= buildTree(name, kept, delimiters));
    },
  };
}

type Kept = { readonly numbers: readonly number[]; readonly pieces: readonly Piece[]; readonly count: number };
type Growing = { -readonly [key in keyof Node]-?: key extends 'children' ? Node[] | undefined : Node[key] };

/** Segment ids that were seen, as names. Bounded: a broken file may have any number of them. */
const ids = new Map<string, string>();
const MOST_IDS = 2000;

function segmentName(id: string): string {
  const known = ids.get(id);
  if (known !== undefined || ids.size >= MOST_IDS) return known ?? id;
  const name = asName(id);
  ids.set(name, name);
  return name;
}

function buildTree(name: string, kept: Kept, delimiters: Delimiters): Node {
  const { numbers, pieces, count } = kept;
  const nodes: Growing[] = [];
  const separator = delimiters.element.charCodeAt(0);
  let piece = 0;
  for (let index = 0; index < count; index++) {
    while (piece + 1 < pieces.length && pieces[piece + 1]!.from <= index) piece++;
    const at = index * WIDTH;
    const { text: whole, base } = pieces[piece]!;
    const start = numbers[at]!;
    const end = numbers[at + 1]!;
    const flags = numbers[at + 2]!; // with the parent, in higher bits
    const idEnd = endOfElement(whole, start, end, separator);
    const id = whole.substring(start, idEnd);
    const elements = flags & BINARY ? splitBinary(id, whole.substring(idEnd + 1, end), delimiters.element) : elementsOf(whole, idEnd, end, separator);
    const fields: Field[] = (flags & (COMPONENT | REPETITION)) === 0 ? elements : elements.map((element) => toField(element, delimiters));
    const place = { offset: base + start, segment: index + 1 };
    const node: Growing = { name: index === 0 ? name : segmentName(id), value: undefined, fields, children: undefined, repeats: undefined, at: place };
    nodes.push(node);
    if (index === 0) continue;
    const parent = nodes[numbers[at + 2]! >> FLAG_BITS]!;
    if (parent.children) parent.children.push(node);
    else parent.children = [node];
  }
  return nodes[0] ?? { name };
}

/** The elements behind the separators from `at` on; a third quicker than `split`, and without the id. */
function elementsOf(text: string, at: number, end: number, separator: number): string[] {
  const elements: string[] = [];
  for (let from = at; from < end;) {
    const next = endOfElement(text, from + 1, end, separator);
    elements.push(text.substring(from + 1, next));
    from = next;
  }
  return elements;
}

function endOfElement(text: string, from: number, end: number, separator: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) !== separator) at++;
  return at;
}

/** The data of BIN02 and BDS03 may hold separators. */
function splitBinary(id: string, text: string, separator: string): string[] {
  const elements = text.split(separator);
  const before = id === 'BIN' ? 1 : 2;
  return [...elements.slice(0, before), elements.slice(before).join(separator)];
}

/** An element as text, or as repetitions of components where it has either. */
export function toField(text: string, delimiters: Delimiters): Field {
  const { component, repetition } = delimiters;
  const repeats = repetition !== '' && text.includes(repetition);
  const composite = component !== '' && text.includes(component);
  if (!repeats && !composite) return text;
  return (repeats ? text.split(repetition) : [text]).map((part) => (component === '' ? [part] : part.split(component)));
}
