import { locations } from '../config/find-partner.ts';
import type { Config, Partner } from '../config/types.ts';
import { divide, whole } from '../decimal.ts';
import type { AllocationInput, Demand, DemandLine, LocationFacts, OrderPolicy } from '../orders/allocation.ts';
import type { Line } from '../orders/model.ts';
import type { StoredOrder } from '../store/orders.ts';
import { available, readStock } from '../store/stock.ts';
import type { Tx } from '../store/transaction.ts';
import { earliestShipDays } from './calendar.ts';
import { dayIn, partnerOf } from './work.ts';

/** All that an allocation of these orders looks at: what their lines wait for, and the stock there is. */
export async function allocationInput(tx: Tx, config: Config, orders: readonly StoredOrder[], now: number): Promise<AllocationInput> {
  const demands = orders.map((order) => demandOf(config, order)).filter(({ lines }) => lines.length > 0);
  const skus = [...new Set(demands.flatMap(({ lines }) => lines.map(({ sku }) => sku)))];
  const stock = await readStock(tx, skus.toSorted());
  return {
    today: dayIn(config.company.timezone, now),
    demands,
    stock: stock.map((row) => ({ sku: row.sku, location: row.location, available: available(row) })),
    locations: locationFacts(config, now),
  };
}

/** Whether the allocator may decide about a line: its item is known and no hold stops it. */
export function isDecidable(line: Line): boolean {
  return line.sku !== undefined && line.reason === undefined && line.buckets.pending + line.buckets.backordered > 0n;
}

function demandOf(config: Config, order: StoredOrder): Demand {
  const partner = partnerOf(config, order.partner);
  const { document } = order;
  return {
    orderId: order.id,
    poNumber: document.poNumber,
    partner: order.partner,
    class: partner.allocation.class,
    tier: partner.allocation.tier,
    receivedAt: order.receivedAt,
    shipNotBefore: document.shipNotBefore,
    requestedShip: document.requestedShip,
    shipNoLater: document.shipNoLater,
    cancelAfter: document.cancelAfter,
    policy: policyOf(partner, order),
    lines: order.lines.filter(isDecidable).map(demandLine),
  };
}

function demandLine(line: Line): DemandLine {
  const { allocated, released, shipped, pending, backordered } = line.buckets;
  return {
    lineId: line.id,
    lineNo: line.lineNo,
    sku: line.sku!,
    quantity: pending + backordered,
    served: allocated + released + shipped,
    pack: line.pack,
    unitValue: line.price === undefined ? undefined : divide(line.price * line.conversion.denominator, whole(line.conversion.numerator)),
  };
}

/** The purchase order's own words first, then the partner's profile. */
function policyOf(partner: Partner, order: StoredOrder): OrderPolicy {
  const { class: _class, tier: _tier, ...rules } = partner.allocation;
  const { completeness, substitution } = order.document;
  return {
    ...rules,
    completeness: completeness ?? rules.completeness,
    substitution: substitution === undefined ? rules.substitution : substitution === 'allowed',
  };
}

function locationFacts(config: Config, now: number): readonly LocationFacts[] {
  const shipDays = earliestShipDays(config, now);
  return [...locations(config).values()].map(({ code, partner }): LocationFacts => {
    const facts = partner.warehouse ?? partner.vendor!;
    return {
      code,
      priority: facts.priority,
      fixedCost: facts.fixedCost,
      unitCost: facts.unitCost,
      earliestShip: shipDays[code]!,
      closed: partner.vendor?.dropShip === false ? 'does not ship to customers' : undefined,
    };
  });
}
