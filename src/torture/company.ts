import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/types.ts';
import { formatDecimal } from '../decimal.ts';
import type { OrderableItem } from '../simulate/orders.ts';
import { openDatabase } from '../store/database.ts';
import { itemsOrderableBy } from '../store/orderable.ts';
import { migrate } from '../store/migrate.ts';
import type { Database } from '../store/transaction.ts';
import { command, ownBuild } from './daemon.ts';

/** Who takes part: a retailer and a warehouse by X12, a web shop by CSV. */
export const players = ['acme', 'northwind', 'bluebird'] as const;
export type Player = (typeof players)[number];

/** What each of them says and hears, and nothing else: a short configuration is read sooner at each of thousands of starts. */
const spoken: Readonly<Record<Player, { readonly inbound: readonly string[]; readonly outbound: readonly string[] }>> = {
  acme: { inbound: ['x12/850'], outbound: ['x12/855', 'x12/856', 'x12/810'] },
  northwind: { inbound: ['x12/945-in'], outbound: ['x12/940'] },
  bluebird: { inbound: ['bluebird/orders'], outbound: ['bluebird/confirmations', 'bluebird/shipments', 'bluebird/invoices'] },
};

/** A company of its own to be tried: its configuration, its database, and the folders that it shares with its partners. */
export type Company = {
  readonly directory: string;
  readonly configFile: string;
  readonly config: Config;
  readonly database: string;
  readonly folder: (player: Player, direction: 'in' | 'out') => string;
  /** What the retailer can order. */
  readonly items: readonly OrderableItem[];
};

/** Where partners reach an SFTP server that serves the same folders. */
export type Served = { readonly port: number; readonly hostKey: string; readonly username: string; readonly privateKey: string };

export type CompanyOptions = {
  readonly directory: string;
  /** Where the database lies; beside the configuration unless told. */
  readonly data?: string;
  /** Where the partners' folders lie; beside the configuration unless told. */
  readonly exchange?: string;
  /** These players are reached over SFTP. */
  readonly served?: { readonly players: readonly Player[]; readonly server: Served };
  /** Between two looks, in milliseconds. */
  readonly poll?: number;
  /** Until what a daemon has in hand may be taken up by another, in seconds; it asks three times as often whether it was taken over. */
  readonly claim?: number;
};

const STOCK = 100_000_000;

/** Makes the directory anew. The first company of a process takes its items from a file; the database of the others is a copy of that one's. */
export async function makeCompany(options: CompanyOptions): Promise<Company> {
  const { directory, data = join(directory, 'data'), exchange = join(directory, 'exchange') } = options;
  rmSync(directory, { recursive: true, force: true });
  const folder = (player: Player, direction: 'in' | 'out'): string => join(exchange, player, direction);
  for (const player of players) for (const direction of ['in', 'out'] as const) mkdirSync(folder(player, direction), { recursive: true });
  mkdirSync(data, { recursive: true });
  writeFiles(options, { directory, data, folder });
  const configFile = join(directory, 'config', 'gateway.yaml');
  const database = join(data, 'wharf.db');
  await fill(configFile, database, directory);
  const loaded = await loadConfig(configFile);
  if (!loaded.config) throw new Error(loaded.problems.map(({ place, message }) => `${place.file}:${place.line}: ${message}`).join('\n'));
  return { directory, configFile, config: loaded.config, database, folder, items: await itemsOf(database) };
}

/** Opens the database of a company; whoever does closes it. */
export function openBooks({ database }: Company): Promise<Database> {
  return openDatabase({ type: 'sqlite', file: database });
}

type Places = { readonly directory: string; readonly data: string; readonly folder: Company['folder'] };

function writeFiles(options: CompanyOptions, { directory, data, folder }: Places): void {
  const { home } = ownBuild;
  cpSync(join(home, 'partners', 'templates'), join(directory, 'partners', 'templates'), { recursive: true });
  for (const name of Object.values(spoken).flatMap((each) => Object.values(each).flat())) {
    const file = join('mappings', `${name}.yaml`);
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(home, file), join(directory, file));
  }
  mkdirSync(join(directory, 'config', 'secrets'), { recursive: true });
  const sample = readFileSync(join(home, 'config', 'gateway.yaml'), 'utf8');
  const company = /^company:\n(?: .*\n)+/m.exec(sample)![0];
  const settings = [
    `database: { type: sqlite, file: ${JSON.stringify(join(data, 'wharf.db'))} }`,
    'partners: ../partners',
    'mappings: ../mappings',
    `intervals: { poll: ${options.poll ?? 50}ms, quiet: 0s, idle: 50ms, retryFirst: 20ms, retryLongest: 200ms, retryAttempts: 1000, claim: ${options.claim ?? 6}s, drain: 5s }`,
    'limits: { freeDisk: 1MB }',
    'log: { level: info }',
  ];
  writeFileSync(join(directory, 'config', 'gateway.yaml'), `${company}${settings.join('\n')}\n`);
  for (const player of players) {
    const text = readFileSync(join(home, 'partners', `${player}.yaml`), 'utf8');
    const [format, name] = player === 'bluebird' ? [{ pattern: '*.csv', format: 'csv' }, '{poNumber}_{id}.csv'] : [{}, '{control}.edi'];
    const channels = { in: { ...channelOf(options, folder, player, 'in'), ...format }, out: channelOf(options, folder, player, 'out') };
    const inbound = spoken[player].inbound.map((mapping) => ({ mapping }));
    const outbound = spoken[player].outbound.map((mapping) => ({ mapping, file: `${mapping.split('/')[1]!}_${name}` }));
    const own = text.replace(/^(inbound|outbound):\n(?: .*\n)+/gm, '');
    writeFileSync(
      join(directory, 'partners', `${player}.yaml`),
      `${own}channels: ${JSON.stringify(channels)}\ninbound: ${JSON.stringify(inbound)}\noutbound: ${JSON.stringify(outbound)}\n`,
    );
  }
  if (options.served) writeFileSync(join(directory, 'config', 'secrets', 'torture'), options.served.server.privateKey, { mode: 0o600 });
}

function channelOf({ served }: CompanyOptions, folder: Company['folder'], player: Player, direction: 'in' | 'out'): object {
  const directory = folder(player, direction);
  if (!served?.players.includes(player)) return { type: 'folder', directory };
  const { port, hostKey, username } = served.server;
  const deadlines = { connect: '3s', operation: '3s' };
  return { type: 'sftp', directory, host: '127.0.0.1', port, username, hostKeys: [hostKey], auth: [{ privateKey: { secret: 'torture' } }], ...deadlines };
}

let filled: Promise<Uint8Array> | undefined;

/** A database with items and more stock than can be ordered: made once, by the commands that a person would use, and copied from then on. */
async function fill(configFile: string, database: string, directory: string): Promise<void> {
  filled ??= fillFirst(configFile, database, directory);
  writeFileSync(database, await filled);
}

async function fillFirst(configFile: string, database: string, directory: string): Promise<Uint8Array> {
  // The sample company's own items, without what its other partners call them.
  const sample = readFileSync(join(ownBuild.home, 'samples', 'master', 'items.csv'), 'utf8');
  const rows = sample
    .replaceAll(/cedar:\w+=[\w-]+;/g, '')
    .split('\n')
    .filter((row) => !/pinecrest|juniper/.test(row));
  const skus = rows.slice(1).flatMap((row) => /^[\w-]+/.exec(row)?.[0] ?? []);
  const items = join(directory, 'items.csv');
  writeFileSync(items, rows.join('\n'));
  const stock = join(directory, 'stock.csv');
  writeFileSync(stock, ['sku,location,on_hand,safety', ...skus.map((sku) => `${sku},NW,${STOCK},0`)].join('\n'));
  const db = await openDatabase({ type: 'sqlite', file: database });
  await migrate(db);
  await db.close();
  await command(ownBuild, configFile, ['items', 'import', items]);
  await command(ownBuild, configFile, ['stock', 'import', stock]);
  return readFileSync(database);
}

async function itemsOf(database: string): Promise<readonly OrderableItem[]> {
  const db = await openDatabase({ type: 'sqlite', file: database });
  try {
    const items = await db.read((tx) => itemsOrderableBy(tx, 'acme', 100));
    return items.map(({ price, ...item }) => ({ ...item, price: price === undefined ? undefined : formatDecimal(price) }));
  } finally {
    await db.close();
  }
}
