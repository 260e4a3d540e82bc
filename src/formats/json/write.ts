import { WharfError } from '../../errors.ts';
import { toPlain, type Node, type Plain } from '../../tree.ts';
import type { JsonSettings } from './options.ts';

const BARE = /^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false)$/;
const MAX_DEPTH = 100;

/** A tree as JSON (RFC 8259) in UTF-8: texts stay texts but for the members that `numbers` names. @throws WharfError RENDER_FAILED */
export function writeJson(tree: Node, options: JsonSettings): Uint8Array {
  checkDepth(tree, 0);
  const numbers = new Set(options.numbers);
  const space = options.indent ? '  ' : '';
  return Buffer.from(`${show(toPlain(tree), { name: tree.name, numbers, space, margin: '' })}\n`);
}

type Showing = { readonly name: string; readonly numbers: ReadonlySet<string>; readonly space: string; readonly margin: string };

function show(plain: Plain, showing: Showing): string {
  const { name, numbers, space, margin } = showing;
  if (typeof plain === 'string') {
    if (!numbers.has(name)) return JSON.stringify(plain);
    if (!BARE.test(plain)) throw new WharfError('RENDER_FAILED', `${name} is not a number of JSON`, { value: plain.slice(0, 99) });
    return plain;
  }
  const inner = { ...showing, margin: margin + space };
  const list = isList(plain);
  const parts = list
    ? plain.map((item) => show(item, inner))
    : Object.entries(plain).map(([key, value]) => `${JSON.stringify(key)}:${space && ' '}${show(value, { ...inner, name: key })}`);
  const [open, close] = list ? '[]' : '{}';
  if (parts.length === 0 || space === '') return `${open}${parts.join(',')}${close}`;
  return `${open}\n${parts.map((part) => inner.margin + part).join(',\n')}\n${margin}${close}`;
}

function isList(plain: Exclude<Plain, string>): plain is readonly Plain[] {
  return Array.isArray(plain);
}

function checkDepth(node: Node, depth: number): void {
  if (depth > MAX_DEPTH) throw new WharfError('RENDER_FAILED', `nested deeper than ${MAX_DEPTH}`);
  for (const child of node.children ?? []) checkDepth(child, depth + 1);
}
