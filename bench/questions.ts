/**
 * How long people wait for an answer of a large book: the twenty questions of docs/sql.md, what tools usually look up in each view, and the lists of the
 * command line, on a book of a year's orders of which some are open, late, held or refused. Usage: `node bench/questions.ts [orders]`; with
 * `WHARF_TEST_MSSQL_URL=mssql://user:password@host:port/database` the book is copied to that server and asked there, too. Each is asked four times, what takes
 * 2 s once; the middle one of the last three counts. Of the embedded engine the time of the processor counts, which others at work do not change; of a
 * command that of its statements. What takes 50 ms or more is marked.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseSync, StatementSync } from 'node:sqlite';
import { main } from '../src/cli/dispatch.ts';
import { loadConfig } from '../src/config/load.ts';
import { copyBook } from '../src/store/copy-book.ts';
import { type DatabaseSettings, openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { MssqlClient } from '../src/store/mssql-client.ts';
import type { MssqlSettings } from '../src/store/mssql-login.ts';
import { testServer } from '../test/support/test-server.ts';
import { finish, GROWING, makeSeed, multiply, NOW, openForCopies, SEED, STRIDE } from './book.ts';

const LIMIT = 50;
/** What takes so long is asked once. */
const LONG = 2_000;
const YEAR = 365 * 86_400_000;
/** Items of the first orders become so many each. */
const ITEMS = 500;
const PARTNERS = ['acme', 'bluebird', 'cedar', 'fjord', 'harbor', 'juniper', 'linden', 'magnolia', 'maple', 'pinecrest'];
const INSTANTS = /^(at|(received|created|finished|disposed|modified|rendered|sent|settled|responded|answered|resolved)_at|answer_by|ack_due_at|notice_by)$/;
const home = join(import.meta.dirname, '..');

/** What the path does not make here: the first orders are shipped, noticed and invoiced, some were held, one was paid short. */
const MADE = `
  insert into shipment (id, order_id, fulfilment_order_id, location, shipment_ref, content_hash, document, shipped_date, notice_by, created_at, bill_of_lading)
    select id, order_id, id, location, 'SHIP' || id, '', '{}', date(created_at / 1000, 'unixepoch'), created_at + 3600000, created_at, 'BOL' || id from fulfilment_order;
  insert into shipment_line (shipment_id, line_id, quantity) select fulfilment_order_id, line_id, quantity from fulfilment_line;
  insert into invoice (id, number, order_id, shipment_id, document, total, created_at) select id, 'INV' || id, order_id, id, '{}', 100000000, created_at from shipment;
  insert into outbox (partner, kind, unique_key, order_id, canonical, channel, set_id, file_name, group_control, interchange_control, created_at, sent_at, settled_at, status)
    select 'acme', 'ship-notice', 'shipment:' || id || ':856', order_id, '{}', 'acme/out', '856', 'S' || id || '.edi', 'S' || id, 'S' || id, created_at, created_at, created_at,
      'acknowledged' from shipment;
  insert into stock_movement (sku, location, on_hand, allocated, cause, unique_key, order_id, at)
    select sku, location, -allocated, -allocated, 'shipment', 'out:' || id, order_id, at from stock_movement where order_id is not null;
  insert into order_hold (order_id, code, detail, created_at, resolved_at) select id, 'PRICE_DIFFERS', 'x', received_at, received_at + 1000 from sales_order where id % 20 = 0;
  insert into deduction (unique_key, document_id, partner, source, code, reason, amount, currency, order_id, state, at)
    select 'd' || id, 1, partner, '820', '01', 'x', 1000000, 'USD', id, 'open', received_at from sales_order where id = 7;`;

/** The newest orders are open and short of stock, and something went wrong here and there. */
const UNDER_WAY = `
  create temp table newest as select id from sales_order order by id desc limit 2000;
  delete from shipment_line where shipment_id in (select id from shipment where order_id in (select id from newest));
  delete from invoice where order_id in (select id from newest);
  delete from shipment where order_id in (select id from newest);
  update sales_order set lifecycle = 'open' where id in (select id from newest);
  update order_line set shipped = 0, invoiced = 0, backordered = base where order_id in (select id from newest);
  insert into order_hold (order_id, code, detail, created_at) select order_id, 'UNKNOWN_ITEM', 'x', 0 from (select id as order_id from newest limit 300);
  update sales_order set lifecycle = 'held' where id in (select order_id from order_hold where resolved_at is null);
  update outbox set status = 'overdue' where id in (select id from outbox order by id desc limit 200);
  update outbox set status = 'rejected', ack_status = 'rejected', ack_detail = 'AK5 R' where id in (select id from outbox order by id desc limit 50 offset 1000);
  update outbox set status = 'parked', reason = 'RENDER_FAILED' where id in (select id from outbox order by id desc limit 50 offset 2000);
  update document set status = 'parked', reason = 'ORDER_UNKNOWN', waits_for = 'order:x' where id in (select id from document order by id desc limit 100);
  update document set accepted = 0 where id in (select id from document order by id desc limit 100 offset 500);
  update inbound_file set status = 'parked', reason = 'UNREADABLE' where id in (select id from inbound_file order by id desc limit 50);
  insert into stock_movement (sku, location, on_hand, allocated, cause, unique_key, at) select sku, location, 900000000000, 0, 'import', 'in:' || rowid, 0 from stock;
  update stock set on_hand = coalesce((select sum(m.on_hand) from stock_movement m where m.sku = stock.sku and m.location = stock.location), 0);
  update stock set reorder_point = on_hand + 1 where sku like '%-7';`;

/** Columns of a copy that are not as usual: over a year, of many partners and items. */
function own(copies: number): (table: string, column: string) => string | undefined {
  const later = `${Date.now() - NOW} - (${copies} - n.n) * ${Math.floor(YEAR / copies)}`;
  const partner = `case n.n % ${PARTNERS.length} ${PARTNERS.map((id, at) => `when ${at} then '${id}'`).join(' ')} end`;
  return (table, column) => {
    if (INSTANTS.test(column)) return `s.${column} + ${later}`;
    if (column === 'shipped_date') return `date((s.created_at + ${later}) / 1000, 'unixepoch')`;
    if (column === 'partner') return `case s.partner when 'acme' then ${partner} else s.partner end`;
    if (column === 'sku') return `s.sku || '-' || (n.n % ${ITEMS})`;
    if (column === 'shipment_ref' || column === 'bill_of_lading') return `s.${column} || '-' || n.n`;
    if (table === 'outbox' && column === 'unique_key')
      return `case when s.unique_key like 'shipment:%' then ${renumbered(10)}
      when s.unique_key like 'ack:%' then ${renumbered(5)} else s.unique_key || '-' || n.n end`;
    return undefined;
  };
}

/** A key that names an id from this character on, up to the next colon. */
function renumbered(start: number): string {
  const id = `cast(substr(s.unique_key, ${start}) as int)`;
  return `substr(s.unique_key, 1, ${start - 1}) || (${id} + n.n * ${STRIDE}) || substr(s.unique_key, ${start} + length(${id}))`;
}

/** A book of so many orders. */
async function makeBook(folder: string, file: string, orders: number): Promise<void> {
  const { config } = await loadConfig(join(folder, 'config', 'gateway.yaml'));
  await makeSeed(config!, file);
  const db: DatabaseSync = openForCopies(file);
  finish(db);
  db.exec(MADE);
  const numbers = `(with recursive n(n) as (select 0 union all select n + 1 from n where n < ${ITEMS - 1}) select n from n) n`;
  db.exec(`insert into item (sku, description, base_unit, pack) select s.sku || '-' || n.n, s.description, s.base_unit, s.pack from item s, ${numbers};
    insert into stock (sku, location, on_hand) select s.sku || '-' || n.n, s.location, s.on_hand from stock s, ${numbers}`);
  const copies = orders / SEED;
  multiply(db, copies, [...GROWING, 'shipment', 'shipment_line', 'invoice', 'order_hold', 'deduction'], own(copies));
  db.exec(UNDER_WAY);
  db.close();
}

let took = 0;
let slowest = { ms: 0, sql: '' };

function note(sql: string, ms: number): void {
  took += ms;
  if (ms > slowest.ms) slowest = { ms, sql };
}

const plainAll = Object.getOwnPropertyDescriptor(StatementSync.prototype, 'all')!.value as (...values: unknown[]) => unknown;
StatementSync.prototype.all = function (this: StatementSync, ...values: unknown[]) {
  const before = process.cpuUsage();
  const rows = plainAll.apply(this, values);
  const { user, system } = process.cpuUsage(before);
  note(this.sourceSQL, (user + system) / 1e3);
  return rows;
} as never;
const plainQuery = Object.getOwnPropertyDescriptor(MssqlClient.prototype, 'query')!.value as MssqlClient['query'];
MssqlClient.prototype.query = async function (this: MssqlClient, ...asked: Parameters<MssqlClient['query']>) {
  const started = performance.now();
  const rows = await plainQuery.apply(this, asked);
  note(asked[1], performance.now() - started);
  return rows;
};

/** Asks, and tells the middle time of its statements; `question` gives how many rows came. */
async function time(about: string, question: () => Promise<number>): Promise<void> {
  const times: number[] = [];
  let rows = 0;
  took = 0;
  for (let at = 0; at < 4; at += 1) {
    if (took > LONG) break;
    took = 0;
    slowest = { ms: 0, sql: '' };
    rows = await question();
    times.push(took);
  }
  const later = times.slice(times.length > 1 ? 1 : 0).toSorted((a, b) => a - b);
  const middle = later[Math.floor(later.length / 2)]!;
  const mark = middle < LIMIT ? ' ' : '*';
  const why = middle < LIMIT ? '' : `  ${slowest.ms.toFixed(0)} ms: ${slowest.sql.replace(/\s+/g, ' ').slice(0, 200)}`;
  console.log(`${mark} ${middle.toFixed(1).padStart(9)} ms ${String(rows).padStart(7)} rows  ${about}${why}`);
}

/** What tools look up: one order, one item, one day, the newest. */
function lookups(names: {
  readonly po: string;
  readonly order: number;
  readonly sku: string;
  readonly day: string;
  readonly shipment: string;
}): readonly string[] {
  const newest = (view: string, id: string): string => `select * from ${view} order by ${id} desc limit 50`;
  return [
    ...['v_order', 'v_order_line', 'v_shipment', 'v_hold', 'v_outbox', 'v_order_metric', 'v_unfilled'].map(
      (view) => `select * from ${view} where po_number = '${names.po}'`,
    ),
    ...['v_order', 'v_order_line', 'v_shipment', 'v_hold', 'v_document', 'v_outbox', 'v_order_metric', 'v_chargeback'].map(
      (view) => `select * from ${view} where order_id = ${names.order}`,
    ),
    newest('v_order', 'order_id'),
    newest('v_document', 'document_id'),
    newest('v_outbox', 'outbox_id'),
    newest('v_shipment', 'shipment_id'),
    `select * from v_stock where sku = '${names.sku}'`,
    `select * from v_order where state = 'held'`,
    `select * from v_shipment where shipment_ref = '${names.shipment}'`,
    `select * from v_balance where sku = '${names.sku}'`,
    `select * from v_unfilled where received_on = '${names.day}'`,
    `select partner, metric, sum(part), sum(whole) from v_metric where received_on = '${names.day}' group by partner, metric`,
    'select * from v_ack_overdue',
  ];
}

/** What the command line lists. */
function commandsOf(names: { readonly po: string }): readonly (readonly string[])[] {
  const lists = [
    'status',
    'holds',
    'due',
    'acks',
    'acks --partner cedar',
    'alerts',
    'quarantine list',
    'deductions',
    'returns',
    'stock alerts',
    'audit',
    'control-numbers',
  ];
  const sums = ['metrics --days 30', 'balance', 'balance --date yesterday', 'retention --older-than 400d --dry-run'];
  return [...[...lists, ...sums].map((line) => line.replace('yesterday', dayAgo(1)).split(' ')), ['trace', names.po], ['why', 'PO000000050']];
}

const dayAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

async function ask(settings: DatabaseSettings, folder: string): Promise<void> {
  const db = await openDatabase(settings);
  const one = await db.read((tx) => tx.one(`select id, po_number from {sales_order} where lifecycle = 'closed' order by id desc ${tx.limit(1)}`));
  const shipped = await db.read((tx) => tx.one(`select shipment_ref, shipped_date from {shipment} order by id desc ${tx.limit(1)}`));
  const item = await db.read((tx) => tx.one(`select sku from {order_line} where order_id = ? order by id ${tx.limit(1)}`, [Number(one?.['id'])]));
  const names = {
    po: String(one?.['po_number']),
    order: Number(one?.['id']),
    sku: String(item?.['sku']),
    day: dayAgo(30),
    shipment: String(shipped?.['shipment_ref']),
  };
  const tables = (sql: string): string =>
    settings.type === 'sqlite' ? sql : sql.replace(/\b(v_\w+)/g, '{$1}').replace(/ limit (\d+)$/, ' offset 0 rows fetch next $1 rows only');
  const count = (sql: string) => async (): Promise<number> => (await db.read((tx) => tx.many(sql))).length;
  const page = readFileSync(join(home, 'docs', 'sql.md'), 'utf8');
  for (const [, title, sql] of page.matchAll(/^### (\d+\. .+)\n```sql\n([\s\S]*?)```/gm)) {
    const asked = sql!
      .replace(/'4500014900'/g, `'${names.po}'`)
      .replace(/'HL-MUG-01'/g, `'${names.sku}'`)
      .replace(/'2026-03-02'/g, `'${names.day}'`)
      .replace(/'2026-03-01'/g, `'${dayAgo(7)}'`);
    await time(title!, count(asked.replace(/\bwharf\.(\w+)/g, '{$1}')));
  }
  for (const sql of lookups(names)) await time(sql, count(tables(sql)));
  await db.close();
  for (const command of commandsOf(names)) {
    let lines = 0;
    const io = { out: (text: string): void => void (lines += text.split('\n').length - 1), err: (text: string): void => console.log(text) };
    await time(`wharf ${command.join(' ')}`, async () => {
      lines = 0;
      await main([...command, '--config', join(folder, 'config', 'gateway.yaml')], io);
      return lines;
    });
  }
}

/** Makes the configuration name this database. */
function name(folder: string, settings: DatabaseSettings): void {
  const file = join(folder, 'config', 'gateway.yaml');
  writeFileSync(file, readFileSync(join(home, 'config', 'gateway.yaml'), 'utf8').replace(/^database: .*$/m, `database: ${JSON.stringify(settings)}`));
}

/** What a server is asked needs a password that the configuration refers to. */
function forServer(server: MssqlSettings, folder: string): DatabaseSettings {
  if (server.login.type !== 'sql') throw new Error('only an SQL login is copied into a configuration');
  writeFileSync(join(folder, 'config', 'secrets', 'bench'), server.login.password, { mode: 0o600 });
  return { ...server, login: { ...server.login, password: { secret: 'bench' } } } as never;
}

const orders = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'wharf-questions-'));
try {
  for (const part of ['config', 'partners', 'mappings']) cpSync(join(home, part), join(folder, part), { recursive: true });
  const settings = { type: 'sqlite', file: join(folder, 'book.db') } as const;
  name(folder, settings);
  const started = performance.now();
  await makeBook(folder, settings.file, orders);
  console.log(`sqlite: ${orders} orders, made in ${Math.round((performance.now() - started) / 1000)} s, ${(statSync(settings.file).size / 1e9).toFixed(2)} GB`);
  await ask(settings, folder);
  const server = testServer();
  if (server) {
    const target = await openDatabase(server);
    await migrate(target);
    await target.close();
    const source = await openDatabase(settings);
    await copyBook(source, server, () => undefined);
    await source.close();
    name(folder, forServer(server, folder));
    console.log(`mssql: ${orders} orders, copied`);
    await ask(server, folder);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
