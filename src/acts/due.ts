import { locations } from '../config/find-partner.ts';
import type { Config, Partner } from '../config/types.ts';
import type { Decimal } from '../decimal.ts';
import { least, multiply, roundTo, total } from '../decimal.ts';
import { extension } from '../orders/buyers-unit.ts';
import { lastShipDay } from '../orders/dates.ts';
import type { Line } from '../orders/model.ts';
import { open } from '../orders/quantities.ts';
import { endOfDay, shipDays, startOfDay } from '../orders/windows.ts';
import { shippedLines } from '../store/conversation.ts';
import type { Waiting } from '../store/deadlines.ts';
import {
  bookedShipment,
  missingOrders,
  openOrders,
  unacknowledged,
  unansweredOrders,
  unansweredRoutings,
  unsentAnswers,
  unsentNotices,
  unshippedWork,
} from '../store/deadlines.ts';
import { readOrder } from '../store/orders.ts';
import type { Tx } from '../store/transaction.ts';
import { calendarOf } from '../pipeline/allocate/calendar.ts';

/** A clock that runs: what has to happen, until when, and what it costs when it does not. */
export type Due = {
  /**
   * `answer`: the order is to be answered (855). `ship-notice`: a shipment is to be told (856). `acknowledgment`: the partner is to acknowledge ours.
   * `ship`: the goods are to leave before the cancel date. `location`: a warehouse or vendor is to ship what it was told (945).
   * `routing`: the buyer is to say who picks up (754). `order`: the order is to come of which a document that is here speaks.
   */
  readonly clock: 'answer' | 'ship-notice' | 'acknowledgment' | 'ship' | 'location' | 'routing' | 'order';
  /** `order:5`, `outbox:7` or `document:3`. */
  readonly id: string;
  /** Who is to have it, or for `acknowledgment`, `location`, `routing` and `order` who is to do it. */
  readonly partner: string;
  readonly about: string;
  readonly status: string;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** What the partner charges for being late, in the order's currency; undefined where the partner file names no fine. */
  readonly atRisk: Decimal | undefined;
  readonly currency: string | undefined;
};

type Fine = NonNullable<Partner['fines']['late855']>;

/** Every clock that runs, the most urgent first. Nothing is stored for it: it is computed from what is there. */
export async function dueClocks(tx: Tx, config: Config): Promise<readonly Due[]> {
  const answering = [...config.partners.values()].filter(({ response }) => response.when !== 'never').map(({ id }) => id);
  const clocks: Due[] = [];
  for (const each of await unansweredOrders(tx, answering)) clocks.push(...(await answerClock(tx, config, each, `order:${each.id}`)));
  for (const each of await unsentAnswers(tx)) clocks.push(...(await answerClock(tx, config, each, `outbox:${each.id}`)));
  for (const each of await unsentNotices(tx)) clocks.push(...(await noticeClock(tx, config, each)));
  for (const each of await unacknowledged(tx)) clocks.push(awaitedClock('acknowledgment', `outbox:${each.id}`, each));
  for (const each of await unansweredRoutings(tx)) clocks.push(awaitedClock('routing', `order:${each.orderId}`, each));
  for (const each of await missingOrders(tx)) clocks.push(awaitedClock('order', `document:${each.id}`, each));
  for (const each of await openOrders(tx)) clocks.push(...(await shipClock(tx, config, each)));
  for (const each of await unshippedWork(tx)) clocks.push(...locationClock(config, each));
  return clocks.toSorted((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));
}

async function answerClock(tx: Tx, config: Config, waiting: Waiting, id: string): Promise<readonly Due[]> {
  const partner = config.partners.get(waiting.partner);
  const order = waiting.orderId === undefined ? undefined : await readOrder(tx, waiting.orderId);
  if (!partner || !order) return [];
  const value = valueOf(order.lines, ({ base }) => base);
  return [{ ...named('answer', id, waiting), dueAt: waiting.since + partner.response.within, ...risk(partner.fines.late855, value, order.document.currency) }];
}

async function noticeClock(tx: Tx, config: Config, waiting: Waiting): Promise<readonly Due[]> {
  const partner = config.partners.get(waiting.partner);
  const order = waiting.orderId === undefined ? undefined : await readOrder(tx, waiting.orderId);
  if (!partner || !order) return [];
  const booked = waiting.shipmentId === undefined ? undefined : await bookedShipment(tx, waiting.shipmentId);
  const { within, beforeDelivery } = partner.shipNotice;
  const arrival = booked?.expectedDelivery === undefined ? undefined : startOfDay(booked.expectedDelivery, partner.timezone);
  const dueAt = Math.min((booked?.at ?? waiting.since) + within, arrival === undefined ? Infinity : arrival - (beforeDelivery ?? 0));
  const lines = waiting.shipmentId === undefined ? undefined : await shippedLines(tx, waiting.shipmentId);
  const value = valueOf(order.lines, ({ id }) => lines?.get(id)?.quantity ?? 0n);
  return [{ ...named('ship-notice', `outbox:${waiting.id}`, waiting), dueAt, ...risk(partner.fines.late856, value, order.document.currency) }];
}

async function shipClock(tx: Tx, config: Config, waiting: Waiting): Promise<readonly Due[]> {
  const partner = config.partners.get(waiting.partner);
  const order = await readOrder(tx, waiting.id);
  if (!partner || !order) return [];
  const { currency } = order.document;
  const last = lastShipDay(order.document);
  if (last === undefined || order.lines.every(({ buckets }) => open(buckets) === 0n)) return [];
  const value = valueOf(order.lines, ({ buckets, base }) => least(open(buckets), base));
  return [{ ...named('ship', `order:${waiting.id}`, waiting), dueAt: endOfDay(last, partner.timezone), ...risk(partner.fines.lateShipment, value, currency) }];
}

/** What a partner is to send us; the database knows until when. */
function awaitedClock(clock: Due['clock'], id: string, waiting: Waiting): Due {
  return { ...named(clock, id, waiting), dueAt: waiting.dueAt ?? waiting.since, atRisk: undefined, currency: undefined };
}

/** A location has until the end of the first day on which it ships what it was told then. */
function locationClock(config: Config, waiting: Waiting): readonly Due[] {
  const location = locations(config).get(waiting.location ?? '');
  const days = location && shipDays(calendarOf(location), waiting.since);
  if (!location || !days) return [];
  const dueAt = endOfDay(days.earliestShip, location.partner.timezone);
  return [{ ...named('location', `order:${waiting.orderId}`, waiting), partner: location.partner.id, dueAt, atRisk: undefined, currency: undefined }];
}

function named(clock: Due['clock'], id: string, { partner, about, status }: Waiting): Pick<Due, 'clock' | 'id' | 'partner' | 'about' | 'status'> {
  return { clock, id, partner, about, status };
}

/** What some base units of each line are worth at the agreed prices; what has no price is worth nothing here. */
function valueOf(lines: readonly Line[], units: (line: Line) => Decimal): Decimal {
  return total(lines.map((line) => extension(line, units(line)) ?? 0n));
}

function risk(fine: Fine | undefined, value: Decimal, currency: string): Pick<Due, 'atRisk' | 'currency'> {
  if (!fine) return { atRisk: undefined, currency: undefined };
  const atRisk = fine.unit === 'money' ? fine.value : roundTo(multiply(value, fine.value) / 100n, 2);
  return { atRisk, currency };
}
