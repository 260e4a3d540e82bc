import { dirname } from 'node:path';
import type { Partner } from '../../config/types.ts';
import { cameBetween, lastFileOf, parkedTroubles, type Trouble, unacknowledged, waitingSince } from '../../store/alert-facts.ts';
import type { Condition } from '../../store/alerts.ts';
import { readSwitch, sendingOff } from '../../store/switches.ts';
import type { Tx } from '../../store/transaction.ts';
import { failureOf } from '../channel-health.ts';
import type { PipelineContext } from '../context.ts';
import { roomOn, showBytes } from '../disk.ts';
import { intakeStop } from '../receive/intake.ts';
import { turnOf } from '../schedule.ts';
import { findGaps } from './gaps.ts';
import { ledgerConditions } from './ledger.ts';
import { stockConditions } from './stock.ts';
import { keyTroubles } from './keys.ts';

/** Every kind of alert; each has its page, docs/runbooks/<kind>.md. */
export const alertKinds = [
  'parked',
  'overdue',
  'rejected',
  'backlog',
  'silence',
  'channel',
  'login',
  'host-key',
  'disk',
  'intake',
  'sending-off',
  'control-gap',
  'oversold',
  'reorder',
  'stock-feed',
  'drift',
  'balance',
  'key-expiry',
  'backup',
] as const;
export type AlertKind = (typeof alertKinds)[number];
type Found = Condition & { readonly kind: AlertKind };

const WEEK = 7 * 86_400_000;
const BACKUP_AFTER = 25 * 3_600_000;
/** Weeks that are looked back on for what is usual, and in how many of them it must have been so. */
const WEEKS = { looked: 4, enough: 3 };

/** All that needs a person now. It is found anew each time, from the database and what the channels did last: nothing is forgotten by a restart. */
export async function findConditions(context: PipelineContext): Promise<readonly Found[]> {
  const { db, now: clock } = context;
  const now = clock();
  const config = context.config();
  const stuckAfter = config.alerts.stuckAfter;
  const resting = await restingChannels(context);
  const found = await db.read(async (tx) => ({
    parked: await parkedTroubles(tx),
    overdue: await unacknowledged(tx, 'overdue'),
    rejected: await unacknowledged(tx, 'rejected'),
    waiting: await waitingSince(tx, now - stuckAfter, resting),
    off: await sendingOff(tx),
    backup: await readSwitch(tx, 'backup'),
    stock: await stockConditions(tx, config, now),
    silent: await silentPartners(tx, [...config.partners.values()], now, config.alerts.quietFor),
  }));
  const stop = await intakeStop(config, db);
  const waiting = found.waiting.filter(({ what }) => what !== 'outbox' || !found.off);
  return [
    ...grouped('parked', found.parked, ({ partner, reason }) => `${partner} ${reason}`, 'parked'),
    ...grouped('overdue', found.overdue, ({ partner }) => partner, 'not acknowledged in time'),
    ...grouped('rejected', found.rejected, ({ partner }) => partner, 'rejected by the partner'),
    ...grouped('backlog', waiting, ({ partner }) => partner, `waiting for more than ${Math.round(stuckAfter / 60_000)} minutes`),
    ...found.silent,
    ...found.stock,
    ...channelConditions(context, now),
    ...(await diskConditions(context)),
    ...(stop === undefined ? [] : [{ kind: 'intake' as const, subject: 'intake', detail: `nothing is taken in: ${stop}`, atOnce: true as const }]),
    ...(found.off ? [{ kind: 'sending-off' as const, subject: 'sending', detail: `nothing is sent: ${found.off.value}`, atOnce: true as const }] : []),
    ...(await ledgerConditions(context)),
    ...(await findGaps(db)).map((gap) => ({ kind: 'control-gap' as const, ...gap, atOnce: true as const })),
    ...(await keyTroubles(context.channels().values(), now)).map((trouble) => ({ kind: 'key-expiry' as const, ...trouble })),
    ...oldBackup(found.backup?.at, now),
  ];
}

/** Channels whose turn to send has not come: they are held back, closed, or wait for a moment of their schedule. */
async function restingChannels(context: PipelineContext): Promise<ReadonlySet<string>> {
  const resting = new Set<string>();
  for (const channel of context.channels().values()) {
    if (channel.channel.direction === 'out' && (await turnOf(context, channel)) !== 'now') resting.add(channel.key);
  }
  return resting;
}

/** A backup is made every night, with an hour to spare. Where none was ever made, somebody else looks after that, or nobody wants one. */
function oldBackup(at: number | undefined, now: number): readonly Found[] {
  if (at === undefined || now - at < BACKUP_AFTER) return [];
  return [{ kind: 'backup', subject: 'database', detail: `the last backup was made ${Math.floor((now - at) / 3_600_000)} hours ago` }];
}

/** One condition a group, however many rows: a mapping that fails for a thousand files is one alert. */
function grouped(kind: AlertKind, troubles: readonly Trouble[], subjectOf: (trouble: Trouble) => string, how: string): readonly Found[] {
  return [...Map.groupBy(troubles, subjectOf)].map(([subject, list]) => ({
    kind,
    subject: subject.slice(0, 200),
    detail: list.map(({ what, count, first }) => `${count} ${NAMES[what]}${count === 1 ? '' : 's'} ${how}, first ${what}:${first}`).join('; '),
  }));
}

const NAMES = { file: 'file', document: 'document', outbox: 'outgoing document' } as const;

/**
 * Partners that are quiet although they are not used to be: since their last file a time has passed in which a file came in at least three of the last
 * four weeks. So a partner that sends on weekdays is not missed on Sunday, and one that is new is not missed at all.
 */
async function silentPartners(tx: Tx, partners: readonly Partner[], now: number, quietFor: number): Promise<readonly Found[]> {
  const silent: Found[] = [];
  for (const { id, channels } of partners) {
    if (!channels.some(({ direction }) => direction === 'in')) continue;
    const last = await lastFileOf(tx, id);
    if (last === undefined || now - last < quietFor || now - last > WEEKS.looked * WEEK) continue;
    let busy = 0;
    for (let week = 1; week <= WEEKS.looked; week += 1) if (await cameBetween(tx, id, last - week * WEEK, now - week * WEEK)) busy += 1;
    if (busy < WEEKS.enough) continue;
    const hours = Math.floor((now - last) / 3_600_000);
    silent.push({
      kind: 'silence',
      subject: id,
      detail: `no file for ${hours} hours; at this time of the week one came in ${busy} of the last ${WEEKS.looked} weeks`,
    });
  }
  return silent;
}

/** A refused login or an unknown host key is told at once: trying on may lock the account. */
function channelConditions(context: PipelineContext, now: number): readonly Found[] {
  return [...context.channels().values()].flatMap((channel): readonly Found[] => {
    const failure = failureOf(channel);
    if (!failure) return [];
    const detail = `${failure.code}, ${failure.count} times since ${new Date(failure.since).toISOString().slice(0, 16)}Z`;
    const at = { subject: channel.key, detail };
    if (failure.code === 'SFTP_HOST_KEY') return [{ kind: 'host-key', ...at, atOnce: true }];
    if (failure.code === 'SFTP_LOGIN') return [{ kind: 'login', ...at, atOnce: true }];
    return now - failure.since < context.config().alerts.stuckAfter ? [] : [{ kind: 'channel', ...at }];
  });
}

async function diskConditions(context: PipelineContext): Promise<readonly Found[]> {
  const { database, limits } = context.config();
  if (database.type !== 'sqlite') return [];
  const room = await roomOn(dirname(database.file));
  if (!room || (room.free >= limits.freeDisk * 2 && (room.inodes ?? Infinity) >= 10_000)) return [];
  return [{ kind: 'disk', subject: 'database', detail: `${showBytes(room.free)} are free; below ${showBytes(limits.freeDisk)} nothing is taken in` }];
}
