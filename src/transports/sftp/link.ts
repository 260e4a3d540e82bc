import { WharfError } from '../../errors.ts';
import type { SftpPatience } from './options.ts';
import type { Session } from './session.ts';

/** Keeps one session to a server and makes a new one when it is needed. */
export type Link = {
  /** The live session. @throws the error of connecting; while the link waits after failures, that error again without any connection. */
  readonly session: () => Promise<Session>;
  /** Milliseconds until the next connection is tried; 0 when that is at once. */
  readonly restsFor: () => number;
  readonly close: () => Promise<void>;
};

export type LinkParts = {
  /** Makes a session; gives up when the signal is aborted. */
  readonly connect: (given: AbortSignal) => Promise<Session>;
  readonly patience: SftpPatience;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
};

type Failures = { count: number; refusedLogins: number; until: number; last: WharfError | undefined };

/**
 * Spaces connections after failures by a random part of a doubling bound, so that many channels do not come back at the same instant, and
 * stops for long after refused logins or an unknown host key. Callers just go on asking: what is not due fails at once.
 */
export function makeLink({ connect, patience, now, random }: LinkParts): Link {
  const failures: Failures = { count: 0, refusedLogins: 0, until: 0, last: undefined };
  let current: Session | undefined;
  let connecting: Promise<Session> | undefined;
  let closed = false;
  const giveUp = new AbortController();

  const attempt = async (): Promise<Session> => {
    try {
      const session = await connect(giveUp.signal);
      Object.assign(failures, { count: 0, refusedLogins: 0, last: undefined });
      if (closed) {
        await session.end();
        throw new WharfError('SFTP_LOST', 'The connection was closed');
      }
      current = session;
      return session;
    } catch (error) {
      if (error instanceof WharfError) note(failures, error, { patience, now, random });
      throw error;
    } finally {
      connecting = undefined;
    }
  };

  return {
    session() {
      if (closed) return Promise.reject(new WharfError('SFTP_LOST', 'The connection was closed'));
      if (current?.isAlive() === true) return Promise.resolve(current);
      if (connecting !== undefined) return connecting;
      const wait = failures.until - now();
      if (failures.last !== undefined && wait > 0) {
        const { code, message, value } = failures.last;
        const detail = `${message}; next try in ${Math.ceil(wait / 1000)} s`;
        return Promise.reject(new WharfError(code, detail, { cause: failures.last, ...(value === undefined ? {} : { value }) }));
      }
      connecting = attempt();
      return connecting;
    },
    restsFor: () => (failures.last === undefined ? 0 : Math.max(0, failures.until - now())),
    async close() {
      closed = true;
      // A server that does not answer must not hold up the end of the process.
      giveUp.abort();
      await connecting?.catch(() => undefined);
      await current?.end();
    },
  };
}

function note(failures: Failures, error: WharfError, { patience, now, random }: Omit<LinkParts, 'connect'>): void {
  failures.count += 1;
  failures.last = error;
  if (error.code === 'SFTP_LOGIN') failures.refusedLogins += 1;
  const pause = error.code === 'SFTP_HOST_KEY' || failures.refusedLogins >= patience.refusedLogins;
  const bound = Math.min(patience.longestMs, patience.firstMs * 2 ** (failures.count - 1));
  failures.until = now() + (pause ? patience.pauseMs : random() * bound);
}
