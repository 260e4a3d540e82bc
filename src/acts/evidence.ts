import { formatDecimal } from '../decimal.ts';
import { WharfError } from '../errors.ts';
import { csv } from '../formats/csv.ts';
import { readDeduction, type StoredDeduction } from '../store/deductions.ts';
import type { EvidenceFile } from '../store/evidence.ts';
import { acknowledgmentsOf, fileOf, receivedFor, sentFor } from '../store/evidence.ts';
import { readOrder } from '../store/orders.ts';
import { readWholePayload } from '../store/payload.ts';
import type { Database, Tx } from '../store/transaction.ts';
import { fromPlain } from '../tree.ts';

export type NamedBytes = { readonly name: string; readonly bytes: Uint8Array };

/**
 * All that speaks for us in a dispute about a deduction: the order, what the warehouse and we said shipped, the invoice, and the acknowledgments of
 * ours, each in the bytes that came or went, the claim itself, and `dispute.csv`, which sets ordered, shipped and invoiced side by side.
 * @throws WharfError NOT_FOUND when there is no such deduction, or it is about nothing of ours.
 */
export async function evidenceFor(db: Database, id: number): Promise<readonly NamedBytes[]> {
  return db.read(async (tx) => {
    const deduction = await readDeduction(tx, id);
    if (!deduction) throw new WharfError('NOT_FOUND', `there is no deduction ${id}`, { value: String(id) });
    if (deduction.orderId === undefined)
      throw new WharfError('NOT_FOUND', `deduction ${id} names nothing of ours, so there is no evidence`, { value: String(id) });
    const sent = await sentFor(tx, deduction.orderId, deduction.partner);
    const answers = (await Promise.all(sent.map((each) => acknowledgmentsOf(tx, each.id)))).flat();
    const claim = await fileOf(tx, deduction.documentId);
    const found = [...(await receivedFor(tx, deduction.orderId)), ...sent, ...answers, ...(claim ? [claim] : [])];
    const files = [...new Map(found.map((file) => [`${file.owner} ${file.id}`, file])).values()];
    const packed: NamedBytes[] = [{ name: 'dispute.csv', bytes: await disputeSheet(tx, deduction, sent) }];
    for (const [index, file] of files.entries()) packed.push({ name: nameOf(file, index + 1), bytes: await readWholePayload(tx, file.owner, file.id) });
    return packed;
  });
}

/** Numbered in the order of what happened; nothing of a partner's file name but letters, digits, points and dashes is kept. */
function nameOf({ owner, what, partner, name }: EvidenceFile, number: number): string {
  const direction = owner === 'inbound' ? 'from' : 'to';
  return `${String(number).padStart(2, '0')}-${what}-${direction}-${partner}-${name.replaceAll(/[^\w.-]/g, '_').replace(/^\.+/, '')}`;
}

async function disputeSheet(tx: Tx, deduction: StoredDeduction, sent: readonly EvidenceFile[]): Promise<Uint8Array> {
  const order = (await readOrder(tx, deduction.orderId!))!;
  const told = (what: string): EvidenceFile | undefined => sent.find((file) => file.what === what);
  const [notice, invoice] = [told('856') ?? told('shipment'), told('810') ?? told('invoice')];
  const rows = order.lines.map((line) => ({
    partner: deduction.partner,
    claim: deduction.reference,
    claim_date: deduction.date,
    code: deduction.code ?? '',
    reason: deduction.reason ?? '',
    claimed: formatDecimal(deduction.amount, 2),
    invoice: deduction.invoiceNumber ?? '',
    po_number: order.document.poNumber,
    line: line.lineRef,
    item: line.ids[0]?.value ?? line.sku ?? '',
    unit: line.baseUnit,
    ordered: formatDecimal(line.base),
    shipped: formatDecimal(line.buckets.shipped + line.overshipped),
    invoiced: formatDecimal(line.invoiced),
    notice_sent: instant(notice?.at),
    notice_answer: notice?.acknowledged ?? '',
    notice_answered: instant(notice?.acknowledgedAt),
    invoice_sent: instant(invoice?.at),
    invoice_answer: invoice?.acknowledged ?? '',
  }));
  return csv.write(fromPlain('rows', { row: rows }), { formula: 'escape' });
}

function instant(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString();
}
