import type { SFTPWrapper } from 'ssh2';
import { WharfError } from '../../errors.ts';

/** A connection that is logged in. */
export type Session = {
  readonly isAlive: () => boolean;
  /**
   * One request. `start` sends it and hands `done` to the library. Settles always: with the answer, with the server's refusal as it came,
   * or with SFTP_TIMEOUT or SFTP_LOST, after which the session is dead.
   */
  readonly ask: <T>(what: string, start: (sftp: SFTPWrapper, done: Done<T>) => void) => Promise<T>;
  /** Ends it for good; everything still asked rejects with the reason. */
  readonly destroy: (reason: WharfError) => void;
  /** Says goodbye and resolves when the connection is closed. */
  readonly end: () => Promise<void>;
};

type Done<T> = (error: Error | null | undefined, answer: T) => void;

type Connection = {
  readonly sftp: SFTPWrapper;
  readonly operationMs: number;
  /** Closes the connection without waiting for anybody. */
  readonly cut: () => void;
  /** Holds back packets until the end of this turn, so that requests made together leave in one write. */
  readonly gather: () => void;
  /** Asks the server to close it. */
  readonly bid: () => void;
};

/** A request that is not settled yet. */
type Asked = { readonly what: string; readonly fail: (reason: WharfError) => void };

/**
 * The library neither limits how long an answer may take nor settles every request when a connection ends: so each request is kept here
 * until it is settled, by whatever comes first. The clock runs for the one that was asked first: over a slow line the others wait behind it.
 */
export function makeSession(connection: Connection): Session & { readonly closed: () => void } {
  const { sftp, operationMs, cut, bid, gather } = connection;
  const open = new Set<Asked>();
  let timer: NodeJS.Timeout | undefined;
  let timed: Asked | undefined;
  let dead: WharfError | undefined;
  let whenClosed: (() => void) | undefined;
  const destroy = (reason: WharfError): void => {
    if (dead !== undefined) return;
    dead = reason;
    clearTimeout(timer);
    for (const { fail } of open) fail(reason);
    open.clear();
    cut();
  };
  const timeOldest = (): void => {
    const oldest = open.values().next().value;
    if (oldest === timed) return;
    timed = oldest;
    clearTimeout(timer);
    if (oldest) timer = setTimeout(() => destroy(new WharfError('SFTP_TIMEOUT', `${oldest.what}: no answer in ${operationMs} ms`)), operationMs);
  };
  return {
    isAlive: () => dead === undefined,
    destroy,
    ask(what, start) {
      if (dead !== undefined) return Promise.reject(dead);
      return new Promise((resolve, reject) => {
        const asked: Asked = { what, fail: reject };
        const settle = (finish: () => void): void => {
          if (!open.delete(asked)) return;
          timeOldest();
          finish();
        };
        open.add(asked);
        timeOldest();
        gather();
        try {
          start(sftp, (error, answer) => {
            // The library's own word for a request that the end of the connection left open.
            if (error?.message === 'No response from server') destroy(new WharfError('SFTP_LOST', `${what}: the connection ended`, { cause: error }));
            else settle(() => (error ? reject(error) : resolve(answer)));
          });
        } catch (error) {
          settle(() => reject(error instanceof Error ? error : new Error(String(error))));
        }
      });
    },
    async end() {
      if (dead !== undefined) return;
      const ended = new Promise<void>((resolve) => (whenClosed = resolve));
      bid();
      // A server that does not answer must not hold up the end of the process.
      const late = setTimeout(() => destroy(new WharfError('SFTP_LOST', 'The connection was closed')), 1000);
      await ended;
      clearTimeout(late);
    },
    closed() {
      destroy(new WharfError('SFTP_LOST', 'The connection ended'));
      whenClosed?.();
    },
  };
}
