import type { Refusal } from '../transport.ts';

/** One way to log in. */
export type Login = { readonly password: string } | { readonly privateKey: string; readonly passphrase?: string };

export type SftpDeadlines = {
  /** Longest wait from the first packet to a session that is logged in, in milliseconds. */
  readonly connectMs: number;
  /** Longest wait for the answer to one request, in milliseconds. A transfer of any size is many requests of 32 KiB. */
  readonly operationMs: number;
};

/** How failed connections are spaced, in milliseconds. */
export type SftpPatience = {
  /** Upper bound of the first wait; it doubles with each failure in a row, up to `longestMs`, and the wait is a random part of it. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** After this many refused logins, or one unknown host key, nothing is sent for `pauseMs`, so that the partner does not lock the account. */
  readonly refusedLogins: number;
  readonly pauseMs: number;
};

export const usualDeadlines: SftpDeadlines = { connectMs: 20_000, operationMs: 60_000 };
export const usualPatience: SftpPatience = { firstMs: 5_000, longestMs: 900_000, refusedLogins: 5, pauseMs: 3_600_000 };

/** Where and as whom to connect, and how to know the server. */
export type SftpServer = {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** Tried in order on one connection, so that a key can be changed without a gap. */
  readonly auth: readonly Login[];
  /** Fingerprints (`SHA256:…`, as `ssh-keygen -lf` shows them) of the only host keys that are accepted. */
  readonly hostKeys: readonly string[];
  /** Allows SHA-1, CBC and small groups besides the safe algorithms. */
  readonly legacyAlgorithms?: boolean;
  readonly deadlines?: SftpDeadlines;
};

export type SftpOptions = SftpServer & {
  /** Absolute, or relative to where the login lands. */
  readonly directory: string;
  /** Globs of the names to take in (`*.edi`); letter case is ignored. All names when absent. */
  readonly pattern?: readonly string[];
  /** Globs of names that senders use while they still write, besides the usual ones (`temporaryNames`). */
  readonly temporary?: readonly string[];
  /** Files above this size are refused without being opened. */
  readonly maxBytes: number;
  /** Told of each thing that is never taken, once for as long as it is there. */
  readonly refused?: (refusal: Refusal) => void;
  /**
   * How a staged file gets its name. `normal` (default): a rename that refuses to replace. `posix`: one that replaces, for servers whose
   * normal rename does not work; a look before it is all that guards a file of the same name. `none`: the file is written under its final name, for
   * servers that let nobody rename; with `sentinel`, an empty file of its name plus that ending says that it is whole.
   */
  readonly rename?: 'normal' | 'posix' | 'none';
  readonly sentinel?: string;
  /** How an upload is checked before it is published. `size` (default) asks the server; `hash` reads everything back. */
  readonly verify?: 'size' | 'hash';
  readonly patience?: SftpPatience;
  /** Told of each connection made: which login of `auth` was taken (from 0). */
  readonly connected?: (connection: { readonly login: number }) => void;
};
