import type { AlertSettings } from '../config/types.ts';
import { delayNotices, dueNotices, markNoticed, type Notice } from '../store/alerts.ts';
import { takeLease } from '../store/leases.ts';
import { followConditions } from './alerts/follow.ts';
import { messageOf } from './alerts/message.ts';
import { findConditions } from './alerts/rules.ts';
import type { PipelineContext } from './context.ts';
import { doubled } from './pause.ts';

/** Notices that go into one message at most. */
const MOST = 100;
/** Tries of a notice, and the pauses between them: 10 s at first, doubled up to an hour. After about two days it is given up, and still in `wharf alerts`. */
const TRIES = { most: 50, first: 10_000, longest: 3_600_000 };

/** A timer with more than this (milliseconds) would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

type Destination = 'webhook' | 'email';

/** Looks for what needs a person at regular intervals, and tells it. Gives the way to stop. */
export function watchAlerts(context: PipelineContext): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  let stopped = false;
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(
      () => {
        turn = lookForAlerts(context)
          .catch((error: unknown) => context.log.error('alerts could not be looked for', { error }))
          .then(schedule);
      },
      Math.min(context.config().alerts.interval, LONGEST_TIMER),
    );
  };
  schedule();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await turn;
  };
}

/** One look: finds, opens and closes alerts in one transaction, then tells what is due. Where several daemons share a database, one of them does it. */
export async function lookForAlerts(context: PipelineContext): Promise<void> {
  const { db, owner } = context;
  const { alerts } = context.config();
  const now = context.now();
  const conditions = await findConditions(context);
  const destinations = destinationsOf(alerts);
  const open = await db.transaction(async (tx) => {
    // One daemon has an embedded database for itself, and need not wait for what the one before it held.
    if (db.engine === 'mssql' && !(await takeLease(tx, 'alerts', owner, now, alerts.interval * 3))) return undefined;
    return followConditions(tx, conditions, { now, settle: alerts.settle, destinations });
  });
  if (open === undefined) return;
  if (open > 0) context.log.debug('alerts are open', { count: open });
  await Promise.all(destinations.map((destination) => tell(context, destination)));
}

function destinationsOf({ webhook, email }: AlertSettings): readonly Destination[] {
  return [...(webhook ? (['webhook'] as const) : []), ...(email ? (['email'] as const) : [])];
}

/** A notice is marked after it was taken: told twice after a crash in between, never lost. */
async function tell(context: PipelineContext, destination: Destination): Promise<void> {
  const now = context.now();
  const notices = await context.db.read((tx) => dueNotices(tx, destination, now, MOST));
  if (notices.length === 0) return;
  const ids = notices.map(({ id }) => id);
  try {
    await send(context, destination, notices, now);
    await context.db.transaction((tx) => markNoticed(tx, ids, now));
  } catch (error) {
    context.log.error('alerts could not be told', { error, count: ids.length });
    const attempts = Math.max(...notices.map((notice) => notice.attempts));
    const dueAt = attempts + 1 >= TRIES.most ? undefined : now + doubled(TRIES, attempts);
    await context.db.transaction((tx) => delayNotices(tx, ids, { error: error instanceof Error ? error.message : String(error), dueAt, now }));
  }
}

async function send(context: PipelineContext, destination: Destination, notices: readonly Notice[], now: number): Promise<void> {
  const { alerts } = context.config();
  const message = messageOf(notices, context.config(), now);
  // Each is loaded when it is used: a daemon should not start later for it.
  if (destination === 'webhook' && alerts.webhook) {
    const { postWebhook } = await import('./alerts/webhook.ts');
    await postWebhook(alerts.webhook, message, now);
  }
  if (destination === 'email' && alerts.email) {
    const { sendEmail } = await import('./alerts/email.ts');
    await sendEmail(alerts.email, message);
  }
}
