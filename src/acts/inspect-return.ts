import { outboundFor } from '../config/find-partner.ts';
import { formatDecimal } from '../decimal.ts';
import { creditMemo } from '../orders/credit.ts';
import type { Inspection } from '../orders/returns.ts';
import { checkInspection } from '../orders/returns.ts';
import { announce } from '../pipeline/announce.ts';
import type { Work } from '../pipeline/work.ts';
import { dayIn, partnerOf } from '../pipeline/work.ts';
import { note } from '../store/activity.ts';
import { readOrder, wakeOrdersWaitingFor } from '../store/orders.ts';
import type { StoredReturn } from '../store/returns.ts';
import { creditLine, findReturn, inspectLine, returnedSoFar, setReturnState } from '../store/returns.ts';
import { insertInvoice, invoiceNumberFor } from '../store/shipments.ts';
import { moveStock } from '../store/stock.ts';
import type { Acted, ActContext } from './replay.ts';

/**
 * Records what inspection found of every line that came back (line reference → base units): what is sold again goes into stock, what is quarantined
 * into stock on hold, what is scrapped nowhere. Then the buyer gets their credit.
 */
export async function inspectReturn({ db, config, now, by }: ActContext, number: string, found: ReadonlyMap<string, Inspection>): Promise<Acted> {
  return db.transaction(async (tx) => {
    const work: Work = { tx, config, now };
    const entry = await findReturn(tx, number);
    if (!entry) return { done: false, text: `there is no return ${number}` };
    if (entry.state !== 'received') return { done: false, text: `return ${number} is ${entry.state}; only what was received is inspected` };
    const came = entry.lines.filter(({ received }) => received > 0n);
    const unknown = [...found.keys()].find((ref) => !came.some(({ lineRef }) => lineRef === ref));
    if (unknown !== undefined) return { done: false, text: `nothing of line ${unknown} came back as ${number}` };
    for (const { lineRef, received } of came) {
      const inspection = found.get(lineRef);
      const checked = inspection
        ? checkInspection(received, inspection)
        : { ok: false as const, detail: `${formatDecimal(received)} were received and nothing is said of them` };
      if (!checked.ok) return { done: false, text: `line ${lineRef}: ${checked.detail}` };
    }
    for (const line of came) {
      const inspection = found.get(line.lineRef)!;
      const { restock, quarantine } = inspection;
      await inspectLine(tx, line.id, inspection);
      if (restock + quarantine > 0n) {
        const key = `return:${line.id}`;
        await moveStock(
          tx,
          {
            sku: line.sku,
            location: line.location!,
            onHand: restock + quarantine,
            onHold: quarantine,
            allocated: 0n,
            cause: 'receipt',
            key,
            orderId: entry.orderId,
          },
          now,
        );
      }
    }
    await setReturnState(tx, entry.id, ['received'], 'inspected', now);
    const restocked = came.filter(({ lineRef }) => found.get(lineRef)!.restock > 0n).map(({ sku }) => sku);
    await wakeOrdersWaitingFor(tx, restocked, now);
    await note(tx, { at: now, verb: 'apply', partner: entry.partner, orderId: entry.orderId, text: `return ${number} inspected by ${by}` });
    const credited = await credit(work, (await findReturn(tx, number))!);
    return { done: true, text: `return ${number} is inspected${credited ? `; ${credited}` : ''}` };
  });
}

/** Gives back what was billed for what came back, once. Undefined where there is nothing to give back or the partner takes no invoices. */
async function credit(work: Work, entry: StoredReturn): Promise<string | undefined> {
  const partner = partnerOf(work.config, entry.partner);
  const order = (await readOrder(work.tx, entry.orderId))!;
  if (partner.invoice.when === 'never' || outboundFor(work.config, partner, 'invoice', order.document.poType).length === 0) return undefined;
  const creditables = [];
  for (const line of entry.lines) {
    const returned = line.restocked + line.quarantined + (partner.returns.creditScrap ? line.scrapped : 0n);
    if (returned > 0n) creditables.push({ lineId: line.lineId, returned, before: await returnedSoFar(work.tx, line.lineId) });
  }
  const [first] = creditables;
  const memo = creditMemo(order, creditables, {
    creditNumber: `C${entry.number}`,
    date: dayIn(partner.timezone, work.now),
    returnNumber: entry.number,
    originalInvoice: entry.document.invoiceNumber ?? (first && (await invoiceNumberFor(work.tx, order.id, first.lineId))),
    feePercent: partner.returns.fee,
    vendorNumber: partner.vendorNumber,
  });
  if (!memo) return undefined;
  for (const { lineId, credit: given } of memo.credited) {
    const line = entry.lines.find((each) => each.lineId === lineId)!;
    await creditLine(work.tx, line.id, given.quantity, given.amount);
  }
  const id = await insertInvoice(work.tx, order.id, undefined, memo.document, -memo.total, work.now);
  await setReturnState(work.tx, entry.id, ['inspected'], 'credited', work.now);
  await announce(work, partner, memo.document, { key: `credit:${id}`, orderId: order.id, orderType: order.document.poType });
  const text = `credit ${memo.document.invoiceNumber} of ${memo.document.total} ${memo.document.currency} for return ${entry.number}`;
  await note(work.tx, { at: work.now, verb: 'apply', partner: partner.id, orderId: order.id, text });
  return text;
}
