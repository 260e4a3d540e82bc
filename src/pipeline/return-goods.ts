import type { StockReport } from '../canonical/stock-report.ts';
import { outboundFor } from '../config/find-partner.ts';
import type { Decimal } from '../decimal.ts';
import { formatDecimal, least } from '../decimal.ts';
import { creditMemo } from '../orders/credit.ts';
import type { Inspection } from '../orders/returns.ts';
import { checkInspection } from '../orders/returns.ts';
import { note } from '../store/activity.ts';
import { readOrder, wakeOrdersWaitingFor } from '../store/orders.ts';
import type { StoredReturn } from '../store/returns.ts';
import { creditLine, findReturn, inspectLine, receiveLine, returnedSoFar, setReturnState } from '../store/returns.ts';
import { insertInvoice, invoiceNumberFor } from '../store/shipments.ts';
import { moveStock } from '../store/stock.ts';
import { announce } from './announce.ts';
import type { Acted, ActContext } from './replay.ts';
import type { Applied, Work } from './work.ts';
import { dayIn, partnerOf } from './work.ts';

/** What a receipt names, in base units. */
export type Came = { readonly sku: string; readonly quantity: Decimal | undefined };

/**
 * Takes a receipt of goods that came back: it is noted at the return and is no stock until it is inspected. Undefined when the receipt is of other
 * goods. One that names no return, or brings more than may come, waits for a person.
 */
export async function receiveReturned(work: Work, location: string, report: StockReport, lines: readonly Came[]): Promise<Applied | undefined> {
  const found = report.announced === undefined ? undefined : await findReturn(work.tx, report.announced);
  if (!found) {
    if (report.cause !== 'C') return undefined;
    return {
      status: 'parked',
      reason: 'RETURN_UNKNOWN',
      detail: `${location} received goods of a customer under ${report.announced ?? 'no number'}, which is no return`,
    };
  }
  const { orderId, number } = found;
  const open = found.lines.map((line) => ({ line, room: line.authorised - line.received }));
  const taken: { id: number; quantity: Decimal }[] = [];
  for (const { sku, quantity = 0n } of lines) {
    let left = quantity;
    for (const each of open.filter(({ line }) => line.sku === sku)) {
      const part = least(left, each.room);
      if (part <= 0n) continue;
      each.room -= part;
      left -= part;
      taken.push({ id: each.line.id, quantity: part });
    }
    if (left !== 0n) {
      return {
        status: 'parked',
        reason: 'RETURN_UNKNOWN',
        detail: `${location} received ${formatDecimal(quantity)} of ${sku} for ${number}, of which no more than ${formatDecimal(quantity - left)} may come back`,
        orderId,
      };
    }
  }
  for (const { id, quantity } of taken) await receiveLine(work.tx, id, quantity, location);
  if (!(await setReturnState(work.tx, found.id, ['authorised', 'received'], 'received', work.now))) {
    return { status: 'parked', reason: 'RETURN_UNKNOWN', detail: `return ${number} is ${found.state}`, orderId };
  }
  await note(work.tx, {
    at: work.now,
    verb: 'apply',
    partner: found.partner,
    orderId,
    text: `${location} received goods of return ${number}; they are no stock until they are inspected`,
  });
  return { status: 'done', orderId };
}

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
