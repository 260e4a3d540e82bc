import type { SaxesAttributeNS, SaxesTagNS } from 'saxes';
import type { Finding } from '../../finding.ts';
import { leaf, type Node, type Position } from '../../tree.ts';
import type { Message } from '../format.ts';
import { recordPath } from '../record-path.ts';
import type { XmlSettings } from './options.ts';

/** Builds the nodes of records from the events of a parser, and nothing of what stands outside them. */
export type Builder = {
  readonly open: (tag: SaxesTagNS, attributes: readonly SaxesAttributeNS[], at: Position) => void;
  readonly text: (text: string) => void;
  readonly close: () => void;
  readonly inRecord: () => boolean;
  readonly depth: () => number;
  /** What the root should be called and is not; undefined when any root will do, or it is the right one. */
  readonly otherRoot: () => { readonly name: string; readonly wanted: string } | undefined;
  /** What stands in place of the records, where elements do that are not on the way to one. */
  readonly missed: () => string | undefined;
};

type Element = { readonly name: string; readonly children: Node[]; text: string; readonly at: Position };

const XMLNS = 'http://www.w3.org/2000/xmlns/';
const MAX_NODES = 1_000_000;

/** Gives each record, complete, to `emit`. */
export function builder(options: XmlSettings, emit: (message: Message) => void): Builder {
  const prefixes = new Map(Object.entries(options.namespaces).map(([prefix, uri]) => [uri, prefix]));
  const record = options.record?.split('/').slice(1);
  const way = record && recordPath(record);
  const path: string[] = [];
  const open: Element[] = [];
  let nodes = 0;
  let findings: Finding[] = [];

  const nameOf = (local: string, uri: string): string => {
    const prefix = uri === '' ? undefined : prefixes.get(uri);
    return prefix === undefined ? local : `${prefix}:${local}`;
  };
  const startsRecord = (): boolean => (record ? path.length === record.length && path.every((name, i) => name === record[i]) : path.length === 1);
  const count = (by: number, at: Position): boolean => {
    nodes += by;
    if (nodes <= MAX_NODES) return true;
    if (findings.length === 0) findings = [{ code: 'FORMAT_LIMIT', severity: 'error', message: `a record of more than ${MAX_NODES} elements`, at }];
    return false;
  };

  return {
    open: (tag, attributes, at) => {
      const name = nameOf(tag.local, tag.uri);
      if (open.length === 0) way?.saw(path, name);
      path.push(name);
      if (open.length === 0 && !startsRecord()) return;
      const children: Node[] = [];
      if (count(1 + attributes.length, at)) {
        for (const one of attributes) {
          if (one.uri !== XMLNS && one.name !== 'xmlns') children.push(leaf(`@${nameOf(one.local, one.prefix === '' ? '' : one.uri)}`, one.value, at));
        }
      }
      open.push({ name, children, text: '', at });
    },
    text: (text) => {
      const element = open.at(-1);
      if (element) element.text += text;
    },
    close: () => {
      path.pop();
      const element = open.pop();
      if (!element) return;
      const node = finished(element, options.trim);
      const parent = open.at(-1);
      if (parent) {
        if (nodes <= MAX_NODES) parent.children.push(node);
        return;
      }
      emit({ tree: node, findings });
      nodes = 0;
      findings = [];
    },
    inRecord: () => open.length > 0,
    depth: () => path.length,
    otherRoot: () => (record && path[0] !== undefined && path[0] !== record[0] ? { name: path[0], wanted: record[0]! } : undefined),
    missed: () => (way && path.length === 0 && !way.entered() ? way.missed() : undefined),
  };
}

/** Spaces between the elements inside an element are never its text. */
function finished({ name, children, text, at }: Element, trim: boolean): Node {
  const elements = children.some((child) => !child.name.startsWith('@'));
  const blank = text.trim() === '';
  const value = trim || (elements && blank) ? text.trim() : text;
  if (children.length === 0) return { name, value, at };
  return elements && value === '' ? { name, children, at } : { name, value, children, at };
}
