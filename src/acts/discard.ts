import { note } from '../store/activity.ts';
import { putAside } from '../store/again.ts';
import { readDocument, wakeDocuments } from '../store/documents.ts';
import { documentKey } from '../pipeline/apply/waits.ts';
import { adviseSender } from '../pipeline/reports/advice.ts';
import { type Acted, type ActContext, aboutOf, type Target } from './replay.ts';

const tables = { file: 'inbound_file', document: 'document', outbox: 'outbox' } as const;

/**
 * Takes something parked, overdue or rejected off the list of what needs a person. Nothing is deleted, and `why` stays in its timeline. Whoever sent a
 * document that is put aside is told, where they take that (824).
 */
export async function discard(
  { db, config, now, by }: ActContext,
  target: Target & { readonly kind: keyof typeof tables },
  why: string | undefined,
): Promise<Acted> {
  const { kind, id } = target;
  return db.transaction(async (tx) => {
    if (!(await putAside(tx, tables[kind], id, now))) return { done: false, text: `${kind}:${id} is not parked` };
    const text = `discarded by ${by}${why === undefined ? '' : `: ${why}`}`;
    await note(tx, { at: now, verb: 'discard', ...aboutOf(target), text });
    // Changes of the same order that came after it go on without it.
    if (kind === 'document') await wakeDocuments(tx, documentKey(id));
    const document = kind === 'document' ? await readDocument(tx, id) : undefined;
    if (document) await adviseSender({ tx, config, now }, document, { reason: document.reason ?? 'DOCUMENT_INVALID', detail: why ?? '', decided: true });
    return { done: true, text: `${kind}:${id} ${text}` };
  });
}
