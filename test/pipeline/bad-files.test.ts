import { expect, onTestFinished, test } from 'vitest';
import { catalogue } from '../../src/errors.ts';
import type { Rehearsal } from '../../src/workbench/rehearse.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import { baseFiles, configFolder, loadFolder } from '../support/config-folder.ts';
import { freshSettings } from '../support/database.ts';

type FormatName = 'csv' | 'xml' | 'json' | 'fixed';

const partner = (format: FormatName): string => `id: ${format}
name: ${format}
role: customer
channels: { in: { type: folder, directory: ../var/${format}/in, format: ${format} } }
inbound: [{ mapping: ${format}/orders }]
`;
const mapping = (source: string, row = '', contact = '__proto__'): string => `direction: in
document: order
source: { ${source} }
map:
  poNumber: { from: ${row}po, required: true }
  orderDate: { from: ${row}day, date: yyyy-MM-dd, required: true }
  contact: ${row}${contact}
  lines: [{ map: { lineRef: { const: "1" }, ids: [{ map: { qualifier: { const: VN }, value: { const: MUG } } }], quantity: { from: ${row}qty, decimal: true, required: true }, unit: { const: EA } } }]
`;
const sources: Readonly<Record<FormatName, string>> = {
  csv: mapping('format: csv, columns: [po, day, qty], group: row', 'row/'),
  xml: mapping('format: xml, record: /orders/order'),
  json: mapping('format: json, record: /orders'),
  fixed: mapping(
    'format: fixed, type: 1-1, group: row, records: { O: { po: 2-4, day: 5-14, qty: { at: 15-22, align: right }, constructor: 23-30 } }',
    'O/',
    'constructor',
  ),
};

/** Two good orders, A before what is bad and Z after it. */
const csv = (...rows: readonly string[]): string => `po,day,qty,__proto__\n${['A,2026-03-02,1,', ...rows, 'Z,2026-03-02,1,'].join('\n')}\n`;
const xmlOrder = (po: string, day: string, qty: string): string => `<order><po>${po}</po><day>${day}</day><qty>${qty}</qty></order>\n`;
const xml = (bad: string): string => `<orders>\n${xmlOrder('A', '2026-03-02', '1')}${bad}${xmlOrder('Z', '2026-03-02', '1')}</orders>`;
const jsonOrder = (po: string, day: string, qty: string): string => `{"po":"${po}","day":"${day}","qty":"${qty}"}`;
const json = (bad: string): string => `{"orders":[\n${[jsonOrder('A', '2026-03-02', '1'), bad, jsonOrder('Z', '2026-03-02', '1')].join(',\n')}\n]}`;
const fixedOrder = (po: string, day: string, qty: string, more = ''): string => `O${po.padEnd(3)}${day.padEnd(10)}${qty.padStart(8)}${more}`;
const fixed = (bad: string): string => `${[fixedOrder('A', '2026-03-02', '1'), bad, fixedOrder('Z', '2026-03-02', '1')].join('\n')}\n`;

/** A company to which each format's partner sends orders. */
async function open(): Promise<Rehearsal> {
  const formats = Object.keys(sources) as readonly FormatName[];
  const files = Object.fromEntries(
    formats.flatMap((format) => [
      [`partners/${format}.yaml`, partner(format)],
      [`mappings/${format}/orders.yaml`, sources[format]],
    ]),
  );
  const loaded = await loadFolder(await configFolder({ ...baseFiles, ...files }));
  if (!loaded.config) throw new Error(JSON.stringify(loaded.problems));
  const rehearsal = await openRehearsal(loaded.config, await freshSettings(), () => Date.parse('2026-03-02T15:00:00Z'));
  onTestFinished(() => rehearsal.close());
  return rehearsal;
}

/** The orders that came of a file, by their number, and what was kept of it, each with its detail. All that is kept has a remedy. */
async function drop(rehearsal: Rehearsal, format: FormatName, content: string, encoding: BufferEncoding = 'utf8') {
  const id = await rehearsal.give(format, `orders.${format}`, Buffer.from(content, encoding));
  await rehearsal.run();
  const { orders, kept } = await rehearsal.db.read(async (tx) => ({
    orders: await tx.many(`select business_key from {document} where inbound_file_id = ? and status = 'done' order by position`, [id]),
    kept: [
      ...(await tx.many(`select reason, detail from {document} where inbound_file_id = ? and status <> 'done' order by position`, [id])),
      ...(await tx.many(`select reason, detail from {inbound_file} where id = ? and status = 'parked'`, [id])),
    ],
  }));
  for (const { reason } of kept) expect(catalogue[reason as keyof typeof catalogue]?.remedy, String(reason)).toBeTruthy();
  return { orders: orders.map((row) => row['business_key']), kept: kept.map(({ reason, detail }) => `${String(reason)} ${String(detail)}`) };
}

type Case = readonly [what: string, content: string, orders: readonly string[], kept: readonly RegExp[], encoding?: BufferEncoding];

const cases: Readonly<Record<FormatName, readonly Case[]>> = {
  csv: [
    ['a ragged row', csv('B,2026-03-02'), ['A', 'Z'], [/^MESSAGE_REFUSED .*line 3/]],
    ['a header without a column', 'po,day\nA,2026-03-02\n', [], [/^HEADER_INVALID .*qty/]],
    ['a column twice', 'po,day,qty,qty\nA,2026-03-02,1,2\n', [], [/^HEADER_INVALID .*qty/]],
    ['a quote that is never closed', csv('"B,2026-03-02,1,'), ['A'], [/line 3/]],
    ['bytes of another encoding', csv('B,2026-03-02,1,\u00e9'), ['A'], [/^ENCODING_INVALID the bytes from \d\d on are not utf-8/], 'latin1'],
    ['a date that is none', csv('B,2026-02-30,1,'), ['A', 'Z'], [/^MAPPING_FAILED .*orderDate.*"2026-02-30".*line 3/]],
    ['a number of another country', csv('B,2026-03-02,"1.234,56",'), ['A', 'Z'], [/^MAPPING_FAILED .*"1.234,56".*line 3/]],
    ['a number that a spreadsheet has damaged', csv('B,2026-03-02,1.23E+12,'), ['A', 'Z'], [/^MAPPING_FAILED .*"1.23E\+12".*line 3/]],
    ['a value that must be there', csv('B,,1,'), ['A', 'Z'], [/^MAPPING_FAILED .*orderDate.*line 3/]],
  ],
  xml: [
    ['an entity bomb', '<!DOCTYPE o [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><orders><order>&b;</order></orders>', [], [/^XML_DTD .*line 1/]],
    ['another root', '<invoices><order/></invoices>', [], [/^HEADER_INVALID .*<invoices>, not <orders>/]],
    ['other elements than records', '<orders><purchase/></orders>', [], [/^HEADER_INVALID .*in \/orders stands purchase/]],
    ['a tag that is not closed', xml('<order><po>B</order>'), ['A'], [/^FILE_MALFORMED .*line 3/]],
    ['bytes of another encoding', xml(xmlOrder('B\u00e9', '2026-03-02', '1')), ['A'], [/^ENCODING_INVALID /], 'latin1'],
    ['a date that is none', xml(xmlOrder('B', '2026-02-30', '1')), ['A', 'Z'], [/^MAPPING_FAILED .*"2026-02-30".*line 3/]],
    ['a number of another country', xml(xmlOrder('B', '2026-03-02', '1.234,56')), ['A', 'Z'], [/^MAPPING_FAILED .*"1.234,56".*line 3/]],
    ['a number with an exponent', xml(xmlOrder('B', '2026-03-02', '1.23E+12')), ['A', 'Z'], [/^MAPPING_FAILED .*"1.23E\+12".*line 3/]],
    ['a value that must be there', xml('<order><po>B</po><qty>1</qty></order>\n'), ['A', 'Z'], [/^MAPPING_FAILED .*orderDate/]],
  ],
  json: [
    ['nothing where the records should be', '{"data":[]}', [], [/^HEADER_INVALID .*in \/ stands data/]],
    ['a text that is never closed', json('{"po":"B}'), ['A'], [/line [345]/]],
    ['a member twice', json('{"po":"B","po":"C","day":"2026-03-02","qty":"1"}'), ['A', 'Z'], [/^MESSAGE_REFUSED .*line 3: the member "po" is there twice/]],
    ['bytes of another encoding', json(jsonOrder('B\u00e9', '2026-03-02', '1')), ['A'], [/^ENCODING_INVALID /], 'latin1'],
    ['a date that is none', json(jsonOrder('B', '2026-02-30', '1')), ['A', 'Z'], [/^MAPPING_FAILED .*"2026-02-30".*line 3/]],
    ['a number of another country', json(jsonOrder('B', '2026-03-02', '1.234,56')), ['A', 'Z'], [/^MAPPING_FAILED .*"1.234,56".*line 3/]],
    ['a number with an exponent', json('{"po":"B","day":"2026-03-02","qty":1.23E+12}'), ['A', 'Z'], [/^MAPPING_FAILED .*"1.23E\+12".*line 3/]],
    ['a value that must be there', json('{"po":"B","qty":"1"}'), ['A', 'Z'], [/^MAPPING_FAILED .*orderDate/]],
  ],
  fixed: [
    ['a record that is cut', fixed('OB  2026-03-02   1'), ['A', 'Z'], [/^MESSAGE_REFUSED .*line 2: the record ends inside the field qty/]],
    [
      'a record that is too long',
      fixed(fixedOrder('B', '2026-03-02', '1', 'x'.repeat(20))),
      ['A', 'Z'],
      [/^MESSAGE_REFUSED .*line 2: something stands after column 30/],
    ],
    ['a record of no type', fixed('X'), ['A', 'Z'], [/^MESSAGE_REFUSED .*line 2: there is no record type "X"/]],
    ['bytes of another encoding', fixed(fixedOrder('B\u00e9', '2026-03-02', '1')), ['A'], [/^ENCODING_INVALID /], 'latin1'],
    ['a date that is none', fixed(fixedOrder('B', '2026-02-30', '1')), ['A', 'Z'], [/^MAPPING_FAILED .*"2026-02-30".*line 2/]],
    ['a number of another country', fixed(fixedOrder('B', '2026-03-02', '1.234,56')), ['A', 'Z'], [/^MAPPING_FAILED .*"1.234,56".*line 2/]],
    ['a number with an exponent', fixed(fixedOrder('B', '2026-03-02', '1.23E+12')), ['A', 'Z'], [/^MAPPING_FAILED .*"1.23E\+12".*line 2/]],
    ['a value that must be there', fixed(fixedOrder('B', '', '1')), ['A', 'Z'], [/^MAPPING_FAILED .*orderDate/]],
  ],
};

test.each(Object.entries(cases) as [FormatName, readonly Case[]][])(
  '%s: what is bad is kept with its place and a remedy, and the good orders go on',
  async (format, rows) => {
    const rehearsal = await open();
    for (const [what, content, orders, expected, encoding] of rows) {
      const found = await drop(rehearsal, format, content, encoding);
      expect.soft(found, what).toEqual({ orders, kept: expected.map((pattern) => expect.stringMatching(pattern)) });
    }
  },
);

test.each([
  ['csv', csv('P,2026-03-02,1,polluted')],
  ['xml', xml('<order><po>P</po><day>2026-03-02</day><qty>1</qty><__proto__>polluted</__proto__></order>')],
  ['json', json('{"po":"P","day":"2026-03-02","qty":"1","__proto__":"polluted"}')],
  ['fixed', fixed(fixedOrder('P', '2026-03-02', '1', 'polluted'))],
] as const)('%s: a field called __proto__ or constructor is plain data', async (format, content) => {
  const rehearsal = await open();
  const { orders, kept } = await drop(rehearsal, format, content);
  expect(kept).toEqual([]);
  expect(orders).toEqual(['A', 'P', 'Z']);
  const row = await rehearsal.db.read((tx) => tx.one(`select canonical from {document} where business_key = 'P' and partner = ?`, [format]));
  expect(JSON.parse(String(row!['canonical'])).contact).toBe('polluted');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
