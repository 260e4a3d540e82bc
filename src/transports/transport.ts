/**
 * Named bytes in and out. A transport knows a directory or a server; it does not know partners, documents or the database.
 */

import type { ErrorCode } from '../errors.ts';

/** A file that a listing shows. `id` tells apart two files that had the same name, where the transport can (inode and time). */
export type Entry = {
  readonly name: string;
  readonly size: number;
  /** Whole milliseconds since 1970, as coarse as the transport gives it. */
  readonly modifiedAt: number;
  readonly id: string;
};

/** Something in the folder that will never be taken, and why: a link, a pipe, a name that cannot be used, a file over the limit. */
export type Refusal = { readonly name: string; readonly code: ErrorCode; readonly detail: string };

/** What a staged upload is known by until it has its final name. */
export type Staged = { readonly temporaryName: string; readonly finalName: string; readonly size: number };

/** How a delivery stands when it is looked at after a crash or a lost answer. */
export type Witness = 'delivered' | 'not-delivered' | 'name-collision';

/** What a folder or server was found to be able to do. `weaknesses` are sentences for the operator; none means as strong as it gets. */
export type Capabilities = {
  readonly write: boolean;
  readonly exclusiveCreate: boolean;
  /** A rename that refuses to replace. */
  readonly rename: boolean;
  /** A rename that replaces in one step. */
  readonly replace: boolean;
  readonly sync: boolean;
  readonly weaknesses: readonly string[];
};

export type Transport = {
  /**
   * Regular files that are not temporary names and not links, in no particular order. At most `limit` entries;
   * those that `known` answers for are left out and do not count, so that files which stay cannot hide new ones.
   */
  readonly list: (limit: number, known?: (entry: Entry) => boolean) => Promise<readonly Entry[]>;
  /** The bytes of a listed file in chunks. @throws WharfError FILE_UNREADABLE when it changed, vanished or is no regular file. */
  readonly read: (entry: Entry) => AsyncIterable<Uint8Array>;
  /**
   * Takes the file away after its bytes are stored: deleted, or moved to the given folder (relative to this one) under a free name.
   * True when this call took away this very file. False when it was not there: somebody else took it, it changed, or another has its name (which is left
   * where it is); it may still come back, when another process had it in hand.
   */
  readonly dispose: (entry: Entry, moveTo: string | undefined) => Promise<boolean>;
  /** Waits until what was taken away stays away when the power fails. Without it that is the server's affair. */
  readonly syncRemovals?: () => Promise<void>;
  /** Writes bytes under a temporary name and syncs them; `attempt` makes the temporary name unique. @throws WharfError DELIVERY_FAILED. */
  readonly stage: (finalName: string, bytes: Uint8Array, attempt: string) => Promise<Staged>;
  /**
   * Gives a staged file its final name without replacing another. @throws WharfError NAME_COLLISION, DELIVERY_FAILED; DELIVERY_SWEPT when it was gone
   * before anything was tried: this call has not given it its name.
   */
  readonly publish: (staged: Staged) => Promise<void>;
  /**
   * What became of a staged file whose publishing was not heard of. `sha256` (hex) is that of the bytes staged.
   * `not-delivered`: it still has its temporary name; publish it again.
   */
  readonly witness: (staged: Staged, sha256: string) => Promise<Witness>;
  /** Takes a staged file away so that nobody can publish it any more. True when it was still there: then it was not delivered. */
  readonly unstage: (staged: Staged) => Promise<boolean>;
  /** Removes temporary files of ours last written before `before` (milliseconds since 1970). Returns how many. */
  readonly sweep: (before: number) => Promise<number>;
  /** Tries, with files of its own, what the folder or server can do. Leaves nothing behind. */
  readonly probe: () => Promise<Capabilities>;
  /** Calls back when something may have arrived; only a hint. Returns the way to stop. */
  readonly watch?: (wake: () => void) => () => void;
  /** Milliseconds for which nothing is tried after failures; 0 when the next call is tried at once. */
  readonly restsFor?: () => number;
  readonly close: () => Promise<void>;
};
