/** The segments of one set as they were read, kept small; the tree is made of them only when somebody asks for it. */
import type { Field, Node } from '../../tree.ts';
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
type Growing = Node & { children?: Node[] };

function buildTree(name: string, kept: Kept, delimiters: Delimiters): Node {
  const { numbers, pieces, count } = kept;
  const nodes: Growing[] = [];
  let piece = 0;
  for (let index = 0; index < count; index++) {
    while (piece + 1 < pieces.length && pieces[piece + 1]!.from <= index) piece++;
    const at = index * WIDTH;
    const { text: whole, base } = pieces[piece]!;
    const text = whole.substring(numbers[at]!, numbers[at + 1]);
    const flags = numbers[at + 2]!; // with the parent, in higher bits
    const elements = flags & BINARY ? splitBinary(text, delimiters.element) : text.split(delimiters.element);
    const id = elements.shift()!;
    const fields: Field[] = (flags & (COMPONENT | REPETITION)) === 0 ? elements : elements.map((element) => toField(element, delimiters));
    const node: Growing = { name: index === 0 ? name : id, fields, at: { offset: base + numbers[at]!, segment: index + 1 } };
    nodes.push(node);
    if (index === 0) continue;
    const parent = nodes[numbers[at + 2]! >> FLAG_BITS]!;
    if (parent.children) parent.children.push(node);
    else (parent as { children: Node[] }).children = [node];
  }
  return nodes[0] ?? { name };
}

/** The data of BIN02 and BDS03 may hold separators. */
function splitBinary(text: string, separator: string): string[] {
  const elements = text.split(separator);
  const before = text.startsWith('BIN') ? 2 : 3;
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
