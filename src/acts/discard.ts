import { note } from '../store/activity.ts';
import { putAside } from '../store/again.ts';
import type { Acted, ActContext, Target } from './replay.ts';

const tables = { file: 'inbound_file', document: 'document', outbox: 'outbox' } as const;

/** Takes something parked, overdue or rejected off the list of what needs a person. Nothing is deleted, and `why` stays in its timeline. */
export async function discard({ db, now, by }: ActContext, target: Target & { readonly kind: keyof typeof tables }, why: string | undefined): Promise<Acted> {
  const { kind, id } = target;
  return db.transaction(async (tx) => {
    if (!(await putAside(tx, tables[kind], id, now))) return { done: false, text: `${kind}:${id} is not parked` };
    const text = `discarded by ${by}${why === undefined ? '' : `: ${why}`}`;
    const about = { file: { fileId: id }, document: { documentId: id }, outbox: { outboxId: id } }[kind];
    await note(tx, { at: now, verb: 'discard', ...about, text });
    return { done: true, text: `${kind}:${id} ${text}` };
  });
}
