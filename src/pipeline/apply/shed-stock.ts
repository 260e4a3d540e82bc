import { formatDecimal, greatest, least, total } from '../../decimal.ts';
import { plainLine } from '../../orders/change-lines.ts';
import { moveAll } from '../../orders/quantities.ts';
import type { StockHold } from '../../orders/shed.ts';
import { shed, shortOf } from '../../orders/shed.ts';
import { WharfError } from '../../errors.ts';
import { note } from '../../store/activity.ts';
import type { Allocation } from '../../store/allocations.ts';
import { firmAt, reduceAllocation } from '../../store/allocations.ts';
import { insertChange } from '../../store/changes.ts';
import type { Outstanding } from '../../store/fulfilment.ts';
import { outstandingAt, setAsk } from '../../store/fulfilment.ts';
import { readOrder, touchOrder, updateLine } from '../../store/orders.ts';
import { moveStock, readStock } from '../../store/stock.ts';
import { locations } from '../../config/find-partner.ts';
import { shippingFacts } from '../allocate/calendar.ts';
import { askLocation } from './ask-location.ts';
import type { Work } from '../work.ts';
import { partnerOf } from '../work.ts';

type Given = { readonly allocation: Allocation; readonly quantity: bigint };

/**
 * Where more of an item is promised at a location than is there, the promises that matter least give way and are decided again; their buyers are told if
 * that ends otherwise. Work that the location was already told to do stays the longest, unless its profile lets priority alone decide; it is asked not
 * to ship what it does not have, where its profile says so. `key` names the cause.
 */
export async function shedStock(work: Work, sku: string, location: string, key: string): Promise<void> {
  const stock = (await readStock(work.tx, [sku])).find((row) => row.location === location);
  const released = await outstandingAt(work.tx, sku, location);
  // What a location is asked not to ship already is not missing a second time.
  const short = greatest(0n, (stock ? shortOf(stock) : 0n) - total(released.map(({ ask }) => ask)));
  if (short === 0n) return;
  const place = locations(work.config).get(location);
  const onShortage = place ? shippingFacts(place).onShortage : 'wait';
  const firm = new Map((await firmAt(work.tx, sku, location)).map((each) => [each.allocation.id, each]));
  const holds: StockHold[] = [];
  for (const [id, { allocation, partner, receivedAt }] of firm) {
    holds.push({ id, quantity: allocation.quantity, state: 'firm', ...rankOf(work, partner), receivedAt });
  }
  for (const [index, { orderId, quantity, ask }] of released.entries()) {
    const order = await readOrder(work.tx, orderId);
    if (order) holds.push({ id: -1 - index, quantity: quantity - ask, state: 'released', ...rankOf(work, order.partner), receivedAt: order.receivedAt });
  }
  const { void: giving, ask, alarm, uncovered } = shed(short, holds, { releasedFirst: onShortage === 'by-priority' });
  const given = giving.map(({ id, quantity }) => ({ allocation: firm.get(id)!.allocation, orderId: firm.get(id)!.orderId, quantity }));
  for (const [orderId, parts] of Map.groupBy(given, (part) => part.orderId)) await giveWay(work, orderId, parts, { sku, location, key });
  const asks = ask.map(({ id, quantity }) => ({ line: released[-1 - id]!, quantity }));
  if (onShortage !== 'wait') await askForLess(work, asks);
  const numbers = ask.map(({ id, quantity }) => `${formatDecimal(quantity)} of ${released[-1 - id]!.number}`);
  const says = [
    `${location} has ${formatDecimal(short)} of ${sku} less than is promised`,
    ...(giving.length > 0 ? [`${given.length} reservation${given.length === 1 ? '' : 's'} gave way`] : []),
    ...(numbers.length > 0 ? [`it was told to ship ${numbers.join(', ')}, which is not there`] : []),
    ...(alarm ? ['protected promises are among them'] : []),
    ...(uncovered > 0n ? [`no promise covers ${formatDecimal(uncovered)}`] : []),
  ];
  await note(work.tx, { at: work.now, verb: 'hold', text: says.join('; ') });
}

/** Asks a location not to ship what it does not have. What it leaves out is decided again; where it ships it all the same, it was there. */
async function askForLess(work: Work, asks: readonly { readonly line: Outstanding; readonly quantity: bigint }[]): Promise<void> {
  for (const { line, quantity } of asks) await setAsk(work.tx, line.lineId, line.ask + quantity);
  for (const [orderId, group] of Map.groupBy(asks, ({ line }) => line.orderId)) {
    const order = (await readOrder(work.tx, orderId))!;
    for (const id of new Set(group.map(({ line }) => line.fulfilmentOrderId))) await askLocation(work, order, id);
    // The allocator looks again when the location must have answered.
    if (!(await touchOrder(work.tx, order, { decideAt: work.now }))) throw new WharfError('DATABASE_CONFLICT', `order ${orderId} was changed at the same time`);
  }
}

function rankOf(work: Work, partner: string): { readonly class: number; readonly tier: number } {
  const { class: rank, tier } = partnerOf(work.config, partner).allocation;
  return { class: rank, tier };
}

async function giveWay(
  work: Work,
  orderId: number,
  parts: readonly Given[],
  { sku, location, key }: { readonly sku: string; readonly location: string; readonly key: string },
): Promise<void> {
  const order = (await readOrder(work.tx, orderId))!;
  const lines = new Map(order.lines.map((line) => [line.id, line]));
  for (const { allocation, quantity } of parts) {
    const covers = (quantity * allocation.covers) / allocation.quantity;
    await reduceAllocation(work.tx, allocation, quantity, covers);
    const line = lines.get(allocation.lineId)!;
    const back = least(covers, line.buckets.allocated);
    lines.set(line.id, { ...line, buckets: moveAll(line.buckets, [{ from: 'allocated', to: 'pending', quantity: back }]) });
  }
  const freed = parts.reduce((sum, { quantity }) => sum + quantity, 0n);
  await moveStock(work.tx, { sku, location, onHand: 0n, allocated: -freed, cause: 'deallocation', key: `${key}:${sku}:${orderId}`, orderId }, work.now);
  if (!(await touchOrder(work.tx, order, { decideAt: work.now }))) throw new WharfError('DATABASE_CONFLICT', `order ${orderId} was changed at the same time`);
  const changed = order.lines.filter((line) => lines.get(line.id) !== line);
  for (const line of changed) await updateLine(work.tx, lines.get(line.id)!);
  const text = `${formatDecimal(freed)} of ${sku} at ${location} are not there after all: ${order.document.poNumber} is decided again`;
  await note(work.tx, { at: work.now, verb: 'allocate', partner: order.partner, orderId, text });
  if (order.respondedAt === undefined) return;
  const told = changed.map(({ id, lineRef, base, ids }) =>
    plainLine({ lineRef, lineId: id, ids, action: 'dates', answer: 'accepted', because: 'stock-fell', before: base, wanted: base, remains: base }),
  );
  const facts = { orderId, documentId: undefined, initiative: 'seller', sequence: undefined, document: undefined } as const;
  await insertChange(work.tx, { ...facts, contentHash: `${key}:${sku}`, lines: told, receivedAt: work.now });
}
