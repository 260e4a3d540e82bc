/**
 * Named bytes in and out. A transport knows a directory or a server; it does not know partners, documents or the database.
 */

/** A file that a listing shows. `id` tells apart two files that had the same name, where the transport can (an inode number). */
export type Entry = {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970, as coarse as the transport gives it. */
  readonly modifiedAt: number;
  readonly id: string;
};

/** What a staged upload is known by until it has its final name. */
export type Staged = { readonly temporaryName: string; readonly finalName: string; readonly size: number };

/** How a delivery stands when it is looked at after a crash or a lost answer. */
export type Witness = 'delivered' | 'not-delivered' | 'name-collision';

export type Transport = {
  /** Regular files that are not temporary names and not links, in no particular order. At most `limit` entries. */
  readonly list: (limit: number) => Promise<readonly Entry[]>;
  /** The bytes of a listed file in chunks. @throws WharfError FILE_UNREADABLE when it changed, vanished or is no regular file. */
  readonly read: (entry: Entry) => AsyncIterable<Uint8Array>;
  /** Takes the file away after its bytes are stored: deleted, or moved to the given folder beside it. No such file is success. */
  readonly dispose: (entry: Entry, moveTo: string | undefined) => Promise<void>;
  /** Writes bytes under a temporary name and syncs them; `attempt` makes the temporary name unique. */
  readonly stage: (finalName: string, bytes: Uint8Array, attempt: string) => Promise<Staged>;
  /** Gives a staged file its final name without replacing another. @throws WharfError NAME_COLLISION, DELIVERY_FAILED. */
  readonly publish: (staged: Staged) => Promise<void>;
  /** What became of a staged file whose publishing was not heard of. `sha256` is that of the bytes staged. */
  readonly witness: (staged: Staged, sha256: string) => Promise<Witness>;
  /** Calls back when something may have arrived; only a hint. Returns the way to stop. */
  readonly watch?: (wake: () => void) => () => void;
  readonly close: () => Promise<void>;
};
