import { appendAudit } from './audit.ts';
import type { Database, Row, Tx } from './transaction.ts';

/** A person's act: who does what on what, why, and when (milliseconds since 1970). */
export type Act = {
  readonly who: string;
  /** The command: `resend`, `stock import`. */
  readonly act: string;
  /** `outbox:7`, or the name of what is imported. */
  readonly target?: string | undefined;
  readonly reason?: string | undefined;
  readonly now: number;
};

/**
 * The same database, on which every transaction that changes something writes a row of the audit with it. Nothing that goes this way can be done
 * without being recorded, and nothing is recorded that was taken back.
 */
export function audited(db: Database, act: Act): Database {
  return {
    ...db,
    transaction: (work) =>
      db.transaction(async (tx) => {
        const before = await stateOf(tx, act.target);
        const watched = watch(tx);
        const result = await work(watched.tx);
        const { changed, said } = watched;
        if (Object.keys(changed).length > 0) {
          const after = { ...(await stateOf(tx, act.target)), changed, ...(said.length > 0 ? { said } : {}) };
          await appendAudit(tx, {
            at: act.now,
            who: act.who.slice(0, 120),
            act: act.act,
            target: act.target?.slice(0, 200),
            reason: act.reason?.slice(0, 400),
            before: before && JSON.stringify(before),
            after: JSON.stringify(after),
          });
        }
        return result;
      }),
  };
}

/** Sentences of the timeline kept with one act. */
const MOST_SAID = 20;

function watch(tx: Tx): { readonly tx: Tx; readonly changed: Record<string, number>; readonly said: string[] } {
  const changed: Record<string, number> = {};
  const said: string[] = [];
  const count = (table: string, rows: number): void => {
    if (rows > 0) changed[table] = (changed[table] ?? 0) + rows;
  };
  const watched: Tx = {
    ...tx,
    run: async (sql, values) => {
      const rows = await tx.run(sql, values);
      count(/\{(\w+)\}/.exec(sql)?.[1] ?? 'database', rows);
      return rows;
    },
    insert: async (table, row) => {
      const id = await tx.insert(table, row);
      count(table, 1);
      return id;
    },
    insertMany: async (table, rows) => {
      await tx.insertMany(table, rows);
      count(table, rows.length);
    },
    append: (table, row) => {
      tx.append(table, row);
      count(table, 1);
      if (table === 'activity' && said.length < MOST_SAID) said.push(String(row['text']));
    },
  };
  return { tx: watched, changed, said };
}

/** What an act is about, as it stands: the columns that say how a row is doing, never what a partner wrote. */
const states: Readonly<Record<string, string>> = {
  file: 'select status, reason from {inbound_file} where id = ?',
  document: 'select status, reason, mapping_hash, content_hash from {document} where id = ?',
  outbox: 'select status, reason, waived_by, sha256 from {outbox} where id = ?',
  order: `select o.lifecycle, o.version, (select count(*) from {order_hold} h where h.order_id = o.id and h.resolved_at is null) as holds from {sales_order} o where o.id = ?`,
  hold: 'select code, resolved_at, resolution from {order_hold} where id = ?',
  alert: 'select kind, acknowledged_by, snoozed_until, closed_at from {alert} where id = ?',
};

async function stateOf(tx: Tx, target: string | undefined): Promise<Row | undefined> {
  const match = /^(\w+):(\d{1,15})$/.exec(target ?? '');
  const sql = match && Object.hasOwn(states, match[1]!) ? states[match[1]!] : undefined;
  return sql === undefined ? undefined : tx.one(sql, [Number(match![2])]);
}
