import { note } from '../store/activity.ts';
import { readOutgoing, reissueDocument, waiveChecks } from '../store/again.ts';
import type { Acted, ActContext } from './replay.ts';

/** Has a document sent as it is although it contradicts its order, or before its notice was accepted. Who decided so stays with it. */
export async function releaseDocument({ db, now, by }: ActContext, id: number): Promise<Acted> {
  return db.transaction(async (tx) => {
    const row = await readOutgoing(tx, id);
    if (!row) return { done: false, text: `there is no outbox:${id}` };
    if (!(await waiveChecks(tx, id, by)))
      return { done: false, text: `outbox:${id} is ${row.status}; only what contradicts its order or waits for its notice is released` };
    const text = `${row.kind} is sent as it is, by ${by}`;
    await note(tx, { at: now, verb: 'release', partner: row.partner, outboxId: id, orderId: row.orderId, text });
    return { done: true, text: `outbox:${id}: ${text}` };
  });
}

/**
 * Has what a document says written and sent anew, with the mapping of today and new control numbers: for one that its partner rejected. A shipment keeps
 * its number, an invoice too.
 */
export async function reissue({ db, now, by }: ActContext, id: number): Promise<Acted> {
  return db.transaction(async (tx) => {
    const row = await readOutgoing(tx, id);
    if (!row) return { done: false, text: `there is no outbox:${id}` };
    const next = await reissueDocument(tx, id, now);
    if (next === undefined) return { done: false, text: `outbox:${id} is ${row.status}: it is on its way, was never sent, or another took its place` };
    const text = `${row.kind} is written anew as outbox:${next}, by ${by}`;
    await note(tx, { at: now, verb: 'resend', partner: row.partner, outboxId: id, orderId: row.orderId, text });
    await note(tx, { at: now, verb: 'resend', partner: row.partner, outboxId: next, orderId: row.orderId, text: `takes the place of outbox:${id}` });
    return { done: true, text: `outbox:${id}: ${text}` };
  });
}
