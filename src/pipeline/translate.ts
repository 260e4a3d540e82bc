import { adviseOfRefused } from './reports/advice.ts';
import { failPoint } from '../fail-point.ts';
import type { Channel } from '../config/types.ts';
import { WharfError } from '../errors.ts';
import { looksLikeX12 } from '../formats/x12/sniff.ts';
import { note } from '../store/activity.ts';
import { publishDocuments, readBefore, refusedIn, stageDocuments } from '../store/documents.ts';
import type { InboundFile } from '../store/files.ts';
import { toFile } from '../store/files.ts';
import { readPayload, readWholePayloads } from '../store/payload.ts';
import { claim, queues, settle } from '../store/queue.ts';
import type { Row } from '../store/transaction.ts';
import { attemptTogether, recordFailure } from './attempt.ts';
import { finishInterchanges } from './translate/acknowledge.ts';
import { channelWithKey, type PipelineContext, type Step } from './context.ts';
import { openingOf } from './packing.ts';
import { readRecordsFile } from './translate/records.ts';
import { unpackFile } from './translate/unpack.ts';
import { type FileToRead, readX12File, type Storing } from './translate/x12.ts';
import type { Work } from './work.ts';
import { inParts } from './work.ts';

/** Files that are claimed together: few after a rest, since the first of many should not wait for the others, and twice as many each time. */
const BATCH = { first: 4, most: 50 };
/** A file above this size (bytes) is read beside the others, so that they do not wait for it. */
const LARGE = 2 * 1024 * 1024;
/** Files of at most so many bytes are read so many in one transaction. */
const SHARED = { files: 20, bytes: 64 * 1024 };

/** How long the orders of a file leave the processor to its acknowledgment, for which the partner waits, unless that is sent before (milliseconds). */
const ANSWER_FIRST = 100;

/** What the reading of a file came to: why it is parked, and a line for its timeline. */
export type FileOutcome = { readonly parked: { readonly reason: string; readonly detail: string } | undefined; readonly text: string };

/** Turns received files into documents and their acknowledgments. */
export function makeTranslate(): Step {
  const large = new Set<Promise<void>>();
  let together = BATCH.first;
  return {
    name: 'translate',
    run: async (context) => {
      const { claim: leaseMs } = context.config().intervals;
      const room = large.size === 0 ? together : Math.max(1, together - 1);
      const rows = await context.db.transaction((tx) => claim(tx, queues.translate, { owner: context.owner, now: context.now(), leaseMs, count: room }));
      together = rows.length === 0 ? BATCH.first : Math.min(BATCH.most, together * 2);
      if (rows.length > 0) failPoint('translate.claimed');
      const small = rows.filter((row) => Number(row['size']) <= LARGE);
      for (const row of rows.filter((each) => !small.includes(each))) {
        const reading: Promise<void> = translateRow(context, row).finally(() => large.delete(reading));
        large.add(reading);
      }
      const alone = small.filter((row) => !mayShare(context, row));
      const sharing = inParts(
        small.filter((row) => !alone.includes(row)),
        SHARED.files,
      );
      await Promise.all([...alone.map((row) => translateRow(context, row)), ...sharing.map((part) => translateTogether(context, part))]);
      return rows.length;
    },
    settle: async () => void (await Promise.all(large)),
  };
}

async function translateRow(context: PipelineContext, row: Row): Promise<void> {
  try {
    const file = toFile(row);
    const packing = packingOf(context, file);
    if (packing) await unpackFile(context, file, packing);
    else await translateFile(context, context.db, file, readPayload(context.db, 'inbound', file.id));
    followUp(context);
  } catch (error) {
    await recordFailure(context, 'translate', queues.translate, row, error);
  }
}

/** Whether a file is so small that it is read within one transaction, which it can share. */
function mayShare(context: PipelineContext, row: Row): boolean {
  const file = toFile(row);
  return file.size <= SHARED.bytes && findChannel(context, file) !== undefined && packingOf(context, file) === undefined;
}

async function translateTogether(context: PipelineContext, rows: readonly Row[]): Promise<void> {
  await attemptTogether(
    context,
    'translate',
    queues.translate,
    rows,
    async (tx, part) => {
      const files = part.map(toFile);
      const ids = files.map(({ id }) => id);
      const [payloads, known] = await Promise.all([readWholePayloads(tx, 'inbound', ids), readBefore(tx, ids)]);
      const reading = files.map((file) => {
        const bytes = payloads.get(file.id);
        return translateFile(context, { transaction: (work) => work(tx) }, { ...file, isNew: !known.has(file.id) }, generate(bytes ? [bytes] : []));
      });
      await Promise.all(reading);
    },
    () => context.wake('render'),
  );
  followUp(context);
}

async function* generate<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

function followUp(context: PipelineContext): void {
  failPoint('translate.finished');
  context.wake('render');
  setTimeout(() => context.wake('apply'), ANSWER_FIRST);
}

async function translateFile(context: PipelineContext, db: Storing, file: InboundFile & FileToRead, source: AsyncGenerator<Uint8Array>): Promise<void> {
  const config = context.config();
  const now = context.now();
  const chunks = await peek(source);
  const format = channelOf(context, file).format ?? (looksLikeX12(chunks.head) ? 'x12' : undefined);
  if (format === 'x12') {
    const read = await readX12File(db, config, file, chunks.all, now);
    await db.transaction(async (tx) => {
      const work: Work = { tx, config, now };
      await stageDocuments(tx, read.documents, now);
      await finishFile(context, work, file, 'x12', await finishInterchanges(work, read));
    });
    return;
  }
  const read = await readRecordsFile(db, config, file, format, chunks, now);
  await db.transaction(async (tx) => {
    await stageDocuments(tx, read.documents, now);
    await finishFile(context, { tx, config, now }, file, read.format, read.outcome);
  });
}

/** Shows the file's documents to the next step and ends its row, together. */
async function finishFile(context: PipelineContext, work: Work, file: InboundFile, format: string, outcome: FileOutcome): Promise<void> {
  const end = { format, finished_at: work.now, reason: outcome.parked?.reason ?? null, detail: outcome.parked?.detail ?? null };
  const [, , refused] = await Promise.all([
    publishDocuments(work.tx, file.id, work.now),
    settle(work.tx, queues.translate, { id: file.id, owner: context.owner }, outcome.parked ? 'parked' : 'done', end),
    refusedIn(work.tx, file.id),
  ]);
  await adviseOfRefused(work, refused);
  await note(work.tx, { at: work.now, verb: 'translate', partner: file.partner, fileId: file.id, text: outcome.text });
  failPoint('translate.finishing');
}

function findChannel(context: PipelineContext, file: InboundFile): Channel | undefined {
  const partner = context.config().partners.get(file.partner);
  return partner && channelWithKey(partner, file.channel);
}

function channelOf(context: PipelineContext, file: InboundFile): Channel {
  const channel = findChannel(context, file);
  if (!channel) throw new WharfError('CHANNEL_MISSING', `the configuration has no channel ${file.channel} any more`, { value: file.channel });
  return channel;
}

/** How a file is packed; undefined for one that is not, or came out of one that was. */
function packingOf(context: PipelineContext, file: InboundFile): ReturnType<typeof openingOf> {
  return file.unpackedFrom === undefined ? openingOf(channelOf(context, file)) : undefined;
}

export type Peeked = { readonly head: Uint8Array; readonly all: AsyncGenerator<Uint8Array> };

/** The first chunk of a stream, and the whole stream. */
async function peek(chunks: AsyncGenerator<Uint8Array>): Promise<Peeked> {
  const first = await chunks.next();
  const head = first.done ? new Uint8Array() : first.value;
  return {
    head,
    all: (async function* () {
      if (head.length > 0) yield head;
      yield* chunks;
    })(),
  };
}
