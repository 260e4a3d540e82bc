import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stockedCompany, sampleCompany, wharf, wharfJson, write } from './support.ts';

const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');

/** An 850 of nobody known: other delimiters, version 005010, codes of its own, a segment of another version and values that no rule reads. */
const dogwood = `ISA|00|          |00|          |12|5035551200     |ZZ|HARBORLANE     |${today.slice(2)}|1130|U|00501|000004711|0|T|<~
GS|PO|DOGWOODPO|HARBORLANE|${today}|1130|4711|X|005010~
ST|850|0001~
BEG|00|SA|DW-88120||${today}~
REF|IA|77120~
REF|ZZ|SPRING-26~
PER|BD|Iris Holm|TE|5035551201~
N9|L1|SPECIAL~
MSG|NO PALLETS OVER 72 INCHES~
N1|BY|Dogwood Sports|92|DWHQ~
N1|ST|Dogwood Store 12|92|12~
N3|455 River Road~
N4|Portland|OR|97201|US~
PO1|10|24|EA|6.25|WE|IN|448811|UP|614141010103~
CTT|1~
SE|14|0001~
GE|1|4711~
IEA|1|000004711~
`;

const elm = `PO Number;Order Date;Delivery Store;Delivery Name;Street;Town;Postcode;Country;Article No;EAN;Qty Ordered;Unit Cost;Colour
E-1;02.03.2026;77;Elm Köln;Domstr. 1;Köln;50667;DE;4711;614141010103;12;6,25;white
E-1;02.03.2026;77;Elm Köln;Domstr. 1;Köln;50667;DE;4712;614141010608;24;4,20;clear
E-2;02.03.2026;78;Elm Bonn;Markt 2;Bonn;53111;DE;4711;614141010103;6;6,25;white
`;

const fir = `<Orders><Order OrderNumber="F-9" OrderDate="2026-03-02"><ShipTo><Code>9</Code><City>Bend</City></ShipTo>
<Items><Item No="1"><Sku>448811</Sku><Quantity>5</Quantity><Price>6.25</Price></Item><Item No="2"><Sku>448812</Sku><Quantity>7</Quantity></Item></Items></Order></Orders>`;

describe('new partner', () => {
  test('X12: an unknown 850 becomes a partner whose check is green and whose file translates', async () => {
    const folder = await stockedCompany();
    const file = await write(folder, 'po.edi', dogwood);
    const { code, out } = await wharf(folder, 'new', 'partner', 'dogwood', '--from', file, '--write');
    expect(code, out).toBe(0);
    const partner = await readFile(join(folder, 'partners/dogwood.yaml'), 'utf8');
    for (const line of [
      'name: Dogwood Sports',
      'extends: retailer',
      'usage: test ',
      '  - { theirs: "12/5035551200", groupTheirs: DOGWOODPO, groupOurs: HARBORLANE }',
      'vendorNumber: "77120"',
      '  version: "005010"',
      '  delimiters: { element: "|", component: "<", segment: "~" }',
      '  - { mapping: dogwood/850 }',
      '  - { code: AK304-6, set: "850", segment: MSG, treat: warning }',
      '#   "12": { name: Dogwood Store 12, address: "455 River Road", city: Portland, state: OR, postalCode: "97201", country: US }',
    ])
      expect(partner).toContain(line);
    expect(await readFile(join(folder, 'mappings/dogwood/850.yaml'), 'utf8')).toMatch(/extends: x12\/850\n[^]*# {3}PER04 "5035551201" \(segment 5\)/);
    expect(out).toContain('references (REF01): IA ZZ');
    expect(out).toContain('item identifiers (PO106, PO108, …): IN UP');
    expect((await wharf(folder, 'check')).code).toBe(0);
    const tried = await wharfJson(folder, 'try', file);
    expect(tried.code).toBe(0);
    expect(tried.data.documents[0]).toMatchObject({ partner: 'dogwood', mapping: 'dogwood/850', accepted: true, businessKey: 'DW-88120' });
    expect(tried.data.outgoing.map((each: { setId: string }) => each.setId)).toEqual(expect.arrayContaining(['997', '855']));
  });

  test('a second partner like the first extends the base too, and a sample without a component separator gives a file without fault', async () => {
    const folder = await stockedCompany();
    const elder = dogwood.replace('|12|5035551200     |', '|12|5035551300     |').replace('DOGWOODPO', 'ELDERPO');
    for (const [id, text] of [['dogwood', dogwood] as const, ['elder', elder] as const])
      expect((await wharf(folder, 'new', 'partner', id, '--from', await write(folder, `${id}.edi`, text), '--write')).code).toBe(0);
    expect(await readFile(join(folder, 'mappings/elder/850.yaml'), 'utf8')).toContain('extends: x12/850\n');
    const shrunk =
      'ISA*00*          *00*          *ZZ*GUM            *ZZ*HARBORLANE     *260302*1130*U*00401*000000007*0*P*~\nGS*PO*GUM*HARBORLANE*20260302*1130*7*X*004010~\n';
    const { out } = await wharf(folder, 'new', 'partner', 'gum', '--from', await write(folder, 'gum.edi', shrunk), '--write');
    expect(out).toContain('the sample holds no set that can be read');
    const { code, out: checked } = await wharf(folder, 'check');
    expect(code, checked).toBe(0);
  });

  test('without --write nothing is written, and what is known already is said', async () => {
    const folder = await sampleCompany();
    const file = await write(folder, 'po.edi', dogwood.replace('|12|5035551200     |', '|ZZ|ACME           |').replace('DOGWOODPO', 'ACMESTORES'));
    const { code, data } = await wharfJson(folder, 'new', 'partner', 'dogwood', '--from', file);
    expect(code).toBe(0);
    expect(data.written).toBe(false);
    expect(existsSync(join(folder, 'partners/dogwood.yaml'))).toBe(false);
    expect(data.open).toContain('these identities belong to acme already');
  });

  test('CSV of an unknown kind: delimiter, grouping and a mapping guessed from the names', async () => {
    const folder = await stockedCompany();
    const file = await write(folder, 'elm.csv', elm);
    const { out } = await wharf(folder, 'new', 'partner', 'elm', '--from', file, '--write');
    expect(out).toContain('source: { format: csv, delimiter: ";", group: [PO Number] }');
    expect(out).toContain('price: { from: Unit Cost, decimal: { point: ",", group: "." } }');
    expect(out).toContain('#   Colour "white"');
    expect((await wharf(folder, 'check')).code).toBe(0);
    const { data } = await wharfJson(folder, 'try', file, '--partner', 'elm');
    expect(data.documents).toHaveLength(2);
    expect(data.documents[0].canonical).toMatchObject({
      poNumber: 'E-1',
      orderDate: '2026-03-02',
      shipTo: { code: '77', name: 'Elm Köln', city: 'Köln', postalCode: '50667' },
      lines: [
        { lineRef: '1', quantity: '12', unit: 'EA', price: '6.25' },
        { lineRef: '2', quantity: '24' },
      ],
    });
  });

  test('CSV of a known kind with another delimiter: the nearest mapping is extended', async () => {
    const folder = await sampleCompany();
    const known = 'order_no;order_date;ship_to_code;item;quantity;unit;price\nB-1;2026-03-02;S1;BB-MUG-01;12;EA;6.25\n';
    const { data } = await wharfJson(folder, 'new', 'partner', 'hazel', '--from', await write(folder, 'b.csv', known));
    expect(data.files[1].text).toBe('# bluebird/orders for the files of hazel.\nextends: bluebird/orders\nsource: { delimiter: ";" }\n');
    expect(data.files[0].text).toContain('- { mapping: hazel/orders }');
  });

  test('XML: the record is found, and a mapping near enough is taken as it is', async () => {
    const folder = await stockedCompany();
    const file = await write(folder, 'fir.xml', fir);
    expect((await wharf(folder, 'new', 'partner', 'fir', '--from', file, '--write')).out).toContain('a document each /Orders/Order');
    expect((await wharf(folder, 'check')).code).toBe(0);
    const { data } = await wharfJson(folder, 'try', file, '--partner', 'fir');
    expect(data.documents[0].canonical).toMatchObject({
      poNumber: 'F-9',
      lines: [
        { lineRef: '1', quantity: '5' },
        { quantity: '7', unit: 'EA' },
      ],
    });
    const cedar = await readFile(join(import.meta.dirname, '../../samples/cedar/order/in.xml'), 'utf8');
    const near = await wharfJson(folder, 'new', 'partner', 'gum', '--from', await write(folder, 'gum.xml', cedar));
    expect(near.data.files).toHaveLength(1);
    expect(near.data.files[0].text).toContain('- { mapping: cedar/orders }');
  });

  test('by a template alone, and what cannot be done: exit 2', async () => {
    const folder = await sampleCompany();
    expect((await wharf(folder, 'new', 'partner', 'oak', '--template', 'vendor')).out).toContain('id: oak\nname: Oak\nextends: vendor\n');
    const fails = async (...args: readonly string[]): Promise<string> => {
      const { code, err } = await wharf(folder, 'new', 'partner', ...args);
      expect(code).toBe(2);
      return err;
    };
    expect(await fails('oak', '--template', 'vendro')).toMatch(/NOT_FOUND: there is no template vendro; did you mean vendor\?\n  Name one of: .*retailer/);
    expect(await fails('acme', '--template', 'vendor')).toContain('CONFIG_CONFLICT: there is a partner acme already\n  Choose another id, or');
    expect(await fails('Oak!', '--template', 'vendor')).toContain('USAGE');
    expect(await fails('oak')).toContain('USAGE');
    expect(await fails('oak', '--from', join(folder, 'nothing.edi'))).toContain('FILE_UNREADABLE');
    expect(await fails('oak', '--from', await write(folder, 'a.zip', 'PK\x03\x04rest'))).toContain('FILE_UNKNOWN_TYPE');
    expect(await fails('oak', '--from', await write(folder, 'empty', ''))).toContain('FILE_EMPTY');
  });
});
