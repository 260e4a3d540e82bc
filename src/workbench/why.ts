import { inboundForSet } from '../config/find-partner.ts';
import type { Config, ConfiguredMapping, Partner } from '../config/types.ts';
import type { Place } from '../errors.ts';
import { placeOfDocument } from '../store/again.ts';
import { readDocument } from '../store/documents.ts';
import { readFile } from '../store/files.ts';
import type { Database } from '../store/transaction.ts';
import type { Node, Position } from '../tree.ts';
import { fieldText } from '../tree.ts';
import { setVariables, tableOf } from '../pipeline/translate/map-inbound.ts';
import { readMessageAgain, readSetAgain } from '../acts/read-again.ts';
import { mappingForFile } from '../pipeline/translate/records.ts';
import { partnerOf } from '../pipeline/work.ts';

/** Where one value of a document comes from: the rule that made it and what the rule read. Paths count from 0: `lines[0].quantity`. */
export type Reason = { readonly path: string; readonly value: string; readonly rule: Place; readonly source: string };

/** A document's tree as it was read, and what maps it. */
export type Readable = {
  readonly mapping: ConfiguredMapping;
  readonly partner: Partner;
  readonly tree: Node;
  readonly variables: Readonly<Record<string, string>>;
};

/** Why a document says what it says at a path and below it. Empty when nothing there was mapped. */
export async function why(db: Database, config: Config, documentId: number, path: string): Promise<readonly Reason[]> {
  const readable = await readDocumentAgain(db, config, documentId);
  if (!readable) return [];
  const { mapping, partner, tree, variables } = readable;
  const reasons: Reason[] = [];
  mapping.run(tree, {
    variables: { partner: partner.id, ...variables },
    table: (name) => tableOf(partner, name),
    trace: (rule, source, outputPath, value) => {
      if (value !== '' && isAsked(outputPath, path)) reasons.push({ path: outputPath, value, rule: rule.place, source: showSource(tree, source) });
    },
  });
  return reasons;
}

/** Whether a path is the one asked for, below it, or ends in it: `ACK01` is asked wherever it stands. */
export function isAsked(path: string, asked: string): boolean {
  const below = path.startsWith(asked) && ['', '.', '['].includes(path.slice(asked.length, asked.length + 1));
  return below || path.endsWith(`.${asked}`);
}

/** Reads a document again from the stored bytes of its file; undefined when it is not found or nothing maps it. */
export async function readDocumentAgain(db: Database, config: Config, documentId: number): Promise<Readable | undefined> {
  const { document, place } = await db.read(async (tx) => ({ document: await readDocument(tx, documentId), place: await placeOfDocument(tx, documentId) }));
  const file = document && (await db.read((tx) => readFile(tx, document.fileId)));
  if (!document || !place || !file) return undefined;
  const partner = partnerOf(config, document.partner);
  if (document.interchangeId === undefined) {
    const message = await readMessageAgain(db, config, file, place);
    const mapping = mappingForFile(config, partner, file.name, file.format);
    return message && mapping && { mapping, partner, tree: message.tree, variables: { file: file.name } };
  }
  const found = await readSetAgain(db, config, file, document, place);
  const mapping = found && inboundForSet(config, partner, found.set.type, found.group?.version ?? '');
  return found && mapping && { mapping, partner, tree: found.set.tree, variables: setVariables(found) };
}

/** A place in the source as a person finds it: the segment with its number, or the line. */
export function showSource(tree: Node, at: Position | undefined): string {
  if (!at) return 'nothing of the file';
  if (at.segment === undefined) return at.line === undefined ? `byte ${at.offset}` : `line ${at.line}`;
  const node = findSegment(tree, at.segment);
  const fields = (node?.fields ?? []).map((field) => (typeof field === 'string' ? field : fieldText(field)));
  return `segment ${at.segment}${node ? `: ${[node.name, ...fields].join('*')}` : ''}`;
}

function findSegment(node: Node, segment: number): Node | undefined {
  if (node.at?.segment === segment && node.fields) return node;
  for (const each of node.children ?? []) {
    const found = findSegment(each, segment);
    if (found) return found;
  }
  return undefined;
}
