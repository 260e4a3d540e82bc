import { least, total } from '../../decimal.ts';
import type { LineDecision, Part } from '../../orders/change.ts';
import { carryOut } from '../../orders/change.ts';
import type { Line } from '../../orders/model.ts';
import { reduceAllocation } from '../../store/allocations.ts';
import { setAsk } from '../../store/fulfilment.ts';
import type { FulfilmentOrder } from '../../store/fulfilment.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { moveStock } from '../../store/stock.ts';
import { askLocation } from './ask-location.ts';
import type { OrderHolding } from './held.ts';
import { outstanding } from './held.ts';
import type { Work } from '../work.ts';

export type Carried = {
  readonly lines: readonly Line[];
  /** Items of which stock became free. */
  readonly freed: readonly string[];
  /** Whether a location was asked for something. */
  readonly asked: boolean;
};

/**
 * Carries decisions about lines out in the stock, the reservations and the work of locations, and gives the lines as they are then; storing those is the
 * caller's, who holds the order. `key` names the cause in the stock ledger once and for all.
 */
export async function carryOutAll(work: Work, order: StoredOrder, holding: OrderHolding, decisions: readonly LineDecision[], key: string): Promise<Carried> {
  const byLine = new Map(decisions.flatMap((decision) => (decision.lineId === undefined ? [] : [[decision.lineId, decision] as const])));
  const parts = merged(decisions.flatMap((decision) => decision.deallocate));
  for (const part of parts) await deallocate(work, order, holding, part, key);
  const asked = await askAll(
    work,
    holding,
    decisions.flatMap((decision) => decision.ask),
  );
  for (const id of asked) await askLocation(work, order, id);
  const lines = order.lines.map((line) => {
    const decision = byLine.get(line.id);
    return decision ? carryOut(line, decision) : line;
  });
  return { lines, freed: [...new Set(parts.map(({ sku }) => sku))], asked: asked.length > 0 };
}

/** What a line gives back of an item at a location, in one movement however many reservations it had there. */
function merged(parts: readonly Part[]): readonly Part[] {
  const groups = Map.groupBy(parts, ({ lineId, sku, location }) => `${lineId} ${sku} ${location}`);
  return [...groups.values()].map((group) => ({
    ...group[0]!,
    quantity: total(group.map(({ quantity }) => quantity)),
    covers: total(group.map(({ covers }) => covers)),
  }));
}

async function deallocate(work: Work, order: StoredOrder, { firm }: OrderHolding, part: Part, key: string): Promise<void> {
  const { lineId, sku, location } = part;
  let left = part.quantity;
  for (const allocation of firm.filter((each) => each.lineId === lineId && each.sku === sku && each.location === location)) {
    const quantity = least(left, allocation.quantity);
    if (quantity === 0n) continue;
    await reduceAllocation(work.tx, allocation, quantity, (quantity * allocation.covers) / allocation.quantity);
    left -= quantity;
  }
  const moved = { sku, location, onHand: 0n, allocated: -part.quantity, cause: 'deallocation', key: `${key}:${lineId}:${location}:${sku}` } as const;
  await moveStock(work.tx, { ...moved, orderId: order.id }, work.now);
}

/** Spreads what is asked over the work at its location, the newest first: it is the least likely to be begun. Gives the work that it concerns. */
async function askAll(work: Work, { works }: OrderHolding, parts: readonly Part[]): Promise<readonly number[]> {
  const asks = new Map<number, bigint>();
  const concerned = new Set<number>();
  for (const part of parts) {
    let left = part.quantity;
    for (const { fulfilment, line } of linesFor(works, part)) {
      const already = asks.get(line.id) ?? line.ask;
      const quantity = least(left, outstanding(line) - already);
      if (quantity <= 0n) continue;
      asks.set(line.id, already + quantity);
      concerned.add(fulfilment.id);
      left -= quantity;
    }
  }
  for (const [lineId, ask] of asks) await setAsk(work.tx, lineId, ask);
  return [...concerned];
}

function linesFor(works: readonly FulfilmentOrder[], part: Part) {
  return works
    .filter(({ location }) => location === part.location)
    .toReversed()
    .flatMap((fulfilment) => fulfilment.lines.filter(({ lineId, sku }) => lineId === part.lineId && sku === part.sku).map((line) => ({ fulfilment, line })));
}
