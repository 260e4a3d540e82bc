import { floorToPack } from '../decimal.ts';
import type { Demand } from './allocation.ts';
import type { Want } from './route.ts';
import type { Work } from './rounds.ts';

/** What is asked of one item in a round, for which lines. */
type Asked = { readonly sku: string; readonly needs: readonly { readonly work: Work; readonly need: bigint }[] };

/** The items of an order that leave with `sku`, where there are several; undefined when it may leave alone. */
export function leavesWith({ policy, lines }: Demand, sku: string): readonly string[] | undefined {
  const group = policy.together?.find((skus) => skus.includes(sku));
  const there = group?.filter((each) => lines.some((line) => line.sku === each));
  return there && there.length > 1 ? there : undefined;
}

/**
 * Binds the wants of items that leave in one shipment to each other. What of them cannot be had in full in this round, or only by a substitute, is not to be
 * had at all. `asked` and `wants` are parallel.
 */
export function bindTogether(demand: Demand, asked: readonly Asked[], wants: readonly Want[]): readonly Want[] {
  if (!demand.policy.together) return wants;
  const groups: (readonly string[])[] = [];
  return wants.map((want, at) => {
    const { sku, needs } = asked[at]!;
    const skus = leavesWith(demand, needs[0]!.work.line.sku);
    if (!skus) return want;
    const members = demand.lines.filter((line) => skus.includes(line.sku));
    const whole = members.every((line) =>
      asked.some((other, index) =>
        other.needs.some(({ work, need }) => {
          const all = other.needs.reduce((sum, each) => sum + each.need, 0n);
          return work.line === line && other.sku === line.sku && need > 0n && need === floorToPack(line.quantity, work.pack) && wants[index]!.need === all;
        }),
      ),
    );
    if (!whole || sku !== needs[0]!.work.line.sku) return { ...want, available: want.available.map(() => 0n) };
    const known = groups.findIndex((group) => group[0] === skus[0]);
    return { ...want, group: known < 0 ? groups.push(skus) - 1 : known };
  });
}
