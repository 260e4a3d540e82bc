import { difference } from '../canonical/difference.ts';
import type { Config } from '../config/types.ts';
import type { Place } from '../errors.ts';
import { parseElement } from '../mapping/path.ts';
import type { Database } from '../store/transaction.ts';
import type { Node, Plain, Position } from '../tree.ts';
import { toPlain } from '../tree.ts';
import { tableOf } from '../pipeline/translate/map-inbound.ts';
import type { Readable } from './why.ts';
import { readDocumentAgain, showSource } from './why.ts';

/** A value of a document that would be another without one value of the file. Paths count from 0, as in `why`. */
export type Effect = {
  readonly source: string;
  readonly path: string;
  readonly value: string;
  /** What it would be without; undefined when it would not be there. */
  readonly without: string | undefined;
  readonly rule: Place | undefined;
};

/** The most places of a file that are tried. */
const MOST = 200;

/**
 * What a document has from one kind of value of its file: an element (`BEG03`), or a column, XML element or attribute by its name. Each place that
 * has such a value is emptied in turn and the document mapped again, so that conditions and sums count as well as plain copies.
 */
export async function effects(db: Database, config: Config, documentId: number, from: string): Promise<readonly Effect[]> {
  const readable = await readDocumentAgain(db, config, documentId);
  if (!readable) return [];
  const rules = new Map<string, Place>();
  const whole = mapped(readable, readable.tree, (path, place) => void rules.set(path, place));
  return placesOf(readable.tree, from)
    .slice(0, MOST)
    .flatMap(({ node, emptied, at }) => {
      const source = showSource(readable.tree, at);
      const without = mapped(readable, replaced(readable.tree, node, emptied), () => undefined);
      return difference(whole, without).map(({ path, before, after }): Effect => {
        const counted = path.replaceAll(/\[(\d+)\]/g, (_all, index: string) => `[${Number(index) - 1}]`);
        return { source, path: counted, value: before ?? '', without: after, rule: rules.get(counted) };
      });
    });
}

function mapped({ mapping, partner, variables }: Readable, tree: Node, note: (path: string, place: Place) => void): Plain {
  const result = mapping.run(tree, {
    variables: { partner: partner.id, ...variables },
    table: (name) => tableOf(partner, name),
    trace: (rule, _source, path, value) => {
      if (value !== '') note(path, rule.place);
    },
  });
  return result.tree ? toPlain(result.tree) : '';
}

type Emptied = { readonly node: Node; readonly emptied: Node; readonly at: Position | undefined };

/** A cell stands where its row does. */
function placesOf(node: Node, from: string, above?: Position): readonly Emptied[] {
  const element = parseElement(from);
  const at = node.at ?? above;
  const emptied = element ? withoutElement(node, element.segment, element.element - 1) : withoutValue(node, from);
  return [...(emptied ? [{ node, emptied, at }] : []), ...(node.children ?? []).flatMap((child) => placesOf(child, from, at))];
}

function withoutElement(node: Node, segment: string, index: number): Node | undefined {
  if (node.name !== segment || (node.fields?.[index] ?? '') === '') return undefined;
  return { ...node, fields: node.fields!.with(index, '') };
}

function withoutValue(node: Node, name: string): Node | undefined {
  return (node.name === name || node.name === `@${name}`) && (node.value ?? '') !== '' ? { ...node, value: '' } : undefined;
}

/** The tree with one node in place of another. */
function replaced(tree: Node, node: Node, by: Node): Node {
  if (tree === node) return by;
  if (!tree.children) return tree;
  const children = tree.children.map((child) => replaced(child, node, by));
  return children.some((child, index) => child !== tree.children![index]) ? { ...tree, children } : tree;
}
