import { poKey } from '../orders/identifiers.ts';
import { type Activity, toActivity } from './activity.ts';
import { type InboundFile, toFile } from './files.ts';
import { begins } from './begins.ts';
import { inList } from './in-list.ts';
import type { Row, SqlValue, Tx } from './transaction.ts';

/** What a person looks for: a PO number, a file name, a control number, the hash of a file, or an id such as `order:7`. */
export type Trace = {
  readonly files: readonly InboundFile[];
  readonly interchanges: readonly TracedInterchange[];
  readonly documents: readonly TracedDocument[];
  readonly orders: readonly {
    readonly id: number;
    readonly partner: string;
    readonly poNumber: string;
    readonly lifecycle: string;
    readonly receivedAt: number;
  }[];
  readonly outbox: readonly TracedOutbox[];
  /** All that happened to them, in order of time. */
  readonly activities: readonly Activity[];
  /** More was found than is shown. */
  readonly cut: boolean;
};
type State = { readonly status: string; readonly reason: string | undefined; readonly detail: string | undefined };
export type TracedInterchange = {
  readonly id: number;
  readonly fileId: number;
  readonly partner: string | undefined;
  readonly control: string;
  readonly status: string;
};
export type TracedDocument = State & {
  readonly id: number;
  readonly fileId: number;
  readonly partner: string;
  readonly kind: string | undefined;
  readonly setId: string | undefined;
  readonly businessKey: string | undefined;
  readonly accepted: boolean;
};
export type TracedOutbox = State & {
  readonly id: number;
  readonly partner: string;
  readonly kind: string;
  readonly setId: string | undefined;
  readonly businessKey: string | undefined;
  readonly interchangeControl: string | undefined;
  readonly fileName: string | undefined;
  readonly channel: string | undefined;
  readonly ackStatus: string | undefined;
  readonly createdAt: number;
  readonly sentAt: number | undefined;
};

type Kind = 'file' | 'document' | 'order' | 'outbox';
type Found = Record<Kind, Set<number>>;
/** What else of an order has a number of its own that people quote: warehouse work, shipments and invoices. */
const numbered = [
  ['fulfilment_order', 'number'],
  ['shipment', 'shipment_ref'],
  ['invoice', 'number'],
] as const;
/** Rows of one kind that are shown at most. */
const MOST = 500;

/** The whole life of what a term names: its files, documents, orders and answers, and their timeline. Empty when nothing goes by it. */
export async function trace(tx: Tx, term: string): Promise<Trace> {
  const found = await seek(tx, term.trim());
  await spread(tx, found);
  const cut = Object.values(found).some((ids) => ids.size >= MOST);
  const files = (await rows(tx, 'inbound_file', 'id', found.file)).map(toFile);
  const interchanges = (await rows(tx, 'interchange', 'inbound_file_id', found.file)).map(toInterchange);
  const documents = (await rows(tx, 'document', 'id', found.document)).map(toDocument);
  const orders = (await rows(tx, 'sales_order', 'id', found.order)).map(toOrder);
  const outbox = (await rows(tx, 'outbox', 'id', found.outbox)).map(toOutbox);
  return { files, interchanges, documents, orders, outbox, activities: await timeline(tx, found), cut };
}

async function seek(tx: Tx, term: string): Promise<Found> {
  const found: Found = { file: new Set(), document: new Set(), order: new Set(), outbox: new Set() };
  const [, kind, id] = /^(file|document|order|outbox):(\d{1,15})$/.exec(term) ?? [];
  if (kind !== undefined) {
    found[kind as Kind].add(Number(id));
    return found;
  }
  const add = async (to: Kind, table: string, condition: string, values: readonly SqlValue[], column = 'id'): Promise<void> => {
    for (const row of await tx.many(`select ${column} as id from {${table}} where ${condition} order by id desc ${tx.limit(MOST)}`, values))
      found[to].add(row['id'] as number);
  };
  await add('order', 'sales_order', 'po_number = ?', [poKey(term)]);
  for (const [table, column] of numbered) await add('order', table, `${column} = ?`, [term], 'order_id');
  await add('document', 'document', 'business_key = ?', [term]);
  await add('outbox', 'outbox', 'business_key = ?', [term]);
  await add('file', 'inbound_file', 'name = ?', [term]);
  await add('outbox', 'outbox', 'file_name = ?', [term]);
  if (/^\d{1,14}$/.test(term)) {
    // Control numbers go with and without leading zeros.
    const forms = [term, String(Number(term)), term.padStart(9, '0')];
    await add('file', 'interchange', 'control in (?, ?, ?)', forms, 'inbound_file_id');
    await add('outbox', 'outbox', 'interchange_control in (?, ?, ?)', forms);
    await add('outbox', 'outbox', 'group_control in (?, ?, ?)', forms);
  }
  return found;
}

/** From what was named to what belongs to it: all of a file that was named, and only the file of a document that was. */
async function spread(tx: Tx, found: Found): Promise<void> {
  const add = (to: Kind, column: string, list: readonly Row[]): void => {
    for (const row of list) if (row[column] !== null && found[to].size < MOST) found[to].add(row[column] as number);
  };
  const sent = await rows(tx, 'outbox', 'id', found.outbox);
  const answered = sent.flatMap((row) => /^ack:(\d+):/.exec(row['unique_key'] as string)?.[1] ?? []);
  add('file', 'inbound_file_id', await rows(tx, 'interchange', 'id', new Set(answered.map(Number))));
  // A packed file and what came out of it are one story.
  add('file', 'unpacked_from', await rows(tx, 'inbound_file', 'id', found.file));
  add('file', 'id', await rows(tx, 'inbound_file', 'unpacked_from', found.file));
  const named = new Set(found.file);
  add('document', 'id', await rows(tx, 'document', 'inbound_file_id', named));
  add('order', 'order_id', sent);
  add('document', 'cause_document_id', sent);
  add('order', 'order_id', await rows(tx, 'document', 'id', found.document));
  add('document', 'id', await rows(tx, 'document', 'order_id', found.order));
  add('outbox', 'id', await rows(tx, 'outbox', 'order_id', found.order));
  add('outbox', 'id', await rows(tx, 'outbox', 'cause_document_id', found.document));
  // What partners said of our documents, and what we said of theirs.
  add('document', 'document_id', await rows(tx, 'activity', 'outbox_id', found.outbox));
  const documents = await rows(tx, 'document', 'id', found.document);
  add('file', 'inbound_file_id', documents);
  const interchanges = new Set(documents.map((row) => row['interchange_id']));
  for (const row of await rows(tx, 'interchange', 'inbound_file_id', named)) interchanges.add(row['id']);
  for (const id of interchanges) {
    if (id === null) continue;
    const answers = begins('unique_key', `ack:${String(id)}:`);
    add('outbox', 'id', await tx.many(`select id from {outbox} where ${answers.sql}`, answers.values));
  }
}

async function timeline(tx: Tx, found: Found): Promise<readonly Activity[]> {
  const columns = { inbound_file_id: found.file, document_id: found.document, order_id: found.order, outbox_id: found.outbox };
  const seen = new Map<number, Row>();
  for (const [column, ids] of Object.entries(columns)) {
    for (const row of await rows(tx, 'activity', column, ids)) {
      // What happened to another document of the same file is another story.
      const other = column === 'inbound_file_id' && row['document_id'] !== null && !found.document.has(row['document_id'] as number);
      if (!other) seen.set(row['id'] as number, row);
    }
  }
  return [...seen.values()].toSorted((a, b) => Number(a['at']) - Number(b['at']) || Number(a['id']) - Number(b['id'])).map(toActivity);
}

async function rows(tx: Tx, table: string, column: string, ids: ReadonlySet<number>): Promise<readonly Row[]> {
  if (ids.size === 0) return [];
  const { sql, values } = inList([...ids].slice(0, MOST));
  return tx.many(`select * from {${table}} where ${column} in ${sql} order by id ${tx.limit(MOST * 4)}`, values);
}

const text = (row: Row, column: string): string | undefined => (row[column] as string | null) ?? undefined;
const stateOf = (row: Row): State => ({ status: row['status'] as string, reason: text(row, 'reason'), detail: text(row, 'detail') });

function toInterchange(row: Row): TracedInterchange {
  return {
    id: row['id'] as number,
    fileId: row['inbound_file_id'] as number,
    partner: text(row, 'partner'),
    control: row['control'] as string,
    status: row['status'] as string,
  };
}

function toDocument(row: Row): TracedDocument {
  const { id, inbound_file_id: fileId, partner, accepted } = row;
  const named = { kind: text(row, 'kind'), setId: text(row, 'set_id'), businessKey: text(row, 'business_key') };
  return { id: id as number, fileId: fileId as number, partner: partner as string, accepted: accepted === 1, ...named, ...stateOf(row) };
}

function toOrder(row: Row): Trace['orders'][number] {
  const { id, partner, po_number: poNumber, lifecycle, received_at: receivedAt } = row;
  return { id: id as number, partner: partner as string, poNumber: poNumber as string, lifecycle: lifecycle as string, receivedAt: receivedAt as number };
}

function toOutbox(row: Row): TracedOutbox {
  return {
    id: row['id'] as number,
    partner: row['partner'] as string,
    kind: row['kind'] as string,
    setId: text(row, 'set_id'),
    businessKey: text(row, 'business_key'),
    interchangeControl: text(row, 'interchange_control'),
    fileName: text(row, 'file_name'),
    channel: text(row, 'channel'),
    ackStatus: text(row, 'ack_status'),
    createdAt: row['created_at'] as number,
    sentAt: (row['sent_at'] as number | null) ?? undefined,
    ...stateOf(row),
  };
}
