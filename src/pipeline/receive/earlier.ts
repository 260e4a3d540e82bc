import { createHash } from 'node:crypto';
import { abandonFile, type InboundFile, undisposedFiles, unfinishedFiles } from '../../store/files.ts';
import type { Lease } from '../../store/leases.ts';
import type { Entry } from '../../transports/transport.ts';
import type { OpenChannel, PipelineContext } from '../context.ts';
import { noteGone, requireLease } from './file.ts';

/** What was stored of a channel and not seen to leave it, by earlier processes above all: compared by its bytes when it shows up. */
export type Earlier = {
  readonly files: Map<string, readonly InboundFile[]>;
  /** Of those, the ones that the last listing did not show. */
  absent: ReadonlySet<number>;
};

/** What the last process left: files half stored are dropped (their sender has them), files stored and not gone are looked for. */
export async function recall(
  context: PipelineContext,
  channel: OpenChannel,
  lease: Lease | undefined,
  held: ReadonlySet<number> = new Set(),
): Promise<Earlier> {
  for (const id of await context.db.read((tx) => unfinishedFiles(tx, channel.key))) {
    await context.db.transaction(async (tx) => {
      await requireLease(tx, lease, context.now());
      await abandonFile(tx, id);
    });
  }
  const files = (await context.db.read((tx) => undisposedFiles(tx, channel.key))).filter(({ id }) => !held.has(id));
  return { files: Map.groupBy(files, (file) => identityOf({ ...file, id: file.sourceId })), absent: new Set() };
}

/** Looks out for files of this process, too, which were not there when they were to leave. */
export async function lookFor(context: PipelineContext, channel: OpenChannel, earlier: Earlier, missing: ReadonlySet<number>): Promise<void> {
  for (const file of await context.db.read((tx) => undisposedFiles(tx, channel.key))) {
    if (!missing.has(file.id)) continue;
    const key = identityOf({ ...file, id: file.sourceId });
    earlier.files.set(key, [...(earlier.files.get(key) ?? []), file]);
  }
}

/**
 * Files of an earlier process that are not listed any more have left. One listing is not enough to say so: a file that was cut off on its way out
 * comes back under its name with one listing and is shown by the next. Nor are two, when it left in the first, in the hands of a process that stood still,
 * and came back with the second: so before it is noted one more is made, after all that was given back.
 */
export async function forgetAbsent(
  context: PipelineContext,
  channel: OpenChannel,
  earlier: Earlier,
  listing: readonly Entry[],
  lease: Lease | undefined,
): Promise<void> {
  const listed = new Set(listing.map(identityOf));
  // A refusal has no bytes and is not listed: it stays until a person discards it.
  const absent = [...earlier.files].flatMap(([key, files]) => (listed.has(key) ? [] : files.filter(({ sha256 }) => sha256 !== '')));
  const twice = await stillAbsent(
    channel,
    absent.filter(({ id }) => earlier.absent.has(id)),
  );
  earlier.absent = new Set(absent.map(({ id }) => id));
  if (twice.length === 0) return;
  await noteGone(
    context,
    channel,
    twice.map(({ id }) => id),
    lease,
  );
  for (const file of twice) earlier.files.delete(identityOf({ ...file, id: file.sourceId }));
}

async function stillAbsent(channel: OpenChannel, files: readonly InboundFile[]): Promise<readonly InboundFile[]> {
  if (files.length === 0) return files;
  const listed = new Set((await channel.transport.list(Number.MAX_SAFE_INTEGER)).map(identityOf));
  return files.filter((file) => !listed.has(identityOf({ ...file, id: file.sourceId })));
}

/** The id under which an earlier process stored this very file: same identity and the same bytes. */
export async function knownAs(channel: OpenChannel, earlier: Earlier | undefined, entry: Entry): Promise<{ readonly fileId: number | undefined }> {
  const alike = earlier?.files.get(identityOf(entry));
  if (!alike || alike.length === 0) return { fileId: undefined };
  const hash = createHash('sha256');
  for await (const part of channel.transport.read(entry)) hash.update(part);
  const sha256 = hash.digest('hex');
  const same = alike.find((file) => file.sha256 === sha256);
  // Once only: the next file like it is one that was dropped again.
  const others = alike.filter(({ id }) => id !== same?.id);
  earlier?.files.set(identityOf(entry), others);
  return { fileId: same?.id };
}

/** What a file is recognised by after a restart. Its name counts only where the channel has nothing better: a file that comes back may have had to take another. */
export function identityOf({ name, size, modifiedAt, id }: Entry): string {
  return `${size} ${modifiedAt} ${id === '' ? name.slice(0, 255) : id.slice(0, 120)}`;
}
