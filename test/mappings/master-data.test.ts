import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { csv } from '../../src/formats/csv.ts';
import { isGtin } from '../../src/orders/identifiers.ts';
import { child } from '../../src/tree.ts';

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
  row['references']!.split(';')
    .filter(Boolean)
    .map((text) => {
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
