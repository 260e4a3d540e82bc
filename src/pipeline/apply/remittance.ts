import type { Remittance, RemittanceLine } from '../../canonical/remittance.ts';
import type { Partner } from '../../config/types.ts';
import { formatDecimal, parseDecimal } from '../../decimal.ts';
import type { Decimal } from '../../decimal.ts';
import { note } from '../../store/activity.ts';
import type { Deduction, Matched } from '../../store/deductions.ts';
import { deductedOf, insertDeduction, matchBill, matchInvoice, matchOrder } from '../../store/deductions.ts';
import type { Applied, Work } from '../work.ts';

/**
 * Stores what a partner kept back of our invoices or claims, each piece beside the invoice, shipment and order that it is about. Less paid than billed
 * without a word of why is a deduction too.
 */
export async function applyRemittance(work: Work, partner: Partner, documentId: number, remittance: Remittance): Promise<Applied> {
  let [count, unmatched, sum] = [0, 0, 0n];
  for (const [index, line] of remittance.lines.entries()) {
    const matched = await match(work, partner, line);
    const said = parseDecimal(line.deducted) ?? 0n;
    const short = await shortPaid(work, line, matched, said);
    for (const [kind, amount] of [
      ['said', said],
      ['short', short],
    ] as const) {
      if (amount === 0n) continue;
      // The same document never counts twice, and neither does the same remittance sent again in another.
      const key = `${partner.id}:${remittance.source}:${remittance.reference}:${index + 1}:${kind}`;
      if (!(await insertDeduction(work.tx, key, deductionOf(partner, documentId, remittance, { line, matched, amount, short: kind === 'short' }), work.now)))
        continue;
      count += 1;
      sum += amount;
      if (!matched) unmatched += 1;
      if (matched) {
        const text = `${partner.id} deducted ${formatDecimal(amount, 2)}${line.invoiceNumber ? ` of ${line.invoiceNumber}` : ''}${line.code ? `, code ${line.code}` : ''}`;
        await note(work.tx, { at: work.now, verb: 'apply', partner: partner.id, documentId, orderId: matched.orderId, text });
      }
    }
  }
  const text = `${remittance.source} ${remittance.reference}: ${count} deductions, ${formatDecimal(sum, 2)}`;
  await note(work.tx, { at: work.now, verb: 'apply', partner: partner.id, documentId, text });
  if (unmatched === 0) return { status: 'done' };
  return { status: 'done', reason: 'DEDUCTION_UNMATCHED', detail: `${unmatched} of ${count} deductions of ${remittance.reference} name nothing of ours` };
}

/** By invoice, then by bill of lading, then by order. */
async function match({ tx }: Work, partner: Partner, { invoiceNumber, billOfLading, poNumber }: RemittanceLine): Promise<Matched | undefined> {
  return (
    (invoiceNumber === undefined ? undefined : await matchInvoice(tx, partner.id, invoiceNumber)) ??
    (billOfLading === undefined ? undefined : await matchBill(tx, partner.id, billOfLading)) ??
    (poNumber === undefined ? undefined : await matchOrder(tx, partner.id, poNumber))
  );
}

/** What is missing of a payment beside what the partner says of it. */
async function shortPaid({ tx }: Work, line: RemittanceLine, matched: Matched | undefined, said: Decimal): Promise<Decimal> {
  const paid = line.paid === undefined ? undefined : parseDecimal(line.paid);
  if (paid === undefined || matched?.total === undefined || matched.invoiceId === undefined) return 0n;
  const missing = matched.total - paid - said - (await deductedOf(tx, matched.invoiceId));
  return missing > 0n ? missing : 0n;
}

type Piece = { readonly line: RemittanceLine; readonly matched: Matched | undefined; readonly amount: Decimal; readonly short: boolean };

function deductionOf(partner: Partner, documentId: number, remittance: Remittance, { line, matched, amount, short }: Piece): Deduction {
  return {
    partner: partner.id,
    source: remittance.source,
    reference: remittance.reference,
    code: short ? 'SHORT' : line.code,
    reason: short ? 'less was paid than was billed' : line.description,
    amount,
    currency: remittance.currency,
    date: remittance.date,
    invoiceNumber: line.invoiceNumber,
    invoiceId: matched?.invoiceId,
    orderId: matched?.orderId,
    shipmentId: matched?.shipmentId,
    documentId,
  };
}
