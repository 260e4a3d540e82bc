import { leaf, type Field, type Node, type Position } from '../tree.ts';
import { parseElement } from './path.ts';
import { problem, type Scope } from './scope.ts';

/** A record in the making: a node that is still written to. */
export type Out = { -readonly [key in keyof Node]-?: key extends 'children' ? Node[] | undefined : key extends 'fields' ? Field[] | undefined : Node[key] };

/** Puts what a rule made where its key says: a child, an element of the segment, or the text of the record itself. */
export type Put = {
  readonly text: (out: Out, text: string, at: Position | undefined) => void;
  readonly record: (out: Out, record: Node) => void;
};

/** An empty record; `listed` when it is one of a list. */
export function startRecord(name: string, listed: boolean, at: Position | undefined): Out {
  return { name, value: undefined, fields: undefined, children: undefined, repeats: listed ? true : undefined, at };
}

/** The record as a node: one without text and elements has children, be it none. */
export function finished(out: Out): Node {
  if (out.value === undefined && !out.fields) out.children ??= [];
  return out;
}

/** Adds a child to the record. */
export function add(out: Out, made: Node): void {
  if (out.children) out.children.push(made);
  else out.children = [made];
}

/** The way of a key; `width` counts the members of the records that it takes. In X12 output `PO107` is an element of the segment PO1, `SV101-2` a component, `PO106-PO125` a range that records are laid into. */
export function putOf(key: string, { listed, width }: { readonly listed: boolean; readonly width: number }, scope: Scope): Put | undefined {
  if (key === '.') return { text: (out, text) => void (out.value = text), record: (out, record) => void (out.value = record.value ?? '') };
  const element = scope.compilation.elementsOut ? parseElement(key) : undefined;
  if (!element) return child(key, listed);
  if (element.segment !== scope.segment) return problem(scope, `${key} is not an element of ${scope.segment ?? 'this record'}`);
  if (element.to !== undefined) return range({ from: element.element - 1, to: element.to, width });
  const to: ElementPlace = { index: element.element - 1, component: element.component, listed };
  const text: Put['text'] = (out, value) => setComponent(out, to, value);
  return { text, record: (out, record) => text(out, record.value ?? '', record.at) };
}

function child(name: string, listed: boolean): Put {
  const repeats = listed ? true : undefined;
  return { text: (out, value, at) => add(out, { name, value, fields: undefined, children: undefined, repeats, at }), record: add };
}

/** Lays the leaves of each record side by side; a record that lacks one is left out, so that pairs stay pairs. */
function range({ from, to, width }: { readonly from: number; readonly to: number; readonly width: number }): Put {
  const record: Put['record'] = (out, made) => {
    const leaves = made.children ?? [made];
    const next = Math.max(from, out.fields?.length ?? 0);
    if (leaves.length !== width || next + width > to) return;
    for (let i = 0; i < width; i++) if (!leaves[i]!.value) return;
    for (let i = 0; i < width; i++) setElement(out, next + i, leaves[i]!.value!);
  };
  return { record, text: (out, value) => record(out, leaf('', value)) };
}

function setElement(out: Out, index: number, field: Field): void {
  const fields = (out.fields ??= []);
  while (fields.length < index) fields.push('');
  if (fields.length === index) fields.push(field);
  else fields[index] = field;
}

type ElementPlace = { readonly index: number; readonly component: number; readonly listed: boolean };

/** The element beside what is there of it: components, and repetitions when it is listed. */
function setComponent(out: Out, { index, component, listed }: ElementPlace, text: string): void {
  const present = out.fields?.[index] ?? '';
  if (component === 1 && typeof present === 'string' && (present === '' || !listed)) return setElement(out, index, text);
  const repetitions = (typeof present === 'string' ? [[present]] : present).map((repetition) => [...repetition]);
  if (listed && component === 1) repetitions.push([]);
  const last = repetitions.at(-1)!;
  while (last.length < component) last.push('');
  last[component - 1] = text;
  setElement(out, index, repetitions);
}
