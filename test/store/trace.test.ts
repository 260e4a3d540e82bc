import { describe, expect, test } from 'vitest';
import { note } from '../../src/store/activity.ts';
import { insertFile } from '../../src/store/files.ts';
import { readStatus } from '../../src/store/status.ts';
import { trace } from '../../src/store/trace.ts';
import type { Database } from '../../src/store/transaction.ts';
import { freshDatabase } from '../support/database.ts';

/** One file with two orders, of which the first was answered, and another file of the same partner. */
async function story(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    const file = (name: string) =>
      insertFile(tx, { partner: 'acme', channel: 'acme/in', name, size: 1, modifiedAt: 0, sourceId: '', receivedAt: 100 }, 'hash', []);
    const first = await file('orders.edi');
    await file('other.edi');
    const parties = { sender: 'ZZ/A', receiver: 'ZZ/B', version: '00401', usage: 'P', sent_on: '', content_hash: '', status: 'accepted', received_at: 100 };
    await tx.insert('interchange', { ...parties, inbound_file_id: first, position: 1, partner: 'acme', control: '000000905' });
    for (const [index, po] of ['PO-1', 'PO-2'].entries()) {
      const order = await tx.insert('sales_order', {
        partner: 'acme',
        po_number: po,
        release_number: '',
        lifecycle: 'open',
        document: '{}',
        content_hash: '',
        document_id: index + 1,
        received_at: 100,
      });
      const base = { inbound_file_id: first, position: index + 1, partner: 'acme', kind: 'order', set_id: '850', accepted: 1, received_at: 100 };
      const document = await tx.insert('document', {
        ...base,
        business_key: po,
        order_id: order,
        status: index === 0 ? 'done' : 'parked',
        reason: index === 0 ? null : 'SKU_UNKNOWN',
      });
      await note(tx, { at: 120 + index, verb: 'apply', partner: 'acme', documentId: document, orderId: order, fileId: first, text: `order ${po}` });
    }
    const sent = {
      partner: 'acme',
      kind: 'order-response',
      canonical: '{}',
      created_at: 130,
      business_key: 'PO-1',
      order_id: 1,
      file_name: '855_7.edi',
      interchange_control: '7',
    };
    const outbox = await tx.insert('outbox', { ...sent, unique_key: 'a', status: 'sent' });
    await note(tx, { at: 140, verb: 'deliver', partner: 'acme', outboxId: outbox, text: '855_7.edi' });
    await note(tx, { at: 110, verb: 'receive', partner: 'acme', fileId: first, text: 'orders.edi' });
  });
}

describe('trace', () => {
  test.each(['PO-1', 'order:1', '855_7.edi', '7', '000000007', 'outbox:1'])('by %s: one order, its file, its answer, in order of time', async (term) => {
    const db = await freshDatabase();
    await story(db);
    const found = await db.read((tx) => trace(tx, term));
    expect(found.files.map(({ name }) => name)).toEqual(['orders.edi']);
    expect(found.documents.map(({ businessKey }) => businessKey)).toEqual(['PO-1']);
    expect(found.orders.map(({ poNumber }) => poNumber)).toEqual(['PO-1']);
    expect(found.outbox.map(({ fileName }) => fileName)).toEqual(['855_7.edi']);
    expect(found.activities.map(({ text }) => text)).toEqual(['orders.edi', 'order PO-1', '855_7.edi']);
    expect(found.cut).toBe(false);
  });

  test.each(['orders.edi', '905', '000000905', 'file:1'])('by %s: all of the file', async (term) => {
    const db = await freshDatabase();
    await story(db);
    const found = await db.read((tx) => trace(tx, term));
    expect(found.interchanges.map(({ control }) => control)).toEqual(['000000905']);
    expect(found.orders.map(({ poNumber }) => poNumber)).toEqual(['PO-1', 'PO-2']);
    expect(found.activities).toHaveLength(4);
  });

  test('nothing goes by an unknown term', async () => {
    const db = await freshDatabase();
    await story(db);
    for (const term of ['', 'PO-3', 'order:99', '12345', `x' or '1'='1`]) {
      expect(await db.read((tx) => trace(tx, term))).toEqual({
        files: [],
        interchanges: [],
        documents: [],
        orders: [],
        outbox: [],
        activities: [],
        cut: false,
      });
    }
  });
});

test('the status counts what is not finished and names what waits for a person', async () => {
  const db = await freshDatabase();
  await story(db);
  const status = await db.read((tx) => readStatus(tx, 1_000));
  expect(status.queues).toEqual([
    { queue: 'files', status: 'pending', count: 2, oldestMs: 900 },
    { queue: 'documents', status: 'parked', count: 1, oldestMs: 900 },
    { queue: 'outbox', status: 'sent', count: 1, oldestMs: 870 },
  ]);
  expect(status.parked).toEqual([{ queue: 'documents', id: 2, partner: 'acme', name: 'PO-2', reason: 'SKU_UNKNOWN', detail: undefined, at: 100 }]);
  expect(status.partners).toEqual([{ partner: 'acme', inbound: 2, outbound: 0, parked: 1 }]);
});
