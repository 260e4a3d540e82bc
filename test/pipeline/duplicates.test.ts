import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { databaseSettings } from '../../src/pipeline/database-settings.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import { configOf, sample, stockedCompany } from '../cli/support.ts';

test('fault/C7 fault/D5 fault/F12 the same interchange several times at once, in several files and in one: one order, one answer, and each of the others told', async () => {
  const folder = await stockedCompany();
  const { config } = await loadConfig(configOf(folder));
  const rehearsal = await openRehearsal(config!, databaseSettings(config!.database), () => Date.parse('2026-03-02T15:00:00Z'));
  onTestFinished(() => rehearsal.close());
  const file = await sample('acme/happy-path/in.edi');
  const other = await sample('acme/happy-path/in.edi', (text) => text.replace('PO1*1*48*', 'PO1*1*60*'));
  await rehearsal.give('acme', 'first.edi', file);
  await rehearsal.give('acme', 'again.edi', file);
  await rehearsal.give('acme', 'other.edi', other);
  await rehearsal.give('acme', 'twice.edi', Buffer.concat([file, file]));
  const sent = await rehearsal.run();
  expect(
    sent
      .filter(({ partner }) => partner === 'acme')
      .map(({ name }) => name.slice(0, 3))
      .toSorted(),
  ).toEqual(['855', '997']);
  const [orders, interchanges, documents, files] = await rehearsal.db.read((tx) =>
    Promise.all([
      tx.many('select po_number from {sales_order}'),
      tx.many('select status, count(*) as n from {interchange} group by status order by status'),
      tx.many('select kind, status from {document}'),
      tx.many('select name, reason from {inbound_file} where status <> ?', ['done']),
    ]),
  );
  expect(orders).toEqual([{ po_number: '4500012345' }]);
  expect(documents).toEqual([{ kind: 'order', status: 'done' }]);
  // Which of them is read first is nobody's promise: the others are what they are beside it.
  const count = Object.fromEntries(interchanges.map(({ status, n }) => [status, n]));
  expect(count).toEqual(count['reused'] === 1 ? { accepted: 1, duplicate: 3, reused: 1 } : { accepted: 1, reused: 4 });
  expect(files.every(({ reason }) => reason === 'INTERCHANGE_REUSED')).toBe(true);
});
