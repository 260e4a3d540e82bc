import type { Decimal } from '../decimal.ts';

/**
 * What an allocation takes in and gives out. Quantities are base units, costs are money, dates are `2026-03-05`.
 * The purchase order's own words stand in `Demand`; what the partner or the company decides stands in `OrderPolicy`.
 */

export type Completeness = 'backorder' | 'no-backorder' | 'complete';

/**
 * Less than `percent` of an order is not worth shipping: it waits (where somebody is asked, until they answer), or it is refused. Also the least share a line
 * takes part in a fair share for.
 */
export type MinimumFill = { readonly percent: Decimal; readonly by: 'units' | 'value'; readonly below: 'wait' | 'ask' | 'reject' };

export type OrderPolicy = {
  readonly completeness: Completeness;
  /** An order that ships complete holds what there is until the rest comes. */
  readonly accumulate: boolean;
  readonly minimumFill?: MinimumFill | undefined;
  /** A line of which less than this percentage can be had gets nothing: its rest follows the rule of the order. */
  readonly minimumLine?: Decimal | undefined;
  /** Orders of one class and tier share what is short, in proportion to what they ask. */
  readonly fairShare: boolean;
  /** The most shipments an order may become. */
  readonly maxShipments: number;
  /** After fill: the fewest shipments, or the least cost. */
  readonly objective: 'splits' | 'cost';
  /** Added to the cost for each shipment after the first. */
  readonly splitPenalty: Decimal;
  /** Added to the cost for each day and location that ships after the requested day. */
  readonly latePenalty: Decimal;
  /** A plan that costs at most this much more than the best may be taken to leave scarce stock to others. */
  readonly regretLimit: Decimal;
  /** A line may come from several locations. */
  readonly splitLines: boolean;
  /** Packs may be opened. */
  readonly breakPacks: boolean;
  readonly substitution: boolean;
  /** Only these locations may ship; absent: all. */
  readonly warehouses?: readonly string[] | undefined;
  /** What a location must be able to do to ship the order. */
  readonly requires?: readonly string[] | undefined;
  /** Items that leave in one shipment where an order has several of them: all from one location, or none of them. */
  readonly together?: readonly (readonly string[])[] | undefined;
};

/** What holds where nobody decided otherwise. */
export const defaultPolicy: OrderPolicy = {
  completeness: 'backorder',
  accumulate: false,
  fairShare: false,
  maxShipments: 4,
  objective: 'splits',
  splitPenalty: 0n,
  latePenalty: 0n,
  regretLimit: 0n,
  splitLines: true,
  breakPacks: false,
  substitution: false,
};

export type DemandLine = {
  readonly lineId: number;
  readonly lineNo: number;
  readonly sku: string;
  /** What is not decided or backordered. */
  readonly quantity: Decimal;
  /** What is allocated, released or shipped of it already: counts towards a minimum fill. */
  readonly served?: Decimal | undefined;
  /** Base units that stay together; above 0. */
  readonly pack: Decimal;
  /** The agreed price of one base unit, for fill by value. */
  readonly unitValue?: Decimal | undefined;
};

/** The waiting lines of one order. What a later change added is a demand of its own, of the same order and lines, received when the change was. */
export type Demand = {
  readonly orderId: number;
  readonly poNumber: string;
  readonly partner: string;
  /** 0 protected, 1 must not be shorted, 2 normal, 3 may only lose, 4 loses. */
  readonly class: number;
  /** Within the class; smaller first. */
  readonly tier: number;
  /** An instant in UTC. */
  readonly receivedAt: string;
  readonly shipNotBefore?: string | undefined;
  readonly requestedShip?: string | undefined;
  readonly shipNoLater?: string | undefined;
  readonly cancelAfter?: string | undefined;
  /** Where it goes. */
  readonly shipTo?: Place | undefined;
  /** What it wants of goods that are kept by lot. */
  readonly lots?: LotWish | undefined;
  /** The pools that it may draw from. */
  readonly pools?: readonly string[] | undefined;
  readonly policy: OrderPolicy;
  /** The name of this version of class, tier and policy. */
  readonly policyVersion?: string | undefined;
  readonly lines: readonly DemandLine[];
  /** Items that a location has said it will not ship for this order: it is not asked again, whatever its stock is said to be. */
  readonly declined?: readonly { readonly sku: string; readonly location: string }[] | undefined;
};

/** `available` may be negative: stock fell under its promises. */
export type StockRow = { readonly sku: string; readonly location: string; readonly available: Decimal };
/** Supply on its way, and the first day on which it can ship. */
export type Inbound = { readonly sku: string; readonly location: string; readonly quantity: Decimal; readonly usableOn: string };
/** What is promised for a day and holds no stock yet: to an order, which may be one that is decided about, or to nobody in particular. */
export type Commitment = { readonly sku: string; readonly quantity: Decimal; readonly date: string; readonly orderId?: number | undefined };
/** `to` may stand in for `from`: base units of `to` = base units of `from` × numerator ÷ denominator. `pack` is that of `to`. Absent `partner`: for all. */
export type Substitute = {
  readonly from: string;
  readonly to: string;
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly pack?: Decimal | undefined;
  readonly partner?: string | undefined;
};

/** As in an address; what is not known is absent. */
export type Place = { readonly country?: string | undefined; readonly state?: string | undefined; readonly postalCode?: string | undefined };

/** A part of the world as a location sees it: it is meant for places that fit all that it names. What it says of distance and cost goes before what the location says. */
export type Zone = {
  readonly countries?: readonly string[] | undefined;
  readonly states?: readonly string[] | undefined;
  /** The beginnings of postal codes. */
  readonly postalCodes?: readonly string[] | undefined;
  readonly distance?: number | undefined;
  readonly fixedCost?: Decimal | undefined;
  readonly unitCost?: Decimal | undefined;
};

/** What a location still takes for a day; absent: any number. */
export type Room = { readonly orders?: number | undefined; readonly lines?: number | undefined; readonly units?: Decimal | undefined };

export type LocationFacts = {
  readonly code: string;
  /** Smaller first, where nothing before it decides. */
  readonly priority: number;
  /** To the ship-to or its region, in any one unit. */
  readonly distance?: number | undefined;
  /** For each shipment. */
  readonly fixedCost: Decimal;
  /** For each base unit. */
  readonly unitCost: Decimal;
  /** The first day on which an order given now ships: cut-off, calendar and lead days are in it (see windows.ts). */
  readonly earliestShip: string;
  /** What it still takes for that day, before this allocation. */
  readonly room?: Room | undefined;
  /** The day it ships on when nothing more goes into that day; absent: it takes no more. */
  readonly nextShip?: string | undefined;
  /** Where it ships to, and what that costs: the first that fits an order; absent: everywhere. */
  readonly zones?: readonly Zone[] | undefined;
  /** What it can do, in the words of `OrderPolicy.requires`. */
  readonly capabilities?: readonly string[] | undefined;
  /** Why it takes nothing at all. */
  readonly closed?: string | undefined;
};

export type LotWish = {
  /** How many days goods are on their way, and must be good for after that. */
  readonly transitDays: number;
  readonly minimumLifeDays: number;
  /** Whether all of a line must be of one lot. */
  readonly single: 'any' | 'prefer' | 'require';
  /** By SKU: until when the lot is good that the buyer had last. Nothing that expires before that will do. */
  readonly had?: Readonly<Record<string, string>> | undefined;
};
/** A lot that is not spoken for, or part of it; what does not spoil is good until 9999-12-31. An item without lots at a location lives for ever there. */
export type LotRow = { readonly sku: string; readonly location: string; readonly quantity: Decimal; readonly goodUntil: string };
/** What is kept of an item at a location for those who may draw from a pool: as much as they have not taken yet. */
export type Pool = { readonly name: string; readonly sku: string; readonly location: string; readonly quantity: Decimal };

export type AllocationInput = {
  readonly today: string;
  readonly demands: readonly Demand[];
  readonly stock: readonly StockRow[];
  readonly locations: readonly LocationFacts[];
  readonly inbound?: readonly Inbound[] | undefined;
  readonly commitments?: readonly Commitment[] | undefined;
  readonly substitutes?: readonly Substitute[] | undefined;
  readonly lots?: readonly LotRow[] | undefined;
  /** What is reserved of items with lots and has no lot yet, and until when it must be good. */
  readonly lotClaims?: readonly LotRow[] | undefined;
  readonly pools?: readonly Pool[] | undefined;
};

/** Who took stock of an item before this order did, in this allocation. */
export type Ahead = {
  readonly orderId: number;
  readonly poNumber: string;
  readonly class: number;
  readonly tier: number;
  readonly location: string;
  readonly quantity: Decimal;
};

/** Why a location does not ship an order. `shipDate` is when it could. */
export type Refusal = {
  readonly location: string;
  readonly because: 'not-allowed' | 'closed' | 'region' | 'capability' | 'declined' | 'no-capacity' | 'after-ship-no-later' | 'after-cancel';
  readonly detail?: string | undefined;
  readonly shipDate?: string | undefined;
};

/** What a line's decision rests on, as data. `opening` is what was there before the orders ahead took theirs. */
export type Reason =
  | { readonly kind: 'available'; readonly sku: string; readonly location: string; readonly quantity: Decimal; readonly opening: Decimal }
  | { readonly kind: 'ahead'; readonly sku: string; readonly orders: number; readonly quantity: Decimal; readonly last: readonly Ahead[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'pack'; readonly location: string; readonly pack: Decimal; readonly loose: Decimal }
  | { readonly kind: 'short-lived'; readonly sku: string; readonly location: string; readonly quantity: Decimal; readonly needed: string }
  | { readonly kind: 'pool'; readonly sku: string; readonly location: string; readonly pool: string; readonly quantity: Decimal }
  | { readonly kind: 'fair-share'; readonly sku: string; readonly supply: Decimal; readonly demand: Decimal; readonly share: Decimal }
  | { readonly kind: 'promised-to-others'; readonly sku: string; readonly quantity: Decimal }
  | { readonly kind: 'together'; readonly skus: readonly string[] }
  | { readonly kind: 'shipment-limit'; readonly limit: number; readonly elsewhere: Decimal }
  | { readonly kind: 'below-minimum'; readonly fill: Decimal; readonly minimum: Decimal; readonly by: 'units' | 'value' }
  | { readonly kind: 'thin-line'; readonly quantity: Decimal; readonly minimum: Decimal }
  | { readonly kind: 'incomplete'; readonly missing: Decimal }
  | { readonly kind: 'accumulating'; readonly held: Decimal }
  | { readonly kind: 'substituted'; readonly sku: string; readonly quantity: Decimal }
  | { readonly kind: 'promised'; readonly quantity: Decimal; readonly date: string }
  | { readonly kind: 'no-supply'; readonly quantity: Decimal; readonly before?: string | undefined }
  | { readonly kind: 'date'; readonly shipDate: string | undefined }
  | { readonly kind: 'remainder'; readonly rule: 'backordered' | 'rejected' | 'pending'; readonly quantity: Decimal };

export type PlannedReservation = {
  readonly sku: string;
  readonly location: string;
  readonly quantity: Decimal;
  /** As in `Reservation`. */
  readonly covers?: Decimal;
};

export type Promised = { readonly date: string; readonly quantity: Decimal };

/** allocated + backordered + rejected + pending = the demand of the line. */
export type LinePlan = {
  readonly orderId: number;
  readonly lineId: number;
  readonly reservations: readonly PlannedReservation[];
  readonly allocated: Decimal;
  readonly backordered: Decimal;
  readonly rejected: Decimal;
  readonly pending: Decimal;
  /** The day on which all that is backordered or pending ships, where that is known. */
  readonly promiseDate: string | undefined;
  readonly promises: readonly Promised[];
  readonly reasons: readonly Reason[];
};

/** A set of locations that was weighed. Fill is units, or value in millionths where the policy counts value. */
export type RouteOption = {
  readonly locations: readonly string[];
  readonly cost: Decimal;
  readonly fill: Decimal;
  readonly lateDays: number;
};

export type Decision = {
  readonly orderId: number;
  readonly poNumber: string;
  /** From 1: the place of the order in the priority order of this allocation, and of how many. */
  readonly position: number;
  readonly of: number;
  readonly class: number;
  readonly tier: number;
  readonly policy: string | undefined;
  readonly outcome: 'allocated' | 'partial' | 'accumulating' | 'waiting' | 'rejected';
  readonly chosen: RouteOption | undefined;
  /** What could have shipped at best, where nothing of it was kept. */
  readonly dropped: RouteOption | undefined;
  /** The next best options, best first. */
  readonly alternatives: readonly RouteOption[];
  /** How many sets of locations the choice is proven against. */
  readonly subsets: number;
  /** Whether every possible set was among them. */
  readonly exact: boolean;
  readonly refused: readonly Refusal[];
};

export type AllocationPlan = { readonly lines: readonly LinePlan[]; readonly decisions: readonly Decision[] };
