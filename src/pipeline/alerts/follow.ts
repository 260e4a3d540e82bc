import type { Alert, Condition } from '../../store/alerts.ts';
import { closeAlert, insertNotices, isNoticed, openAlert, openAlerts, seeAlert, snoozeAlert } from '../../store/alerts.ts';
import type { Tx } from '../../store/transaction.ts';

export type FollowOptions = {
  readonly now: number;
  /** Milliseconds: what is over sooner is not told. */
  readonly settle: number;
  readonly destinations: readonly string[];
};

/**
 * Brings the alerts in line with what was found: opens, keeps, closes, and notes what is to be told to whom. One that comes and goes within `settle`
 * is never told; one that flickers stays one alert. Gives how many are open.
 */
export async function followConditions(tx: Tx, conditions: readonly Condition[], options: FollowOptions): Promise<number> {
  const { now, settle, destinations } = options;
  const known = new Map((await openAlerts(tx)).map((alert) => [keyOf(alert), alert]));
  for (const condition of conditions) {
    const before = known.get(keyOf(condition));
    known.delete(keyOf(condition));
    if (before) await seeAlert(tx, before.id, condition.detail, now);
    const alert = before ?? (await openAlert(tx, condition, now));
    const lasts = condition.atOnce === true || now - alert.openedAt >= settle;
    if (lasts) await tellOf(tx, alert, { now, destinations });
  }
  let flickering = 0;
  for (const alert of known.values()) {
    if (now - alert.seenAt < settle) flickering += 1;
    else {
      await closeAlert(tx, alert.id, now);
      if (await isNoticed(tx, alert.id, 'opened')) await insertNotices(tx, alert.id, 'closed', destinations, now);
    }
  }
  return conditions.length + flickering;
}

async function tellOf(tx: Tx, alert: Alert, { now, destinations }: { readonly now: number; readonly destinations: readonly string[] }): Promise<void> {
  if (alert.acknowledgedBy !== undefined || alert.snoozedUntil > now) return;
  if (!(await isNoticed(tx, alert.id, 'opened'))) return insertNotices(tx, alert.id, 'opened', destinations, now);
  if (alert.snoozedUntil === 0) return;
  await snoozeAlert(tx, alert.id, 0);
  await insertNotices(tx, alert.id, 'again', destinations, now);
}

function keyOf({ kind, subject }: { readonly kind: string; readonly subject: string }): string {
  return `${kind}\n${subject}`;
}
