import { locations } from '../../config/find-partner.ts';
import type { Partner } from '../../config/types.ts';
import type { QualifiedId } from '../../canonical/common.ts';
import { least } from '../../decimal.ts';
import { moveAll } from '../../orders/quantities.ts';
import type { ConfirmedLine, Fulfilment } from '../../orders/ship.ts';
import type { Move } from '../../orders/model.ts';
import { endAllocations } from '../../store/allocations.ts';
import type { FulfilmentOrder } from '../../store/fulfilment.ts';
import { findFulfilmentOrder, setFulfilmentState, updateFulfilmentLine } from '../../store/fulfilment.ts';
import { findConversion, readItem } from '../../store/items.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { readOrder, touchOrder, updateUnits } from '../../store/orders.ts';
import type { LotMove } from '../../store/lots.ts';
import { moveLots } from '../../store/lots.ts';
import type { Movement } from '../../store/stock.ts';
import { moveStocks } from '../../store/stock.ts';
import { findItems } from './master-data.ts';
import { lifecycleOf } from './settle-order.ts';
import { WharfError } from '../../errors.ts';
import type { Work } from '../work.ts';

/** The work of this number at a location of this partner; one of another partner's is as unknown as one that does not exist. */
export async function findWork(work: Work, partner: Partner, number: string | undefined): Promise<FulfilmentOrder | undefined> {
  if (number === undefined) return undefined;
  const found = await findFulfilmentOrder(work.tx, number.trim());
  return found && locations(work.config).get(found.location)?.partner.id === partner.id ? found : undefined;
}

/** Warehouse work as the order brain sees it, with the units that its location may report in. */
export async function toFulfilment(work: Work, order: FulfilmentOrder, units: readonly string[]): Promise<Fulfilment> {
  const lines = [];
  for (const line of order.lines) {
    const item = await readItem(work.tx, line.sku);
    const conversions = [];
    for (const unit of new Set([item?.baseUnit ?? '', ...units])) {
      const conversion = item && (await findConversion(work.tx, item, unit));
      if (conversion) conversions.push(conversion);
    }
    lines.push({ ...line, conversions });
  }
  return { number: order.number, location: order.location, lines };
}

/** A look-up of the items that identifiers of a partner's document name, for a decision that must not ask the database. */
export async function itemLookup(
  work: Work,
  partner: Partner,
  named: readonly (readonly QualifiedId[])[],
): Promise<(ids: readonly QualifiedId[]) => string | undefined> {
  const { skus } = await findItems(work.tx, partner.id, named);
  const known = new Map(named.map((ids, index) => [JSON.stringify(ids), skus[index]]));
  return (ids) => known.get(JSON.stringify(ids));
}

export type Booking = {
  readonly fulfilment: FulfilmentOrder;
  readonly lines: readonly ConfirmedLine[];
  readonly moves: readonly Move[];
  /** Names the cause in the stock ledger: `shipment:12`. */
  readonly key: string;
  readonly cause: 'shipment' | 'deallocation';
  /** The lots that the location says it shipped, by line of the work; absent, those it was told to ship. */
  readonly lots?: ReadonlyMap<string, string> | undefined;
};

/** Books what became of warehouse work: the stock and its ledger, the reservations, the work, and the order's units. Gives the order as it is then. */
export async function bookWork(work: Work, order: StoredOrder, booking: Booking): Promise<StoredOrder> {
  const { fulfilment, lines, key, cause, lots } = booking;
  const { location } = fulfilment;
  const movements: Movement[] = [];
  const lotMoves: LotMove[] = [];
  for (const line of lines) {
    const ended = line.shipped + line.short;
    if (ended + line.over === 0n) continue;
    const { sku } = line;
    const row = fulfilment.lines.find(({ lineId, lineRef }) => lineId === line.lineId && lineRef === line.lineRef)!;
    // What it was asked to leave out is no longer its work. What else it cannot ship is not there for others either, until it is counted again.
    const granted = least(line.short, row.ask);
    const onHand = -(line.shipped + line.over + line.short - granted);
    movements.push({ sku, location, onHand, allocated: -ended, cause, key: `${key}:${line.lineId}:${line.lineRef}`, orderId: order.id });
    const lot = lots?.get(line.lineRef) ?? row.lot;
    if (lot !== undefined) lotMoves.push({ sku, lot, onHand, allocated: 0n });
    if (row.lot !== undefined) lotMoves.push({ sku, lot: row.lot, onHand: 0n, allocated: -ended });
    await updateFulfilmentLine(work.tx, row.id, { shipped: line.shipped, short: line.short - granted, released: -granted });
    const held = { fulfilmentOrderId: fulfilment.id, lineId: line.lineId, sku };
    await endAllocations(work.tx, held, ended, line.shipped > 0n ? 'consumed' : 'void');
  }
  await moveStocks(work.tx, movements, work.now);
  await moveLots(work.tx, location, lotMoves);
  await setFulfilmentState(work.tx, fulfilment.id, stateAfter(fulfilment, lines));
  return moveLines(work, order, booking);
}

function stateAfter(fulfilment: FulfilmentOrder, lines: readonly ConfirmedLine[]): FulfilmentOrder['state'] {
  const total = (pick: (line: ConfirmedLine) => bigint) => lines.reduce((sum, line) => sum + pick(line), 0n);
  const before = (pick: 'quantity' | 'shipped' | 'short') => fulfilment.lines.reduce((sum, line) => sum + line[pick], 0n);
  const shipped = before('shipped') + total((line) => line.shipped);
  const short = before('short') + total((line) => line.short);
  if (shipped + short < before('quantity')) return 'part-shipped';
  return short > 0n ? (shipped > 0n ? 'closed-short' : 'cancelled') : 'shipped';
}

async function moveLines(work: Work, order: StoredOrder, { lines, moves }: Booking): Promise<StoredOrder> {
  const changed = order.lines.map((line) => {
    const over = lines.filter(({ lineId }) => lineId === line.id).reduce((sum, { covers }) => sum + covers.over, 0n);
    return {
      ...line,
      buckets: moveAll(
        line.buckets,
        moves.filter(({ lineId }) => lineId === line.id),
      ),
      overshipped: line.overshipped + over,
    };
  });
  const undecided = changed.some((line) => line.reason === undefined && line.buckets.pending > 0n);
  const lifecycle = lifecycleOf({ lifecycle: order.lifecycle, lines: changed });
  if (!(await touchOrder(work.tx, order, { lifecycle, ...(undecided ? { decideAt: work.now } : {}) }))) {
    throw new WharfError('DATABASE_CONFLICT', `order ${order.id} was changed at the same time`);
  }
  await updateUnits(
    work.tx,
    changed.filter(({ id }) => lines.some(({ lineId }) => lineId === id)),
  );
  return (await readOrder(work.tx, order.id))!;
}
