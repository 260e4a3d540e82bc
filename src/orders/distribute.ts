import { total, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { fairShare } from './fair-share.ts';

/** What each store is to get of a line (SDQ), in base units. */
export type Destination = { readonly store: string; readonly quantity: Decimal };

/**
 * Divides what a bulk line got among the stores it is for: all of what each asked when there is enough, otherwise in proportion, in
 * whole packs, the stores in their order where packs are left over. What no store can take stays in `left`.
 */
export function distribute(
  allocated: Decimal,
  destinations: readonly Destination[],
  pack: Decimal = whole(1),
): { readonly shares: readonly Destination[]; readonly left: Decimal } {
  const asked = total(destinations.map(({ quantity }) => quantity));
  if (allocated >= asked) return { shares: destinations, left: allocated - asked };
  const parts = fairShare(
    destinations.map(({ quantity }) => ({ demand: quantity, pack })),
    allocated,
  );
  return { shares: destinations.map(({ store }, at) => ({ store, quantity: parts[at]! })), left: allocated - total(parts) };
}
