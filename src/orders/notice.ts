import type { Party, QualifiedId } from '../canonical/common.ts';
import type { Pack, Shipment, ShipmentItem, ShipmentLine } from '../canonical/shipment.ts';
import { formatDecimal, parseDecimal, total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { buyersQuantities } from './buyers-unit.ts';
import type { Line, OrderState } from './model.ts';
import { open, toBase } from './quantities.ts';
import { lineOfEntry } from './ship.ts';
import type { Confirmation, ConfirmedLine, ConfirmOptions, Discrepancy, Fulfilment, FulfilmentLine } from './ship.ts';

export type NoticeSettings = {
  /** Our number of the shipment. */
  readonly shipmentId: string;
  /** Who ships, to the buyer: always given for a drop ship, so that the vendor is not told; absent: as the shipment says. */
  readonly shipFrom?: Party | undefined;
  /** The code of the location, for a depositor, who keeps stock there. */
  readonly warehouse?: string | undefined;
  readonly vendorNumber?: string | undefined;
  /** The number of the load, where the buyer routes it; absent: as the shipment says. */
  readonly loadId?: string | undefined;
  /** The store that it is for; absent: as the order says. */
  readonly markFor?: Party | undefined;
  /** Whether lines of which nothing shipped are told too (a depositor wants them). */
  readonly tellShort?: boolean | undefined;
  readonly idsOf?: ReadonlyMap<string, readonly QualifiedId[]> | undefined;
  readonly skuOf?: ConfirmOptions['skuOf'];
};

/** What was shipped for an order: the work, what the location said, and what that came to. */
export type Shipped = { readonly state: OrderState; readonly fulfilment: Fulfilment; readonly shipment: Shipment; readonly confirmation: Confirmation };

/** What a pack holds of a line of the work, in base units of its item. */
type Content = { readonly line: FulfilmentLine; readonly quantity: Decimal; readonly item: ShipmentItem };

/**
 * Tells the buyer (or depositor) what a shipment of one location brings: each order line in the buyer's unit and by the buyer's own
 * reference, the packs with their SSCCs. It tells what shipped, over or short, never what was asked. An item of a pack that belongs
 * to no line is left out and is a discrepancy.
 */
export function notice(shipped: Shipped, settings: NoticeSettings): { readonly document: Shipment; readonly discrepancies: readonly Discrepancy[] } {
  const discrepancies: Discrepancy[] = [];
  const packs = shipped.shipment.packs.map((pack) => ({ pack, contents: contentsOf(shipped, pack, settings, discrepancies) }));
  const contents = packs.flatMap((entry) => entry.contents);
  const told = ofOneLine(shipped.confirmation.lines)
    .filter((line) => settings.tellShort || line.shipped + line.over > 0n)
    .map((line) => tellLine(shipped, line, contents, settings));
  const items = new Map<Content, ShipmentItem>(told.flatMap((line) => [...line.items]));
  const document: Shipment = {
    ...headerOf(shipped, settings),
    totalQuantity: formatDecimal(total(told.map((line) => line.quantity))),
    packs: packs
      .map(({ pack, contents: held }): Pack => ({ ...pack, items: held.flatMap((content) => labelled(items.get(content), pack.sscc)) }))
      .filter((pack) => pack.items.length > 0),
    lines: told.map((line) => line.line),
  };
  return { document, discrepancies };
}

/** Several lines of the work may be for one line of the order, one a lot: who gets the goods is told of them as one. */
function ofOneLine(lines: readonly ConfirmedLine[]): readonly ConfirmedLine[] {
  const groups = Map.groupBy(lines, ({ lineId, sku }) => `${lineId} ${sku}`);
  return [...groups.values()].map((group) => ({
    ...group[0]!,
    shipped: total(group.map(({ shipped }) => shipped)),
    over: total(group.map(({ over }) => over)),
  }));
}

function labelled(item: ShipmentItem | undefined, sscc: string | undefined): readonly ShipmentItem[] {
  if (!item) return [];
  return [sscc === undefined ? item : { ...item, sscc }];
}

function headerOf({ state, shipment }: Shipped, settings: NoticeSettings): Omit<Shipment, 'packs' | 'lines'> {
  const order = state.document;
  const shipFrom = settings.shipFrom ?? shipment.shipFrom;
  const shipTo = order.shipTo ?? shipment.shipTo;
  const carrier = shipment.carrier ?? order.carrier;
  const vendorNumber = settings.vendorNumber ?? order.vendorNumber;
  const { shippedAt, expectedDelivery, billOfLading, proNumber, tracking, cartons, weight, weightUnit } = shipment;
  return {
    kind: 'shipment',
    purpose: 'original',
    shipmentId: settings.shipmentId,
    shippedDate: shipment.shippedDate,
    poNumber: order.poNumber,
    orderDate: order.orderDate,
    ...given({ shippedAt, expectedDelivery, billOfLading, proNumber, loadId: settings.loadId ?? shipment.loadId, tracking, cartons, weight, weightUnit }),
    ...given({
      depositorOrder: order.depositorOrder,
      orderMessageId: order.orderMessageId,
      releaseNumber: order.releaseNumber,
      department: order.department,
      vendorNumber,
    }),
    ...given({ shipFrom, shipTo, buyer: order.buyer, markFor: settings.markFor ?? order.markFor, carrier }),
    ...given({ warehouse: settings.warehouse }),
  };
}

/** The members that are there. */
function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function contentsOf({ fulfilment }: Shipped, pack: Pack, { skuOf }: NoticeSettings, discrepancies: Discrepancy[]): readonly Content[] {
  return pack.items.flatMap((item) => {
    const found = lineOfEntry(fulfilment, item, { skuOf });
    const said = parseDecimal(item.quantity);
    const conversion = found && 'line' in found ? found.line.conversions?.find(({ unit }) => unit === item.unit) : undefined;
    const base = conversion && said !== undefined ? toBase(said, conversion, 1n) : undefined;
    const quantity = base === undefined ? said : 'base' in base ? base.base : undefined;
    if (!found || !('line' in found) || quantity === undefined || quantity <= 0n) {
      const shown = item.sku ?? item.ids.map((id) => id.value).join(', ');
      discrepancies.push({ code: 'line-unknown', severity: 'error', detail: `pack ${pack.sscc ?? '?'}: ${item.quantity} of ${shown} belong to no line` });
      return [];
    }
    return [{ line: found.line, quantity, item }];
  });
}

/** One confirmed line and its pack items, all in one unit. */
function tellLine(
  { state }: Shipped,
  confirmed: ConfirmedLine,
  contents: readonly Content[],
  settings: NoticeSettings,
): { readonly line: ShipmentLine; readonly quantity: Decimal; readonly items: ReadonlyMap<Content, ShipmentItem> } {
  const line = state.lines.find(({ id }) => id === confirmed.lineId)!;
  const mine = contents.filter((content) => content.line.lineId === confirmed.lineId && content.line.sku === confirmed.sku);
  const substitute = confirmed.sku !== line.sku;
  const bases = [confirmed.shipped + confirmed.over, ...mine.map((content) => content.quantity)];
  // A substitute has units of its own: it is told in its base unit.
  const { unit, quantities } = substitute ? { unit: line.baseUnit, quantities: bases } : buyersQuantities(line, bases);
  const ids = substitute ? [...(settings.idsOf?.get(confirmed.sku) ?? [{ qualifier: 'SK', value: confirmed.sku }])] : [...line.ids];
  const known = { lineRef: line.lineRef, sku: confirmed.sku, ids, unit };
  const items = mine.map((content, at): [Content, ShipmentItem] => [
    content,
    { ...known, quantity: formatDecimal(quantities[at + 1]!), ...given({ lot: content.item.lot, expires: content.item.expires }) },
  ]);
  const ordered = unit === line.conversion.unit ? line.ordered : line.base;
  return {
    line: {
      ...known,
      ...given({ description: substitute ? undefined : line.description }),
      ordered: formatDecimal(ordered),
      shipped: formatDecimal(quantities[0]!),
      status: statusOf(line, confirmed, substitute),
    },
    quantity: quantities[0]!,
    items: new Map(items),
  };
}

/** IS substituted, CC complete; else BP or, where nothing shipped, BO while more may come, and CP when nothing more will (X12 element 368). */
function statusOf(line: Line, confirmed: ConfirmedLine, substitute: boolean): string {
  const shipped = confirmed.shipped + confirmed.over > 0n;
  if (shipped && substitute) return 'IS';
  if (shipped && line.buckets.shipped + line.overshipped >= line.base - line.buckets.cancelled) return 'CC';
  if (open(line.buckets) === 0n) return 'CP';
  return shipped ? 'BP' : 'BO';
}
