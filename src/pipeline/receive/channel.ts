import { failPoint } from '../../fail-point.ts';
import type { Lease } from '../../store/leases.ts';
import { makeStabilityGate, sentinelFor, type StabilityGate } from '../../transports/stability.ts';
import type { Entry } from '../../transports/transport.ts';
import type { OpenChannel, PipelineContext } from '../context.ts';
import { type Earlier, forgetAbsent, identityOf, knownAs, lookFor, recall } from './earlier.ts';
import { disposeAll, readSmall, refusedEntry, storeAll, type StoredFile, storeLarge, storeRefusal } from './file.ts';

/**
 * Files read at once, stored in one commit, and the bytes that they may have together. Of many that come at once the first go alone, so that what follows
 * has something to do; each batch is twice the one before.
 */
const BATCH = { first: 4, files: 64, bytes: 8_000_000 };
/** Above so many bytes a file is stored while it is read. */
const LARGE = 4_000_000;
/** Where files have to ripen, a listing shows so many times those that one look takes, so that all of them do it together. */
const LISTED = 10;

/** What a channel's receiver remembers between two looks. All of it can be lost: the database and the folder tell it again. */
export type ChannelMemory = {
  readonly gate: StabilityGate;
  /** Stored by this process and still in the folder: to be taken away, never to be read again. */
  readonly held: Map<string, StoredFile>;
  /** What processes before this one stored and did not see leave, and what of this one's was not there when it was to leave; undefined before the first look, and after one that failed. */
  earlier: Earlier | undefined;
  /** Under which this process looks at the channel, where several could. */
  readonly lease: Lease | undefined;
  /** Names that could not be read, so that each is told once. */
  readonly unreadable: Set<string>;
};

type Looking = { readonly context: PipelineContext; readonly channel: OpenChannel; readonly memory: ChannelMemory };

/** What a look found: files stored, and whether files are there that only need time. */
export type Look = { readonly stored: number; readonly ripening: boolean; readonly more: boolean };

/** The memory of a channel that is looked at for the first time. */
export function rememberChannel(channel: OpenChannel): ChannelMemory {
  const { quiet, sentinel } = channel.channel;
  const gate = makeStabilityGate({ quietMs: quiet, ...(sentinel === undefined ? {} : { sentinel }) });
  return { gate, held: new Map(), earlier: undefined, lease: undefined, unreadable: new Set() };
}

/**
 * One look at a channel: lists it, stores what is complete, and takes away what is stored. In this order a crash at any instant loses nothing:
 * before the commit the file is still with its sender; after it the file is known and only has to go.
 */
export async function lookAt(context: PipelineContext, channel: OpenChannel, memory: ChannelMemory, most: number): Promise<Look> {
  memory.earlier ??= await recall(context, channel, memory.lease, new Set([...memory.held.values()].map(({ fileId }) => fileId)));
  if (memory.held.size > 0) await leave({ context, channel, memory }, [...memory.held.values()].slice(0, most), true);
  const { quiet, sentinel } = channel.channel;
  const listed = quiet > 0 || sentinel !== undefined ? most * LISTED : most + 1;
  const listing = await channel.transport.list(listed, (entry) => memory.held.has(keyOf(entry)));
  if (listing.length > 0) failPoint('receive.listed');
  await parkRefusals(context, channel, memory);
  if (listing.length < listed) await forgetAbsent(context, channel, memory.earlier, listing, memory.lease);
  const ready = memory.gate(listing, performance.now()).toSorted((a, b) => a.modifiedAt - b.modifiedAt || (a.name < b.name ? -1 : 1));
  const taken = ready.slice(0, most);
  const stored = await takeAll({ context, channel, memory }, taken, listing);
  return { stored, ripening: ready.length < listing.length, more: ready.length > taken.length };
}

async function parkRefusals(context: PipelineContext, channel: OpenChannel, memory: ChannelMemory): Promise<void> {
  for (const { name, code, detail } of channel.takeRefusals()) {
    if (name === channel.channel.moveTo) continue;
    const known = memory.earlier?.files.get(identityOf(refusedEntry(name)))?.some(({ reason, status }) => status === 'parked' && reason === code);
    if (known) continue;
    const fileId = await storeRefusal(context, channel, name, { reason: code, detail });
    context.log.warn('a file was refused', { step: 'receive', channel: channel.key, fileId, code });
  }
}

/** Batch by batch; while one is taken away the next is read, since both mostly wait. Gives how many were stored. */
async function takeAll(looking: Looking, entries: readonly Entry[], listing: readonly Entry[]): Promise<number> {
  let stored = 0;
  let failure: { readonly error: unknown } | undefined;
  let leaving: Promise<void> = Promise.resolve();
  for (const batch of batches(entries)) {
    if (looking.context.stopping() || failure) break;
    const taken = await take(looking, batch).catch((error: unknown) => void (failure = { error }));
    await leaving;
    if (!taken) break;
    stored += taken.stored;
    leaving = takeAway(looking, taken.files, listing).catch((error: unknown) => void (failure = { error }));
  }
  await leaving;
  if (failure) {
    // What was stored nevertheless, its answer lost, is looked for in the database: it is still in the folder and must not be stored again.
    looking.memory.earlier = undefined;
    throw failure.error;
  }
  return stored;
}

/** Reads and stores files. Gives those that may leave, which include files that were stored before. */
async function take(looking: Looking, batch: readonly Entry[]): Promise<{ readonly stored: number; readonly files: readonly StoredFile[] }> {
  const { context, channel, memory } = looking;
  const fresh: Entry[] = [];
  const known: StoredFile[] = [];
  for (const entry of batch) {
    const [found] = await tried(looking, entry, () => knownAs(channel, memory.earlier, entry));
    if (!found) continue;
    if (found.fileId === undefined) fresh.push(entry);
    else known.push({ entry, fileId: found.fileId });
  }
  const stored = await readAndStore(looking, fresh);
  failPoint('receive.stored');
  if (stored.length > 0) context.wake('translate');
  const files = [...known, ...stored];
  for (const file of files) memory.held.set(keyOf(file.entry), file);
  return { stored: stored.length, files };
}

async function takeAway(looking: Looking, files: readonly StoredFile[], listing: readonly Entry[]): Promise<void> {
  await leave(looking, files);
  await disposeSentinels(looking.channel, files, listing);
}

/** Has stored files leave. One that is not there may still come back, under another name even, when a process that was taken for dead has it in hand. */
async function leave({ context, channel, memory }: Looking, files: readonly StoredFile[], again = false): Promise<void> {
  const { gone, missing } = await disposeAll(context, channel, files, again);
  for (const [key, { fileId }] of memory.held) if (gone.has(fileId) || missing.has(fileId)) memory.held.delete(key);
  if (missing.size > 0 && memory.earlier) await lookFor(context, channel, memory.earlier, missing);
}

async function readAndStore(looking: Looking, entries: readonly Entry[]): Promise<readonly StoredFile[]> {
  const { context, channel, memory } = looking;
  const small = entries.filter(({ size }) => size <= LARGE);
  const read = (await Promise.all(small.map((entry) => tried(looking, entry, () => readSmall(channel, entry))))).flat();
  failPoint('receive.read');
  const stored = read.length > 0 ? [...(await storeAll(context, channel, read, memory.lease))] : [];
  for (const entry of entries.filter(({ size }) => size > LARGE))
    stored.push(...(await tried(looking, entry, () => storeLarge(context, channel, entry, memory.lease))));
  return stored;
}

/** What `work` gives, or nothing: a file that changed or vanished under us, or may not be read, is still the sender's and is looked at again. */
async function tried<T>({ context, channel, memory }: Looking, entry: Entry, work: () => Promise<T>): Promise<readonly T[]> {
  try {
    const done = await work();
    memory.unreadable.delete(entry.name);
    return [done];
  } catch (error) {
    if (!memory.unreadable.has(entry.name)) context.log.warn('a file could not be read', { step: 'receive', channel: channel.key, error });
    memory.unreadable.add(entry.name);
    return [];
  }
}

async function disposeSentinels(channel: OpenChannel, files: readonly StoredFile[], listing: readonly Entry[]): Promise<void> {
  const { sentinel, moveTo } = channel.channel;
  if (sentinel === undefined) return;
  for (const { entry } of files) {
    const mark = sentinelFor(listing, entry, sentinel);
    if (mark) await channel.transport.dispose(mark, moveTo);
  }
}

function* batches(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  let most = BATCH.first;
  for (const entry of entries) {
    if (batch.length > 0 && (batch.length >= most || bytes + entry.size > BATCH.bytes)) {
      most = Math.min(BATCH.files, most * 2);
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += entry.size;
  }
  if (batch.length > 0) yield batch;
}

function keyOf(entry: Entry): string {
  return `${entry.id}\n${entry.size}\n${entry.modifiedAt}\n${entry.name}`;
}
