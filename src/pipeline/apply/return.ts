import type { Return, ReturnLine } from '../../canonical/return.ts';
import type { Partner } from '../../config/types.ts';
import { locations } from '../../config/find-partner.ts';
import type { Decimal } from '../../decimal.ts';
import { formatDecimal, parseDecimal, scaleExactly } from '../../decimal.ts';
import type { Line } from '../../orders/model.ts';
import { toUnit } from '../../orders/quantities.ts';
import type { Authorisation } from '../../orders/returns.ts';
import { authoriseReturn } from '../../orders/returns.ts';
import { daysBetween } from '../../orders/dates.ts';
import { note } from '../../store/activity.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { findOrder } from '../../store/orders.ts';
import { countReturns, findRequested, insertReturn, returnedSoFar } from '../../store/returns.ts';
import { lastShipment } from '../../store/shipments.ts';
import { announce } from '../announce.ts';
import { lineFacts } from './master-data.ts';
import { orderKey } from './waits.ts';
import type { Applied, Work } from '../work.ts';
import { dayIn, hashOf } from '../work.ts';

/** A line of the request, the order line that it is about, and how much of it may come back. */
type Judged = { readonly asked: ReturnLine; readonly line: Line | undefined; readonly base: Decimal; readonly says: Authorisation };

/** In words for the buyer. */
const WORDS: Readonly<Record<string, string>> = {
  'nothing-shipped': 'nothing of it was shipped',
  'more-than-shipped': 'no more was shipped that is not coming back already',
  'not-positive': 'the quantity is not above 0',
  'too-late': 'the time for returns is over',
  'line-unknown': 'no line of the order is for this item',
  'not-accepted': 'returns are not taken',
};

/** Answers a buyer who asks to send goods back: no more may come than was shipped and is not coming back already. Nothing moves in stock by it. */
export async function applyReturn(work: Work, partner: Partner, documentId: number, asked: Return): Promise<Applied> {
  if (asked.purpose !== 'request')
    return { status: 'parked', reason: 'DOCUMENT_UNMAPPED', detail: `an inbound return that is an ${asked.purpose} has no effect` };
  const known = await findRequested(work.tx, partner.id, asked.reference);
  if (known) {
    const { orderId } = known;
    if (hashOf(known.document) === hashOf(asked))
      return { status: 'done', reason: 'DUPLICATE', detail: `return ${asked.reference} is here already as ${known.number}`, orderId };
    return { status: 'parked', reason: 'RETURN_CONFLICT', detail: `return ${asked.reference} is here already as ${known.number} with other content`, orderId };
  }
  const order = await findOrder(work.tx, partner.id, asked.poNumber, asked.releaseNumber);
  if (!order) {
    return {
      status: 'parked',
      reason: 'ORDER_UNKNOWN',
      detail: `return ${asked.reference} speaks of order ${asked.poNumber}`,
      waitsFor: orderKey(partner.id, asked.poNumber),
    };
  }
  const judged = await judge(work, partner, order, asked);
  const number = `R${String(order.id).padStart(6, '0')}-${(await countReturns(work.tx, order.id)) + 1}`;
  const allowed = judged.some(({ says }) => says.quantity > 0n);
  const id = await insertReturn(work.tx, {
    number,
    partner: partner.id,
    buyerRef: asked.reference,
    orderId: order.id,
    state: allowed ? 'authorised' : 'denied',
    document: asked,
    documentId,
    requestedAt: work.now,
    lines: judged.flatMap(({ asked: { reason }, line, base, says }) =>
      line?.sku === undefined
        ? []
        : [{ lineId: line.id, lineRef: line.lineRef, sku: line.sku, reason, requested: base, authorised: says.quantity, deniedBecause: says.because }],
    ),
  });
  const document = await answer(work, partner, order, { asked, number, judged });
  await announce(work, partner, document, { key: `return:${id}`, orderId: order.id, causeDocumentId: documentId, orderType: order.document.poType });
  const text = `return ${asked.reference} of ${asked.poNumber} is ${document.verdict}${allowed ? ` as ${number}` : ''}`;
  await note(work.tx, { at: work.now, verb: 'apply', partner: partner.id, documentId, orderId: order.id, text });
  return { status: 'done', orderId: order.id };
}

async function judge(work: Work, partner: Partner, order: StoredOrder, asked: Return): Promise<readonly Judged[]> {
  const facts = await lineFacts(work.tx, partner.id, asked.lines);
  const shipped = await lastShipment(work.tx, order.id);
  const { accept, days } = partner.returns;
  const window = days === undefined || !shipped ? undefined : { daysSinceShipment: daysBetween(shipped.date, asked.date), allowedDays: days };
  const taken = new Map<number, Decimal>();
  const judged: Judged[] = [];
  for (const [index, entry] of asked.lines.entries()) {
    const { sku, conversion } = facts[index]!;
    const line =
      order.lines.find(({ lineRef }) => lineRef === entry.lineRef) ?? order.lines.find((candidate) => candidate.sku !== undefined && candidate.sku === sku);
    const value = parseDecimal(entry.quantity) ?? 0n;
    const factor = line?.conversion.unit === entry.unit ? line.conversion : conversion;
    const base = (factor ? scaleExactly(value, factor.numerator, factor.denominator) : undefined) ?? 0n;
    if (!line || accept === 'never') {
      judged.push({ asked: entry, line, base, says: { answer: 'denied', quantity: 0n, because: line ? 'not-accepted' : 'line-unknown' } });
      continue;
    }
    const before = await returnedSoFar(work.tx, line.id);
    const sofar = { ...before, authorised: before.authorised + (taken.get(line.id) ?? 0n) };
    const says = authoriseReturn(line, base, sofar, window);
    taken.set(line.id, (taken.get(line.id) ?? 0n) + says.quantity);
    judged.push({ asked: entry, line, base, says });
  }
  return judged;
}

type Decided = { readonly asked: Return; readonly number: string; readonly judged: readonly Judged[] };

async function answer(work: Work, partner: Partner, order: StoredOrder, { asked, number, judged }: Decided): Promise<Return> {
  const whole = judged.every(({ says }) => says.answer === 'authorised');
  const none = judged.every(({ says }) => says.quantity === 0n);
  const location = (await lastShipment(work.tx, order.id))?.location ?? '';
  const place = locations(work.config).get(location);
  const shipTo = place?.kind === 'warehouse' ? place.partner.warehouse?.address : work.config.company.address;
  const vendorNumber = partner.vendorNumber ?? asked.vendorNumber;
  return {
    kind: 'return',
    purpose: 'answer',
    verdict: none ? 'denied' : whole ? 'authorised' : 'in-part',
    reference: asked.reference,
    ...(none ? {} : { returnNumber: number, ...(shipTo && { shipTo }) }),
    date: dayIn(partner.timezone, work.now),
    poNumber: order.document.poNumber,
    orderDate: order.document.orderDate,
    ...(order.document.releaseNumber !== undefined && { releaseNumber: order.document.releaseNumber }),
    ...(asked.invoiceNumber !== undefined && { invoiceNumber: asked.invoiceNumber }),
    ...(vendorNumber !== undefined && { vendorNumber }),
    lines: judged.map(answerLine),
  };
}

/** In the unit in which it was asked, where the quantity divides, otherwise in base units. */
function answerLine({ asked, line, says }: Judged): ReturnLine {
  const { lineRef, ids, description, reason } = asked;
  const inUnit = line && asked.unit === line.conversion.unit ? toUnit(says.quantity, line.conversion) : undefined;
  const unit = inUnit === undefined && line ? line.baseUnit : asked.unit;
  return {
    ...(line ? { lineRef: line.lineRef } : lineRef === undefined ? {} : { lineRef }),
    ids,
    ...(description !== undefined && { description }),
    quantity: formatDecimal(inUnit ?? says.quantity),
    unit,
    ...(reason !== undefined && { reason }),
    ...(says.because !== undefined && { because: WORDS[says.because] ?? says.because }),
  };
}
