import { dirname } from 'node:path';
import type { Config } from '../../config/types.ts';
import { backlogOf } from '../../store/alert-facts.ts';
import type { Database } from '../../store/transaction.ts';
import { roomOn, showBytes } from '../disk.ts';

/** How long an answer holds, in milliseconds. */
const HOLDS = 2_000;
type Answer = { readonly until: number; readonly stop: Promise<string | undefined> };
const answers = new WeakMap<Database, Answer>();

/**
 * Why nothing may be taken in now, in words; undefined when it may. Below `limits.freeDisk` or above `limits.backlog` files stay with their partners,
 * where they are safe, and what is here already goes on. It heals by itself.
 */
export async function intakeStop(config: Config, db: Database): Promise<string | undefined> {
  const { database, limits } = config;
  const room = database.type === 'sqlite' ? await roomOn(dirname(database.file)) : undefined;
  if (room && room.free < limits.freeDisk) return `${showBytes(room.free)} are free on the volume of the database, the limit is ${showBytes(limits.freeDisk)}`;
  if (room?.inodes !== undefined && room.inodes < 1000) return `there is room for ${room.inodes} files on the volume of the database`;
  const backlog = await db.read((tx) => backlogOf(tx));
  return backlog > limits.backlog ? `${backlog} files and documents wait, the limit is ${limits.backlog}` : undefined;
}

/** The same for the step that receives, which asks for every channel: asked once in a while. */
export function mayTakeIn(config: Config, db: Database): Promise<string | undefined> {
  const known = answers.get(db);
  if (known && known.until > performance.now()) return known.stop;
  const stop = intakeStop(config, db);
  answers.set(db, { until: performance.now() + HOLDS, stop });
  return stop;
}
