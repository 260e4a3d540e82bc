import type { Order } from '../../canonical/order.ts';
import type { WarehouseOrder } from '../../canonical/warehouse-order.ts';
import { locations } from '../../config/find-partner.ts';
import { formatDecimal, total } from '../../decimal.ts';
import { note } from '../../store/activity.ts';
import { fulfilmentOrdersOf, setRequest } from '../../store/fulfilment.ts';
import type { FulfilmentOrder } from '../../store/fulfilment.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { firstDocument } from '../../store/outbox.ts';
import { announce } from '../announce.ts';
import { shippingFacts } from '../allocate/calendar.ts';
import { outstanding } from './held.ts';
import type { Work } from '../work.ts';

/**
 * Asks a location to ship less of its work, or nothing more: by the document that gave it the work, as a change (940 W05*R) or cancellation (W05*F).
 * An acknowledgment of that says only that it could be read: the answer is what the location ships, or its silence until `answersWithin` is over.
 */
export async function askLocation(work: Work, order: StoredOrder, id: number): Promise<void> {
  const fulfilment = (await fulfilmentOrdersOf(work.tx, order.id)).find((each) => each.id === id)!;
  const place = locations(work.config).get(fulfilment.location);
  const cancel = fulfilment.lines.every((line) => line.ask >= outstanding(line));
  const revision = fulfilment.revision + 1;
  const dueAt = work.now + (place ? shippingFacts(place).answersWithin : 0);
  await setRequest(work.tx, id, cancel ? 'cancel-requested' : 'change-requested', dueAt, revision);
  await tellLocation(work, order, fulfilment, cancel, revision);
  const text = `${fulfilment.location} is asked ${cancel ? 'to cancel' : 'to ship less of'} ${fulfilment.number}`;
  await note(work.tx, { at: work.now, verb: 'release', partner: place?.partner.id, orderId: order.id, text });
}

async function tellLocation(work: Work, order: StoredOrder, fulfilment: FulfilmentOrder, cancel: boolean, revision: number): Promise<void> {
  const place = locations(work.config).get(fulfilment.location);
  const told = (await firstDocument(work.tx, order.id, `release:${fulfilment.id}:`)) as WarehouseOrder | Order | undefined;
  if (!place || !told) return;
  await announce(work, place.partner, withDates(changed(told, fulfilment, cancel), order.document), {
    key: `release:${fulfilment.id}:${revision}`,
    orderId: order.id,
  });
}

/** Tells a location the dates that an order has now, of work that it has and is asked nothing about. */
export async function tellDates(work: Work, order: StoredOrder, fulfilment: FulfilmentOrder): Promise<void> {
  const revision = fulfilment.revision + 1;
  await setRequest(work.tx, fulfilment.id, fulfilment.requestState, fulfilment.requestDueAt, revision);
  await tellLocation(work, order, fulfilment, false, revision);
  const text = `${fulfilment.location} is told the new dates of ${fulfilment.number}`;
  await note(work.tx, { at: work.now, verb: 'release', partner: order.partner, orderId: order.id, text });
}

function withDates<T extends WarehouseOrder | Order>(told: T, { shipNotBefore, requestedShip, shipNoLater, cancelAfter }: Order): T {
  const dates = Object.entries({ shipNotBefore, requestedShip, shipNoLater, cancelAfter }).filter(([, date]) => date !== undefined);
  return { ...told, ...Object.fromEntries(dates) };
}

/** The document that gave the work, with what is wanted of each line now. A cancellation repeats the lines. */
function changed(told: WarehouseOrder | Order, fulfilment: FulfilmentOrder, cancel: boolean): WarehouseOrder | Order {
  const wanted = fulfilment.lines.map((line) => (cancel ? line.quantity : line.quantity - line.short - line.ask));
  const quantityOf = (lineRef: string): string => formatDecimal(wanted[fulfilment.lines.findIndex((line) => line.lineRef === lineRef)] ?? 0n);
  if (told.kind === 'order') {
    const lines = told.lines.map((line) => ({ ...line, quantity: quantityOf(line.lineRef) }));
    return { ...told, purpose: cancel ? 'cancel' : 'replace', lines };
  }
  const lines = told.lines.map((line) => ({ ...line, quantity: quantityOf(line.lineRef) }));
  return { ...told, purpose: cancel ? 'cancel' : 'change', totalQuantity: formatDecimal(total(wanted)), lines };
}
