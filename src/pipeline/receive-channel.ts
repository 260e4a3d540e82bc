import { createHash } from 'node:crypto';
import { abandonFile, type InboundFile, markDisposed, undisposedFiles, unfinishedFiles } from '../store/files.ts';
import { makeStabilityGate, sentinelFor, type StabilityGate } from '../transports/stability.ts';
import type { Entry } from '../transports/transport.ts';
import type { OpenChannel, PipelineContext } from './context.ts';
import { disposeAll, readSmall, storeAll, type StoredFile, storeLarge, storeRefusal } from './receive-file.ts';

/** Files read at once, stored in one commit, and the bytes that they may have together. Above the last a file is stored while it is read. */
const BATCH = { files: 64, bytes: 8_000_000 };
const LARGE = 4_000_000;
/** A listing shows so many times the files that one look takes, so that all of them ripen together. */
const LISTED = 10;

/** What a channel's receiver remembers between two looks. All of it can be lost: the database and the folder tell it again. */
export type ChannelMemory = {
  readonly gate: StabilityGate;
  /** Stored by this process and still in the folder: to be taken away, never to be read again. */
  readonly held: Map<string, StoredFile>;
  /** Stored before this process began and not seen to leave: compared by their bytes when they show up. Undefined before the first look. */
  earlier: Map<string, readonly InboundFile[]> | undefined;
  /** Of those, the ones that the last listing did not show. */
  absent: ReadonlySet<number>;
  /** Names that could not be read, so that each is told once. */
  readonly unreadable: Set<string>;
};

/** What a look found: files stored, and whether files are there that only need time. */
export type Look = { readonly stored: number; readonly ripening: boolean; readonly more: boolean };

/** The memory of a channel that is looked at for the first time. */
export function rememberChannel(channel: OpenChannel): ChannelMemory {
  const { quiet, sentinel } = channel.channel;
  const gate = makeStabilityGate({ quietMs: quiet, ...(sentinel === undefined ? {} : { sentinel }) });
  return { gate, held: new Map(), earlier: undefined, absent: new Set(), unreadable: new Set() };
}

/**
 * One look at a channel: lists it, stores what is complete, and takes away what is stored. In this order a crash at any instant loses nothing:
 * before the commit the file is still with its sender; after it the file is known and only has to go.
 */
export async function lookAt(context: PipelineContext, channel: OpenChannel, memory: ChannelMemory, most: number): Promise<Look> {
  memory.earlier ??= await recall(context, channel);
  if (memory.held.size > 0) forgetGone(memory, await disposeAll(context, channel, [...memory.held.values()].slice(0, most), true));
  const listed = most * LISTED;
  const listing = await channel.transport.list(listed, (entry) => memory.held.has(keyOf(entry)));
  await parkRefusals(context, channel, memory);
  if (listing.length < listed) await forgetAbsent(context, memory, listing);
  const ready = memory.gate(listing, performance.now()).toSorted((a, b) => a.modifiedAt - b.modifiedAt || (a.name < b.name ? -1 : 1));
  const taken = ready.slice(0, most);
  let stored = 0;
  for (const batch of batches(taken)) {
    if (context.stopping()) break;
    stored += await take(context, channel, memory, batch, listing);
  }
  return { stored, ripening: ready.length < listing.length, more: ready.length > taken.length };
}

/** What the last process left: files half stored are dropped (their sender has them), files stored and not gone are looked for. */
async function recall(context: PipelineContext, channel: OpenChannel): Promise<Map<string, readonly InboundFile[]>> {
  for (const id of await context.db.read((tx) => unfinishedFiles(tx, channel.key))) await context.db.transaction((tx) => abandonFile(tx, id));
  return Map.groupBy(await context.db.read((tx) => undisposedFiles(tx, channel.key)), ({ name }) => name);
}

/**
 * Files of an earlier process that are not listed any more have left. One listing is not enough to say so: a file that was cut off on its way out
 * comes back under its name with one listing and is shown by the next.
 */
async function forgetAbsent(context: PipelineContext, memory: ChannelMemory, listing: readonly Entry[]): Promise<void> {
  const names = new Set(listing.map(({ name }) => name.slice(0, 255)));
  // A refusal has no bytes and is not listed: it stays until a person discards it.
  const absent = [...(memory.earlier?.values() ?? [])].flat().filter(({ name, sha256 }) => sha256 !== '' && !names.has(name));
  const twice = absent.filter(({ id }) => memory.absent.has(id));
  memory.absent = new Set(absent.map(({ id }) => id));
  if (twice.length === 0) return;
  for (const { name } of twice) memory.earlier?.delete(name);
  await context.db.transaction((tx) =>
    markDisposed(
      tx,
      twice.map(({ id }) => id),
      context.now(),
    ),
  );
}

async function parkRefusals(context: PipelineContext, channel: OpenChannel, memory: ChannelMemory): Promise<void> {
  for (const { name, code, detail } of channel.takeRefusals()) {
    if (name === channel.channel.moveTo) continue;
    const known = memory.earlier?.get(name.slice(0, 255))?.some(({ reason, status }) => status === 'parked' && reason === code);
    if (known) continue;
    const fileId = await storeRefusal(context, channel, name, { reason: code, detail });
    context.log.warn('a file was refused', { step: 'receive', channel: channel.key, fileId, code });
  }
}

async function take(
  context: PipelineContext,
  channel: OpenChannel,
  memory: ChannelMemory,
  batch: readonly Entry[],
  listing: readonly Entry[],
): Promise<number> {
  const fresh: Entry[] = [];
  const known: StoredFile[] = [];
  for (const entry of batch) {
    const fileId = await knownAs(channel, memory, entry);
    if (fileId === undefined) fresh.push(entry);
    else known.push({ entry, fileId });
  }
  const stored = await readAndStore(context, channel, memory, fresh);
  if (stored.length > 0) context.wake('translate');
  const leaving = [...known, ...stored];
  for (const file of leaving) memory.held.set(keyOf(file.entry), file);
  forgetGone(memory, await disposeAll(context, channel, leaving));
  await disposeSentinels(channel, leaving, listing);
  return stored.length;
}

/** The id under which an earlier process stored this very file: same name, size and time, and the same bytes. */
async function knownAs(channel: OpenChannel, memory: ChannelMemory, entry: Entry): Promise<number | undefined> {
  const alike = memory.earlier
    ?.get(entry.name)
    ?.filter(({ size, modifiedAt, sourceId }) => size === entry.size && modifiedAt === entry.modifiedAt && sourceId === entry.id.slice(0, 120));
  if (!alike || alike.length === 0) return undefined;
  const hash = createHash('sha256');
  for await (const part of channel.transport.read(entry)) hash.update(part);
  const sha256 = hash.digest('hex');
  const same = alike.find((file) => file.sha256 === sha256);
  // Once only: the next file like it is one that was dropped again.
  if (same)
    memory.earlier?.set(
      entry.name,
      memory.earlier.get(entry.name)!.filter(({ id }) => id !== same.id),
    );
  return same?.id;
}

async function readAndStore(context: PipelineContext, channel: OpenChannel, memory: ChannelMemory, entries: readonly Entry[]): Promise<readonly StoredFile[]> {
  const tried = async <T>(entry: Entry, work: () => Promise<T>): Promise<readonly T[]> => {
    try {
      const done = await work();
      memory.unreadable.delete(entry.name);
      return [done];
    } catch (error) {
      // It changed or vanished under us, or may not be read: it is still the sender's and is looked at again.
      if (!memory.unreadable.has(entry.name)) context.log.warn('a file could not be read', { step: 'receive', channel: channel.key, error });
      memory.unreadable.add(entry.name);
      return [];
    }
  };
  const small = entries.filter(({ size }) => size <= LARGE);
  const read = (await Promise.all(small.map((entry) => tried(entry, () => readSmall(channel, entry))))).flat();
  const stored = read.length > 0 ? [...(await storeAll(context, channel, read))] : [];
  for (const entry of entries.filter(({ size }) => size > LARGE)) stored.push(...(await tried(entry, () => storeLarge(context, channel, entry))));
  return stored;
}

async function disposeSentinels(channel: OpenChannel, files: readonly StoredFile[], listing: readonly Entry[]): Promise<void> {
  const { sentinel, moveTo } = channel.channel;
  if (sentinel === undefined) return;
  for (const { entry } of files) {
    const mark = sentinelFor(listing, entry, sentinel);
    if (mark) await channel.transport.dispose(mark, moveTo);
  }
}

function forgetGone(memory: ChannelMemory, gone: ReadonlySet<number>): void {
  for (const [key, { fileId }] of memory.held) if (gone.has(fileId)) memory.held.delete(key);
}

function* batches(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (batch.length > 0 && (batch.length >= BATCH.files || bytes + entry.size > BATCH.bytes)) {
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
