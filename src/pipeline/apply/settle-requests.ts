import { least } from '../../decimal.ts';
import { carryOut } from '../../orders/change.ts';
import type { ChangeLine } from '../../orders/change-lines.ts';
import { grant } from '../../orders/change-lines.ts';
import type { ConfirmedLine } from '../../orders/ship.ts';
import { note } from '../../store/activity.ts';
import { changesOf, updateChangeLines } from '../../store/changes.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { FulfilmentOrder } from '../../store/fulfilment.ts';
import { fulfilmentOrdersOf, setAsk, setRequest } from '../../store/fulfilment.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { readOrder, touchOrder, updateLine, updateOrderDocument } from '../../store/orders.ts';
import { WharfError } from '../../errors.ts';
import { outstanding } from './held.ts';
import { withQuantities } from './plan-change.ts';
import { lifecycleOf } from './settle-order.ts';
import type { Work } from '../work.ts';

/**
 * What a location's report means for what it was asked: what it did not ship of it is granted and leaves the order, what it shipped is refused. `before`
 * is the work as it was, and `lines` what was booked of it. Gives the order as it is then.
 */
export async function settleRequests(work: Work, order: StoredOrder, before: FulfilmentOrder, lines: readonly ConfirmedLine[]): Promise<StoredOrder> {
  if (before.lines.every(({ ask }) => ask === 0n)) return order;
  const { tx } = work;
  const after = (await fulfilmentOrdersOf(tx, order.id)).find(({ id }) => id === before.id)!;
  const ended = after.lines.every((line) => outstanding(line) === 0n);
  // Who ships part of what is to be cancelled has not taken note of it.
  const ignored = before.requestState === 'cancel-requested' && lines.some(({ shipped, over }) => shipped + over > 0n);
  const over = ended || ignored;
  const granted = before.lines.map((line) => {
    const confirmed = lines.find(({ lineId, lineRef }) => lineId === line.lineId && lineRef === line.lineRef);
    const quantity = least(confirmed?.short ?? 0n, line.ask);
    const covers = confirmed && confirmed.short > 0n ? (quantity * confirmed.covers.short) / confirmed.short : 0n;
    return { line, quantity, covers };
  });
  for (const { line, quantity } of granted) {
    const left = outstanding(after.lines.find(({ id }) => id === line.id)!);
    await setAsk(tx, line.id, over ? 0n : least(line.ask - quantity, left));
  }
  const any = granted.some(({ quantity }) => quantity > 0n);
  if (over) {
    await setRequest(tx, before.id, any ? 'accepted' : 'refused', undefined, before.revision);
    const text = `${before.location} ${any ? 'does not ship what it was asked to leave out of' : 'has shipped, so that it refuses to change'} ${before.number}`;
    await note(tx, { at: work.now, verb: 'apply', partner: order.partner, orderId: order.id, text });
  }
  const given = granted.filter(({ covers }) => covers > 0n).map(({ line, covers }) => ({ lineId: line.lineId, covers }));
  return given.length > 0 || over ? leaveOrder(work, order, given) : order;
}

/** Locations that did not answer in time refuse: what they were told to ship stays in the order. */
export async function timeOutRequests(work: Work, order: StoredOrder): Promise<boolean> {
  let any = false;
  for (const each of await fulfilmentOrdersOf(work.tx, order.id)) {
    if (each.requestDueAt === undefined || each.requestDueAt > work.now || each.lines.every(({ ask }) => ask === 0n)) continue;
    for (const line of each.lines) if (line.ask > 0n) await setAsk(work.tx, line.id, 0n);
    await setRequest(work.tx, each.id, 'timed-out', undefined, each.revision);
    const text = `${each.location} did not answer in time whether it changes ${each.number}: it stays as it is`;
    await note(work.tx, { at: work.now, verb: 'apply', partner: order.partner, orderId: order.id, text });
    any = true;
  }
  return any;
}

/** What was granted came back as undecided when it was booked; now it leaves the order, as the change that asked for it says. */
async function leaveOrder(work: Work, order: StoredOrder, granted: readonly { readonly lineId: number; readonly covers: bigint }[]): Promise<StoredOrder> {
  const { tx } = work;
  const open = (await changesOf(tx, order.id)).filter(({ answeredAt }) => answeredAt === undefined);
  const lines = new Map(order.lines.map((line) => [line.id, line]));
  for (const { lineId, covers } of granted) {
    let left = covers;
    for (const change of open) {
      const { updated, taken } = await grantIn(work, change, lineId, left);
      if (taken === 0n || !updated) continue;
      left -= taken;
      const action = updated.action === 'delete' ? 'delete' : 'quantity';
      lines.set(lineId, carryOut(lines.get(lineId)!, { action, cuts: [{ from: 'pending', quantity: taken }], added: 0n }));
    }
  }
  const changed = order.lines.map((line) => lines.get(line.id)!);
  if (!(await touchOrder(tx, order, { lifecycle: lifecycleOf({ lifecycle: order.lifecycle, lines: changed }), decideAt: work.now }))) {
    throw new WharfError('DATABASE_CONFLICT', `order ${order.id} was changed at the same time`);
  }
  for (const [index, line] of changed.entries()) if (line !== order.lines[index]) await updateLine(tx, line);
  await updateOrderDocument(tx, order.id, withQuantities(order.document, changed));
  return (await readOrder(tx, order.id))!;
}

async function grantIn(
  work: Work,
  change: StoredChange,
  lineId: number,
  covers: bigint,
): Promise<{ readonly updated: ChangeLine | undefined; readonly taken: bigint }> {
  const fresh = (await changesOf(work.tx, change.orderId)).find(({ id }) => id === change.id)!;
  const at = fresh.lines.findIndex((line) => line.lineId === lineId && line.answer === 'waiting' && line.asked > line.granted);
  const line = fresh.lines[at];
  if (!line) return { updated: undefined, taken: 0n };
  const taken = least(covers, line.asked - line.granted);
  const updated = grant(line, taken);
  await updateChangeLines(work.tx, change.id, fresh.lines.with(at, updated));
  return { updated, taken };
}
