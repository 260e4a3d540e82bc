import type { CreditStatus } from '../store/credit.ts';
import { saveCredit, wakeForCredit } from '../store/credit.ts';
import type { ImportContext } from './import-items.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { refuse } from './import-rows.ts';
import type { TableImport } from './import-table.ts';
import { importTable } from './import-table.ts';

type CreditRow = { readonly partner: string; readonly status: CreditStatus };

/**
 * Takes a credit feed: which partners may be shipped to. What it says of a partner comes before the partner file; orders of those who are cleared go on.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export function importCredit(context: ImportContext, bytes: Uint8Array): Promise<TableImport> {
  const partners = new Set(context.config.partners.keys());
  return importTable<CreditRow>(context, bytes, {
    what: 'credit statuses',
    columns: { required: ['partner', 'status'], optional: [] },
    read: (row) => readRow(row, partners),
    key: ({ partner }) => partner,
    keyColumn: 'partner',
    store: async (tx, { partner, status }) => {
      const stored = await saveCredit(tx, partner, status, context.now);
      if (stored !== 'unchanged' && status === 'ok') await wakeForCredit(tx, partner, context.now);
      return stored;
    },
  });
}

function readRow(row: ImportRow, partners: ReadonlySet<string>): CreditRow | readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const partner = row.cell('partner') ?? '';
  const status = (row.cell('status') ?? '').toLowerCase();
  if (!partners.has(partner)) refused.push(refuse(row, 'partner', 'is no partner'));
  if (status !== 'ok' && status !== 'hold') refused.push(refuse(row, 'status', 'is neither ok nor hold'));
  return refused.length > 0 ? refused : { partner, status: status as CreditStatus };
}
