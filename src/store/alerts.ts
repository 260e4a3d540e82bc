import type { Row, Tx } from './transaction.ts';

/** Something that needs a person, as it is found: the same kind and subject is the same alert for as long as it lasts. */
export type Condition = {
  /** Names its page in docs/runbooks: `parked`. */
  readonly kind: string;
  /** `acme FILE_TRUNCATED`: at most 200 characters. */
  readonly subject: string;
  /** Counts and ids, never what a partner wrote. */
  readonly detail: string;
  /** It is told without waiting whether it lasts. */
  readonly atOnce?: true;
};

export type Alert = {
  readonly id: number;
  readonly kind: string;
  readonly subject: string;
  readonly detail: string;
  /** Instants are milliseconds since 1970. */
  readonly openedAt: number;
  readonly seenAt: number;
  readonly closedAt: number | undefined;
  readonly acknowledgedBy: string | undefined;
  readonly snoozedUntil: number;
};

/** What is told of an alert: that it is there, still there after its snooze, or over. */
export type NoticeEvent = 'opened' | 'again' | 'closed';
export type Notice = { readonly id: number; readonly event: NoticeEvent; readonly attempts: number; readonly alert: Alert };

export async function openAlerts(tx: Tx): Promise<readonly Alert[]> {
  return (await tx.many('select * from {alert} where closed_at is null order by opened_at, id')).map(toAlert);
}

async function readAlert(tx: Tx, id: number): Promise<Alert | undefined> {
  const row = await tx.one('select * from {alert} where id = ?', [id]);
  return row && toAlert(row);
}

export async function openAlert(tx: Tx, { kind, subject, detail }: Condition, now: number): Promise<Alert> {
  const id = await tx.insert('alert', { kind, subject, detail, opened_at: now, seen_at: now });
  return (await readAlert(tx, id))!;
}

/** Notes that an alert is still there. */
export async function seeAlert(tx: Tx, id: number, detail: string, now: number): Promise<void> {
  await tx.run('update {alert} set seen_at = ?, detail = ? where id = ?', [now, detail, id]);
}

export async function closeAlert(tx: Tx, id: number, now: number): Promise<void> {
  await tx.run('update {alert} set closed_at = ? where id = ? and closed_at is null', [now, id]);
}

/** Somebody looks after it: nothing more is told but its end. False when it is over or taken already. */
export async function acknowledgeAlert(tx: Tx, id: number, who: string, now: number): Promise<boolean> {
  const sql = 'update {alert} set acknowledged_at = ?, acknowledged_by = ?, snoozed_until = 0 where id = ? and closed_at is null and acknowledged_at is null';
  return (await tx.run(sql, [now, who, id])) === 1;
}

/** Nothing is told of it until then; 0 ends the snooze. */
export async function snoozeAlert(tx: Tx, id: number, until: number): Promise<boolean> {
  return (await tx.run('update {alert} set snoozed_until = ? where id = ? and closed_at is null', [until, id])) === 1;
}

/** Whether an event of an alert is noted for anybody already. */
export async function isNoticed(tx: Tx, alertId: number, event: NoticeEvent): Promise<boolean> {
  return (await tx.one(`select 1 as there from {notice} where alert_id = ? and event = ?`, [alertId, event])) !== undefined;
}

/** Has an event told to every destination. */
export async function insertNotices(tx: Tx, alertId: number, event: NoticeEvent, destinations: readonly string[], now: number): Promise<void> {
  if (destinations.length === 0) return;
  await tx.insertMany(
    'notice',
    destinations.map((destination) => ({ alert_id: alertId, destination, event, due_at: now })),
  );
}

/** What is due to be told to a destination, the oldest first. */
export async function dueNotices(tx: Tx, destination: string, now: number, most: number): Promise<readonly Notice[]> {
  const rows = await tx.many(
    `select n.id as notice_id, n.event, n.attempts, a.* from {notice} n join {alert} a on a.id = n.alert_id
      where n.sent_at is null and n.given_up_at is null and n.destination = ? and n.due_at <= ? order by n.id ${tx.limit(most)}`,
    [destination, now],
  );
  return rows.map((row) => ({ id: Number(row['notice_id']), event: row['event'] as NoticeEvent, attempts: Number(row['attempts']), alert: toAlert(row) }));
}

export async function markNoticed(tx: Tx, ids: readonly number[], now: number): Promise<void> {
  for (const id of ids) await tx.run('update {notice} set sent_at = ?, attempts = attempts + 1, error = null where id = ?', [now, id]);
}

/** Tries again at `dueAt`, or gives up where there is none. */
export async function delayNotices(
  tx: Tx,
  ids: readonly number[],
  why: { readonly error: string; readonly dueAt: number | undefined; readonly now: number },
): Promise<void> {
  for (const id of ids) {
    await tx.run('update {notice} set attempts = attempts + 1, error = ?, due_at = ?, given_up_at = ? where id = ?', [
      why.error.slice(0, 500),
      why.dueAt ?? why.now,
      why.dueAt === undefined ? why.now : null,
      id,
    ]);
  }
}

function toAlert(row: Row): Alert {
  return {
    id: Number(row['id']),
    kind: String(row['kind']),
    subject: String(row['subject']),
    detail: String(row['detail']),
    openedAt: Number(row['opened_at']),
    seenAt: Number(row['seen_at']),
    closedAt: row['closed_at'] === null ? undefined : Number(row['closed_at']),
    acknowledgedBy: (row['acknowledged_by'] as string | null) ?? undefined,
    snoozedUntil: Number(row['snoozed_until']),
  };
}
