import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { partnerOf } from '../pipeline/work.ts';
import { simulatePartner } from '../simulate/partner.ts';
import type { Random } from '../simulate/random.ts';
import type { Drop, Received } from '../simulate/x12-peer.ts';
import type { Company, Player } from './company.ts';
import { players } from './company.ts';

/** A file that a partner dropped. `again` when it had dropped the same bytes before, under another name. */
export type Dropped = { readonly player: Player; readonly name: string; readonly sha256: string; readonly again: boolean };
/** A file that a partner found under a final name: its bytes, and what they say where it is X12. */
export type Collected = { readonly player: Player; readonly name: string; readonly bytes: Uint8Array; readonly received: Received | undefined };

/** The partners of a company, who know nothing of what is inside: they drop, collect, answer, and remember everything. */
export type Outside = {
  readonly dropped: readonly Dropped[];
  readonly collected: readonly Collected[];
  /** Purchase orders dropped: partner and number. */
  readonly orders: readonly { readonly player: Player; readonly number: string }[];
  /** What no partner should ever see: a file in part, one that is not valid. */
  readonly complaints: readonly string[];
  /** Drops so many orders, one in six of them twice. */
  readonly order: (count: number, random: Random) => void;
  /** Takes everything that lies there under a final name, and drops the answers. Gives how many files those were. */
  readonly collect: () => number;
  /** How many files were not taken yet, or not dropped yet because the disk was full. */
  readonly waiting: () => number;
};

export type OutsideOptions = {
  readonly company: Company;
  /** Partners sync what they do, so that a power cut takes nothing back of it. */
  readonly synced?: boolean;
};

const DAY = 86_400_000;

/** Partners with their own control numbers and memory. */
export function openOutside({ company, synced = false }: OutsideOptions): Outside {
  const { config, items, folder } = company;
  const now = Date.now();
  const play = (player: Player, seed: number, at: number) => simulatePartner({ partner: partnerOf(config, player), items, seed, now: at, wrong: new Set() });
  // Control numbers come from the time that a simulation is given: those of answers lie far from those of orders.
  const answering = { acme: play('acme', 0, now - 400 * DAY), northwind: play('northwind', 0, now - 400 * DAY) };
  const dropped: Dropped[] = [];
  const collected: Collected[] = [];
  const orders: { player: Player; number: string }[] = [];
  const complaints: string[] = [];
  let batch = 0;
  const inHand: { readonly player: Player; readonly file: Drop; readonly again: boolean }[] = [];
  const flush = (): void => {
    for (;;) {
      const [next] = inHand;
      if (!next || !dropInto(folder(next.player, 'in'), next.file, synced)) return;
      inHand.shift();
      const { player, file, again } = next;
      dropped.push({ player, name: file.name, sha256: createHash('sha256').update(file.bytes).digest('hex'), again });
    }
  };
  const drop = (player: Player, file: Drop, again = false): void => {
    inHand.push({ player, file, again });
    flush();
  };
  const orderOne = (random: Random): void => {
    batch += 1;
    const made = random() < 0.25 ? { player: 'bluebird' as const, ...webOrder(batch, now) } : { player: 'acme' as const, ...retailOrder(batch) };
    orders.push({ player: made.player, number: made.number });
    drop(made.player, made.drop);
    if (random() < 1 / 6) drop(made.player, { name: `again-${made.drop.name}`, bytes: made.drop.bytes }, true);
  };
  const retailOrder = (seed: number): { readonly number: string; readonly drop: Drop } => {
    const [order] = play('acme', seed, now + seed * 1000).orders(1);
    return { number: order!.number, drop: order!.drops[0]! };
  };
  const take = (player: Player, name: string): void => {
    const path = join(folder(player, 'out'), name);
    const bytes = readFileSync(path);
    try {
      unlinkSync(path);
    } catch (error) {
      if (isFullOrReadOnly(error)) return;
      throw error;
    }
    if (player === 'bluebird') {
      if (bytes.length === 0 || bytes.at(-1) !== 10) complaints.push(`bluebird found ${name} in part: ${bytes.length} bytes`);
      collected.push({ player, name, bytes, received: undefined });
      return;
    }
    try {
      const { received, drops } = answering[player].answer(bytes);
      collected.push({ player, name, bytes, received });
      for (const each of drops) drop(player, each);
    } catch (error) {
      collected.push({ player, name, bytes, received: undefined });
      complaints.push(`${player} found ${name} in part or not valid (${bytes.length} bytes): ${(error as Error).message}`);
    }
  };
  return {
    dropped,
    collected,
    orders,
    complaints,
    order: (count, random) => {
      for (let index = 0; index < count; index += 1) orderOne(random);
    },
    collect: () => {
      let taken = 0;
      flush();
      for (const player of players) {
        const out = folder(player, 'out');
        const names = readdirSync(out).filter((name) => !name.startsWith('.'));
        for (const name of names.toSorted()) take(player, name);
        if (synced && names.length > 0) syncFolder(out);
        taken += names.length;
      }
      return taken;
    },
    waiting: () => inHand.length + players.reduce((sum, player) => sum + readdirSync(folder(player, 'in')).length, 0),
  };
}

function isFullOrReadOnly(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EROFS';
}

/** Under another name first, as a partner who knows how to drop does. False when nothing can be written: then it is dropped later. */
function dropInto(directory: string, { name, bytes }: Drop, synced: boolean): boolean {
  const target = join(directory, name);
  if (existsSync(target)) throw new Error(`${target} is dropped a second time`);
  try {
    writeFileSync(`${target}.tmp`, bytes, { flush: synced });
    renameSync(`${target}.tmp`, target);
  } catch (error) {
    if (isFullOrReadOnly(error)) return false;
    throw error;
  }
  if (synced) syncFolder(directory);
  return true;
}

function syncFolder(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** An order of the web shop: one line of a row. */
function webOrder(count: number, now: number): { readonly number: string; readonly drop: Drop } {
  const number = `BB-${100_000 + count}`;
  const day = (ahead: number): string => new Date(now + ahead * DAY).toISOString().slice(0, 10);
  const heads =
    'order_no,order_date,ship_to_code,ship_to_name,ship_to_address,ship_to_city,ship_to_state,ship_to_zip,ship_to_country,ship_by,cancel_after,backorder,ship_via,note,line,item,upc,quantity,unit,price';
  const row = `${number},${day(0)},S1,Bluebird Seattle,410 Pike Street,Seattle,WA,98101,US,${day(9)},,,UPS,,1,BB-MUG-01,614141010103,${1 + (count % 12)},EA,`;
  return { number, drop: { name: `orders-${number}.csv`, bytes: Buffer.from(`${heads}\n${row}\n`) } };
}
