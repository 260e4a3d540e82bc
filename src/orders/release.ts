import type { Carrier, Party, QualifiedId } from '../canonical/common.ts';
import type { Order } from '../canonical/order.ts';
import type { WarehouseOrder } from '../canonical/warehouse-order.ts';
import { formatDecimal, total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Completeness } from './allocation.ts';
import type { Line, Move, OrderState, Reservation } from './model.ts';

/** A place that ships for us: it is told by a warehouse order, or as a vendor by a purchase order of ours. */
export type ShippingLocation = { readonly kind: 'warehouse' | 'vendor'; readonly party?: Party | undefined; readonly vendorNumber?: string | undefined };

export type ReleaseSettings = {
  readonly today: string;
  /** Our number for the work at each location. */
  readonly numbers: Readonly<Record<string, string>>;
  readonly locations: Readonly<Record<string, ShippingLocation>>;
  /** Who we are, to a vendor. */
  readonly company?: Party | undefined;
  /** What holds for the order; absent: its own word. */
  readonly completeness?: Completeness | undefined;
  /** How a location knows an item, by SKU; absent: as our SKU. */
  readonly idsOf?: ReadonlyMap<string, readonly QualifiedId[]> | undefined;
  /** What a vendor asks for a base unit, by SKU. */
  readonly costs?: ReadonlyMap<string, Decimal> | undefined;
  /** The base unit of an item that is sent as a substitute, by SKU; absent: that of the line. */
  readonly units?: ReadonlyMap<string, string> | undefined;
  /** The lots that were chosen, by `lotKey`; absent: the location chooses. */
  readonly lots?: ReadonlyMap<string, readonly LotPart[]> | undefined;
  /** The store that it is for, where a location ships an order to several; absent: as the order says. */
  readonly markFor?: Party | undefined;
  /** Who carries it where the order does not say. */
  readonly carrier?: Carrier | undefined;
};

/** A quantity of a lot, in base units of its item. */
export type LotPart = { readonly lot: string; readonly quantity: Decimal };

/** What lots are chosen for: an item of an order line. */
export function lotKey({ lineId, sku }: Pick<Reservation, 'lineId' | 'sku'>): string {
  return `${lineId} ${sku}`;
}

export type ReleasedLine = {
  readonly lineId: number;
  readonly lineRef: string;
  readonly sku: string;
  readonly quantity: Decimal;
  /** Base units of the order line's own item. */
  readonly covers: Decimal;
  readonly lot?: string | undefined;
};

/** Work for one location: the document that tells it, its lines, and what moves in the order. */
export type Release = {
  readonly location: string;
  readonly number: string;
  readonly document: WarehouseOrder | Order;
  readonly lines: readonly ReleasedLine[];
  readonly moves: readonly Move[];
};

export type ReleaseRefusal = { readonly because: 'incomplete' | 'no-ship-to' | 'location-unknown'; readonly location?: string; readonly detail: string };

/**
 * What each location that holds stock for the order is told to ship: one document a location, in base units, its lines numbered from 1.
 * A vendor gets a purchase order of ours (drop ship) with our cost, and never sees the buyer's price. An order that ships complete is
 * not released while anything of it is missing. `reservations` are those that are not released yet.
 */
export function release(
  state: OrderState,
  reservations: readonly Reservation[],
  settings: ReleaseSettings,
): { readonly releases: readonly Release[]; readonly refused: readonly ReleaseRefusal[] } {
  const missing = state.lines.filter(({ buckets }) => buckets.pending + buckets.backordered > 0n);
  if ((settings.completeness ?? state.document.completeness) === 'complete' && missing.length > 0) {
    const refs = missing.map((line) => line.lineRef).join(', ');
    return { releases: [], refused: [{ because: 'incomplete', detail: `the order ships complete, and line ${refs} is not all there` }] };
  }
  const { shipTo } = state.document;
  if (!shipTo) return { releases: [], refused: [{ because: 'no-ship-to', detail: 'the order names no ship-to' }] };
  const releases: Release[] = [];
  const refused: ReleaseRefusal[] = [];
  const places = [...Map.groupBy(reservations, (reservation) => reservation.location)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [location, held] of places) {
    const place = settings.locations[location];
    const number = settings.numbers[location];
    if (!place || number === undefined) refused.push({ because: 'location-unknown', location, detail: `nothing is known of location ${location}` });
    else releases.push(releaseAt({ state, shipTo, settings }, { location, number, place }, held));
  }
  return { releases, refused };
}

type Whole = { readonly state: OrderState; readonly shipTo: Party; readonly settings: ReleaseSettings };
type Place = { readonly location: string; readonly number: string; readonly place: ShippingLocation };

function releaseAt(order: Whole, at: Place, held: readonly Reservation[]): Release {
  const byLine = new Map(order.state.lines.map((line) => [line.id, line]));
  const groups = [...Map.groupBy(held, (entry) => `${entry.lineId} ${entry.sku}`).values()].toSorted(
    ([a], [b]) => byLine.get(a!.lineId)!.lineNo - byLine.get(b!.lineId)!.lineNo,
  );
  const lines = groups.flatMap((entries) => partsOf(entries, order.settings)).map((part, index): ReleasedLine => ({ ...part, lineRef: String(index + 1) }));
  const document =
    at.place.kind === 'vendor'
      ? vendorOrder(order, at, (of) => lines.map((line) => of(line, byLine.get(line.lineId)!)))
      : warehouseOrder(order, at, (of) => lines.map((line) => of(line, byLine.get(line.lineId)!)));
  const moves = lines.map((line): Move => ({ lineId: line.lineId, from: 'allocated', to: 'released', quantity: line.covers }));
  return { location: at.location, number: at.number, document, lines, moves };
}

/** What is released of an item of a line: all at once, or a line for each of its lots. What the lots stand for adds up to the whole. */
function partsOf(entries: readonly Reservation[], { lots }: ReleaseSettings): readonly Omit<ReleasedLine, 'lineRef'>[] {
  const { lineId, sku } = entries[0]!;
  const quantity = total(entries.map((entry) => entry.quantity));
  const covers = total(entries.map((entry) => entry.covers ?? entry.quantity));
  const chosen = lots?.get(lotKey(entries[0]!));
  if (!chosen) return [{ lineId, sku, quantity, covers }];
  let before = 0n;
  return chosen.map((part) => {
    const covered = ((before + part.quantity) * covers) / quantity - (before * covers) / quantity;
    before += part.quantity;
    return { lineId, sku, quantity: part.quantity, covers: covered, lot: part.lot };
  });
}

type EachLine = <T>(of: (released: ReleasedLine, line: Line) => T) => T[];

function lineOf({ settings }: Whole, released: ReleasedLine, line: Line) {
  const substitute = released.sku !== line.sku;
  return {
    lineRef: released.lineRef,
    ids: [...(settings.idsOf?.get(released.sku) ?? [{ qualifier: 'SK', value: released.sku }])],
    quantity: formatDecimal(released.quantity),
    unit: (substitute ? settings.units?.get(released.sku) : undefined) ?? line.baseUnit,
    ...(line.description !== undefined && !substitute && { description: line.description }),
  };
}

function warehouseOrder(order: Whole, at: Place, each: EachLine): WarehouseOrder {
  const { document } = order.state;
  const lines = each((released, line) => ({ ...lineOf(order, released, line), sku: released.sku, ...(released.lot !== undefined && { lot: released.lot }) }));
  return {
    kind: 'warehouse-order',
    purpose: 'original',
    depositorOrder: at.number,
    poNumber: document.poNumber,
    orderDate: document.orderDate,
    warehouse: at.location,
    ...(at.place.party && { shipFrom: at.place.party }),
    shipTo: order.shipTo,
    ...(document.buyer && { buyer: document.buyer }),
    ...(document.references && { references: document.references }),
    ...(document.shipNotBefore !== undefined && { shipNotBefore: document.shipNotBefore }),
    ...shippingOf(document, order.settings),
    totalQuantity: formatDecimal(total(each((released) => released.quantity))),
    lines,
  };
}

function vendorOrder(order: Whole, at: Place, each: EachLine): Order {
  const { document } = order.state;
  const { settings } = order;
  const lines = each((released, line) => {
    const cost = settings.costs?.get(released.sku);
    return { ...lineOf(order, released, line), ...(cost !== undefined && { price: formatDecimal(cost) }) };
  });
  return {
    kind: 'order',
    purpose: 'original',
    poNumber: at.number,
    poType: 'DS',
    orderDate: settings.today,
    currency: document.currency,
    ...(at.place.vendorNumber !== undefined && { vendorNumber: at.place.vendorNumber }),
    ...(settings.company && { buyer: settings.company }),
    shipTo: order.shipTo,
    references: [{ qualifier: 'CO', value: document.poNumber }],
    ...(document.shipNotBefore !== undefined && { shipNotBefore: document.shipNotBefore }),
    ...shippingOf(document, order.settings),
    lines,
  };
}

/** What of the buyer's order concerns whoever ships it. */
function shippingOf(document: Order, settings: ReleaseSettings) {
  const markFor = settings.markFor ?? document.markFor;
  const carrier = document.carrier ?? settings.carrier;
  return {
    ...(markFor && { markFor }),
    ...(document.requestedShip !== undefined && { requestedShip: document.requestedShip }),
    ...(document.shipNoLater !== undefined && { shipNoLater: document.shipNoLater }),
    ...(document.cancelAfter !== undefined && { cancelAfter: document.cancelAfter }),
    ...(carrier && { carrier }),
    ...(document.freightPayment !== undefined && { freightPayment: document.freightPayment }),
    ...(document.notes && { notes: document.notes }),
  };
}
