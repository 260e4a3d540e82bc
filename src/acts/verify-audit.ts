import { auditAfter, auditHead, hashOf } from '../store/audit.ts';
import type { Database } from '../store/transaction.ts';
import type { Fault } from './verify.ts';

const PAGE = 1000;

/**
 * Follows the chain of the audit from its first row to its head. `known` is a head that was kept elsewhere, `17:hash`: without one, only somebody
 * who rewrote the whole chain would not be found out.
 */
export async function verifyAudit(
  db: Database,
  known: string | undefined,
): Promise<{ readonly faults: readonly Fault[]; readonly rows: number; readonly head: string }> {
  const head = await db.read((tx) => auditHead(tx));
  const faults: Fault[] = [];
  const broken = (seq: number, detail: string): void => void faults.push({ code: 'AUDIT_BROKEN', id: `audit:${seq}`, detail });
  const [knownSeq = '', knownHash = ''] = known?.split(':') ?? [];
  let seq = 0;
  let hash = '';
  let rows = 0;
  for (;;) {
    const page = await db.read((tx) => auditAfter(tx, seq, PAGE));
    for (const row of page) {
      // What was appended since the head was read is for the next time.
      if (row.seq > head.seq) break;
      rows += 1;
      if (row.seq !== seq + 1) broken(row.seq, `${seq + 1} to ${row.seq - 1} are not there`);
      else if (row.previousHash !== hash) broken(row.seq, 'it does not follow the row before it');
      if (hashOf(row) !== row.hash) broken(row.seq, 'it is not what it was when it was written');
      if (String(row.seq) === knownSeq && row.hash !== knownHash) broken(row.seq, 'it is another than the one whose hash was kept');
      seq = row.seq;
      hash = row.hash;
    }
    if (page.length < PAGE || page.at(-1)!.seq > head.seq) break;
  }
  if (seq !== head.seq || hash !== head.hash) broken(head.seq, `the chain ends at ${seq}, and its head says ${head.seq}: rows at its end are gone or changed`);
  if (knownSeq !== '' && Number(knownSeq) > seq) broken(Number(knownSeq), `the chain ends at ${seq}, before the head that was kept`);
  return { faults, rows, head: `${head.seq}:${head.hash}` };
}
