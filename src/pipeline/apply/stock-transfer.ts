import type { StockTransfer } from '../../canonical/stock-transfer.ts';
import { locations } from '../../config/find-partner.ts';
import type { Partner } from '../../config/types.ts';
import { formatDecimal, parseDecimal, scaleExactly, total } from '../../decimal.ts';
import type { Decimal } from '../../decimal.ts';
import type { LineFacts } from '../../orders/enter.ts';
import { note } from '../../store/activity.ts';
import { readItems, referencesOfAll } from '../../store/items.ts';
import { wakeOrdersWaitingFor } from '../../store/orders.ts';
import type { ExpectedReceipt } from '../../store/supply.ts';
import { expectedUnder, saveExpected } from '../../store/supply.ts';
import { shippingFacts } from '../allocate/calendar.ts';
import { announce } from '../announce.ts';
import { lineFacts } from './master-data.ts';
import type { Applied, Work } from '../work.ts';
import { dayIn, hashOf } from '../work.ts';

/**
 * Takes in what an owner or vendor says is on its way to a warehouse of ours: it is expected there, so that it can be promised, and the warehouse is told.
 * The last word under a number counts: what it does not name any more does not come.
 */
export async function applyStockTransfer(work: Work, partner: Partner, documentId: number, transfer: StockTransfer): Promise<Applied> {
  const { reference, warehouse: location } = transfer;
  if (location === undefined || !locations(work.config).has(location))
    return { status: 'parked', reason: 'LOCATION_UNKNOWN', detail: `${reference} goes to ${location ?? '(nobody)'}, which is no warehouse of ours` };
  const { quantities, troubles } = await readLines(work, partner, transfer);
  if (troubles[0]) return { status: 'parked', reason: troubles[0].code, detail: troubles.map(({ detail }) => detail).join('; ') };
  const arrives = transfer.arrives ?? transfer.date;
  const gone = (await expectedUnder(work.tx, location, reference)).filter(({ sku, quantity }) => !quantities.has(sku) && quantity > 0n);
  const receipts: readonly ExpectedReceipt[] = [
    ...[...quantities].map(([sku, quantity]) => ({ reference, sku, location, quantity, arrives, usableOn: arrives })),
    ...gone.map((each) => ({ ...each, quantity: 0n })),
  ];
  const changed: string[] = [];
  for (const receipt of receipts) if ((await saveExpected(work.tx, receipt, work.now)) !== 'unchanged') changed.push(receipt.sku);
  if (changed.length === 0) return { status: 'done', reason: 'DUPLICATE', detail: `${reference} is expected at ${location} already` };
  await wakeOrdersWaitingFor(work.tx, changed, work.now);
  const text = `${reference} of ${partner.id} is on its way to ${location}: ${changed.length} item${changed.length === 1 ? '' : 's'}, there on ${arrives}`;
  await note(work.tx, { at: work.now, verb: 'apply', partner: partner.id, documentId, text });
  const { shipFrom = { name: partner.name }, carrier, shipmentId, poNumber, billOfLading } = transfer;
  await announceGoods(work, location, reference, { shipFrom, carrier, shipmentId, poNumber, billOfLading });
  return { status: 'done' };
}

type Trouble = { readonly code: 'SKU_UNKNOWN' | 'UNIT_UNKNOWN' | 'QUANTITY_INVALID'; readonly detail: string };

/** What comes of each item, in base units. */
async function readLines(
  work: Work,
  partner: Partner,
  { lines }: StockTransfer,
): Promise<{ readonly quantities: ReadonlyMap<string, Decimal>; readonly troubles: readonly Trouble[] }> {
  const named = lines.map(({ sku, ids, unit }) => ({ ids: [...(sku === undefined ? [] : [{ qualifier: 'SK', value: sku }]), ...ids], unit }));
  const facts = await lineFacts(work.tx, partner.id, named);
  const quantities = new Map<string, Decimal>();
  const troubles: Trouble[] = [];
  for (const [index, line] of lines.entries()) {
    const read = readLine(line, facts[index]!);
    if ('code' in read) troubles.push(read);
    else quantities.set(read.sku, (quantities.get(read.sku) ?? 0n) + read.quantity);
  }
  return { quantities, troubles };
}

function readLine(
  { sku: named, ids, unit, quantity }: StockTransfer['lines'][number],
  { sku, conversion }: LineFacts,
): Trouble | { sku: string; quantity: Decimal } {
  const shown = named ?? ids.map(({ qualifier, value }) => `${qualifier} ${value}`).join(', ');
  if (sku === undefined) return { code: 'SKU_UNKNOWN', detail: `no item goes by ${shown}` };
  if (!conversion) return { code: 'UNIT_UNKNOWN', detail: `item ${sku} has no unit ${unit}` };
  const said = parseDecimal(quantity);
  const base = said === undefined || said < 0n ? undefined : scaleExactly(said, conversion.numerator, conversion.denominator);
  return base === undefined ? { code: 'QUANTITY_INVALID', detail: `${shown}: ${quantity} ${unit} is no quantity that can come` } : { sku, quantity: base };
}

/** Tells a location what comes to it under a number, where it takes that (943): what is still to come, once for each time that it is other than before. */
export async function announceGoods(
  work: Work,
  location: string,
  reference: string,
  facts: Partial<Pick<StockTransfer, 'shipFrom' | 'carrier' | 'shipmentId' | 'poNumber' | 'billOfLading'>> = {},
): Promise<void> {
  const place = locations(work.config).get(location);
  const coming = (await expectedUnder(work.tx, location, reference)).filter(({ quantity, received }) => quantity > received);
  if (!place || coming.length === 0) return;
  const skus = coming.map(({ sku }) => sku);
  const items = await readItems(work.tx, skus);
  const references = await referencesOfAll(work.tx, place.partner.id, skus);
  const { company } = work.config;
  const { shipFrom = { name: company.name, ...company.address }, ...told } = facts;
  const document: StockTransfer = {
    kind: 'stock-transfer',
    reference,
    date: dayIn(place.partner.timezone, work.now),
    warehouse: location,
    shipFrom,
    shipTo: { name: place.partner.name, ...shippingFacts(place).address },
    arrives: coming.map(({ arrives }) => arrives).toSorted()[0]!,
    ...told,
    totalQuantity: formatDecimal(total(coming.map(({ quantity, received }) => quantity - received))),
    lines: coming.map(({ sku, quantity, received }, index) => ({
      lineRef: String(index + 1),
      sku,
      ids: [...(references.get(sku) ?? [])],
      ...(items.get(sku)?.description && { description: items.get(sku)!.description }),
      quantity: formatDecimal(quantity - received),
      unit: items.get(sku)?.baseUnit ?? 'EA',
    })),
  };
  await announce(work, place.partner, document, { key: `stock-transfer:${location}:${reference}:${hashOf(document).slice(0, 12)}` });
}
