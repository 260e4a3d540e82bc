import { formatDecimal } from '../../decimal.ts';
import type { LinePlan } from '../../orders/allocation.ts';
import type { StoredOrder } from '../../store/orders.ts';
import type { ReleaseTrouble } from './plan-release.ts';
import { responseDue } from './respond.ts';
import type { Work } from '../work.ts';
import { partnerOf } from '../work.ts';

/**
 * What somebody is to be asked about an order of which too little is there; undefined when that is not so, or not to be asked. Once its answer is due, or given,
 * nobody is asked any more: it waits.
 */
export function lowFill({ config, now }: Work, order: StoredOrder, plans: readonly LinePlan[]): ReleaseTrouble | undefined {
  const partner = partnerOf(config, order.partner);
  if (partner.allocation.minimumFill?.below !== 'ask' || order.respondedAt !== undefined || (responseDue(partner, order) ?? Infinity) <= now) return undefined;
  const low = plans.flatMap(({ reasons }) => reasons).find((reason) => reason.kind === 'below-minimum');
  if (!low) return undefined;
  const fill = `${formatDecimal(low.fill, 2)} %`;
  const detail = `${fill} of ${order.document.poNumber} by ${low.by} is there, at least ${formatDecimal(low.minimum)} % is wanted`;
  return { code: 'BELOW_MINIMUM', value: fill, detail };
}
