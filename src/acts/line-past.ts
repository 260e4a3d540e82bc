import type { AppliedPolicy } from '../orders/explain-policy.ts';
import type { LinePast } from '../orders/explain-story.ts';
import type { Decided } from '../orders/merge-plans.ts';
import { decisionsOf } from '../store/allocations.ts';
import { readPolicies } from '../store/policies.ts';
import { changesOf } from '../store/changes.ts';
import { fulfilmentOrdersOf } from '../store/fulfilment.ts';
import { allHolds } from '../store/holds.ts';
import type { StoredOrder } from '../store/orders.ts';
import type { Tx } from '../store/transaction.ts';

/** What was stored about the past of each line of an order, by line. */
export async function linePasts(tx: Tx, order: StoredOrder): Promise<ReadonlyMap<number, LinePast>> {
  const decisions = (await decisionsOf(tx, order.id)).filter(({ kind }) => kind === 'allocation');
  const names = decisions.flatMap(({ content }) => (content as Decided).decision.policy ?? []);
  const policies = new Map((await readPolicies(tx, [...new Set(names)])).map(({ version, content }) => [version, content as AppliedPolicy]));
  const holds = await allHolds(tx, order.id);
  const changes = await changesOf(tx, order.id);
  const works = await fulfilmentOrdersOf(tx, order.id);
  const when = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
  return new Map(
    order.lines.map(({ id }): [number, LinePast] => [
      id,
      {
        decisions: decisions.flatMap(({ at, content }) => {
          const { decision, lines } = content as Decided;
          return lines.filter(({ lineId }) => lineId === id).map((plan) => ({ at: when(at), decision, plan, policy: policies.get(decision.policy ?? '') }));
        }),
        holds: holds
          .filter(({ lineId }) => lineId === undefined || lineId === id)
          .map(({ createdAt, code, detail, resolution }) => ({ at: when(createdAt), code, detail, resolution })),
        changes: changes.flatMap(({ receivedAt, initiative, lines }) =>
          lines.filter(({ lineId }) => lineId === id).map((line) => ({ at: when(receivedAt), initiative, line })),
        ),
        works: works.flatMap(({ location, number, lines }) => lines.filter(({ lineId }) => lineId === id).map((line) => ({ ...line, location, number }))),
      },
    ]),
  );
}
