import type { Order } from '../canonical/order.ts';
import { note } from '../store/activity.ts';
import { applyAsReplacement } from '../store/again.ts';
import { readDocument } from '../store/documents.ts';
import type { Acted, ActContext } from './replay.ts';

/** Takes a purchase order that contradicts the known one of its number as a change of that. The daemon carries it out and answers. */
export async function replaceOrder({ db, now, by }: ActContext, id: number): Promise<Acted> {
  return db.transaction(async (tx) => {
    const document = await readDocument(tx, id);
    if (!document) return { done: false, text: `there is no document:${id}` };
    const order = document.canonical as Order | undefined;
    const taken = order?.kind === 'order' && (await applyAsReplacement(tx, id, { ...order, purpose: 'replace' }));
    if (!taken) return { done: false, text: `document:${id} is no order that waits because it contradicts a known one` };
    const text = `taken as a change of the known order ${order.poNumber}, by ${by}`;
    await note(tx, { at: now, verb: 'replay', partner: document.partner, documentId: id, orderId: document.orderId, text });
    return { done: true, text: `document:${id} is ${text}` };
  });
}
