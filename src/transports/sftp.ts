import { randomBytes } from 'node:crypto';
import type { ErrorCode } from '../errors.ts';
import { globTest, refusalsOnce, stagedName, temporaryNames } from './names.ts';
import { type DeliveryRules, publish, stage, sweep, witness } from './sftp/delivery.ts';
import { publishDirect, stageDirect, witnessDirect } from './sftp/direct.ts';
import { meaningOf } from './sftp/errors.ts';
import { makeLink } from './sftp/link.ts';
import { listDirectory, type ListingRules } from './sftp/listing.ts';
import { type SftpOptions, usualPatience } from './sftp/options.ts';
import { probeDirectory } from './sftp/probe.ts';
import { remove } from './sftp/requests.ts';
import type { Session } from './sftp/session.ts';
import { disposeOf, restore } from './sftp/taking.ts';
import { download } from './sftp/transfer.ts';
import type { Transport } from './transport.ts';

export type { Login, SftpOptions } from './sftp/options.ts';

/**
 * A transport on a directory of an SFTP server, over one connection that is made when it is first needed and again after it was lost.
 * Besides the errors of the seam each call may fail with one of the connection: SFTP_UNREACHABLE, SFTP_HOST_KEY, SFTP_LOGIN, SFTP_KEY,
 * SFTP_ALGORITHMS, SFTP_TIMEOUT, SFTP_LOST, SFTP_PROTOCOL. Several calls may be under way at once.
 */
export function openSftp(options: SftpOptions): Transport {
  const directory = options.directory.replace(/(?<=[^/])\/+$/u, '');
  const folder = { directory, token: randomBytes(4).toString('hex') };
  const direct = options.rename === 'none' ? { directory, sentinel: options.sentinel } : undefined;
  const rules: DeliveryRules = { directory, rename: options.rename === 'posix' ? 'posix' : 'normal', verify: options.verify ?? 'size' };
  const listing: ListingRules = {
    wanted: globTest(options.pattern ?? ['*']),
    hasPattern: options.pattern !== undefined,
    temporary: globTest([...temporaryNames, ...(options.temporary ?? [])]),
    maxBytes: options.maxBytes,
    refusals: refusalsOnce(options.refused),
    restore: (session, claim) => restore(session, folder, claim),
  };
  const link = makeLink({
    connect: async (given) => {
      // Loaded when it is used: a daemon that has only folders should not start later for it.
      const { connect } = await import('./sftp/connect.ts');
      const { session, login } = await connect(options, given);
      options.connected?.({ login });
      return session;
    },
    patience: options.patience ?? usualPatience,
    now: () => performance.now(),
    random: Math.random,
  });
  const ask = async <T>(code: ErrorCode, name: string, what: string, work: (session: Session) => Promise<T>): Promise<T> => {
    const session = await link.session();
    return work(session).catch((error: unknown) => {
      throw meaningOf(error, code, `"${name}" ${what}`, name);
    });
  };
  return {
    list: (limit, known) => ask('SFTP_REFUSED', directory, 'could not be listed', (session) => listDirectory(session, directory, listing, { limit, known })),
    async *read(entry) {
      const session = await link.session();
      try {
        yield* download(session, `${directory}/${entry.name}`, entry);
      } catch (error) {
        throw meaningOf(error, 'FILE_UNREADABLE', `"${entry.name}" could not be read`, entry.name);
      }
    },
    dispose: (entry, moveTo) =>
      ask('SFTP_REFUSED', entry.name, 'was taken in but could not be taken away', (session) => disposeOf(session, folder, entry, moveTo)),
    async stage(finalName, bytes, attempt) {
      stagedName(finalName, attempt);
      return ask('DELIVERY_FAILED', finalName, 'could not be written', (session) =>
        direct ? stageDirect(session, direct, finalName, bytes) : stage(session, rules, { finalName, bytes, attempt }),
      );
    },
    publish: (staged) =>
      ask('DELIVERY_FAILED', staged.finalName, 'could not be put in place', (session) =>
        direct ? publishDirect(session, direct, staged) : publish(session, rules, staged),
      ),
    witness: (staged, sha256) =>
      ask('DELIVERY_FAILED', staged.finalName, 'could not be found', (session) =>
        direct ? witnessDirect(session, direct, staged, sha256) : witness(session, rules, staged, sha256),
      ),
    unstage: (staged) =>
      ask('DELIVERY_FAILED', staged.finalName, 'could not be withdrawn', (session) => remove(session, `${directory}/${staged.temporaryName}`)),
    sweep: (before) => ask('SFTP_REFUSED', directory, 'could not be swept', (session) => sweep(session, directory, before)),
    probe: () => ask('SFTP_REFUSED', directory, 'could not be probed', (session) => probeDirectory(session, directory, folder.token)),
    restsFor: () => link.restsFor(),
    close: () => link.close(),
  };
}
