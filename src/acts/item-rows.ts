import { decimal, parseDecimal } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { hasCheckDigit } from '../orders/identifiers.ts';
import type { ItemReference, Price } from '../store/items.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { refuse } from './import-rows.ts';

/** What a row says of an item. Undefined means that the file does not speak of it, and what is stored stays. */
export type ItemRow = {
  readonly sku: string;
  readonly baseUnit: string;
  readonly description: string | undefined;
  readonly pack: Decimal | undefined;
  readonly unit: { readonly unit: string; readonly count: bigint } | undefined;
  /** List prices and partners' prices; `dropListPrice` where the file says that there is none. */
  readonly prices: readonly Omit<Price, 'sku'>[];
  readonly dropListPrice: boolean;
  readonly references: readonly Omit<ItemReference, 'sku'>[] | undefined;
};

const SKU_LONGEST = 60;
const UNIT = /^[A-Z0-9]{1,4}$/;
/** X12 element 235 for bar codes by their length. */
const GTIN_QUALIFIER: Readonly<Record<number, string>> = { 8: 'EM', 12: 'UP', 13: 'EN', 14: 'UK' };

/** Reads one row of an item file, or says all that is wrong with it. */
export function readItemRow(row: ImportRow, partners: ReadonlySet<string>): ItemRow | readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const wrong = (field: string, message: string): undefined => void refused.push(refuse(row, field, message));
  const sku = row.cell('sku') ?? '';
  if (sku === '' || sku.length > SKU_LONGEST) wrong('sku', `is a number of ours of 1 to ${SKU_LONGEST} characters`);
  const baseUnit = unitOf(row, 'base_unit', wrong) ?? wrong('base_unit', 'names the unit in which stock is kept');
  if ((row.cell('description') ?? '').length > 200) wrong('description', 'has more than 200 characters');
  const pack = row.cell('pack') ? (positive(row.cell('pack')!) ?? wrong('pack', 'is not a positive number')) : undefined;
  const unit = caseOf(row, wrong);
  const listPrice = priceOf(row.cell('price') ?? '');
  if (listPrice === 'wrong') wrong('price', 'is not a price, such as 6.25');
  const references = [...barcode(row, wrong), ...referencesOf(row, partners, wrong)];
  const own = partnerPrices(row, partners, wrong);
  if (refused.length > 0 || baseUnit === undefined) return refused;
  return {
    sku,
    baseUnit,
    description: row.cell('description'),
    pack: row.cell('pack') === '' ? decimal('1') : pack,
    unit,
    prices: typeof listPrice === 'bigint' ? [...listPrices(baseUnit, listPrice, unit), ...own] : own,
    dropListPrice: row.cell('price') === '',
    references: row.cell('gtin') === undefined && row.cell('references') === undefined ? undefined : references,
  };
}

type Wrong = (field: string, message: string) => undefined;

function unitOf(row: ImportRow, field: string, wrong: Wrong): string | undefined {
  const unit = (row.cell(field) ?? '').toUpperCase();
  if (unit === '') return undefined;
  return UNIT.test(unit) ? unit : wrong(field, 'is not a unit of 1 to 4 letters and digits, such as EA');
}

function caseOf(row: ImportRow, wrong: Wrong): ItemRow['unit'] {
  const unit = unitOf(row, 'case_unit', wrong);
  const text = row.cell('case_quantity') ?? '';
  if (unit === undefined && text === '') return undefined;
  if (unit === undefined) return wrong('case_unit', 'is missing beside case_quantity');
  if (!/^[1-9]\d{0,8}$/.test(text)) return wrong('case_quantity', 'is not a whole number of base units');
  if (unit === row.cell('base_unit')?.toUpperCase()) return wrong('case_unit', 'is the base unit itself');
  return { unit, count: BigInt(text) };
}

function listPrices(baseUnit: string, price: Decimal, unit: ItemRow['unit']): readonly Omit<Price, 'sku'>[] {
  const one = { partner: '', unit: baseUnit, price };
  return unit ? [one, { partner: '', unit: unit.unit, price: price * unit.count }] : [one];
}

function barcode(row: ImportRow, wrong: Wrong): readonly Omit<ItemReference, 'sku'>[] {
  const gtin = row.cell('gtin') ?? '';
  if (gtin === '') return [];
  const qualifier = GTIN_QUALIFIER[gtin.length];
  if (qualifier === undefined || !/^\d+$/.test(gtin)) return wrong('gtin', 'has not 8, 12, 13 or 14 digits') ?? [];
  if (!hasCheckDigit(gtin)) return wrong('gtin', 'has a wrong check digit') ?? [];
  return [{ partner: '', qualifier, value: gtin }];
}

/** `partner:qualifier=value`, several with `;` between them. */
function referencesOf(row: ImportRow, partners: ReadonlySet<string>, wrong: Wrong): readonly Omit<ItemReference, 'sku'>[] {
  return listOf(row, 'references').flatMap((text) => {
    const match = /^([^:=]*):([A-Za-z0-9]{1,4})=(.{1,60})$/.exec(text);
    if (!match) return wrong('references', `${JSON.stringify(text)} is not partner:qualifier=value`) ?? [];
    const partner = match[1]!.trim();
    if (partner !== '' && !partners.has(partner)) return wrong('references', `there is no partner ${partner}`) ?? [];
    return [{ partner, qualifier: match[2]!.toUpperCase(), value: match[3]!.trim() }];
  });
}

/** `partner:unit=price`, several with `;` between them: what a customer pays, or what a vendor asks. */
function partnerPrices(row: ImportRow, partners: ReadonlySet<string>, wrong: Wrong): readonly Omit<Price, 'sku'>[] {
  return listOf(row, 'prices').flatMap((text) => {
    const match = /^([^:=]+):([A-Za-z0-9]{1,4})=(.+)$/.exec(text);
    const price = priceOf(match?.[3] ?? 'none');
    if (!match || typeof price !== 'bigint') return wrong('prices', `${JSON.stringify(text)} is not partner:unit=price`) ?? [];
    const partner = match[1]!.trim();
    if (!partners.has(partner)) return wrong('prices', `there is no partner ${partner}`) ?? [];
    return [{ partner, unit: match[2]!.toUpperCase(), price }];
  });
}

function listOf(row: ImportRow, column: string): readonly string[] {
  return (row.cell(column) ?? '')
    .split(';')
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function priceOf(text: string): Decimal | 'wrong' | undefined {
  if (text === '') return undefined;
  const price = parseDecimal(text);
  return price === undefined || price < 0n ? 'wrong' : price;
}

function positive(text: string): Decimal | undefined {
  const value = parseDecimal(text);
  return value !== undefined && value > 0n ? value : undefined;
}
