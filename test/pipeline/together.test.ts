import { expect, test } from 'vitest';
import { allocate } from '../../src/pipeline/allocate.ts';
import { apply } from '../../src/pipeline/apply.ts';
import type { PipelineContext, Step } from '../../src/pipeline/context.ts';
import { render } from '../../src/pipeline/render.ts';
import { makeTranslate } from '../../src/pipeline/translate.ts';
import { insertFile } from '../../src/store/files.ts';
import { packPayload } from '../../src/store/payload.ts';
import type { Row, SqlValue } from '../../src/store/transaction.ts';
import { type Brain, openBrain } from '../support/brain.ts';

const COUNT = 6;

function orderFile(at: number): Buffer {
  const control = String(at).padStart(9, '0');
  return Buffer.from(
    `ISA*00*          *00*          *ZZ*ACME           *ZZ*HARBORLANE     *260302*0915*U*00401*${control}*0*P*>~` +
      `GS*PO*ACMESTORES*HARBORLANE*20260302*0915*${at}*X*004010~ST*850*0001~BEG*00*SA*T${at}**20260302~N1*ST*Acme*92*0042~` +
      `PO1*1*1*EA***VN*HL-MUG-01~CTT*1~SE*6*0001~GE*1*${at}~IEA*1*${control}~`,
  );
}

/** Some files of an order each, stored and not yet translated. */
async function openWithFiles(): Promise<Brain> {
  const brain = await openBrain();
  const now = brain.now();
  for (let at = 1; at <= COUNT; at += 1) {
    const bytes = orderFile(at);
    const file = { partner: 'acme', channel: 'acme/in', name: `${at}.edi`, size: bytes.length, modifiedAt: now, sourceId: '', receivedAt: now };
    await brain.db.transaction((tx) => insertFile(tx, file, 'a'.repeat(64), packPayload(bytes)));
  }
  return brain;
}

const rows = (brain: Brain, sql: string): Promise<readonly Row[]> => brain.db.read((tx) => tx.many(sql));
const spoil = (brain: Brain, sql: string, values: readonly SqlValue[] = []): Promise<number> => brain.db.transaction((tx) => tx.run(sql, values));
const statuses = async (brain: Brain, table: string, where = '1 = 1'): Promise<readonly unknown[]> =>
  (await rows(brain, `select status from {${table}} where ${where} order by id`)).map((row) => row['status']);

async function runAll(context: PipelineContext, steps: readonly Step[]): Promise<void> {
  for (const step of steps) while ((await step.run(context)) > 0);
}

test('a file that cannot be read spoils none of those that are read with it', async () => {
  const brain = await openWithFiles();
  await spoil(brain, `update {payload} set bytes = ? where owner = 'inbound' and owner_id = 3`, [Buffer.from([0xff, 0])]);
  await runAll(brain.context, [makeTranslate()]);
  expect(await statuses(brain, 'inbound_file')).toEqual(['done', 'done', 'parked', 'done', 'done', 'done']);
  expect(await statuses(brain, 'document')).toEqual(Array(COUNT - 1).fill('pending'));
});

test('a document that cannot be applied spoils none of those that are applied with it', async () => {
  const brain = await openWithFiles();
  await runAll(brain.context, [makeTranslate()]);
  await spoil(brain, `update {document} set canonical = '{' where id = 2`);
  await runAll(brain.context, [apply]);
  expect(await statuses(brain, 'document')).toEqual(['done', 'parked', 'done', 'done', 'done', 'done']);
  expect((await rows(brain, 'select po_number from {sales_order} order by po_number')).map((row) => row['po_number'])).toEqual(['T1', 'T3', 'T4', 'T5', 'T6']);
});

test('an order that changes while it is decided about is decided again; the others are not', async () => {
  const brain = await openWithFiles();
  await runAll(brain.context, [makeTranslate(), apply]);
  let touched = false;
  const db: PipelineContext['db'] = {
    ...brain.db,
    transaction: async (work) => {
      if (!touched) await spoil(brain, 'update {sales_order} set version = version + 1 where id = 4');
      touched = true;
      return brain.db.transaction(work);
    },
  };
  await allocate.run({ ...brain.context, db });
  const decided = `select order_id, count(*) as n from {decision} group by order_id order by order_id`;
  expect((await rows(brain, decided)).map((row) => row['order_id'])).toEqual([1, 2, 3, 5, 6]);
  await runAll(brain.context, [allocate]);
  expect((await rows(brain, decided)).map((row) => row['n'])).toEqual(Array(COUNT).fill(1));
  expect(await rows(brain, 'select sum(allocated) as taken from {stock}')).toEqual(await rows(brain, 'select sum(quantity) as taken from {allocation}'));
});

test('a document that cannot be written spoils none of those that are written with it and uses no number', async () => {
  const brain = await openWithFiles();
  await runAll(brain.context, [makeTranslate(), apply, allocate]);
  await spoil(brain, `update {outbox} set mapping = 'nobody/knows' where kind = 'order-response' and order_id = 2`);
  await runAll(brain.context, [render]);
  expect(await statuses(brain, 'outbox', `kind = 'order-response'`)).toEqual(['rendered', 'parked', 'rendered', 'rendered', 'rendered', 'rendered']);
  const numbered = await rows(brain, `select partner, group_type, group_control from {outbox} where status = 'rendered'`);
  for (const [, group] of Map.groupBy(numbered, (row) => `${String(row['partner'])} ${String(row['group_type'])}`)) {
    const numbers = group.map((row) => Number(row['group_control'])).toSorted((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  }
});
