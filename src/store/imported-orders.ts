import type { Order } from '../canonical/order.ts';
import type { NewDocument } from './documents.ts';
import { publishDocuments, stageDocuments } from './documents.ts';
import { packPayload, storePayload } from './payload.ts';
import type { Tx } from './transaction.ts';

export type OrderFile = { readonly name: string; readonly bytes: Uint8Array; readonly sha256: string };
export type OrderEntry = { readonly partner: string; readonly order: Order; readonly contentHash: string };

/** Stores orders that were written by hand as a file that is read already, with a document for each, ready to be applied. Gives the file's id. */
export async function insertOrderFile(tx: Tx, file: OrderFile, entries: readonly OrderEntry[], now: number): Promise<number> {
  const id = await tx.insert('inbound_file', {
    channel: 'import',
    name: file.name.slice(0, 255),
    size: file.bytes.length,
    modified_at: now,
    source_id: '',
    sha256: file.sha256,
    format: 'csv',
    received_at: now,
    disposed_at: now,
    finished_at: now,
    status: 'done',
  });
  await storePayload(tx, 'inbound', id, packPayload(file.bytes));
  await stageDocuments(
    tx,
    entries.map((entry, index) => documentOf(id, index + 1, entry)),
    now,
  );
  await publishDocuments(tx, id, now);
  return id;
}

function documentOf(fileId: number, position: number, { partner, order, contentHash }: OrderEntry): NewDocument {
  return {
    fileId,
    interchangeId: undefined,
    position,
    partner,
    kind: 'order',
    setId: undefined,
    groupType: undefined,
    groupControl: undefined,
    setControl: undefined,
    businessKey: order.poNumber,
    accepted: true,
    canonical: order,
    findings: [],
    mapping: undefined,
    mappingHash: undefined,
    contentHash,
    outcome: { status: 'pending' },
  };
}
