import { adviseOfFile } from './reports/advice.ts';
import { failPoint } from '../fail-point.ts';
import type { Channel } from '../config/types.ts';
import { WharfError } from '../errors.ts';
import { looksLikeX12 } from '../formats/x12/sniff.ts';
import { note } from '../store/activity.ts';
import { publishDocuments, stageDocuments } from '../store/documents.ts';
import type { InboundFile } from '../store/files.ts';
import { toFile } from '../store/files.ts';
import { readPayload } from '../store/payload.ts';
import { claim, queues, settle } from '../store/queue.ts';
import type { Row } from '../store/transaction.ts';
import { recordFailure } from './attempt.ts';
import { finishInterchanges } from './translate/acknowledge.ts';
import type { PipelineContext, Step } from './context.ts';
import { openingOf } from './packing.ts';
import { readRecordsFile } from './translate/records.ts';
import { unpackFile } from './translate/unpack.ts';
import { readX12File } from './translate/x12.ts';
import type { Work } from './work.ts';

const BATCH = 50;
/** A file above this size (bytes) is read beside the others, so that they do not wait for it. */
const LARGE = 2 * 1024 * 1024;

/** What the reading of a file came to: why it is parked, and a line for its timeline. */
export type FileOutcome = { readonly parked: { readonly reason: string; readonly detail: string } | undefined; readonly text: string };

/** Turns received files into documents and their acknowledgments. */
export function makeTranslate(): Step {
  const large = new Set<Promise<void>>();
  return {
    name: 'translate',
    run: async (context) => {
      const { claim: leaseMs } = context.config().intervals;
      const room = large.size === 0 ? BATCH : BATCH - 1;
      const rows = await context.db.transaction((tx) => claim(tx, queues.translate, { owner: context.owner, now: context.now(), leaseMs, count: room }));
      failPoint('translate.claimed');
      const small = rows.filter((row) => Number(row['size']) <= LARGE);
      for (const row of rows.filter((each) => !small.includes(each))) {
        const reading: Promise<void> = translateRow(context, row).finally(() => large.delete(reading));
        large.add(reading);
      }
      await Promise.all(small.map((row) => translateRow(context, row)));
      return rows.length;
    },
    settle: async () => void (await Promise.all(large)),
  };
}

async function translateRow(context: PipelineContext, row: Row): Promise<void> {
  try {
    await translateFile(context, toFile(row));
    failPoint('translate.finished');
    for (const step of ['apply', 'render'] as const) context.wake(step);
  } catch (error) {
    await recordFailure(context, 'translate', queues.translate, row, error);
  }
}

async function translateFile(context: PipelineContext, file: InboundFile): Promise<void> {
  const config = context.config();
  const now = context.now();
  const channel = channelOf(context, file);
  const packing = file.unpackedFrom === undefined ? openingOf(channel) : undefined;
  if (packing) return unpackFile(context, file, packing);
  const chunks = await peek(readPayload(context.db, 'inbound', file.id));
  const format = channel.format ?? (looksLikeX12(chunks.head) ? 'x12' : undefined);
  if (format === 'x12') {
    const read = await readX12File(context.db, config, file, chunks.all, now);
    await context.db.transaction(async (tx) => {
      const work: Work = { tx, config, now };
      await stageDocuments(tx, read.documents, now);
      await finishFile(context, work, file, 'x12', await finishInterchanges(work, read));
    });
    return;
  }
  const read = await readRecordsFile(context.db, config, file, format, chunks, now);
  await context.db.transaction(async (tx) => {
    await stageDocuments(tx, read.documents, now);
    await finishFile(context, { tx, config, now }, file, read.format, read.outcome);
  });
}

/** Shows the file's documents to the next step and ends its row, together. */
async function finishFile(context: PipelineContext, work: Work, file: InboundFile, format: string, outcome: FileOutcome): Promise<void> {
  await publishDocuments(work.tx, file.id, work.now);
  await adviseOfFile(work, file.id);
  await settle(work.tx, queues.translate, { id: file.id, owner: context.owner }, outcome.parked ? 'parked' : 'done', {
    format,
    finished_at: work.now,
    reason: outcome.parked?.reason ?? null,
    detail: outcome.parked?.detail ?? null,
  });
  await note(work.tx, { at: work.now, verb: 'translate', partner: file.partner, fileId: file.id, text: outcome.text });
  failPoint('translate.finishing');
}

function channelOf(context: PipelineContext, file: InboundFile): Channel {
  const partner = context.config().partners.get(file.partner);
  const channel = partner?.channels.find(({ name }) => `${file.partner}/${name}` === file.channel);
  if (!partner || !channel) throw new WharfError('CHANNEL_MISSING', `the configuration has no channel ${file.channel} any more`, { value: file.channel });
  return channel;
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
