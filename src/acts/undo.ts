import { decimal } from '../decimal.ts';
import { enterLine } from '../orders/enter.ts';
import type { Trouble } from '../orders/enter.ts';
import type { Line } from '../orders/model.ts';
import { open } from '../orders/quantities.ts';
import { note } from '../store/activity.ts';
import { reduceAllocation } from '../store/allocations.ts';
import { allHolds, insertHold, ordersResolvedAs, readHold } from '../store/holds.ts';
import { dropItemUnit, dropPrice, dropReference, findPriceRow, savePrice } from '../store/items.ts';
import type { Learned } from '../store/learned.ts';
import { learnedFrom, markUndone } from '../store/learned.ts';
import type { StoredOrder } from '../store/orders.ts';
import { readOrder, touchOrder, updateLine } from '../store/orders.ts';
import { dropShipTo } from '../store/ship-tos.ts';
import { moveStock } from '../store/stock.ts';
import { holdingOf } from '../pipeline/apply/held.ts';
import { placeOrder } from '../pipeline/apply/known-places.ts';
import { lineFacts } from '../pipeline/apply/master-data.ts';
import type { Acted, ActContext } from './replay.ts';
import type { Work } from '../pipeline/work.ts';
import { partnerOf } from '../pipeline/work.ts';

/**
 * Takes back how a hold was resolved: what was taught is forgotten, and the orders that went on by it are held again, as long as nobody was told anything
 * about them. An order that was answered or released is left as it is, and named.
 */
export async function undo({ db, config, now, by }: ActContext, holdId: number): Promise<Acted> {
  return db.transaction(async (tx) => {
    const work: Work = { tx, config, now };
    const hold = await readHold(tx, holdId);
    if (!hold) return { done: false, text: `there is no hold:${holdId}` };
    if (hold.resolution === undefined) return { done: false, text: `hold:${holdId} is not resolved` };
    const gone: string[] = [];
    const found: Concerned[] = [];
    const lessons = await learnedFrom(tx, holdId);
    // Only what was taught lets other orders go on too: that somebody accepted several does not make them one.
    const others = lessons.length > 0 ? await ordersResolvedAs(tx, hold.resolution) : [];
    for (const id of new Set([hold.orderId, ...others])) {
      const concerned = await concernedOf(work, id, holdId, lessons.length > 0 ? hold.resolution : undefined);
      const { order, lines } = concerned;
      const told = order.respondedAt !== undefined || lines.some((line) => line.buckets.released + line.buckets.shipped > 0n);
      if (told) gone.push(`order:${id}`);
      else found.push(concerned);
    }
    if (gone.includes(`order:${hold.orderId}`)) return { done: false, text: `${gone.join(', ')} went on: the buyer or a location was told` };
    for (const lesson of lessons) await forget(work, lesson, by);
    for (const concerned of found) await holdAgain(work, concerned, `hold:${holdId} undone by ${by}`);
    const left = gone.length > 0 ? `; ${gone.join(', ')} went on before and stay` : '';
    return { done: true, text: `hold:${holdId} undone: ${found.map(({ order }) => `order:${order.id}`).join(', ')} held again${left}` };
  });
}

/** An order and those of its lines that went on because a hold was resolved; all of them where it held the whole order. */
type Concerned = { readonly order: StoredOrder; readonly lines: readonly Line[] };

async function concernedOf(work: Work, orderId: number, holdId: number, resolution: string | undefined): Promise<Concerned> {
  const order = (await readOrder(work.tx, orderId))!;
  const holds = (await allHolds(work.tx, orderId)).filter((hold) => hold.id === holdId || (resolution !== undefined && hold.resolution === resolution));
  const whole = holds.some(({ lineId }) => lineId === undefined);
  return { order, lines: whole ? order.lines : order.lines.filter(({ id }) => holds.some(({ lineId }) => lineId === id)) };
}

async function forget(work: Work, lesson: Learned, who: string): Promise<void> {
  const { id, kind, partner, qualifier, value, target } = lesson;
  if (kind === 'ship-to') await dropShipTo(work.tx, partner, value);
  else if (kind === 'item') await dropReference(work.tx, { partner, qualifier, value, sku: target });
  else if (kind === 'unit') {
    const [numerator = '1', denominator = '1'] = target.split('/');
    await dropItemUnit(work.tx, { sku: value, unit: qualifier, numerator: BigInt(numerator), denominator: BigInt(denominator) });
  } else await forgetPrice(work, lesson);
  await markUndone(work.tx, id, who, work.now);
}

/** The price that stood there before, unless somebody has set another since. */
async function forgetPrice({ tx }: Work, { partner, qualifier: unit, value: sku, target, replaced }: Learned): Promise<void> {
  const row = { partner, sku, unit };
  if ((await findPriceRow(tx, row)) !== decimal(target)) return;
  if (replaced === undefined) await dropPrice(tx, row);
  else await savePrice(tx, { ...row, price: decimal(replaced) });
}

/** Looks at lines of an order as if they had just come: what they hold goes back, and what is not known holds them. */
async function holdAgain(work: Work, { order, lines: concerned }: Concerned, how: string): Promise<void> {
  const { tx, now } = work;
  const partner = partnerOf(work.config, order.partner);
  const place = (await placeOrder(tx, partner, order.document)).trouble;
  const facts = await lineFacts(tx, partner.id, order.document.lines);
  const troubles: { readonly lineId: number | undefined; readonly trouble: Trouble }[] = place ? [{ lineId: undefined, trouble: place }] : [];
  const lines = concerned.map((line): Line => {
    const source = order.document.lines[line.lineNo - 1];
    // What the buyer took back stays so.
    if (!source || open(line.buckets) + line.buckets.rejected < line.base) return line;
    const entered = enterLine(source, line.lineNo, facts[line.lineNo - 1]!, partner.prices);
    if (entered.trouble) troubles.push({ lineId: line.id, trouble: entered.trouble });
    return { ...entered.line, id: line.id };
  });
  if (!(await touchOrder(tx, order, { lifecycle: place ? 'held' : 'open', decideAt: place ? null : now }))) return;
  const { firm } = await holdingOf(tx, order.id);
  for (const allocation of firm.filter(({ lineId }) => concerned.some(({ id }) => id === lineId))) {
    const { sku, location, quantity, covers, id } = allocation;
    await reduceAllocation(tx, allocation, quantity, covers);
    await moveStock(tx, { sku, location, onHand: 0n, allocated: -quantity, cause: 'deallocation', key: `undo:${id}`, orderId: order.id }, now);
  }
  for (const line of lines) await updateLine(tx, line);
  for (const { lineId, trouble } of troubles) {
    await insertHold(tx, { orderId: order.id, lineId, code: trouble.code, value: trouble.value, detail: trouble.detail, documentId: order.documentId }, now);
  }
  await note(tx, { at: now, verb: 'hold', partner: order.partner, orderId: order.id, text: how });
}
