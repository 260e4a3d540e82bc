import type { Field, Node } from '../tree.ts';

/** A value of a document that nothing has looked at: an element as guides write it (`PO109`), or the path of a column, element or attribute. */
export type Unread = {
  readonly path: string;
  readonly value: string;
  /** The segment of its set counting from ST, or the line of the file. */
  readonly segment: number | undefined;
  readonly line: number | undefined;
};

/** Segments whose elements say nothing that a mapping has to know. */
const COUNTS = new Set(['ST', 'SE', 'CTT', 'HL', 'LX', 'LS', 'LE']);

/** The same tree, and which of its values nobody has read so far: whatever a mapping never looks at, it loses. */
export function watchReads(tree: Node): { readonly tree: Node; readonly unread: () => readonly Unread[]; readonly readPaths: () => ReadonlySet<string> } {
  const paths = new Map<string, string>();
  const found = new Set<string>();
  const waiting = new Map<string, Unread>();
  let next = 0;
  const expect = (path: string, value: string, at: Node['at']): string => {
    const key = String(next++);
    paths.set(key, path);
    if (value !== '') waiting.set(key, { path, value, segment: at?.segment, line: at?.line });
    return key;
  };
  const read = (key: string): void => {
    found.add(paths.get(key)!);
    waiting.delete(key);
  };
  return { tree: watched(tree, '', { expect, read }), unread: () => [...waiting.values()], readPaths: () => found };
}

type Watch = { readonly expect: (path: string, value: string, at: Node['at']) => string; readonly read: (key: string) => void };

function watched(node: Node, above: string, watch: Watch): Node {
  const path = above === '' ? node.name : `${above}/${node.name}`;
  const fields = node.fields && watchedFields(node, node.fields, watch);
  const key = node.fields || node.value === undefined ? undefined : watch.expect(path, node.value, node.at);
  const children = node.children?.map((child) => watched(child, path, watch));
  const { value } = node;
  const result: Node = { ...node, ...(fields && { fields }), ...(children && { children }) };
  if (key === undefined) return result;
  return Object.defineProperty(result, 'value', {
    enumerable: true,
    get: () => {
      watch.read(key);
      return value;
    },
  });
}

function watchedFields(node: Node, fields: readonly Field[], watch: Watch): readonly Field[] {
  if (COUNTS.has(node.name) || /^\d{3}$/.test(node.name)) return fields;
  const keys = fields.map((field, index) => watch.expect(`${node.name}${String(index + 1).padStart(2, '0')}`, textOf(field), node.at));
  return new Proxy(fields, {
    get: (target, property, receiver) => {
      const key = typeof property === 'string' && /^\d+$/.test(property) ? keys[Number(property)] : undefined;
      if (key !== undefined) watch.read(key);
      return Reflect.get(target, property, receiver) as unknown;
    },
  });
}

function textOf(field: Field): string {
  return typeof field === 'string' ? field : field.map((components) => components.join(':')).join('^');
}
