import { createHash, type Hash } from 'node:crypto';
import type { Config, Partner } from '../../config/types.ts';
import type { Finding } from '../../finding.ts';
import { readX12 } from '../../formats/x12/read.ts';
import type { GroupHeader, GroupResult, InterchangeHeader, InterchangeResult, Ta1, TransactionSet } from '../../formats/x12/types.ts';
import type { NewDocument } from '../../store/documents.ts';
import { discardStaged, lastPosition, stageDocuments } from '../../store/documents.ts';
import { discardUnfinished, findInterchange, finishedPositions, insertInterchange } from '../../store/interchanges.ts';
import type { Database } from '../../store/transaction.ts';
import type { Node } from '../../tree.ts';
import type { Trouble } from './identify.ts';
import { identify, showParty, strangeGroup } from './identify.ts';
import { mapSet, mapTa1 } from './map-inbound.ts';
import { readOptions } from './read-options.ts';

/** How many documents of a large interchange are staged in one transaction. */
const BATCH = 200;

/** An interchange that was read to its end, and what has to be answered. */
export type ReadInterchange = {
  readonly id: number;
  readonly header: InterchangeHeader;
  readonly partner: Partner | undefined;
  readonly contentHash: string;
  readonly duplicateOf: number | undefined;
  readonly reused: boolean;
  readonly trouble: Trouble | undefined;
  readonly groups: readonly GroupResult[];
  readonly result: InterchangeResult;
};

export type ReadFile = {
  readonly interchanges: readonly ReadInterchange[];
  readonly findings: readonly Finding[];
  readonly documents: readonly NewDocument[];
  readonly skipped: number;
};

export type FileToRead = {
  readonly id: number;
  readonly partner: string | undefined;
  readonly channel?: string;
  /** Nothing is stored of an earlier reading. */
  readonly isNew?: boolean;
};

/** Where what is read is stored: the database, or the transaction that the whole file shares with others. */
export type Storing = Pick<Database, 'transaction'>;

/** An interchange whose partner is not known before its first group: several may share its identities. */
type Waiting = { readonly header: InterchangeHeader; readonly ordinal: number; readonly ta1s: Ta1[] };

type Open = {
  readonly id: number;
  readonly header: InterchangeHeader;
  readonly partner: Partner | undefined;
  readonly known: { readonly id: number; readonly contentHash: string } | undefined;
  trouble: Trouble | undefined;
  readonly hash: Hash;
  readonly groups: GroupResult[];
  group: GroupHeader | undefined;
};

/**
 * Reads an X12 file and maps each transaction set through its partner's configuration. Many documents are staged as they come, so that memory stays
 * flat; the last of them, and all that has to be answered, are given back to be committed together.
 */
export async function readX12File(db: Storing, config: Config, file: FileToRead, chunks: AsyncIterable<Uint8Array>, now: number): Promise<ReadFile> {
  const finished = file.isNew
    ? { positions: new Set<number>(), last: 0 }
    : await db.transaction(async (tx) => {
        await discardStaged(tx, file.id);
        await discardUnfinished(tx, file.id);
        return { positions: await finishedPositions(tx, file.id), last: await lastPosition(tx, file.id) };
      });
  const interchanges: ReadInterchange[] = [];
  const findings: Finding[] = [];
  let documents: NewDocument[] = [];
  let position = finished.last;
  let ordinal = 0;
  let waiting: Waiting | undefined;
  let open: Open | undefined;
  let groupStart = 0;
  const begin = async (group: GroupHeader | undefined): Promise<void> => {
    if (!waiting) return;
    const { ta1s, ...begun } = waiting;
    waiting = undefined;
    open = await openInterchange(db, config, file, { ...begun, group }, now);
    if (takes(open)) for (const ta1 of ta1s) documents.push(mapTa1(toContext(config, open, file), ta1, ++position));
  };
  for await (const event of readX12(chunks, readOptions(config, file))) {
    switch (event.kind) {
      case 'interchange':
        ordinal += 1;
        waiting = finished.positions.has(ordinal) ? undefined : { header: event.interchange, ordinal, ta1s: [] };
        break;
      case 'ta1':
        waiting?.ta1s.push(event.ta1);
        break;
      case 'group':
        await begin(event.group);
        if (open) {
          open.group = event.group;
          open.trouble ??= strangeGroup(config, open, event.group);
        }
        groupStart = documents.length;
        break;
      case 'set':
        if (!open) break;
        hashSet(open.hash, event.set);
        if (!takes(open)) break;
        documents.push(mapSet(toContext(config, open, file), event.set, ++position));
        if (documents.length - groupStart >= BATCH) {
          const batch = documents;
          documents = [];
          groupStart = 0;
          await db.transaction((tx) => stageDocuments(tx, batch, now));
        }
        break;
      case 'group-end':
        open?.groups.push(event.group);
        break;
      case 'interchange-end':
        await begin(undefined);
        if (open) interchanges.push(closeInterchange(open, event.interchange));
        open = undefined;
        break;
      case 'finding':
        findings.push(event.finding);
        break;
    }
  }
  return { interchanges, findings, documents, skipped: finished.positions.size };
}

type Begun = { readonly header: InterchangeHeader; readonly ordinal: number; readonly group: GroupHeader | undefined };

async function openInterchange(db: Storing, config: Config, file: FileToRead, { header, ordinal, group }: Begun, now: number): Promise<Open> {
  const { partner, trouble } = identify(config, file.partner, header, group);
  const sender = showParty(header.sender);
  const receiver = showParty(header.receiver);
  return db.transaction(async (tx) => {
    const since = now - (partner?.duplicates.window ?? 0);
    const known = partner && !trouble ? await findInterchange(tx, { partner: partner.id, sender, receiver, control: header.control, since }) : undefined;
    const sentOn = `${header.date} ${header.time}`;
    const row = {
      fileId: file.id,
      position: ordinal,
      partner: partner?.id,
      sender,
      receiver,
      control: header.control,
      version: header.version,
      usage: header.usage,
      sentOn,
    };
    const id = await insertInterchange(tx, row, now);
    return { id, header, partner, known, trouble, hash: createHash('sha256'), groups: [], group: undefined };
  });
}

/** Whether the sets of an interchange become documents. */
function takes(open: Open | undefined): boolean {
  return open !== undefined && open.trouble === undefined && open.known === undefined;
}

function closeInterchange(open: Open, result: InterchangeResult): ReadInterchange {
  const contentHash = open.hash.digest('hex');
  const same = open.known?.contentHash === contentHash;
  const truncated: Trouble = { code: 'FILE_TRUNCATED', detail: `interchange ${open.header.control} has no end (IEA)` };
  return {
    id: open.id,
    header: open.header,
    partner: open.partner,
    contentHash,
    duplicateOf: same ? open.known?.id : undefined,
    reused: open.known !== undefined && !same,
    trouble: open.trouble ?? (result.truncated ? truncated : undefined),
    groups: open.groups,
    result,
  };
}

function toContext(config: Config, open: Open, file: FileToRead) {
  return { config, partner: open.partner!, fileId: file.id, interchangeId: open.id, header: open.header, group: open.group };
}

/** The hash of what sets say, whatever stands around and between their segments. */
function hashSet(hash: Hash, set: TransactionSet): void {
  hash.update(`${set.type}\n${set.control}\n`);
  hashNode(hash, set.tree);
}

function hashNode(hash: Hash, node: Node): void {
  hash.update(`${node.name}${JSON.stringify(node.fields ?? node.value ?? '')}`);
  for (const child of node.children ?? []) hashNode(hash, child);
}
