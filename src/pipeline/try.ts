import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/types.ts';
import { makeLog } from '../log.ts';
import { copyMasterData, copyOrder, orderNamed } from '../store/copy.ts';
import { openDatabase } from '../store/database.ts';
import { insertFile } from '../store/files.ts';
import { migrate } from '../store/migrate.ts';
import { packPayload } from '../store/payload.ts';
import type { Trace } from '../store/trace.ts';
import { trace } from '../store/trace.ts';
import type { Database } from '../store/transaction.ts';
import { allocate } from './allocate.ts';
import { apply } from './apply.ts';
import type { PipelineContext, Step } from './context.ts';
import { channelKey } from './context.ts';
import { render } from './render.ts';
import { makeTranslate } from './translate.ts';
import { whoseFile } from './whose-file.ts';

export type TryOptions = {
  readonly config: Config;
  /** The file's name, which may decide which mapping it gets. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whose file it is, where its content does not tell. */
  readonly partner: string | undefined;
  /** The gateway's database, which is only read; without it no item and no order is known. */
  readonly real: Database | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** A file after the real steps have run on it in a database of its own, open for as long as `work` looks at it. */
export type Trial = { readonly db: Database; readonly fileId: number; readonly found: Trace };

/**
 * Runs the real steps on one file as if it had just come in, in a private database that is thrown away: nothing is received, sent or remembered.
 * @throws WharfError NOT_FOUND, CHANNEL_MISSING or USAGE when it is not known whose file it is.
 */
export async function tryFile<T>(options: TryOptions, work: (trial: Trial) => Promise<T>): Promise<T> {
  const { partner, channel } = whoseFile(options.config, options);
  const directory = await mkdtemp(join(tmpdir(), 'wharf-try-'));
  const db = await openDatabase({ type: 'sqlite', file: join(directory, 'try.db') });
  try {
    await migrate(db, options.now);
    if (options.real) await copyMasterData(options.real, db);
    const fileId = await insertOne(db, options, partner.id, channelKey(partner.id, channel.name));
    const context = contextOf(options, db);
    const translate = makeTranslate();
    await untilIdle(context, [translate]);
    if (options.real) await copyKnownOrders(options.real, db, fileId);
    await untilIdle(context, [apply, allocate, render]);
    return await work({ db, fileId, found: await db.read((tx) => trace(tx, `file:${fileId}`)) });
  } finally {
    await db.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function insertOne(db: Database, { name, bytes, now }: TryOptions, partner: string, channel: string): Promise<number> {
  const file = { partner, channel, name, size: bytes.length, modifiedAt: now, sourceId: '', receivedAt: now };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return db.transaction((tx) => insertFile(tx, file, sha256, packPayload(bytes)));
}

/** A context without channels: whatever the steps do, nothing can leave. */
function contextOf({ config, now }: TryOptions, db: Database): PipelineContext {
  return {
    db,
    config: () => config,
    now: () => now,
    owner: 'try',
    log: makeLog('silent', () => undefined),
    wake: () => undefined,
    stopping: () => false,
    channels: () => new Map(),
  };
}

async function untilIdle(context: PipelineContext, steps: readonly Step[]): Promise<void> {
  for (let busy = true; busy;) {
    busy = false;
    for (const step of steps) {
      if ((await step.run(context)) > 0) busy = true;
      await step.settle?.();
    }
  }
}

/** Brings along the orders that the file's documents speak of, so that they meet what they would meet. */
async function copyKnownOrders(real: Database, db: Database, fileId: number): Promise<void> {
  const { documents } = await db.read((tx) => trace(tx, `file:${fileId}`));
  const ids = new Set<number>();
  for (const { partner, businessKey } of documents) {
    const id = businessKey === undefined ? undefined : await real.read((tx) => orderNamed(tx, partner, businessKey));
    if (id !== undefined) ids.add(id);
  }
  for (const id of ids) await copyOrder(real, db, id);
}
