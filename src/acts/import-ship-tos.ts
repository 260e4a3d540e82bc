import type { ShipTo } from '../store/ship-tos.ts';
import { saveShipTo } from '../store/ship-tos.ts';
import type { ImportContext } from './import-items.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { refuse } from './import-rows.ts';
import type { TableImport } from './import-table.ts';
import { importTable } from './import-table.ts';

/** The columns of an address and the members they become. */
const PARTS = {
  name: 'name',
  name2: 'name2',
  address: 'address',
  address2: 'address2',
  city: 'city',
  state: 'state',
  postal_code: 'postalCode',
  country: 'country',
  phone: 'phone',
  email: 'email',
} as const;

/**
 * Adds and changes the places that partners let us ship to, from a CSV file. What a partner file says of a code stays first.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export function importShipTos(context: ImportContext, bytes: Uint8Array): Promise<TableImport> {
  const partners = new Set(context.config.partners.keys());
  return importTable<ShipTo>(context, bytes, {
    what: 'ship-tos',
    columns: { required: ['partner', 'code', 'name'], optional: Object.keys(PARTS) },
    read: (row) => readRow(row, partners, context.file),
    key: ({ partner, code }) => `${partner}\n${code}`,
    keyColumn: 'code',
    store: (tx, place) => saveShipTo(tx, place, context.now),
  });
}

function readRow(row: ImportRow, partners: ReadonlySet<string>, file: string): ShipTo | readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const partner = row.cell('partner') ?? '';
  const code = row.cell('code') ?? '';
  if (!partners.has(partner)) refused.push(refuse(row, 'partner', 'is no partner'));
  if (code === '' || code.length > 60) refused.push(refuse(row, 'code', 'is the partner’s code of the place, 1 to 60 characters'));
  if (!row.cell('name')) refused.push(refuse(row, 'name', 'is missing'));
  if (refused.length > 0) return refused;
  const parts = Object.entries(PARTS).flatMap(([column, member]) => {
    const value = row.cell(column);
    return value ? [[member, value]] : [];
  });
  return { partner, code, party: Object.fromEntries(parts) as ShipTo['party'], source: file };
}
