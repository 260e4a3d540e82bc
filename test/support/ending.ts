import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { Scratch } from '../../src/cli/demo/scratch.ts';
import { unsettledDocuments } from '../../src/store/expectations.ts';
import type { Database } from '../../src/store/transaction.ts';
import type { Taken } from './play.ts';
import { patience } from './test-server.ts';

/** What the story takes at most. */
export const soon = { timeout: 30_000 * patience, interval: 20 };

/** A file as a partner reads it, without what depends on which came first: control numbers, our own numbers, and days. */
function meaning({ name, content }: { readonly name: string; readonly content: string }): string {
  const text = content
    .replaceAll(/^(ISA|GS|GE|IEA)\*.*$/gm, '$1')
    .replaceAll(/^(AK1\*\w+\*)\d+/gm, '$1#')
    .replaceAll(/^(BAK(?:\*[^*]*){7}\*)\d+/gm, '$1#')
    .replaceAll(/\b([WI]\d{6}-\d+|S\d{8}|\d{18})\b/g, '#')
    .replaceAll(/\b20\d\d(-?)\d\d\1\d\d\b/g, 'day')
    // A charge of the order is billed with what ships first, which may be one warehouse or the other.
    .replaceAll(/^#,day,.*,#,charge,.*\r?\n/gm, '')
    .replaceAll(/^(#,day,.*,USD,)[\d.]+$/gm, '$1#');
  return `${name.replace(/_\d+(?=\.\w+$)/, '')}\n${text.replaceAll(/(?<=BL|PF|HB-|HBL-)W\d{6}-\d+/g, '#')}`;
}

/** The orders that are charged something, each time that they are. */
function chargesIn({ content }: { readonly content: string }): readonly string[] {
  return [...content.matchAll(/,(BB-\d+),[^,]*,charge,(.*),USD,/g)].map(([, order, charge]) => `${order} ${charge}`);
}

/** Everything that came of a story, comparable with another telling of it. */
export async function result(stage: Scratch, taken: Taken, db: Database) {
  return db.read(async (tx) => {
    const control = await tx.many('select partner, set_id, group_type, interchange_control, group_control from {outbox} where interchange_control is not null');
    const numbered = (of: readonly (readonly [string, unknown])[]) =>
      Object.fromEntries(
        [...Map.groupBy(of, ([scope]) => scope)].map(([scope, found]) => [scope, found.map(([, number]) => Number(number)).toSorted((a, b) => a - b)]),
      );
    return {
      received: Object.fromEntries([...taken].map(([partner, files]) => [partner, files.map(meaning).toSorted()])),
      charges: [...taken.values()].flatMap((files) => files.flatMap(chargesIn)).toSorted(),
      orders: await tx.many(
        `select o.partner, o.po_number, o.lifecycle, l.line_no, l.sku, l.base, l.pending, l.backordered, l.allocated, l.released, l.shipped, l.rejected,
          l.cancelled, l.overshipped, l.invoiced from {sales_order} o join {order_line} l on l.order_id = o.id order by o.partner, o.po_number, l.line_no`,
      ),
      stock: await tx.many('select sku, location, on_hand, allocated from {stock} order by sku, location'),
      ledger: await tx.many(
        'select sku, location, sum(on_hand) as on_hand, sum(allocated) as allocated from {stock_movement} group by sku, location order by sku, location',
      ),
      files: await tx.many('select partner, status, count(*) as n from {inbound_file} group by partner, status order by partner, status'),
      documents: await tx.many(
        'select partner, set_id, kind, status, count(*) as n from {document} group by partner, set_id, kind, status order by partner, set_id, kind',
      ),
      sent: await tx.many(
        'select partner, kind, status, ack_status, count(*) as n from {outbox} group by partner, kind, status, ack_status order by partner, kind',
      ),
      interchanges: numbered(control.map((row) => [String(row['partner']), row['interchange_control']])),
      groups: numbered(
        control.filter((row) => row['group_control']).map((row) => [`${String(row['partner'])} ${String(row['group_type'])}`, row['group_control']]),
      ),
      names: Object.fromEntries([...taken].map(([partner, files]) => [partner, files.map(({ name }) => name).toSorted()])),
      left: leftIn(stage),
    };
  });
}

/** What still lies in the folders of the partners; our hidden files of attempts that were cut off stay for a day and are no file to a partner. */
function leftIn(stage: Scratch): readonly string[] {
  const root = join(stage.directory, 'var', 'partners');
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.wharf.out.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
}

/** Waits until so many orders are there, every one is shipped, billed and acknowledged, and nothing is left to read. */
export async function untilDone(stage: Scratch, collect: () => Promise<void>, db: Database, orders: number): Promise<void> {
  await vi.waitFor(async () => {
    await collect();
    const [open] = await db.read((tx) =>
      tx.many(`select (select count(*) from {sales_order} where lifecycle <> 'shipped') as orders, (select count(*) from {sales_order}) as known,
        (select count(*) from {document} where status in ('pending', 'working')) as documents, (select count(*) from {inbound_file} where finished_at is null) as files`),
    );
    expect(open).toEqual({ orders: 0, known: orders, documents: 0, files: 0 });
    expect(await db.read((tx) => unsettledDocuments(tx))).toBe(0);
    expect(leftIn(stage)).toEqual([]);
  }, soon);
}

/** Fails the test unless nothing is left, stock is what its movements say, and no number or file was given out twice or left out. */
export function expectWhole(told: Awaited<ReturnType<typeof result>>): void {
  expect(told.left).toEqual([]);
  expect(told.ledger).toEqual(told.stock);
  for (const [scope, numbers] of [...Object.entries(told.interchanges), ...Object.entries(told.groups)])
    expect(numbers, scope).toEqual(numbers.map((_, index) => index + 1));
  for (const [partner, names] of Object.entries(told.names)) expect(names, partner).toEqual([...new Set(names)]);
}
