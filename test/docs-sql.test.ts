import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findOverdue } from '../src/pipeline/deliver/overdue.ts';
import type { Brain } from './support/brain.ts';
import { openBrain } from './support/brain.ts';

const DAY = 86_400_000;
const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'sql.md'), 'utf8');
const questions = [...page.matchAll(/^### (\d+)\. (.+)\n```sql\n([\s\S]*?)```/gm)].map(([, number, question, sql]) => ({
  number: Number(number),
  question,
  sql,
}));

/** The warehouse ships an order: a sample report under the number that the order's work has here. */
async function ship(brain: Brain, po: string, sample: string): Promise<void> {
  const work = await brain.db.read((tx) =>
    tx.one(`select f.number from {fulfilment_order} f join {sales_order} o on o.id = f.order_id where o.po_number = ? order by f.id`, [po]),
  );
  await brain.drop('northwind', sample, (text) => text.replaceAll('W000001-1', String(work?.['number'])));
}

/** A book with something of everything that the questions ask for, at the end of a day on which much went wrong. */
async function openBook(): Promise<Brain> {
  const brain = await openBrain((partner) => ({ ...partner, acknowledgments: { ...partner.acknowledgments, expectWithin: DAY } }));
  await brain.drop('acme', 'acme/three-sets-one-bad/in.edi');
  await brain.drop('acme', 'acme/over-shipment/in.1.edi');
  await brain.drop('acme', 'acme/unknown-sku/in.edi');
  await brain.drop('acme', 'acme/backorder/in.1.edi');
  await ship(brain, '4500014900', 'acme/over-shipment/in.2.northwind.945.edi');
  await ship(brain, '4500014700', 'acme/backorder/in.3.northwind.945.edi');
  await brain.db.transaction(async (tx) => {
    await tx.run(`delete from {invoice} where shipment_id = 2`);
    await tx.run(`update {stock} set reorder_point = on_hand where sku = 'HL-MUG-01'`);
    await tx.run(`update {outbox} set status = 'rejected', ack_status = 'rejected', ack_detail = 'AK501 R' where id = 2`);
  });
  brain.advance(2 * DAY);
  await findOverdue(brain.context);
  return brain;
}

describe('the questions of docs/sql.md', () => {
  test('are twenty', () => expect(questions.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1)));

  test('have an answer on a book of orders', async () => {
    const { db } = await openBook();
    for (const { number, question, sql } of questions) {
      const rows = await db.read((tx) => tx.many(sql!.replace(/\bwharf\.(\w+)/g, '{$1}')));
      expect(rows.length, `${number}. ${question}`).toBeGreaterThan(number === 20 ? -1 : 0);
      if (number === 20) expect(rows).toEqual([]);
    }
  });
});
