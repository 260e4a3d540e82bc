import type { Finding } from '../finding.ts';
import type { Row, Tx } from './transaction.ts';

export type NewInterchange = {
  readonly fileId: number;
  /** From 1, in the order of the file. */
  readonly position: number;
  readonly partner: string | undefined;
  /** `qualifier/id`. */
  readonly sender: string;
  readonly receiver: string;
  readonly control: string;
  readonly version: string;
  readonly usage: string;
  /** ISA09 and ISA10. */
  readonly sentOn: string;
};
export type InterchangeStatus = 'reading' | 'accepted' | 'rejected' | 'duplicate' | 'reused' | 'parked';

/** What an earlier interchange of the same parties and control number was. */
export type KnownInterchange = { readonly id: number; readonly contentHash: string };

/** Stores an interchange whose end has not been read yet. The content hash comes with `finishInterchange`. */
export async function insertInterchange(tx: Tx, interchange: NewInterchange, now: number): Promise<number> {
  return tx.insert('interchange', {
    inbound_file_id: interchange.fileId,
    position: interchange.position,
    partner: interchange.partner ?? null,
    sender: interchange.sender,
    receiver: interchange.receiver,
    control: interchange.control,
    version: interchange.version,
    usage: interchange.usage,
    sent_on: interchange.sentOn,
    content_hash: '',
    status: 'reading',
    received_at: now,
  });
}

/** Stores what became of an interchange. */
export async function finishInterchange(
  tx: Tx,
  id: number,
  end: { readonly status: InterchangeStatus; readonly contentHash: string; readonly duplicateOf?: number | undefined; readonly findings: readonly Finding[] },
): Promise<void> {
  await tx.run('update {interchange} set status = ?, content_hash = ?, duplicate_of = ?, findings = ? where id = ?', [
    end.status,
    end.contentHash,
    end.duplicateOf ?? null,
    end.findings.length > 0 ? JSON.stringify(end.findings) : null,
    id,
  ]);
}

/** Forgets interchanges of a file whose reading was not finished. */
export async function discardUnfinished(tx: Tx, fileId: number): Promise<void> {
  await tx.run(`delete from {interchange} where inbound_file_id = ? and status in ('reading', 'parked')`, [fileId]);
}

/** Positions of a file's interchanges that were read to their end before. */
export async function finishedPositions(tx: Tx, fileId: number): Promise<ReadonlySet<number>> {
  const rows = await tx.many(`select position from {interchange} where inbound_file_id = ? and status not in ('reading', 'parked')`, [fileId]);
  return new Set(rows.map((row) => row['position'] as number));
}

/** The first accepted or rejected interchange between these parties with this control number since an instant. */
export async function findInterchange(
  tx: Tx,
  wanted: { readonly partner: string; readonly sender: string; readonly receiver: string; readonly control: string; readonly since: number },
): Promise<KnownInterchange | undefined> {
  const row: Row | undefined = await tx.one(
    `select id, content_hash from {interchange} where partner = ? and control = ? and sender = ? and receiver = ? and received_at >= ?
      and status in ('accepted', 'rejected') order by id ${tx.limit(1)}`,
    [wanted.partner, wanted.control, wanted.sender, wanted.receiver, wanted.since],
  );
  return row && { id: row['id'] as number, contentHash: row['content_hash'] as string };
}
