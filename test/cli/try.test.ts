import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsIn } from '../support/database.ts';
import { onServer } from '../support/test-server.ts';
import { openDatabase } from '../../src/store/database.ts';
import { describeState } from '../../src/store/state.ts';
import { configOf, home, sample, sampleCompany, stockedCompany, wharf, wharfJson, work, write } from './support.ts';

const sampleFile = (name: string): string => join(home, 'samples', name);

/** All that a database holds: of an embedded one its bytes. */
async function contentOf(folder: string): Promise<string> {
  const settings = await settingsIn(configOf(folder));
  if (settings.type === 'sqlite') return readFileSync(settings.file, 'latin1');
  const db = await openDatabase(settings);
  try {
    return await db.read(describeState);
  } finally {
    await db.close();
  }
}

test('shows the documents and every file that would be sent, and touches nothing', async () => {
  const folder = await stockedCompany();
  const before = await contentOf(folder);
  const { code, data } = await wharfJson(folder, 'try', sampleFile('acme/happy-path/in.edi'));
  expect(code).toBe(0);
  expect(data.file).toMatchObject({ partner: 'acme', format: 'x12', status: 'done' });
  expect(data.documents).toMatchObject([{ setId: '850', mapping: 'x12/850', status: 'done', canonical: { kind: 'order', poNumber: '4500012345' } }]);
  const names = data.outgoing.map(({ fileName }: { fileName: string }) => fileName.slice(0, 3));
  expect(names).toEqual(expect.arrayContaining(['997', '855', '940']));
  const acknowledgment = data.outgoing.find(({ setId }: { setId: string }) => setId === '997').content;
  expect(acknowledgment).toMatch(/AK1\*PO\*101~\s*AK2\*850\*0001~\s*AK5\*A~\s*AK9\*A\*1\*1\*1~/);
  expect((await contentOf(folder)) === before).toBe(true);
  const partners = join(folder, 'var', 'partners');
  const entries = existsSync(partners) ? readdirSync(partners, { recursive: true, withFileTypes: true }) : [];
  expect(entries.filter((entry) => entry.isFile())).toEqual([]);
  expect((await wharf(folder, 'try', sampleFile('acme/happy-path/in.edi'))).out).toMatch(/--- would be sent: acme\/out 997_1\.edi\nISA\*/);
});

test('one bad set of three: its place is named, the 997 rejects it alone, exit 1', async () => {
  const folder = await stockedCompany();
  const { code, data } = await wharfJson(folder, 'try', sampleFile('acme/three-sets-one-bad/in.edi'));
  expect(code).toBe(1);
  expect(data.documents.map(({ accepted }: { accepted: boolean }) => accepted)).toEqual([true, false, true]);
  expect(data.documents[1].findings).toMatchObject([{ severity: 'error', element: 'BEG05', value: '20261302' }]);
  expect(data.outgoing.find(({ setId }: { setId: string }) => setId === '997').content).toContain('AK9*P*3*3*2~');
});

test.skipIf(onServer)('without a database no item is known, and no database is made', async () => {
  const folder = await sampleCompany();
  const { code, out } = await wharf(folder, 'try', sampleFile('acme/happy-path/in.edi'));
  expect(code).toBe(1);
  expect(out).toMatch(/There is no database yet/);
  expect(out).toMatch(/held: SKU_UNKNOWN: line 1: no item goes by BP 1001/);
  expect(existsSync(join(folder, 'var', 'wharf.db'))).toBe(false);
});

test('a file meets the orders that are there: the same order again is a duplicate, another one with its number a conflict', async () => {
  const folder = await stockedCompany();
  await work(folder, { partner: 'acme', name: 'a.edi', bytes: await sample('acme/happy-path/in.edi') });
  const same = await wharfJson(folder, 'try', sampleFile('acme/happy-path/in.edi'));
  expect(same.data.documents).toMatchObject([{ status: 'done', reason: 'DUPLICATE' }]);
  const other = await write(
    folder,
    'other.edi',
    Buffer.from(await sample('acme/happy-path/in.edi', (text) => text.replace('PO1*1*48*', 'PO1*1*49*'))).toString(),
  );
  const { code, data } = await wharfJson(folder, 'try', other);
  expect(code).toBe(1);
  expect(data.documents).toMatchObject([{ status: 'parked', reason: 'ORDER_CONFLICT', detail: expect.stringMatching(/48.*49/) }]);
});

test('--why names the rule and the segment or line of one value', async () => {
  const folder = await stockedCompany();
  const x12 = await wharfJson(folder, 'try', sampleFile('acme/happy-path/in.edi'), '--why', 'lines[1].quantity');
  expect(x12.data.documents[0].why).toEqual([
    {
      path: 'lines[1].quantity',
      value: '2',
      rule: { file: expect.stringMatching(/850\.yaml$/), line: expect.any(Number), column: expect.any(Number) },
      source: 'segment 11: PO1*2*2*CA*50.4**BP*1006',
    },
  ]);
  const csv = await wharfJson(folder, 'try', sampleFile('bluebird/two-orders/in.csv'), '--partner', 'bluebird', '--why', 'poNumber');
  expect(csv.data.documents[1].why).toMatchObject([{ path: 'poNumber', value: 'BB-7002', source: 'line 4' }]);
});

test('--why goes for what would be sent as well: the rule, and the value of the document that it read', async () => {
  const folder = await stockedCompany();
  const { code, out } = await wharf(folder, 'try', sampleFile('acme/happy-path/in.edi'), '--why', 'W0101');
  expect(code).toBe(0);
  expect(out).toMatch(
    /^--- would be sent: northwind\/out 940_1\.edi\n {2}LX\[0\]\.W01\.W0101 = "48"\n {4}rule .*940\.yaml:\d+:\d+, from warehouse-order lines\[0\]\.quantity\n/,
  );
  const { data } = await wharfJson(folder, 'try', sampleFile('acme/happy-path/in.edi'), '--why', 'PO1[1].PO103');
  expect(data.outgoing.flatMap(({ why }: { readonly why?: readonly unknown[] }) => why ?? [])).toMatchObject([
    { path: 'PO1[1].PO103', value: 'CA', source: 'order-response lines[1].unit' },
  ]);
});

test('--why and --from show nothing but their answer, and say when there is none', async () => {
  const folder = await stockedCompany();
  expect((await wharf(folder, 'try', sampleFile('acme/happy-path/in.edi'), '--why', 'poNumber')).out).toMatch(
    /^=== acme 850 0001 order 4500012345\n {2}poNumber = "4500012345"\n {4}rule [^\n]*\n$/,
  );
  for (const option of ['--why', '--from']) {
    const none = await wharf(folder, 'try', sampleFile('acme/happy-path/in.edi'), option, 'BEG09');
    expect(none).toMatchObject({ code: 1, out: expect.stringMatching(/^nothing has to do with BEG09: [^\n]*\n$/) });
  }
});

test('whose file it is: by its envelope, by the only mapping that takes it, or by --partner', async () => {
  const folder = await stockedCompany();
  const xml = sampleFile('cedar/order/in.xml');
  expect((await wharfJson(folder, 'try', xml, '--partner', 'cedar')).data).toMatchObject({
    file: { partner: 'cedar' },
    documents: [{ mapping: 'cedar/orders' }],
  });
  expect(await wharf(folder, 'try', xml, '--partner', 'nobody')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/NOT_FOUND: there is no partner nobody/),
  });
  const text = await write(folder, 'notes.txt', 'only words');
  expect(await wharf(folder, 'try', text)).toMatchObject({ code: 2, err: expect.stringMatching(/USAGE: whose file is notes\.txt\?/) });
  const stranger = await write(folder, 'x.edi', Buffer.from(await sample('acme/happy-path/in.edi', (content) => content.replace('ACME ', 'ACMX '))).toString());
  expect(await wharf(folder, 'try', stranger)).toMatchObject({ code: 1, out: expect.stringMatching(/SENDER_UNKNOWN: .*ZZ\/ACMX/) });
});

test('--from names what a value of the file becomes, and the rules that make it so', async () => {
  const folder = await stockedCompany();
  const from = async (file: string, element: string, ...more: readonly string[]) =>
    (await wharfJson(folder, 'try', sampleFile(file), '--from', element, ...more)).data.documents[0].from;
  expect(await from('acme/happy-path/in.edi', 'PO102')).toEqual([
    {
      source: expect.stringMatching(/^segment 9: PO1\*1\*48/),
      path: 'lines[0].quantity',
      value: '48',
      rule: expect.objectContaining({ line: expect.any(Number) }),
    },
    { source: expect.stringMatching(/^segment 11: PO1\*2\*2/), path: 'lines[1].quantity', value: '2', rule: expect.anything() },
  ]);
  // Where a condition looks at it, what the condition decides comes of it too.
  const party = await from('acme/happy-path/in.edi', 'N101');
  expect(party.map((each: { path: string }) => each.path)).toEqual(expect.arrayContaining(['buyer.name', 'shipTo.code']));
  expect(await from('acme/happy-path/in.edi', 'BEG04')).toEqual([]);
  expect(await from('bluebird/two-orders/in.csv', 'ship_by', '--partner', 'bluebird')).toMatchObject([
    { source: 'line 2', path: 'shipNoLater', value: '2026-03-11' },
  ]);
  expect(await from('cedar/order/in.xml', 'number', '--partner', 'cedar')).toMatchObject([{ path: 'poNumber' }]);
  expect((await wharf(folder, 'try', sampleFile('acme/happy-path/in.edi'), '--from', 'BEG03')).out).toMatch(
    /segment 2: BEG\*00\*SA\*4500012345[^\n]*\n {4}poNumber = "4500012345", rule .*850\.yaml:\d+:\d+\n/,
  );
});

test('--date is the day on which it comes: what was due long ago can still be promised then', async () => {
  const folder = await stockedCompany();
  const late = await write(
    folder,
    'late.edi',
    Buffer.from(await sample('acme/happy-path/in.edi', (text) => text.replace(/DTM\*010\*\d{8}~/, 'DTM*001*20260320~'))).toString(),
  );
  const then = await wharfJson(folder, 'try', late, '--date', '2026-03-02');
  const since = await wharfJson(folder, 'try', late, '--date', '2026-06-02');
  expect([then.code, since.code]).toEqual([0, 0]);
  expect(then.data.outgoing.map(({ setId }: { setId: string }) => setId)).toContain('940');
  expect(since.data.outgoing.map(({ setId }: { setId: string }) => setId)).not.toContain('940');
  expect((await wharf(folder, 'try', late, '--date', '2026-02-30')).err).toContain('--date 2026-02-30 is not a date such as 2026-03-02');
});
