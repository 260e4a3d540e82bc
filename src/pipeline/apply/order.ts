import { difference, showDifferences } from '../../canonical/difference.ts';
import type { Order } from '../../canonical/order.ts';
import type { Partner } from '../../config/types.ts';
import type { EnteredLine, Trouble } from '../../orders/enter.ts';
import { enterLine } from '../../orders/enter.ts';
import { poKey } from '../../orders/identifiers.ts';
import { note } from '../../store/activity.ts';
import { waitedFor, wakeDocuments } from '../../store/documents.ts';
import { insertHold } from '../../store/holds.ts';
import type { NewOrder, StoredOrder } from '../../store/orders.ts';
import { findOrder, findOrderIds, insertOrders, readOrder, setDecideAt } from '../../store/orders.ts';
import { rememberFacts } from '../../store/recall.ts';
import { applyChange, asChange } from './change.ts';
import { placeOrder } from './known-places.ts';
import { lineFacts } from './master-data.ts';
import { refuseDuplicate } from './refuse-duplicate.ts';
import { orderKey } from './waits.ts';
import type { Applied, Work } from '../work.ts';
import { hashOf } from '../work.ts';

const LONGEST_WAIT = 60_000;

/** Makes an order out of a purchase order, once: the same again is a duplicate, and the same number with other content is held. */
export async function applyOrder(work: Work, partner: Partner, documentId: number, received: Order): Promise<Applied> {
  rememberFacts(work.tx);
  const known = await findOrder(work.tx, partner.id, received.poNumber, received.releaseNumber);
  if (known) return meetKnown(work, partner, documentId, known, received);
  if (changes(received)) {
    return {
      status: 'parked',
      reason: 'ORDER_UNKNOWN',
      detail: `${received.purpose} of order ${received.poNumber}, which is not here`,
      waitsFor: orderKey(partner.id, received.poNumber),
    };
  }
  const [orderId] = await createOrders(work, [{ partner, documentId, order: received }]);
  return { status: 'done', orderId: orderId! };
}

/** What tells an order from another: all but the message that brought it, which is another when the same is sent again, and how its number is spelled. */
function contentOf(order: Order): string {
  return hashOf({ ...order, poNumber: poKey(order.poNumber), orderMessageId: undefined });
}

/** Whether a purchase order says that it changes one that is here. */
function changes({ purpose }: Order): boolean {
  return purpose === 'cancel' || purpose === 'replace';
}

/** The same again is nothing new; one that says it cancels or replaces is a change; any other is what the partner's profile says. */
async function meetKnown(work: Work, partner: Partner, documentId: number, known: StoredOrder, received: Order): Promise<Applied> {
  const { poNumber } = received;
  if (known.contentHash === contentOf(received))
    return { status: 'done', reason: 'DUPLICATE', detail: `order ${poNumber} is here already with the same content`, orderId: known.id };
  if (changes(received) || partner.duplicates.order === 'replace') return applyChange(work, partner, documentId, asChange(received));
  const differences = difference(known.document, (await placeOrder(work.tx, partner, received)).order);
  const detail = `order ${poNumber} is here already and differs: ${showDifferences(differences)}`;
  if (partner.duplicates.order === 'refuse') await refuseDuplicate(work, partner, documentId, received);
  return { status: partner.duplicates.order === 'hold' ? 'parked' : 'done', reason: 'ORDER_CONFLICT', detail, orderId: known.id };
}

/** A purchase order of a document, and whose it is. */
export type ReceivedOrder = { readonly partner: Partner; readonly documentId: number; readonly order: Order };

/** Applies purchase orders that come together: those that are new are made in few statements, any other is applied for itself. */
export async function applyOrders(work: Work, received: readonly ReceivedOrder[]): Promise<readonly Applied[]> {
  rememberFacts(work.tx);
  const names = received.map(({ partner, order: { poNumber, releaseNumber } }) => ({ partner: partner.id, poNumber, releaseNumber }));
  const known = await findOrderIds(work.tx, names);
  const fresh = received.filter(({ order }, index) => known[index] === undefined && !changes(order));
  const ids = await createOrders(work, fresh);
  const applied: Applied[] = [];
  for (const each of received) {
    const at = fresh.indexOf(each);
    applied.push(at === -1 ? await applyOrder(work, each.partner, each.documentId, each.order) : { status: 'done', orderId: ids[at]! });
  }
  return applied;
}

type Entered = { readonly order: Order; readonly trouble: Trouble | undefined; readonly lines: readonly EnteredLine[] };

async function createOrders(work: Work, received: readonly ReceivedOrder[]): Promise<readonly number[]> {
  if (received.length === 0) return [];
  const entered = await enterOrders(work, received);
  const ids = await insertOrders(
    work.tx,
    received.map(({ partner, documentId, order }, index) => toNewOrder(work, partner, documentId, order, entered[index]!)),
  );
  for (const [index, { partner, documentId }] of received.entries()) {
    const { order, trouble, lines } = entered[index]!;
    const orderId = ids[index]!;
    const text = `order ${order.poNumber} with ${lines.length} line${lines.length === 1 ? '' : 's'}`;
    await note(work.tx, { at: work.now, verb: 'apply', partner: partner.id, documentId, orderId, text });
    await holdTroubles(work, orderId, documentId, partner.id, trouble, lines);
  }
  const keys = received.map(({ partner }, index) => orderKey(partner.id, entered[index]!.order.poNumber));
  const waited = await waitedFor(work.tx, keys);
  for (const [index, key] of keys.entries()) {
    if (!waited.has(key)) continue;
    await wakeDocuments(work.tx, key);
    // Changes that came before the order are part of what is decided about; should they never be applied, it is decided without them.
    if (!entered[index]!.trouble) await setDecideAt(work.tx, ids[index]!, work.now + LONGEST_WAIT);
  }
  return ids;
}

/** What each order becomes by the master data, which is read for all orders of a partner at once and recalled for each. */
async function enterOrders(work: Work, received: readonly ReceivedOrder[]): Promise<readonly Entered[]> {
  for (const [partner, group] of Map.groupBy(received, (each) => each.partner)) {
    const named = group.flatMap(({ order }) => order.lines);
    await lineFacts(work.tx, partner.id, named);
  }
  const entered: Entered[] = [];
  for (const { partner, order: asReceived } of received) {
    const { order, trouble } = await placeOrder(work.tx, partner, asReceived);
    const facts = await lineFacts(work.tx, partner.id, order.lines);
    entered.push({ order, trouble, lines: order.lines.map((line, index) => enterLine(line, index + 1, facts[index]!, partner.prices)) });
  }
  return entered;
}

function toNewOrder(work: Work, partner: Partner, documentId: number, received: Order, { order, trouble, lines }: Entered): NewOrder {
  return {
    partner: partner.id,
    document: order,
    contentHash: contentOf(received),
    documentId,
    lifecycle: trouble ? 'held' : 'open',
    receivedAt: work.now,
    // Held as a whole, it is looked at when its answer is due, or when its trouble is over.
    decideAt: trouble ? answerDue(work, partner) : work.now,
    respondedAt: received.answered === 'yes' ? work.now : undefined,
    answerBy: received.answered === 'yes' ? undefined : answerDue(work, partner),
    lines: lines.map(({ line }) => line),
  };
}

/** When an order is answered, whatever is still on hold; undefined where it is not answered at all. */
function answerDue({ now }: Work, { response }: Partner): number | undefined {
  return response.when === 'never' ? undefined : now + response.within;
}

async function holdTroubles(
  work: Work,
  orderId: number,
  documentId: number,
  partner: string,
  trouble: Trouble | undefined,
  entered: readonly EnteredLine[],
): Promise<void> {
  if (trouble === undefined && entered.every((one) => one.trouble === undefined)) return;
  const stored = (await readOrder(work.tx, orderId))!;
  const troubles = [
    ...(trouble ? [{ trouble, lineId: undefined }] : []),
    ...entered.flatMap((one, index) => (one.trouble ? [{ trouble: one.trouble, lineId: stored.lines[index]!.id }] : [])),
  ];
  for (const { trouble: found, lineId } of troubles) {
    await insertHold(work.tx, { orderId, lineId, code: found.code, value: found.value, detail: found.detail, documentId }, work.now);
    await note(work.tx, { at: work.now, verb: 'hold', partner, documentId, orderId, text: `${found.code}: ${found.detail}` });
  }
}
