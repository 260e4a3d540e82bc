import { createHash, randomUUID } from 'node:crypto';
import type { Config } from '../config/types.ts';
import { makeLog } from '../log.ts';
import { type DatabaseSettings, openDatabase } from '../store/database.ts';
import { insertFile } from '../store/files.ts';
import { releaseLeases } from '../store/leases.ts';
import { migrate } from '../store/migrate.ts';
import { packPayload, readWholePayloads } from '../store/payload.ts';
import type { Database } from '../store/transaction.ts';
import { takeRendered } from '../store/rendering.ts';
import { acknowledgmentDue } from '../pipeline/deliver/acknowledgment-due.ts';
import { allocate } from '../pipeline/allocate.ts';
import { apply } from '../pipeline/apply.ts';
import type { PipelineContext } from '../pipeline/context.ts';
import { channelKey } from '../pipeline/context.ts';
import { render } from '../pipeline/render.ts';
import { makeTranslate } from '../pipeline/translate.ts';
import { withoutPacking } from './packed.ts';

/** A file that would have been sent. */
export type RehearsedFile = { readonly partner: string; readonly name: string; readonly kind: string; readonly bytes: Uint8Array };

/**
 * The four inner steps on a database of their own, with a clock that stands still: what a file would do, without touching any channel.
 * Samples are told by it, and files are tried with it.
 */
export type Rehearsal = {
  readonly db: Database;
  readonly context: PipelineContext;
  /** Puts a file into a partner's inbound channel. */
  readonly give: (partner: string, name: string, bytes: Uint8Array) => Promise<number>;
  /** Runs the steps until nothing is left to do, and gives what would have been sent, in the order in which it was made. */
  readonly run: () => Promise<readonly RehearsedFile[]>;
  readonly close: () => Promise<void>;
};

/** Opens a rehearsal on a database, which is made where it is not there. */
export async function openRehearsal(given: Config, settings: DatabaseSettings, now: () => number): Promise<Rehearsal> {
  const config = withoutPacking(given);
  const db = inTurn(await openDatabase(settings));
  await migrate(db, now());
  const translate = makeTranslate();
  const context: PipelineContext = {
    db,
    config: () => config,
    now,
    owner: `rehearsal:${randomUUID()}`,
    log: makeLog('error', () => undefined),
    wake: () => undefined,
    stopping: () => false,
    mine: () => true,
    channels: () => new Map(),
  };
  return {
    db,
    context,
    give: (partner, name, bytes) => give(context, partner, name, bytes),
    run: async () => {
      for (let busy = true; busy;) {
        busy = false;
        for (const step of [translate, apply, allocate, render]) if ((await step.run(context)) > 0) busy = true;
        await translate.settle?.();
      }
      return collect(context);
    },
    close: async () => {
      // Its clock may stand still, so that its leases would never end.
      if (db.engine === 'mssql') await db.transaction((tx) => releaseLeases(tx, context.owner, ''));
      await db.close();
    },
  };
}

/** Runs transactions one after the other, as the embedded database does: what a file would do is the same every time, numbers included. */
function inTurn(db: Database): Database {
  if (db.engine === 'sqlite') return db;
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...db,
    transaction: (...work) => {
      const turn = last.then(() => db.transaction(...work));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

function give(context: PipelineContext, partner: string, name: string, bytes: Uint8Array): Promise<number> {
  const channel = context
    .config()
    .partners.get(partner)
    ?.channels.find(({ direction }) => direction === 'in');
  const now = context.now();
  const file = { partner, channel: channelKey(partner, channel?.name ?? 'in'), name, size: bytes.length, modifiedAt: now, sourceId: '', receivedAt: now };
  return context.db.transaction((tx) => insertFile(tx, file, createHash('sha256').update(bytes).digest('hex'), packPayload(bytes)));
}

/** What was rendered counts as sent. */
async function collect(context: PipelineContext): Promise<readonly RehearsedFile[]> {
  return context.db.transaction(async (tx) => {
    const now = context.now();
    const rendered = await takeRendered(tx, now, (document) => acknowledgmentDue(context.config(), document, now));
    const bytes = await readWholePayloads(
      tx,
      'outbox',
      rendered.map(({ id }) => id),
    );
    return rendered.map(({ id, partner, kind, fileName }) => ({ partner, name: fileName, kind, bytes: bytes.get(id) ?? new Uint8Array() }));
  });
}
