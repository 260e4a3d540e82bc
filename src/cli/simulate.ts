import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from '../config/scalars.ts';
import type { Partner } from '../config/types.ts';
import { formatDecimal } from '../decimal.ts';
import { WharfError } from '../errors.ts';
import { readAcknowledgment } from '../formats/x12/acknowledge.ts';
import { partnerOf } from '../pipeline/work.ts';
import { misbehaviours } from '../simulate/misbehave.ts';
import { orderSet } from '../simulate/orders.ts';
import { simulatePartner } from '../simulate/partner.ts';
import type { SimulatedPartner } from '../simulate/partner.ts';
import type { Drop, Received } from '../simulate/x12-peer.ts';
import { itemsOrderableBy } from '../store/orderable.ts';
import type { Command, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';

const ITEMS = 500;
const LOOK = 200;

export const simulate: Command = {
  summary: 'play a partner: drop orders made from its profile, collect what we send and answer it',
  usage: 'PARTNER [--orders N] [--for 30s]',
  options: {
    orders: { type: 'string', value: 'N', help: 'how many orders it drops; 1 for those who order, 0 for others' },
    for: { type: 'string', value: 'DURATION', help: 'how long it collects and answers; unless told, until its orders are acknowledged, at most 30s' },
    seed: { type: 'string', value: 'N', help: 'the same number gives the same orders' },
    production: { type: 'boolean', help: 'needed for a partner whose usage is production: its orders are taken for real ones' },
    late: { type: 'boolean', help: 'it answers nothing before its time is over' },
    duplicate: { type: 'boolean', help: 'it drops each order twice' },
    reject: { type: 'boolean', help: 'its 997s reject all that we send' },
    truncate: { type: 'boolean', help: 'its orders are cut off' },
    'wrong-count': { type: 'boolean', help: 'SE01 of its orders is wrong' },
  },
  run: (given, io) =>
    withDatabase(given, io, 'read', async (config, db) => {
      const [id] = given.words;
      if (id === undefined || given.words.length > 1) throw new WharfError('USAGE', 'name the one partner to play');
      const partner = partnerOf(config, id);
      if (partner.usage !== 'test' && !given.flag('production')) {
        throw new WharfError('USAGE', `${id} is in production: its orders would be taken for real ones. Say --production if that is meant`, { value: id });
      }
      const folders = foldersOf(partner);
      const items = await db.read((tx) => itemsOrderableBy(tx, id, ITEMS));
      const seed = wholeNumber(given, 'seed') ?? Math.floor(Date.now() / 1000) % 1_000_000;
      const wrong = new Set(misbehaviours.filter((each) => given.flag(each)));
      const orderable = items.map(({ price, ...item }) => ({ ...item, price: price === undefined ? undefined : formatDecimal(price) }));
      const count = wholeNumber(given, 'orders') ?? (orderSet(partner) ? 1 : 0);
      const say = given.flag('json') ? () => undefined : io.out;
      const played = await play(simulatePartner({ partner, items: orderable, seed, now: Date.now(), wrong }), { given, folders, count, say });
      if (given.flag('json')) printJson(io, { seed, ...played });
      else io.out(`seed ${seed}: ${played.orders.length} orders dropped, ${played.acknowledged} acknowledged, ${played.collected.length} files collected\n`);
      return played.acknowledged < played.orders.length ? exit.findings : exit.ok;
    }),
};

type Folders = { readonly in: string; readonly out: string };
type Stage = { readonly given: Given; readonly folders: Folders; readonly count: number; readonly say: Io['out'] };
type Played = { readonly orders: readonly string[]; readonly acknowledged: number; readonly collected: readonly string[]; readonly dropped: readonly string[] };

/** Drops the orders, then collects and answers until the time is over or all that was dropped is acknowledged. */
async function play(partner: SimulatedPartner, { given, folders, count, say }: Stage): Promise<Played> {
  const forTime = given.text('for');
  const until = performance.now() + timeOf(forTime ?? '30s');
  const dropped: string[] = [];
  const collected: string[] = [];
  const late: Drop[] = [];
  const put = (drop: Drop): void => {
    dropInto(folders.in, drop);
    dropped.push(drop.name);
    say(`→ ${drop.name}\n`);
  };
  const orders = count === 0 ? [] : partner.orders(count);
  for (const { drops } of orders) drops.forEach(put);
  const waiting = new Set(orders.flatMap(({ drops }) => drops.slice(0, 1).map(({ name }) => controlOf(name))));
  for (;;) {
    for (const { name, bytes } of takeAll(folders.out)) {
      const { received, drops } = partner.answer(bytes);
      collected.push(name);
      say(`← ${name}\n`);
      for (const control of acknowledgedIn(received)) waiting.delete(control);
      if (given.flag('late')) late.push(...drops);
      else drops.forEach(put);
    }
    const over = performance.now() > until || (forTime === undefined && orders.length > 0 && waiting.size === 0);
    if (over) break;
    await sleep(LOOK);
  }
  late.forEach(put);
  return { orders: orders.map(({ number }) => number), acknowledged: orders.length - waiting.size, collected, dropped };
}

/** The control number of the group in a file of ours by its name; a file of one group has the same for both. */
function controlOf(name: string): string {
  return String(Number(/_(\d+)/.exec(name)?.[1] ?? 0));
}

function acknowledgedIn({ sets }: Received): readonly string[] {
  return sets.filter(({ type }) => type === '997' || type === '999').map(({ tree }) => String(Number(readAcknowledgment(tree).control)));
}

/** Takes every complete file out of a folder, as the partner who collects does. */
function takeAll(folder: string): readonly Drop[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.startsWith('.') && !/\.(tmp|part)$/.test(entry.name),
  );
  return names
    .map(({ name }) => name)
    .toSorted()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      rmSync(join(folder, name));
      return { name, bytes };
    });
}

/** Under another name first, as a partner who knows how to drop does. */
function dropInto(folder: string, { name, bytes }: Drop): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.tmp`), bytes);
  renameSync(join(folder, `${name}.tmp`), join(folder, name));
}

function foldersOf(partner: Partner): Folders {
  const folder = (direction: 'in' | 'out'): string => {
    const channel = partner.channels.find((each) => each.direction === direction && each.type === 'folder');
    if (!channel)
      throw new WharfError('CHANNEL_MISSING', `partner ${partner.id} has no folder for ${direction}: only folders can be simulated`, { value: partner.id });
    return channel.directory;
  };
  return { in: folder('in'), out: folder('out') };
}

function timeOf(text: string): number {
  const parsed = duration.safeParse(text);
  if (!parsed.success) throw new WharfError('USAGE', `--for ${text} is not a duration such as 30s`, { value: text });
  return parsed.data;
}

function wholeNumber(given: Given, option: string): number | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new WharfError('USAGE', `--${option} ${text} is not a whole number`, { value: text });
  return Number(text);
}
