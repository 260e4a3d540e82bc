import type { Tx } from './transaction.ts';

/** A report of stock that was applied: `asOf` is when it was true, as text that sorts. */
export type AppliedReport = {
  readonly location: string;
  readonly purpose: 'count' | 'receipt' | 'adjustment';
  readonly reference: string;
  readonly asOf: string;
  readonly contentHash: string;
  readonly documentId: number;
};

/** The content hash of a report that was applied with this number; for a count also of this instant, as counts often share a number. */
export async function findReport(tx: Tx, report: Pick<AppliedReport, 'location' | 'purpose' | 'reference' | 'asOf'>): Promise<string | undefined> {
  const { location, purpose, reference, asOf } = report;
  const sql = `select content_hash from {stock_report} where location = ? and purpose = ? and reference = ?${purpose === 'count' ? ' and as_of = ?' : ''}`;
  const row = await tx.one(sql, [location, purpose, reference, ...(purpose === 'count' ? [asOf] : [])]);
  return row?.['content_hash'] as string | undefined;
}

/** When the latest count of a location that was applied was true. */
export async function lastCount(tx: Tx, location: string): Promise<string | undefined> {
  const row = await tx.one(`select max(as_of) as as_of from {stock_report} where location = ? and purpose = 'count'`, [location]);
  return (row?.['as_of'] as string | null) ?? undefined;
}

/** Notes that a report was applied. @throws a unique violation when it was. */
export async function insertReport(tx: Tx, report: AppliedReport, now: number): Promise<void> {
  const { location, purpose, reference, asOf, contentHash, documentId } = report;
  await tx.insertMany('stock_report', [{ location, purpose, reference, as_of: asOf, content_hash: contentHash, document_id: documentId, at: now }]);
}
