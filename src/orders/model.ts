import type { Order } from '../canonical/order.ts';
import type { QualifiedId } from '../canonical/common.ts';
import type { Decimal } from '../decimal.ts';

/**
 * What the order brain decides about. Every unit of a line is in exactly one bucket; quantities are in the item's base unit unless a name says otherwise.
 */

export type Buckets = {
  /** Not decided yet. */
  readonly pending: Decimal;
  /** Promised for later. */
  readonly backordered: Decimal;
  /** Stock is reserved. */
  readonly allocated: Decimal;
  /** A warehouse or vendor was told to ship it. */
  readonly released: Decimal;
  readonly shipped: Decimal;
  /** The buyer took it back. */
  readonly cancelled: Decimal;
  /** We will not ship it. */
  readonly rejected: Decimal;
};

/** How a quantity in a unit becomes base units: base = quantity × numerator ÷ denominator; both whole numbers. */
export type Conversion = { readonly unit: string; readonly numerator: bigint; readonly denominator: bigint };

export type Line = {
  readonly id: number;
  /** From 1, in the order of the document. */
  readonly lineNo: number;
  readonly lineRef: string;
  readonly ids: readonly QualifiedId[];
  /** Undefined while no item is known by the identifiers. */
  readonly sku: string | undefined;
  readonly description: string | undefined;
  /** As the buyer wrote it, in the buyer's unit. */
  readonly ordered: Decimal;
  readonly conversion: Conversion;
  /** The name of the item's base unit, such as EA. */
  readonly baseUnit: string;
  /** `ordered` in base units after accepted changes: the sum of the buckets. */
  readonly base: Decimal;
  /** The agreed price of one unit of the buyer's unit. */
  readonly price: Decimal | undefined;
  /** Base units that are not broken up when the line is allocated. */
  readonly pack: Decimal;
  readonly buckets: Buckets;
  /** Shipped above the base quantity; outside the buckets. */
  readonly overshipped: Decimal;
  readonly invoiced: Decimal;
  readonly promiseDate: string | undefined;
  /** The code of the hold that rejected or stopped the line, such as SKU_UNKNOWN. */
  readonly reason: string | undefined;
};

export type Lifecycle = 'received' | 'held' | 'open' | 'shipped' | 'closed' | 'cancelled' | 'rejected';

export type OrderState = {
  readonly id: number;
  readonly partner: string;
  readonly lifecycle: Lifecycle;
  readonly receivedAt: string;
  /** The document as it was received, or as accepted changes left it. */
  readonly document: Order;
  readonly lines: readonly Line[];
};

/** Stock of an item at a location that lines hold, by allocation. */
export type Reservation = {
  readonly lineId: number;
  readonly sku: string;
  readonly location: string;
  /** In base units of `sku`. */
  readonly quantity: Decimal;
  /** Where `sku` substitutes the line's item: how many base units of the line's own item it stands for. Absent: the same as `quantity`. */
  readonly covers?: Decimal;
};

export type BucketName = keyof Buckets;

/** A quantity (base units) of a line that goes from one bucket to another. */
export type Move = { readonly lineId: number; readonly from: BucketName; readonly to: BucketName; readonly quantity: Decimal };
