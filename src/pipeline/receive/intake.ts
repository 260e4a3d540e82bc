import { dirname } from 'node:path';
import type { Config } from '../../config/types.ts';
import { backlogByPartner, type PartnerBacklog } from '../../store/alert-facts.ts';
import type { Database } from '../../store/transaction.ts';
import { roomOn, showBytes } from '../disk.ts';

/** How long an answer holds, in milliseconds. */
const HOLDS = 2_000;
type Stops = { readonly all: string | undefined; readonly partners: ReadonlyMap<string, PartnerBacklog> };
type Answer = { readonly until: number; readonly stops: Promise<Stops> };
const answers = new WeakMap<Database, Answer>();

/**
 * Why nothing may be taken in now, in words; undefined when it may. Below `limits.freeDisk` or above `limits.backlog` and `limits.backlogBytes` files stay
 * with their partners, where they are safe, and what is here already goes on. It heals by itself.
 */
export async function intakeStop(config: Config, db: Database): Promise<string | undefined> {
  return (await stopsNow(config, db)).all;
}

async function stopsNow(config: Config, db: Database): Promise<Stops> {
  const partners = await db.read((tx) => backlogByPartner(tx));
  return { all: (await diskStop(config)) ?? backlogStop(config, partners), partners };
}

async function diskStop({ database, limits }: Config): Promise<string | undefined> {
  const room = database.type === 'sqlite' ? await roomOn(dirname(database.file)) : undefined;
  if (room && room.free < limits.freeDisk) return `${showBytes(room.free)} are free on the volume of the database, the limit is ${showBytes(limits.freeDisk)}`;
  if (room?.inodes !== undefined && room.inodes < 1000) return `there is room for ${room.inodes} files on the volume of the database`;
  return undefined;
}

/** What one partner has waiting above its own limit stops that partner alone. */
function backlogStop({ limits }: Config, partners: ReadonlyMap<string, PartnerBacklog>): string | undefined {
  let [count, bytes] = [0, 0];
  for (const backlog of partners.values()) {
    count += Math.min(backlog.count, limits.partnerBacklog);
    bytes += backlog.bytes;
  }
  if (bytes > limits.backlogBytes) return `files of ${showBytes(bytes)} wait, the limit is ${showBytes(limits.backlogBytes)}`;
  return count > limits.backlog ? `${count} files and documents wait, the limit is ${limits.backlog}` : undefined;
}

/** The same for one partner, for the step that receives, which asks for every channel: looked up once in a while. */
export async function mayTakeIn(config: Config, db: Database, partner: string): Promise<string | undefined> {
  const known = answers.get(db);
  const answer = known && known.until > performance.now() ? known : { until: performance.now() + HOLDS, stops: stopsNow(config, db) };
  answers.set(db, answer);
  const { all, partners } = await answer.stops;
  const own = partners.get(partner)?.count ?? 0;
  return (
    all ?? (own > config.limits.partnerBacklog ? `${own} files and documents of ${partner} wait, the limit is ${config.limits.partnerBacklog}` : undefined)
  );
}
