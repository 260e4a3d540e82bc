import type { Decimal } from '../decimal.ts';
import type { Line } from '../orders/model.ts';
import { moveAll } from '../orders/quantities.ts';
import { note } from '../store/activity.ts';
import type { Hold } from '../store/holds.ts';
import { openHolds, resolveHold } from '../store/holds.ts';
import { readOrder, touchOrder, updateLine } from '../store/orders.ts';
import type { StoredOrder } from '../store/orders.ts';
import type { Tx } from '../store/transaction.ts';
import { lineFacts } from '../pipeline/apply/master-data.ts';
import type { Acted, ActContext } from './replay.ts';

export type Decision = {
  readonly orderId: number;
  /** `accept` takes the line as the buyer wrote it, `ours` at our price; `reject` refuses what is held. */
  readonly decision: 'accept' | 'ours' | 'reject';
  /** Only this line, by the buyer's reference; absent, all that is held. */
  readonly line: string | undefined;
  /** Only this hold. */
  readonly hold?: number | undefined;
};

/** What a person may accept: the others have to be mended, since nobody can ship an item that is not known. */
const ACCEPTABLE: Readonly<Record<Decision['decision'], readonly string[] | undefined>> = {
  accept: ['PRICE_MISMATCH', 'BELOW_MINIMUM'],
  ours: ['PRICE_MISMATCH'],
  reject: undefined,
};

/** Ends the holds of an order by a person's word. What is rejected is told to the buyer in the answer to the order. */
export async function resolve(context: ActContext, { orderId, decision, line: reference, hold: only }: Decision): Promise<Acted> {
  const { db, now, by } = context;
  return db.transaction(async (tx) => {
    const order = await readOrder(tx, orderId);
    if (!order) return { done: false, text: `there is no order:${orderId}` };
    const lineOf = (hold: Hold): Line | undefined => order.lines.find(({ id }) => id === hold.lineId);
    const holds = (await openHolds(tx, orderId)).filter(
      (hold) => (reference === undefined || lineOf(hold)?.lineRef === reference) && (only === undefined || hold.id === only) && hold.code !== 'CANCEL_PENDING',
    );
    if (holds.length === 0) return { done: false, text: `nothing of order:${orderId}${reference === undefined ? '' : ` line ${reference}`} is held` };
    const acceptable = ACCEPTABLE[decision];
    const stubborn = holds.find(({ code }) => acceptable && !acceptable.includes(code));
    if (stubborn) return { done: false, text: whyNot(stubborn) };

    // What is accepted of an order as a whole leaves what is held of its lines as it is.
    const whole = decision === 'reject' && holds.some(({ lineId }) => lineId === undefined);
    if (!(await touchOrder(tx, order, whole || order.lifecycle === 'open' ? { lifecycle: 'open', decideAt: now } : {}))) {
      return { done: false, text: `order:${orderId} was changed by somebody else` };
    }
    const said = { accept: 'accepted', ours: 'answered with our price', reject: 'rejected' }[decision];
    const concerned = whole ? order.lines : order.lines.filter(({ id }) => holds.some(({ lineId }) => lineId === id));
    for (const line of concerned) {
      if (decision === 'reject') await updateLine(tx, refused(line, holds));
      else {
        // What the buyer wrote stays where we have no price.
        const price = (decision === 'ours' ? await ourPrice(tx, order, line) : undefined) ?? line.price;
        await updateLine(tx, { ...line, reason: undefined, price });
      }
    }
    // Rejected as a whole, its lines are not held any more either.
    for (const hold of whole ? await openHolds(tx, orderId) : holds) await resolveHold(tx, hold.id, `${said} by ${by}`, now);
    const what = holds.map(({ code, value }) => `${code} ${value ?? ''}`.trimEnd()).join(', ');
    await note(tx, { at: now, verb: 'release', partner: order.partner, orderId, text: `${what} ${said} by ${by}` });
    return { done: true, text: `order:${orderId}: ${what} ${said}` };
  });
}

function whyNot({ code, detail }: Hold): string {
  return ACCEPTABLE.accept?.includes(code)
    ? `${code} is not a matter of price (${detail}): accept or reject it`
    : `${code} cannot be accepted (${detail}): mend it, or reject it`;
}

/** What we ask for one of the buyer's unit; undefined where we have no price. */
export async function ourPrice(tx: Tx, order: StoredOrder, line: Line): Promise<Decimal | undefined> {
  const source = order.document.lines[line.lineNo - 1];
  const [facts] = source ? await lineFacts(tx, order.partner, [source]) : [];
  return facts?.ourPrice;
}

function refused(line: Line, holds: readonly Hold[]): Line {
  const { pending, backordered } = line.buckets;
  if (pending + backordered === 0n) return line;
  const buckets = moveAll(line.buckets, [
    { from: 'pending', to: 'rejected', quantity: pending },
    { from: 'backordered', to: 'rejected', quantity: backordered },
  ]);
  return { ...line, buckets, reason: line.reason ?? holds[0]?.code };
}
