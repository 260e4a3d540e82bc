import { readItem } from '../store/items.ts';
import type { Relation } from '../store/supply.ts';
import { saveRelation } from '../store/supply.ts';
import type { ImportContext } from './import-items.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { refuse, refuseDates } from './import-rows.ts';
import type { TableImport } from './import-table.ts';
import { importTable } from './import-table.ts';

/**
 * Adds and changes what may stand in for an item, from a CSV file: `ratio` is how many units of the substitute one unit is worth, such as `1` or `3/2`.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export function importSubstitutes(context: ImportContext, bytes: Uint8Array): Promise<TableImport> {
  const partners = new Set(context.config.partners.keys());
  return importTable<Relation>(context, bytes, {
    what: 'substitutes',
    columns: { required: ['sku', 'substitute'], optional: ['ratio', 'rank', 'partner', 'valid_from', 'valid_to'] },
    read: (row) => readRow(row, partners),
    key: ({ partner, sku, toSku }) => `${partner}\n${sku}\n${toSku}`,
    keyColumn: 'substitute',
    store: async (tx, relation, row) => {
      if (!(await readItem(tx, relation.sku))) return refuse(row, 'sku', 'is no item; import the items first');
      if (!(await readItem(tx, relation.toSku))) return refuse(row, 'substitute', 'is no item; import the items first');
      return saveRelation(tx, relation);
    },
  });
}

function readRow(row: ImportRow, partners: ReadonlySet<string>): Relation | readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const [sku, toSku, partner] = [row.cell('sku') ?? '', row.cell('substitute') ?? '', row.cell('partner') ?? ''];
  const ratio = /^([1-9]\d{0,5})(?:\/([1-9]\d{0,5}))?$/.exec(row.cell('ratio') || '1');
  const rank = /^\d{1,4}$/.exec(row.cell('rank') || '1');
  const [validFrom, validTo] = [row.cell('valid_from') || undefined, row.cell('valid_to') || undefined];
  if (sku === '') refused.push(refuse(row, 'sku', 'is missing'));
  if (toSku === '' || toSku === sku) refused.push(refuse(row, 'substitute', 'names another item'));
  if (!ratio) refused.push(refuse(row, 'ratio', 'is not a whole number or a fraction such as 3/2'));
  if (!rank) refused.push(refuse(row, 'rank', 'is not a whole number; the smallest comes first'));
  if (partner !== '' && !partners.has(partner)) refused.push(refuse(row, 'partner', 'is no partner; leave it empty for everybody'));
  refused.push(...refuseDates(row, ['valid_from', 'valid_to']));
  if (refused.length > 0) return refused;
  return { sku, toSku, partner, numerator: BigInt(ratio![1]!), denominator: BigInt(ratio![2] ?? 1), rank: Number(rank![0]), validFrom, validTo };
}
