import type { Field, Node, Position } from '../tree.ts';
import { parseElement } from './path.ts';
import { problem, type Scope } from './scope.ts';

/** A record in the making. */
export type Out = { readonly children: Node[]; fields: Field[] | undefined; value: string | undefined };

/** Puts what a rule made where its key says: a child, an element of the segment, or the text of the record itself. */
export type Put = {
  readonly text: (out: Out, text: string, at: Position | undefined) => void;
  readonly record: (out: Out, record: Node) => void;
};

export function emptyOut(): Out {
  return { children: [], fields: undefined, value: undefined };
}

/** The record as a node. */
export function finished(name: string, out: Out, extra: { readonly at: Position | undefined; readonly listed: boolean }): Node {
  const { value, fields, children } = out;
  // Written out: this is made for every record, and spreading is slow.
  const node: { -readonly [key in keyof Node]: Node[key] } = { name };
  if (value !== undefined) node.value = value;
  if (fields) node.fields = fields;
  if ((value === undefined && !fields) || children.length > 0) node.children = children;
  if (extra.listed) node.repeats = true;
  if (extra.at) node.at = extra.at;
  return node;
}

/** The way of a key; `width` counts the members of the records that it takes. In X12 output `PO107` is an element of the segment PO1, `SV101-2` a component, `PO106-PO125` a range that records are laid into. */
export function putOf(key: string, { listed, width }: { readonly listed: boolean; readonly width: number }, scope: Scope): Put | undefined {
  if (key === '.') return { text: (out, text) => void (out.value = text), record: (out, record) => void (out.value = record.value ?? '') };
  const element = scope.compilation.elementsOut ? parseElement(key) : undefined;
  if (!element) return child(key, listed);
  if (element.segment !== scope.segment) return problem(scope, `${key} is not an element of ${scope.segment ?? 'this record'}`);
  if (element.to !== undefined) return range({ from: element.element - 1, to: element.to, width });
  const index = element.element - 1;
  const text: Put['text'] = (out, value) => setField(out, { index, component: element.component, listed }, value);
  return { text, record: (out, record) => text(out, record.value ?? '', record.at) };
}

function child(name: string, listed: boolean): Put {
  if (listed) {
    return {
      text: (out, value, at) => void out.children.push(at ? { name, value, repeats: true, at } : { name, value, repeats: true }),
      record: (out, record) => void out.children.push(record),
    };
  }
  return {
    text: (out, value, at) => void out.children.push(at ? { name, value, at } : { name, value }),
    record: (out, record) => void out.children.push(record),
  };
}

/** Lays the leaves of each record side by side; a record that lacks one is left out, so that pairs stay pairs. */
function range({ from, to, width }: { readonly from: number; readonly to: number; readonly width: number }): Put {
  const record: Put['record'] = (out, made) => {
    const texts = made.children ? made.children.map((leaf) => leaf.value ?? '') : [made.value ?? ''];
    let next = Math.max(from, out.fields?.length ?? 0);
    if (texts.length !== width || texts.includes('') || next + width > to) return;
    for (const text of texts) setField(out, { index: next++, component: 1, listed: false }, text);
  };
  return { record, text: (out, value) => record(out, { name: '', value }) };
}

function setField(out: Out, to: { readonly index: number; readonly component: number; readonly listed: boolean }, text: string): void {
  const fields = (out.fields ??= []);
  while (fields.length <= to.index) fields.push('');
  const present = fields[to.index]!;
  if (to.component === 1 && (present === '' || !to.listed) && typeof present === 'string') {
    fields[to.index] = text;
    return;
  }
  const repetitions = (typeof present === 'string' ? [[present]] : present).map((repetition) => [...repetition]);
  if (to.listed && to.component === 1) repetitions.push([]);
  const last = repetitions.at(-1)!;
  while (last.length < to.component) last.push('');
  last[to.component - 1] = text;
  fields[to.index] = repetitions;
}
