import { party, terms } from '../canonical/common.ts';
import { decimal } from '../decimal.ts';
import { z } from '../schema.ts';
import { defaults } from './defaults.ts';
import { amount, clock, count, date, duration, flag, identifier, text } from './scalars.ts';

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
  /** At least so many digits in GS06 and in ST02: shorter numbers get zeros in front. ISA13 always has nine. */
  groupDigits: count(1, 9).prefault(d.x12.groupDigits),
  setDigits: count(4, 9).prefault(d.x12.setDigits),
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
  /** requested: where their ISA14 asks for it; errors: also of errors that nobody asked about. */
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
    /** A code of the findings, or its beginning with a star: `AK403-*`. */
    code: text,
    set: text.optional(),
    segment: text.optional(),
    element: text.optional(),
    treat: z.enum(['ignore', 'warning', 'error']),
  }),
);

/** What the partner's guide changes in the standard. */
export const guide = z.array(
  z.strictObject({
    /** Only in this set, and only in the loop that begins with this segment; absent, everywhere. */
    set: text.optional(),
    loop: text.optional(),
    segment: text,
    /** `PO107`; absent, the rule is about the segment. */
    element: text.optional(),
    /** M mandatory, O optional, X not used. */
    requirement: z.enum(['M', 'O', 'X']).optional(),
    uses: count(0, 1_000_000).optional(),
    repeats: count(0, 1_000_000).optional(),
    min: count(0, 100_000).optional(),
    max: count(0, 100_000).optional(),
    /** The only codes allowed, or further ones. */
    codes: z.array(text).optional(),
    alsoCodes: z.array(text).optional(),
  }),
);

export const duplicates = z.strictObject({
  /** The same interchange again: acknowledged again from the store, or passed over. */
  interchange: z.enum(['acknowledge-again', 'ignore']).prefault(d.duplicates.interchange),
  /** A known purchase order number with other content; `refuse` also tells the buyer by an order response that rejects all of it. */
  order: z.enum(['hold', 'reject', 'refuse', 'replace']).prefault(d.duplicates.order),
  /** How far back control numbers are compared. */
  window: duration.prefault(d.duplicates.window),
});

/** What speaks of an order that is not here, a change, a return or a shipment, waits for it. */
export const missingOrder = z.strictObject({
  /** After so long somebody is told that the order is missing; the document still goes on when it comes. */
  within: duration.prefault(d.missingOrder.within),
});

/** How the partner's orders get stock. The purchase order's own words come first, then this; amounts of money are in the company's currency. */
export const allocation = z.strictObject({
  /** 1 is served first; within a tier, who must ship first, and who asked first. */
  tier: count(1, 9).prefault(d.allocation.tier),
  /** 0 protected, 1 must not be shorted, 2 normal, 3 may only lose, 4 loses. */
  class: count(0, 4).prefault(d.allocation.class),
  /** Codes of the only locations that may ship; absent, all. */
  warehouses: z.array(text).min(1).optional(),
  completeness: z.enum(['backorder', 'no-backorder', 'complete']).prefault(d.allocation.completeness),
  /** An order that ships complete holds what there is until the rest comes. */
  accumulate: flag.prefault(d.allocation.accumulate),
  /** It gives that back so many days before its last day, so that others have it; absent, it holds it to the end. */
  accumulateDays: count(0, 365).optional(),
  /** What is less than this percentage of an order waits, or somebody is asked about it (until the answer to the order is due), or it is refused. */
  minimumFill: z
    .strictObject({
      percent: amount,
      by: z.enum(['units', 'value']).prefault(d.allocation.minimumFill.by),
      below: z.enum(['wait', 'ask', 'reject']).prefault(d.allocation.minimumFill.below),
    })
    .optional(),
  /** A line of which less than this percentage can be had gets nothing. */
  minimumLine: amount.optional(),
  /** Orders of one class and tier share what is short in proportion to what they ask. */
  fairShare: flag.prefault(d.allocation.fairShare),
  /** The most shipments an order may become. */
  maxShipments: count(1, 8).prefault(d.allocation.maxShipments),
  /** After fill: the fewest shipments, or the least cost. */
  objective: z.enum(['splits', 'cost']).prefault(d.allocation.objective),
  /** Added to the cost for each shipment after the first, and for each day and location that is late. */
  splitPenalty: amount.prefault(d.allocation.splitPenalty),
  latePenalty: amount.prefault(d.allocation.latePenalty),
  /** How much more than the best a plan may cost to leave scarce stock to others. */
  regretLimit: amount.prefault(d.allocation.regretLimit),
  splitLines: flag.prefault(d.allocation.splitLines),
  breakPacks: flag.prefault(d.allocation.breakPacks),
  substitution: flag.prefault(d.allocation.substitution),
  /** What a location must be able to do, in words of yours that its `capabilities` say too: sscc, cold, hazmat … */
  requires: z.array(text).prefault([]),
  /** Lists of our SKUs that leave in one shipment where an order has several of them. */
  together: z.array(z.array(text).min(2)).prefault([]),
  /** The stock pools (`wharf pools import`) that they may draw from. */
  pools: z.array(text).prefault([]),
});

export const prices = z.strictObject({
  /** A difference within the larger of the two is taken as equal: percent of our price, and an amount a unit. */
  tolerance: z.strictObject({ percent: amount.prefault(d.prices.tolerance.percent), absolute: amount.prefault(d.prices.tolerance.absolute) }).prefault({}),
  onMismatch: z.enum(['hold', 'accept', 'ours', 'reject']).prefault(d.prices.onMismatch),
  onMissing: z.enum(['ours', 'hold']).prefault(d.prices.onMissing),
});

export const response = z.strictObject({
  /** When the order response goes out: when the stock of the order is decided, or not at all. */
  when: z.enum(['allocated', 'never']).prefault(d.response.when),
  /** How long we have. */
  within: duration.prefault(d.response.within),
});

export const shipNotice = z.strictObject({
  /** How long after a shipment is confirmed its notice must be out. */
  within: duration.prefault(d.shipNotice.within),
  /** How long before the expected delivery it must be there. */
  beforeDelivery: duration.optional(),
  /** Whether every pack must have an SSCC. */
  sscc: z.enum(['required', 'optional']).prefault(d.shipNotice.sscc),
  /** Whether several notices may name one bill of lading; most retailers take one notice for each. */
  billOfLading: z.enum(['once', 'shared']).prefault(d.shipNotice.billOfLading),
});

const fine = z
  .string('is not an amount of money such as 150.00, or a percentage such as 3%')
  .regex(/^\d{1,9}(\.\d{1,6})?%?$/, 'is not an amount of money such as 150.00, or a percentage such as 3%')
  .transform((value) => ({ value: decimal(value.replace('%', '')), unit: value.endsWith('%') ? ('percent' as const) : ('money' as const) }));

/** What the partner charges for being late, once for each document: money, or a percentage of the goods it is about. */
export const fines = z.strictObject({
  /** The answer to an order (855), the notice of a shipment (856), the shipment itself (after the cancel date). */
  late855: fine.optional(),
  late856: fine.optional(),
  lateShipment: fine.optional(),
});

const chargeFacts = {
  /** A allowance, C charge. */
  indicator: z.enum(['A', 'C']),
  /** X12 element 1300: D240 freight, C310 discount … */
  code: text.optional(),
  description: text.optional(),
  /** Billed with every invoice, or once an order. */
  per: z.enum(['invoice', 'order']).prefault('invoice'),
};
/** Money, or a percentage of the sum of the lines. */
const chargeRule = z.union(
  [z.strictObject({ ...chargeFacts, amount }), z.strictObject({ ...chargeFacts, percent: amount })],
  'is not an allowance (A) or charge (C) with amount or percent',
);

export const invoice = z.strictObject({
  /** One for each shipment, or one when the order is complete. */
  when: z.enum(['shipment', 'complete', 'never']).prefault(d.invoice.when),
  /** It goes out when the partner has accepted the notice of its shipment, or when that notice is sent. */
  after: z.enum(['notice-accepted', 'notice-sent']).prefault(d.invoice.after),
  terms: z.strictObject(terms.shape).omit({ discountDue: true, netDue: true }).optional(),
  /** With `when: complete`: how long after the first shipment what has shipped is billed, complete or not. */
  latest: duration.optional(),
  /** What is added to or taken off what shipped, where the order says nothing itself. */
  charges: z.array(chargeRule).prefault([]),
  /** Percent above the ordered quantity that may be billed. */
  overship: amount.prefault(d.invoice.overship),
});

/** What becomes of goods that a buyer wants to send back. */
export const returns = z.strictObject({
  accept: z.enum(['shipped', 'never']).prefault(d.returns.accept),
  /** How many days after the shipment; absent, any number. */
  days: count(1, 10_000).optional(),
  /** What is kept back of the credit, percent. */
  fee: amount.prefault(d.returns.fee),
  /** Whether goods that inspection scraps are credited too. */
  creditScrap: flag.prefault(d.returns.creditScrap),
});

/** What the partner wants of goods that are kept by lot. */
export const lots = z.strictObject({
  /** How many days goods must still be good for when they arrive. */
  minimumLifeDays: count(0, 10_000).prefault(d.lots.minimumLifeDays),
  /** How many days they are on their way. */
  transitDays: count(0, 365).prefault(d.lots.transitDays),
  /** One lot for each line: wanted, required, or any number. */
  single: z.enum(['any', 'prefer', 'require']).prefault(d.lots.single),
  /** Nothing that expires before what they were sent last. */
  notOlder: flag.prefault(d.lots.notOlder),
});

/** The partner's routing guide. A rule fits where all that it names does; quantities are base units of what one location ships. */
export const routing = z.array(
  z.strictObject({
    states: z.array(text).min(1).optional(),
    /** The beginnings of postal codes. */
    postalCodes: z.array(text).min(1).optional(),
    /** Codes of the locations that ship. */
    from: z.array(text).min(1).optional(),
    /** FOB01 of the order: CC collect, PP prepaid … */
    freightPayment: z.array(text).min(1).optional(),
    minUnits: amount.optional(),
    maxUnits: amount.optional(),
    scac: z.string().regex(/^[A-Z]{2,4}$/, 'is not a SCAC of 2 to 4 capital letters'),
    name: text.optional(),
    /** X12 element 91: M motor, U parcel, A air … */
    method: text.optional(),
    service: text.optional(),
  }),
);

const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** Fits a ship-to that fits all that it names. */
const zone = z.strictObject({
  countries: z.array(text).min(1).optional(),
  states: z.array(text).min(1).optional(),
  /** The beginnings of postal codes. */
  postalCodes: z.array(text).min(1).optional(),
  /** From the location, in any one unit: the nearer comes first where all else is equal. */
  distance: count(0, 1_000_000).optional(),
  /** Instead of the location's own. */
  fixedCost: amount.optional(),
  unitCost: amount.optional(),
});

/** When and where a location ships, in its own time zone. */
const calendar = {
  /** Whole days from an order to its shipment. */
  leadDays: count(0, 365).prefault(d.location.leadDays),
  /** An order given later than this counts as the next day's. */
  cutOff: clock.optional(),
  workdays: z
    .array(weekday)
    .min(1)
    .prefault([...d.location.workdays]),
  holidays: z.array(date).prefault([]),
  /** How many orders, order lines and base units it takes a day, from cut-off to cut-off; absent, any number. The last order of a day may go above lines and units. */
  dailyOrders: count(1, 1_000_000).optional(),
  dailyLines: count(1, 100_000_000).optional(),
  dailyUnits: amount.optional(),
  /** Where it ships to, and what that costs: the first that fits the ship-to; absent, everywhere. */
  zones: z.array(zone).min(1).optional(),
  /** What it can do, in words of yours: sscc, cold, hazmat … */
  capabilities: z.array(text).prefault([]),
  /** How long an answer to a change or cancellation of its work is waited for; then it counts as refused. */
  answersWithin: duration.prefault(d.location.answersWithin),
  /**
   * When it has less than is promised: `ask`: what it was not told to ship gives way first, and it is asked at once to ship less where that is not enough;
   * `by-priority`: what matters least gives way, and it is asked for that too; `wait`: it is waited for what it says that it shipped.
   */
  onShortage: z.enum(['ask', 'by-priority', 'wait']).prefault(d.location.onShortage),
  /** Statuses of shipped lines (W1201) that say that more of the same work will ship; any other shipment is the last. */
  moreComes: z.array(text).prefault([...d.location.moreComes]),
};

export const warehouse = z.strictObject({
  /** Our code of the location, as in stock files. */
  code: text,
  address: z.strictObject(party.shape).optional(),
  /** Smaller comes first where all else is equal. */
  priority: count(0, 10_000).prefault(d.location.priority),
  /** Money for each shipment, and for each base unit of it. */
  fixedCost: amount.prefault(d.location.fixedCost),
  unitCost: amount.prefault(d.location.unitCost),
  ...calendar,
});

export const vendor = z.strictObject({
  /** Our code of the vendor as a location, as in item files. */
  code: text,
  address: z.strictObject(party.shape).optional(),
  /** Whether they ship to our customers. */
  dropShip: flag.prefault('true'),
  priority: count(0, 10_000).prefault(d.location.priority),
  fixedCost: amount.prefault(d.location.fixedCost),
  unitCost: amount.prefault(d.location.unitCost),
  ...calendar,
});
