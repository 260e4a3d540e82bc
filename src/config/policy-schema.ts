import { terms } from '../canonical/common.ts';
import { z } from '../schema.ts';
import { defaults } from './defaults.ts';
import { amount, clock, count, duration, flag, identifier, text } from './scalars.ts';
import { party } from '../canonical/common.ts';

const d = defaults;
const character = z.string().regex(/^.$/su, 'is not one character');

/** How we write X12 to the partner. */
export const x12 = z.strictObject({
  /** GS08. */
  version: z
    .string()
    .regex(/^\d{6}[A-Z0-9]{0,6}$/, 'is not a version such as 004010 or 005010VICS')
    .prefault(d.x12.version),
  /** ISA12; absent, the first five digits of the version. */
  interchangeVersion: z
    .string()
    .regex(/^\d{5}$/, 'is not five digits such as 00401')
    .optional(),
  delimiters: z
    .strictObject({
      element: character.prefault(d.x12.delimiters.element),
      component: character.prefault(d.x12.delimiters.component),
      repetition: character.prefault(d.x12.delimiters.repetition),
      segment: character.prefault(d.x12.delimiters.segment),
      /** What follows each segment terminator: nothing, "\n" or "\r\n". */
      newline: z.enum(['', '\n', '\r\n'], 'is not "", "\\n" or "\\r\\n"').prefault(d.x12.delimiters.newline),
    })
    .prefault({}),
  /** ISA14: whether a TA1 is asked for. */
  ackRequested: flag.prefault(d.x12.ackRequested),
  upperCase: flag.prefault(d.x12.upperCase),
  /** The X12 character set that outgoing data must stay in. */
  characters: z.enum(['basic', 'extended', 'utf-8']).prefault(d.x12.characters),
  /** What happens to a character outside that set, or to a delimiter in the data. */
  onForbidden: z.enum(['refuse', 'replace']).prefault(d.x12.onForbidden),
});

export const acknowledgments = z.strictObject({
  /** What answers an inbound group. */
  kind: z.enum(['997', '999', 'none']).prefault(d.acknowledgments.kind),
  /** Whether accepted sets are listed too, or only the rejected ones. */
  detail: z.enum(['all', 'rejected']).prefault(d.acknowledgments.detail),
  /** strict: a set with an error is rejected; lenient: it is accepted with errors noted (E) where it can be read. */
  tolerance: z.enum(['strict', 'lenient']).prefault(d.acknowledgments.tolerance),
  ta1: z.enum(['requested', 'always', 'errors', 'never']).prefault(d.acknowledgments.ta1),
  /** Name of the file that holds it, and the channel it leaves by; absent, the partner's only outbound channel. */
  file: text.prefault(d.acknowledgments.file),
  channel: identifier.optional(),
  /** How long the partner has to acknowledge ours; `never` when they do not send any. */
  expectWithin: z.union([z.literal('never'), duration], 'is not never or a duration such as 24h').prefault(d.acknowledgments.expectWithin),
});

/** A filter over the findings about a partner's X12, after validation. */
export const leniency = z.array(
  z.strictObject({
    code: text,
    segment: text.optional(),
    element: text.optional(),
    treat: z.enum(['ignore', 'warning', 'error']),
  }),
);

export const duplicates = z.strictObject({
  /** The same interchange again: acknowledged again from the store, or passed over. */
  interchange: z.enum(['acknowledge-again', 'ignore']).prefault(d.duplicates.interchange),
  /** A known purchase order number with other content. */
  order: z.enum(['hold', 'reject', 'replace']).prefault(d.duplicates.order),
  /** How far back control numbers are compared. */
  window: duration.prefault(d.duplicates.window),
});

/** The purchase order's own words come first, then this. */
export const allocation = z.strictObject({
  /** 1 is served first. */
  tier: count(1, 9).prefault(d.allocation.tier),
  /** Partner ids of the warehouses that may ship, best first; absent, all. */
  warehouses: z.array(identifier).min(1).optional(),
  completeness: z.enum(['partial', 'complete']).prefault(d.allocation.completeness),
  /** What becomes of the units that there is no stock for. */
  remainder: z.enum(['backorder', 'reject']).prefault(d.allocation.remainder),
  /** The most shipments an order may be split into. */
  splitLimit: count(1, 8).prefault(d.allocation.splitLimit),
  splitLines: flag.prefault(d.allocation.splitLines),
  prefer: z.enum(['fewest-shipments', 'lowest-cost']).prefault(d.allocation.prefer),
  /** Money that each further shipment must save. */
  splitPenalty: amount.prefault(d.allocation.splitPenalty),
  /** The percentage of the order's units below which nothing is allocated, and what happens then. */
  minimumFill: amount.prefault(d.allocation.minimumFill),
  belowMinimum: z.enum(['wait', 'reject']).prefault(d.allocation.belowMinimum),
});

export const prices = z.strictObject({
  /** A difference within the larger of the two is taken as equal: percent of our price, and an amount a unit. */
  tolerance: z.strictObject({ percent: amount.prefault(d.prices.tolerance.percent), absolute: amount.prefault(d.prices.tolerance.absolute) }).prefault({}),
  onMismatch: z.enum(['hold', 'accept', 'ours', 'reject']).prefault(d.prices.onMismatch),
  onMissing: z.enum(['ours', 'hold']).prefault(d.prices.onMissing),
});

export const response = z.strictObject({
  /** When the order response goes out: when the order is in, or when its stock is decided. */
  when: z.enum(['received', 'allocated', 'never']).prefault(d.response.when),
  /** How long we have. */
  within: duration.prefault(d.response.within),
});

export const shipNotice = z.strictObject({
  /** How long after a shipment is confirmed its notice must be out. */
  within: duration.prefault(d.shipNotice.within),
  /** How long before the expected delivery it must be there. */
  beforeDelivery: duration.optional(),
});

export const invoice = z.strictObject({
  /** One for each shipment, or one when the order is complete. */
  when: z.enum(['shipment', 'complete', 'never']).prefault(d.invoice.when),
  terms: z.strictObject(terms.shape).optional(),
  /** Percent above the ordered quantity that may be billed. */
  overship: amount.prefault(d.invoice.overship),
});

export const warehouse = z.strictObject({
  /** Our code of the location, as in stock files. */
  code: text,
  address: z.strictObject(party.shape).optional(),
  /** Lower comes first where all else is equal. */
  priority: count(0, 10_000).prefault(d.warehouse.priority),
  /** Money for a shipment, and for each unit of it. */
  shipCost: amount.prefault(d.warehouse.shipCost),
  unitCost: amount.prefault(d.warehouse.unitCost),
  /** From release to shipment. */
  leadTime: duration.prefault(d.warehouse.leadTime),
  /** Orders released later than this, in the warehouse's time zone, count as the next day's. */
  cutOff: clock.optional(),
});

export const vendor = z.strictObject({
  /** Our code of the vendor as a location, as in item files. */
  code: text,
  address: z.strictObject(party.shape).optional(),
  /** Whether they ship to our customers. */
  dropShip: flag.prefault('true'),
  leadTime: duration.prefault(d.warehouse.leadTime),
});
