import { createRequire } from 'node:module';
import { WharfError } from '../../errors.ts';
import type { Node } from '../../tree.ts';
import type { XmlSettings } from './options.ts';

/** Loads a package when it is used: a daemon that writes no XML should not start later for it. */
const load = createRequire(import.meta.url);

/** XML 1.0 names without the letters that business documents never use, with at most one colon. */
const NAME = /^[A-Za-z_][\w.\u00b7-\uffff-]*(:[A-Za-z_][\w.\u00b7-\uffff-]*)?$/u;
/** Characters that XML 1.0 has no way to write. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const MAX_DEPTH = 100;

/** What the builder takes: an element is a member called by its name, its attributes stand under `:@`. */
type Built = { readonly [key: string]: unknown };

/**
 * A tree as XML 1.0 in UTF-8, or in ASCII with references. The builder checks neither names nor characters, so that is done before, and it is given
 * texts that are escaped already. @throws WharfError RENDER_FAILED
 */
export function writeXml(tree: Node, options: XmlSettings): Uint8Array {
  const ascii = options.encoding === 'us-ascii';
  if (options.encoding !== undefined && options.encoding !== 'utf-8' && !ascii) throw new WharfError('RENDER_FAILED', 'XML is written in utf-8 or us-ascii');
  const used = new Set<string>();
  const root = element(tree, { used, ascii, depth: 0 }, declarations(options));
  for (const prefix of used) {
    if (prefix !== 'xml' && !Object.hasOwn(options.namespaces, prefix))
      throw new WharfError('RENDER_FAILED', `the prefix ${prefix} is not among the namespaces`, { value: prefix });
  }
  const { XMLBuilder } = load('fast-xml-parser') as typeof import('fast-xml-parser');
  const builder = new XMLBuilder({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    processEntities: false,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
    format: options.indent,
    indentBy: '  ',
  });
  const body = builder.build([root]);
  const doctype = options.system === undefined ? '' : `<!DOCTYPE ${tree.name} SYSTEM "${options.system}">\n`;
  return Buffer.from(`<?xml version="1.0" encoding="${ascii ? 'US-ASCII' : 'UTF-8'}"?>\n${doctype}${body.trim()}\n`);
}

function declarations({ namespaces, defaultNamespace }: XmlSettings): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  if (defaultNamespace !== undefined) result['xmlns'] = defaultNamespace;
  for (const [prefix, uri] of Object.entries(namespaces)) result[`xmlns:${prefix}`] = uri;
  return result;
}

type Writing = { readonly used: Set<string>; readonly ascii: boolean; readonly depth: number };

function element(node: Node, writing: Writing, extra: Readonly<Record<string, string>> = {}): Built {
  if (writing.depth > MAX_DEPTH) throw new WharfError('RENDER_FAILED', `elements nested deeper than ${MAX_DEPTH}`);
  const attributes = new Map(Object.entries(extra).map(([name, value]) => [name, escaped(name, value, writing.ascii, true)]));
  const content: Built[] = [];
  const text = node.value ?? '';
  if (text !== '') content.push({ '#text': escaped(node.name, text, writing.ascii, false) });
  for (const child of node.children ?? []) {
    if (!child.name.startsWith('@')) {
      content.push(element(child, { ...writing, depth: writing.depth + 1 }));
      continue;
    }
    const name = checked(child.name.slice(1), writing);
    if (attributes.has(name)) throw new WharfError('RENDER_FAILED', `the attribute ${name} is there twice`, { value: name });
    attributes.set(name, escaped(`${node.name}/@${name}`, child.value ?? '', writing.ascii, true));
  }
  return { [checked(node.name, writing)]: content, ':@': Object.fromEntries(attributes) };
}

function checked(name: string, { used }: Writing): string {
  if (!NAME.test(name)) throw new WharfError('RENDER_FAILED', `"${name.slice(0, 99)}" is not a name of XML`, { value: name.slice(0, 99) });
  const [prefix, local] = name.split(':');
  if (local !== undefined) used.add(prefix!);
  return name;
}

function escaped(at: string, text: string, ascii: boolean, attribute: boolean): string {
  const forbidden = FORBIDDEN.exec(text)?.[0];
  if (forbidden !== undefined) {
    const character = `U+${forbidden.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    throw new WharfError('RENDER_FAILED', `${at}: ${JSON.stringify(text.slice(0, 60))} has the character ${character}, which XML cannot hold`, {
      value: text.slice(0, 99),
    });
  }
  let result = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
  if (attribute) result = result.replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
  return ascii ? result.replace(/[\u0080-\u{10ffff}]/gu, (c) => `&#${c.codePointAt(0)};`) : result;
}
