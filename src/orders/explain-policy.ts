import { formatDecimal } from '../decimal.ts';
import type { OrderPolicy } from './allocation.ts';

/** How an order is served, with the class and tier of who ordered. */
export type AppliedPolicy = OrderPolicy & { readonly class: number; readonly tier: number };

const BELOW = { wait: 'it waits', ask: 'somebody is asked', reject: 'it is refused' };
const COMPLETENESS = { backorder: 'what is missing is back-ordered', 'no-backorder': 'what is missing is refused', complete: 'all at once or nothing' };

/** A policy in plain words. */
export function explainPolicy(policy: AppliedPolicy): string {
  const { minimumFill, warehouses, requires = [], together = [] } = policy;
  const money = (value: bigint, text: string): readonly string[] => (value > 0n ? [`${text} ${formatDecimal(value, 2)}`] : []);
  return [
    `tier ${policy.tier}`,
    `class ${policy.class}`,
    COMPLETENESS[policy.completeness],
    ...(policy.accumulate ? ['holds what there is until the rest comes'] : []),
    ...(minimumFill ? [`at least ${formatDecimal(minimumFill.percent)} % by ${minimumFill.by}, else ${BELOW[minimumFill.below]}`] : []),
    ...(policy.minimumLine === undefined ? [] : [`at least ${formatDecimal(policy.minimumLine)} % of each line`]),
    ...(policy.fairShare ? ['shares what is short'] : []),
    `${policy.objective === 'splits' ? 'the fewest shipments' : 'the least cost'}, at most ${policy.maxShipments}`,
    ...money(policy.splitPenalty, 'each further shipment costs'),
    ...money(policy.latePenalty, 'each day late costs'),
    ...money(policy.regretLimit, 'leaves scarce stock to others for up to'),
    ...(policy.splitLines ? [] : ['no line is split']),
    ...(policy.breakPacks ? ['packs may be opened'] : []),
    ...(policy.substitution ? ['others may stand in'] : []),
    ...(warehouses ? [`only from ${warehouses.join(', ')}`] : []),
    ...together.map((skus) => `${skus.join(' and ')} leave together`),
    ...(requires.length > 0 ? [`requires ${requires.join(', ')}`] : []),
  ].join('; ');
}
