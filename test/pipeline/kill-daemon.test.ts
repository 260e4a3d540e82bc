import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Scratch } from '../../src/cli/demo/scratch.ts';
import { openDatabase } from '../../src/store/database.ts';
import { unsettledDocuments } from '../../src/store/expectations.ts';
import type { Database } from '../../src/store/transaction.ts';
import { scratch, settingsIn } from '../support/database.ts';
import { onServer } from '../support/test-server.ts';
import { launch, openPartners, openStage, scenesOf } from '../support/play.ts';
import type { Taken } from '../support/play.ts';

const KILLS = Number(process.env['WHARF_KILLS'] ?? 16);
const SEED = Number(process.env['WHARF_SEED'] ?? Date.now() % 1_000_000);
const scenes = scenesOf(4);
/** What the story takes at most. A server on the same machine takes many times as long as the embedded database. */
const soon = { timeout: onServer ? 300_000 : 25_000, interval: 20 };

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

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
async function result(stage: Scratch, taken: Taken, db: Database) {
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

/** Waits until every order is shipped, billed and acknowledged, and nothing is left to read. */
async function untilDone(stage: Scratch, collect: () => Promise<void>, db: Database): Promise<void> {
  await vi.waitFor(async () => {
    await collect();
    const [open] = await db.read((tx) =>
      tx.many(`select (select count(*) from {sales_order} where lifecycle <> 'shipped') as orders, (select count(*) from {sales_order}) as known,
        (select count(*) from {document} where status in ('pending', 'working')) as documents, (select count(*) from {inbound_file} where finished_at is null) as files`),
    );
    expect(open).toEqual({ orders: 0, known: 24, documents: 0, files: 0 });
    expect(await db.read((tx) => unsettledDocuments(tx))).toBe(0);
    expect(leftIn(stage)).toEqual([]);
  }, soon);
}

/** Tells the story with nothing in its way. */
async function tellCalmly() {
  const stage = await openStage(join(await scratch(), 'calm'));
  const { taken, collect } = openPartners(stage);
  for (const { partner, name, bytes } of scenes) stage.drop(partner, name, bytes);
  const daemon = launch(stage);
  await daemon.started;
  const db = await openDatabase(await settingsIn(stage.config));
  await untilDone(stage, collect, db);
  daemon.child.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  const told = await result(stage, taken, db);
  await db.close();
  return told;
}

/** Tells it to a daemon that is killed again and again: while it starts, while it reads, writes and sends. */
async function tellWithKills(next: () => number) {
  const stage = await openStage(join(await scratch(), 'killed'));
  const { taken, collect } = openPartners(stage);
  const waiting = [...scenes];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const daemon = launch(stage);
    if (next() > 0.15) await daemon.started;
    const until = performance.now() + next() * 400;
    for (let drops = Math.ceil((waiting.length / (KILLS - kill)) * 2 * next()); drops > 0; drops -= 1) {
      const scene = waiting.shift();
      if (scene) stage.drop(scene.partner, scene.name, scene.bytes);
    }
    while (performance.now() < until) {
      await collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    daemon.child.kill('SIGKILL');
    await daemon.ended;
    await collect();
  }
  for (const scene of waiting) stage.drop(scene.partner, scene.name, scene.bytes);
  const last = launch(stage);
  await last.started;
  const db = await openDatabase(await settingsIn(stage.config));
  await untilDone(stage, collect, db);
  last.child.kill('SIGTERM');
  expect(await last.ended).toBe(0);
  const told = await result(stage, taken, db);
  await db.close();
  return told;
}

test(
  `fault/A1 a daemon killed at ${KILLS} random moments leaves the same as one that was never disturbed (WHARF_SEED=${SEED})`,
  { timeout: 2 * soon.timeout + KILLS * (onServer ? 30_000 : 6_000) },
  async () => {
    const calm = await tellCalmly();
    const killed = await tellWithKills(random(SEED));
    for (const told of [calm, killed]) {
      expect(told.left).toEqual([]);
      expect(told.ledger).toEqual(told.stock);
      for (const [scope, numbers] of [...Object.entries(told.interchanges), ...Object.entries(told.groups)])
        expect(numbers, scope).toEqual(numbers.map((_, index) => index + 1));
    }
    expect(killed).toEqual(calm);
  },
);

test('a daemon that is asked to stop while files come and go ends with 0, and the next one goes on where it was', { timeout: 3 * soon.timeout }, async () => {
  const stage = await openStage(join(await scratch(), 'stopped'));
  const { taken, collect } = openPartners(stage);
  const first = launch(stage);
  await first.started;
  for (const { partner, name, bytes } of scenes) stage.drop(partner, name, bytes);
  await vi.waitFor(() => expect(existsSync(stage.outbox('acme')) && readdirSync(stage.outbox('acme')).length).toBeGreaterThan(0), soon);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  const second = launch(stage);
  await second.started;
  const db = await openDatabase(await settingsIn(stage.config));
  await untilDone(stage, collect, db);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  const told = await result(stage, taken, db);
  await db.close();
  expect(told.left).toEqual([]);
  expect(told.ledger).toEqual(told.stock);
});
