import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Order } from '../../src/canonical/order.ts';
import { csv } from '../../src/formats/csv.ts';
import { readX12 } from '../../src/formats/x12/read.ts';
import type { TransactionSet } from '../../src/formats/x12/types.ts';
import { isGtin, isSscc, normaliseGtin } from '../../src/orders/identifiers.ts';
import { child } from '../../src/tree.ts';
import { documentOf, messagesOf } from './support.ts';

type Row = Readonly<Record<string, string>>;

async function table(file: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const event of csv.read([readFileSync(file)], { group: 'row' })) {
    if (event.kind === 'finding') throw new Error(event.finding.message);
    expect(event.message.findings).toEqual([]);
    rows.push(Object.fromEntries((child(event.message.tree, 'row')?.children ?? []).map(({ name, value }) => [name, value ?? ''])));
  }
  return rows;
}

const items = await table('samples/master/items.csv');
const stock = await table('samples/master/stock.csv');
const references = items.flatMap((row) =>
  row['references']!.split(';').map((text) => {
    const [, partner, qualifier, value] = /^(\w*):(\w+)=(.+)$/.exec(text) ?? [];
    return { sku: row['sku'], partner, qualifier, value };
  }),
);

describe('samples/master', () => {
  it('names each item once, with a bar code that is right', () => {
    expect(new Set(items.map(({ sku }) => sku)).size).toBe(items.length);
    expect(items.filter(({ gtin }) => !isGtin(gtin!))).toEqual([]);
  });

  it('names each reference once, and packs by the GTIN of 14 digits of the same item', () => {
    expect(references.filter(({ value }) => value === undefined)).toEqual([]);
    expect(new Set(references.map(({ partner, qualifier, value }) => `${partner}:${qualifier}=${value}`)).size).toBe(references.length);
    for (const { sku, value } of references.filter(({ qualifier }) => qualifier === 'UK')) {
      expect(isGtin(value!)).toBe(true);
      expect(value!.slice(2, 13)).toBe(items.find((row) => row['sku'] === sku)?.['gtin']?.slice(0, 11));
    }
  });

  it('has stock of known items, one row an item and location', () => {
    const known = new Set(items.map(({ sku }) => sku));
    expect(stock.filter(({ sku }) => !known.has(sku))).toEqual([]);
    expect(new Set(stock.map(({ sku, location }) => `${sku} ${location}`)).size).toBe(stock.length);
  });
});

/** The ids of a partner's order that no item goes by. */
function unknownTo(partner: string, { lines }: Order): readonly string[] {
  const known = ({ qualifier, value }: { qualifier: string; value: string }): boolean =>
    references.some((ref) => (ref.partner === partner || ref.partner === '') && ref.qualifier === qualifier && ref.value === value) ||
    items.some(({ gtin }) => normaliseGtin(gtin!) === normaliseGtin(value));
  return lines.filter(({ ids }) => !ids.some(known)).map(({ lineRef }) => lineRef);
}

async function setsIn(file: string): Promise<readonly TransactionSet[]> {
  const sets: TransactionSet[] = [];
  for await (const event of readX12([readFileSync(file)])) {
    if (event.kind === 'set') sets.push(event.set);
    if (event.kind === 'finding') throw new Error(event.finding.message);
    if (event.kind === 'interchange-end') expect(event.interchange.findings).toEqual([]);
  }
  return sets;
}

const inbound = new Map<string, readonly ['order' | 'shipment' | 'order-change' | 'stock-report', string]>([
  ['850', ['order', 'x12/850']],
  ['940', ['order', 'x12/940-in']],
  ['945', ['shipment', 'x12/945-in']],
  ['856', ['shipment', 'x12/856-in']],
  ['860', ['order-change', 'x12/860']],
  ['944', ['stock-report', 'x12/944-in']],
  ['947', ['stock-report', 'x12/947-in']],
  ['846', ['stock-report', 'x12/846-in']],
]);

describe('the inputs of the sample stories', () => {
  const files = globSync(['samples/*/*/in.edi', 'samples/*/*/in.[0-9].edi']).toSorted();

  it.each(files)('%s can be read and mapped, but for what its story is about', async (file) => {
    const sets = await setsIn(file);
    const rejected = sets
      .filter(({ accepted }) => !accepted)
      .map(({ control, findings }) => [control, findings.map(({ code, element }) => `${code} ${element}`)]);
    expect(rejected).toEqual(file.includes('three-sets-one-bad') ? [['0002', ['AK403-8 BEG05']]] : []);
    for (const set of sets.filter(({ accepted }) => accepted)) {
      const [kind, mapping] = inbound.get(set.type)!;
      const document = documentOf(kind, mapping, set.tree);
      const partner = file.split('/')[1]!;
      if (document.kind === 'order') expect(unknownTo(partner, document)).toEqual(/unknown-(sku|item)/.test(file) ? ['2'] : []);
      if (document.kind === 'shipment') expect(document.packs.every(({ sscc }) => sscc !== undefined && isSscc(sscc))).toBe(true);
    }
  });

  it.each([
    ['bluebird', 'bluebird/orders', 'samples/bluebird/two-orders/in.csv'],
    ['cedar', 'cedar/orders', 'samples/cedar/order/in.xml'],
  ])('the orders of %s name items that we have', async (partner, mapping, file) => {
    for (const { tree, findings } of await messagesOf(mapping, readFileSync(file))) {
      expect(findings).toEqual([]);
      expect(unknownTo(partner, documentOf('order', mapping, tree))).toEqual([]);
    }
  });
});
