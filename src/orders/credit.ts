import type { Invoice, InvoiceLine } from '../canonical/invoice.ts';
import type { Decimal } from '../decimal.ts';
import { formatDecimal, total } from '../decimal.ts';
import { buyersQuantities, priceIn } from './buyers-unit.ts';
import type { Line, OrderState } from './model.ts';
import type { Credit, ReturnedSoFar } from './returns.ts';
import { creditFor } from './returns.ts';

/** What came back of a line and is to be given back, in base units, and what was before. */
export type Creditable = { readonly lineId: number; readonly returned: Decimal; readonly before: ReturnedSoFar };

export type CreditSettings = {
  readonly creditNumber: string;
  readonly date: string;
  readonly returnNumber: string;
  readonly originalInvoice?: string | undefined;
  /** Kept back, percent of what was paid. */
  readonly feePercent: Decimal;
  readonly vendorNumber?: string | undefined;
};

export type CreditMemo = {
  readonly document: Invoice;
  /** Above 0: what the buyer gets back. */
  readonly total: Decimal;
  readonly credited: readonly { readonly lineId: number; readonly credit: Credit }[];
};

/** The credit for goods that came back, at what was billed for them, less the fee. Undefined when nothing of them was billed or is left to credit. */
export function creditMemo(state: OrderState, creditables: readonly Creditable[], settings: CreditSettings): CreditMemo | undefined {
  const credited: { lineId: number; credit: Credit }[] = [];
  const lines: InvoiceLine[] = [];
  for (const { lineId, returned, before } of creditables) {
    const line = state.lines.find(({ id }) => id === lineId);
    const credit = line && creditFor(line, returned, before, settings.feePercent);
    if (!line || !credit) continue;
    credited.push({ lineId, credit });
    lines.push(creditLine(line, credit));
  }
  if (lines.length === 0) return undefined;
  const paid = total(credited.map(({ credit }) => credit.paid));
  const fee = total(credited.map(({ credit }) => credit.fee));
  const { document: order } = state;
  const vendorNumber = settings.vendorNumber ?? order.vendorNumber;
  const document: Invoice = {
    kind: 'invoice',
    type: 'credit',
    invoiceNumber: settings.creditNumber,
    invoiceDate: settings.date,
    poNumber: order.poNumber,
    orderDate: order.orderDate,
    ...(order.releaseNumber !== undefined && { releaseNumber: order.releaseNumber }),
    returnNumber: settings.returnNumber,
    ...(settings.originalInvoice !== undefined && { originalInvoice: settings.originalInvoice }),
    currency: order.currency,
    ...(order.department !== undefined && { department: order.department }),
    ...(vendorNumber !== undefined && { vendorNumber }),
    ...(order.billTo && { billTo: order.billTo }),
    ...(order.shipTo && { shipTo: order.shipTo }),
    lines,
    charges: fee === 0n ? [] : [{ indicator: 'A', amount: formatDecimal(fee, 2), description: `Restocking fee ${formatDecimal(settings.feePercent)} %` }],
    subtotal: formatDecimal(paid, 2),
    total: formatDecimal(paid - fee, 2),
  };
  return { document, total: paid - fee, credited };
}

function creditLine(line: Line, credit: Credit): InvoiceLine {
  const { unit, quantities } = buyersQuantities(line, [credit.quantity]);
  return {
    lineRef: line.lineRef,
    ids: [...line.ids],
    ...(line.description !== undefined && { description: line.description }),
    quantity: formatDecimal(quantities[0]!),
    unit,
    price: formatDecimal(priceIn(line, unit)!),
    extended: formatDecimal(credit.paid, 2),
  };
}
