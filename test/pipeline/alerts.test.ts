import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { makeSecret, provide } from '../../src/config/secret.ts';
import type { AlertSettings, Config } from '../../src/config/types.ts';
import { makeLog } from '../../src/log.ts';
import { lookForAlerts } from '../../src/pipeline/alerts.ts';
import { followConditions } from '../../src/pipeline/alerts/follow.ts';
import { repairDrifts } from '../../src/acts/repair-stock.ts';
import { whole } from '../../src/decimal.ts';
import { lastCheck } from '../../src/store/balance-checks.ts';
import type { Movement } from '../../src/store/stock.ts';
import { moveStocks } from '../../src/store/stock.ts';
import { markCounted } from '../../src/store/stock-alerts.ts';
import { alertKinds, findConditions } from '../../src/pipeline/alerts/rules.ts';
import { isInner, postWebhook } from '../../src/pipeline/alerts/webhook.ts';
import { type Gateway, startGateway } from '../../src/pipeline/gateway.ts';
import { makeReceive } from '../../src/pipeline/receive.ts';
import { mayTakeIn } from '../../src/pipeline/receive/intake.ts';
import type { Condition } from '../../src/store/alerts.ts';
import { acknowledgeAlert, dueNotices, openAlerts, snoozeAlert } from '../../src/store/alerts.ts';
import { advanceNumbers, takeNumbers } from '../../src/store/control-numbers.ts';
import { packPayload, storePayload } from '../../src/store/payload.ts';
import { startMailServer, startReceiver } from '../support/alert-receivers.ts';
import { freshDatabase, scratch } from '../support/database.ts';
import { folderConfig } from '../support/gateway.ts';
import { onServer, patience } from '../support/test-server.ts';

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;

/** A daemon without steps, whose clock the test moves and whose own looks never come. */
async function quietGateway(alerts: Partial<AlertSettings> = {}, change: (config: Config) => Config = (config) => config) {
  const sample = await folderConfig(await scratch());
  const config = change({ ...sample, alerts: { ...sample.alerts, interval: 100 * HOUR, settle: 0, ...alerts } });
  const clock = { now: Date.parse('2026-03-05T15:00:00Z') };
  const gateway: Gateway = await startGateway({ config, log: makeLog('silent'), steps: [], now: () => clock.now });
  onTestFinished(() => gateway.stop());
  return { gateway, clock, db: gateway.context.db, config };
}
const kindsOf = (conditions: readonly { readonly kind: string; readonly subject: string }[]) => conditions.map(({ kind, subject }) => `${kind} ${subject}`);

describe('an alert', () => {
  const parked: Condition = { kind: 'parked', subject: 'acme FILE_EMPTY', detail: '1 file' };

  test('that comes and goes is not told; one that lasts is told once, and its end too', async () => {
    const db = await freshDatabase();
    const look = (conditions: readonly Condition[], now: number) =>
      db.transaction((tx) => followConditions(tx, conditions, { now, settle: 100, destinations: ['webhook', 'email'] }));
    const told = () => db.read(async (tx) => (await dueNotices(tx, 'email', 1_000_000, 10)).map(({ event }) => event));
    await look([parked], 1000);
    await look([], 1050);
    await look([], 1200);
    expect(await db.read((tx) => openAlerts(tx))).toEqual([]);
    expect(await told()).toEqual([]);
    await look([parked], 2000);
    await look([parked], 2050);
    expect(await told()).toEqual([]);
    for (const now of [2100, 2150, 2200]) await look([parked], now);
    expect(await told()).toEqual(['opened']);
    // It flickers: still the same.
    await look([], 2250);
    await look([parked], 2290);
    expect((await db.read((tx) => openAlerts(tx))).length).toBe(1);
    await look([], 2390);
    expect(await told()).toEqual(['opened', 'closed']);
  });

  test('that somebody has is not told again; one that was put off is told when its time is over', async () => {
    const db = await freshDatabase();
    const other: Condition = { kind: 'disk', subject: 'database', detail: 'little', atOnce: true };
    const look = (now: number) => db.transaction((tx) => followConditions(tx, [parked, other], { now, settle: 0, destinations: ['webhook'] }));
    const told = () => db.read(async (tx) => (await dueNotices(tx, 'webhook', 1_000_000, 10)).map(({ event, alert }) => `${event} ${alert.kind}`));
    await look(1000);
    const [first, second] = await db.read((tx) => openAlerts(tx));
    expect(await db.transaction((tx) => acknowledgeAlert(tx, first!.id, 'anna', 1100))).toBe(true);
    expect(await db.transaction((tx) => acknowledgeAlert(tx, first!.id, 'bert', 1100))).toBe(false);
    await db.transaction((tx) => snoozeAlert(tx, second!.id, 5000));
    await look(4000);
    expect(await told()).toEqual(['opened parked', 'opened disk']);
    await look(6000);
    await look(7000);
    expect(await told()).toEqual(['opened parked', 'opened disk', 'again disk']);
  });
});

test('every kind has its page', () => {
  for (const kind of alertKinds) expect(existsSync(join(import.meta.dirname, '..', '..', 'docs', 'runbooks', `${kind}.md`)), kind).toBe(true);
});

describe('what is found', () => {
  test('is grouped: a thousand parked files of one cause are one alert', async () => {
    const { gateway, db } = await quietGateway();
    expect(await findConditions(gateway.context)).toEqual([]);
    const file = { partner: 'acme', channel: 'acme/in', size: 1, modified_at: 0, source_id: '', sha256: '', received_at: 5, disposed_at: 5, status: 'parked' };
    await db.transaction((tx) =>
      tx.insertMany(
        'inbound_file',
        Array.from({ length: 1000 }, (_, index) => ({ ...file, name: `${index}`, reason: index === 7 ? 'FILE_EMPTY' : 'MAPPING_FAILED' })),
      ),
    );
    const sent = { partner: 'acme', kind: 'invoice', canonical: '{}', created_at: 5 };
    await db.transaction((tx) =>
      tx.insertMany(
        'outbox',
        ['overdue', 'rejected', 'pending'].map((status) => ({ ...sent, unique_key: status, status })),
      ),
    );
    const found = await findConditions(gateway.context);
    expect(kindsOf(found).toSorted()).toEqual(['backlog acme', 'overdue acme', 'parked acme FILE_EMPTY', 'parked acme MAPPING_FAILED', 'rejected acme']);
    expect(found.find(({ subject }) => subject.endsWith('MAPPING_FAILED'))?.detail).toBe('999 files parked, first file:1');
  });

  test('silence is told against the partner’s own weeks, and not of one who never sends at this time', async () => {
    const { gateway, clock, db, config } = await quietGateway();
    const came = (at: number) => ({
      partner: 'acme',
      channel: 'acme/in',
      name: `${at}`,
      size: 1,
      modified_at: 0,
      source_id: '',
      sha256: '',
      received_at: at,
      disposed_at: at,
      status: 'done',
    });
    const thursday = clock.now;
    // The files below hold nothing: the ledger of today is balanced without them.
    expect(await findConditions(gateway.context)).toEqual([]);
    // Every Thursday a file at 14:00, for five weeks, but today only the one of last week.
    const usual = [1, 2, 3, 4, 5].map((week) => thursday - HOUR - week * WEEK);
    await db.transaction((tx) => tx.insertMany('inbound_file', usual.map(came)));
    expect(kindsOf(await findConditions(gateway.context))).toEqual(['silence acme']);
    clock.now = thursday - 2 * HOUR;
    expect(await findConditions(gateway.context)).toEqual([]);
    clock.now = thursday;
    await db.transaction((tx) => tx.insertMany('inbound_file', [came(thursday - 3 * HOUR)]));
    expect(kindsOf(await findConditions(gateway.context))).toEqual(['silence acme']);
    const longer = { ...config, alerts: { ...config.alerts, quietFor: 4 * HOUR } };
    expect(await findConditions({ ...gateway.context, config: () => longer })).toEqual([]);
    await db.transaction((tx) => tx.insertMany('inbound_file', [came(thursday - HOUR / 2)]));
    expect(await findConditions(gateway.context)).toEqual([]);
  });

  test('stock that is oversold or runs out is one alert a location, and one that does not say what it has another', async () => {
    const { config: sample } = await loadConfig(join(import.meta.dirname, '..', '..', 'config', 'gateway.yaml'));
    const northwind = { ...sample!.partners.get('northwind')!, channels: [] };
    const { gateway, clock, db } = await quietGateway({}, (config) => ({ ...config, partners: new Map([...config.partners, ['northwind', northwind]]) }));
    const look = async () => (await findConditions(gateway.context)).map(({ kind, subject, detail }) => `${kind} ${subject}: ${detail}`);
    expect(await look()).toEqual([]);
    await db.transaction(async (tx) => {
      await tx.insertMany(
        'item',
        ['X', 'Y'].map((sku) => ({ sku, description: '', base_unit: 'EA' })),
      );
      await moveStocks(
        tx,
        ['X', 'Y'].map((sku): Movement => ({ sku, location: 'NW', onHand: whole(10), allocated: whole(8), cause: 'count', key: sku })),
        clock.now,
      );
      for (const sku of ['X', 'Y']) await markCounted(tx, sku, 'NW', clock.now, whole(3));
    });
    expect(await look()).toEqual(['reorder NW: 2 items below the reorder point, first X']);
    await db.transaction((tx) => tx.run(`update {stock} set on_hand = 5000000, reorder_point = 0 where sku = 'Y'`));
    expect(await look()).toEqual(['oversold NW: 1 item promised above what is there, first Y', 'reorder NW: 1 item below the reorder point, first X']);
    clock.now += 8 * 24 * HOUR;
    expect(await look()).toContain('stock-feed NW: has not said for 8 days what it has');
  });

  test('the ledger is balanced once a day; stock that drifted is told until it is repaired', async () => {
    const { gateway, clock, db } = await quietGateway();
    const look = async () => (await findConditions(gateway.context)).map(({ kind, subject, detail }) => `${kind} ${subject}: ${detail}`);
    await db.transaction((tx) => tx.insertMany('item', [{ sku: 'X', description: '', base_unit: 'EA' }]));
    const stock = (sku: string, location: string): Movement => ({ sku, location, onHand: whole(10), allocated: 0n, cause: 'count', key: location });
    await db.transaction((tx) => moveStocks(tx, [stock('X', 'A'), stock('X', 'B')], clock.now));
    expect(await look()).toEqual([]);
    await db.transaction((tx) => tx.run(`update {stock} set on_hand = on_hand - 3000000 where location = 'B'`));
    // It was balanced today already.
    expect(await look()).toEqual([]);
    clock.now += 24 * HOUR;
    const drifted = ['drift STOCK_DRIFT: 1 difference, first X B: on hand 7, the movements say 10'];
    expect(await look()).toEqual(drifted);
    clock.now += HOUR;
    expect(await look()).toEqual(drifted);
    expect(await repairDrifts(db, clock.now, 'anna')).toHaveLength(1);
    expect(await look()).toEqual([]);
    expect(await db.read(lastCheck)).toEqual({ at: clock.now, found: [] });
  });

  test('a gap in control numbers is told, a number that is written late or skipped is none', async () => {
    const { gateway, db } = await quietGateway();
    const scope = 'ISA:ZZ/HARBORLANE:ZZ/ACME:P';
    const writeOne = async (): Promise<void> => {
      await db.transaction(async (tx) => {
        const number = await takeNumbers(tx, scope);
        const isa = `ISA*00*          *00*          *ZZ*HARBORLANE     *ZZ*ACME           *260302*0915*U*00401*${String(number).padStart(9, '0')}*0*P*>~\n`;
        const id = await tx.insert('outbox', {
          partner: 'acme',
          kind: 'invoice',
          unique_key: `${number}`,
          canonical: '{}',
          created_at: 5,
          status: 'acknowledged',
          interchange_control: `${number}`,
        });
        await storePayload(tx, 'outbox', id, packPayload(Buffer.from(isa)));
      });
    };
    await writeOne();
    await writeOne();
    expect(await findConditions(gateway.context)).toEqual([]);
    await db.transaction((tx) => advanceNumbers(tx, scope, 5));
    await writeOne();
    const [gap] = await findConditions(gateway.context);
    expect(gap).toMatchObject({ kind: 'control-gap', subject: scope, detail: 'no file carries 3 to 4, and nobody skipped it', atOnce: true });
    await db.transaction((tx) => tx.insertMany('control_skip', [{ scope, first: 3, last: 3, at: 5, who: 'anna' }]));
    expect((await findConditions(gateway.context))[0]?.detail).toContain('carries 4,');
    // It is carried by a file outside of those that are looked at.
    await db.transaction((tx) =>
      tx.insert('outbox', {
        partner: 'acme',
        kind: 'invoice',
        unique_key: 'late',
        canonical: '{}',
        created_at: 5,
        status: 'acknowledged',
        interchange_control: '4',
        payload_removed_at: 6,
      }),
    );
    expect(await findConditions(gateway.context)).toEqual([]);
  });
});

describe('telling', () => {
  const secret = makeSecret('hook');
  provide(secret, 'open sesame');
  const webhookTo = (url: string, privateAddresses = true) => ({ url, secret, privateAddresses, deadline: 5000 });

  test('goes to a webhook, signed, all that is due in one message, and again when it was not taken', async () => {
    const { url, posts } = await startReceiver([500]);
    const { gateway, clock, db } = await quietGateway({ webhook: webhookTo(url) });
    await db.transaction((tx) =>
      tx.insertMany(
        'outbox',
        ['overdue', 'rejected'].map((status) => ({ partner: 'acme', kind: 'invoice', canonical: '{}', created_at: 5, unique_key: status, status })),
      ),
    );
    await lookForAlerts(gateway.context);
    expect(posts.length).toBe(1);
    await lookForAlerts(gateway.context);
    expect(posts.length).toBe(1);
    clock.now += 11_000;
    await lookForAlerts(gateway.context);
    await lookForAlerts(gateway.context);
    expect(posts.length).toBe(2);
    const { headers, body } = posts[1]!;
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-wharf-signature']))!;
    expect(Number(seconds)).toBe(Math.floor(clock.now / 1000));
    expect(signature).toBe(createHmac('sha256', 'open sesame').update(`${seconds}.${body}`).digest('hex'));
    expect(JSON.parse(body)).toMatchObject({
      company: 'Harbor Lane',
      alerts: [
        { event: 'opened', kind: 'overdue', runbook: 'docs/runbooks/overdue.md' },
        { event: 'opened', kind: 'rejected', subject: 'acme' },
      ],
    });
    await db.transaction((tx) => tx.run(`update {outbox} set status = 'acknowledged'`));
    clock.now += HOUR;
    await lookForAlerts(gateway.context);
    expect(JSON.parse(posts[2]!.body).alerts.map(({ event }: { readonly event: string }) => event)).toEqual(['closed', 'closed']);
  });

  test('goes by e-mail, whatever becomes of the webhook', async () => {
    const { port, mails } = await startMailServer();
    const email = { host: '127.0.0.1', port, tls: 'none' as const, from: 'wharf@example.com', to: ['ops@example.com'], deadline: 5000 };
    const { gateway, db } = await quietGateway({ email, webhook: webhookTo('http://127.0.0.1:9/') }, (config) => {
      const acme = { ...config.partners.get('acme')!, contacts: [{ name: 'Iris Holm', for: 'X12', phone: '555-0101', email: 'edi@acme.example' }] };
      return { ...config, partners: new Map([...config.partners, ['acme', acme]]) };
    });
    await db.transaction((tx) =>
      tx.insertMany('outbox', [{ partner: 'acme', kind: 'invoice', canonical: '{}', created_at: 5, unique_key: 'x', status: 'rejected' }]),
    );
    await lookForAlerts(gateway.context);
    expect(mails.length).toBe(1);
    expect(mails[0]).toContain('ask Iris Holm (X12), 555-0101, edi@acme.example');
    expect(mails[0]).toContain('Subject: Wharf: rejected acme');
    expect(mails[0]).toContain('docs/runbooks/rejected.md');
    expect((await db.read((tx) => dueNotices(tx, 'webhook', Number.MAX_SAFE_INTEGER, 9)))[0]?.attempts).toBe(1);
  });

  test('fault/J10 does not go to a private address that nobody allowed, by name or by number', async () => {
    const message = { company: 'x', at: '', alerts: [] };
    const { url, posts } = await startReceiver();
    for (const each of [url, url.replace('127.0.0.1', 'localhost'), 'http://[::1]:9/', 'http://[::ffff:7f00:1]:9/', 'http://0x7f000001/'])
      await expect(postWebhook(webhookTo(each, false), message, 0), each).rejects.toMatchObject({
        code: 'ALERT_UNDELIVERED',
        message: expect.stringContaining('private'),
      });
    expect(posts).toEqual([]);
    expect(['10.1.2.3', '172.31.0.1', '169.254.169.254', 'fd00::1', '::ffff:10.0.0.1', '100.64.0.1'].every(isInner)).toBe(true);
    expect(['8.8.8.8', '172.32.0.1', '2606:4700::1111'].some(isInner)).toBe(false);
  });

  test('does not wait for a receiver that never answers', async () => {
    const { createServer } = await import('node:net');
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const url = `http://127.0.0.1:${(silent.address() as { port: number }).port}/`;
    await expect(postWebhook({ ...webhookTo(url), deadline: 50 }, { company: 'x', at: '', alerts: [] }, 0)).rejects.toMatchObject({
      code: 'ALERT_UNDELIVERED',
    });
  });
});

describe('the intake', () => {
  // The disk is that of the embedded database.
  test.skipIf(onServer)('stops when the disk is almost full, is told, and goes on by itself', async () => {
    const directory = await scratch();
    const sample = await folderConfig(directory, { intervals: 'poll: 20ms, quiet: 0s, idle: 20ms' });
    const full: Config = { ...sample, limits: { ...sample.limits, freeDisk: Number.MAX_SAFE_INTEGER } };
    const lines: string[] = [];
    const gateway = await startGateway({ config: full, log: makeLog('info', (line) => lines.push(line)), steps: [makeReceive()] });
    onTestFinished(() => gateway.stop());
    await mkdir(join(directory, 'in'), { recursive: true });
    await writeFile(join(directory, 'in', 'one.edi'), 'ISA');
    await vi.waitFor(() => expect(lines.filter((line) => line.includes('INTAKE_STOPPED')).length).toBe(1), { timeout: 5_000 * patience });
    expect(kindsOf(await findConditions(gateway.context))).toEqual(expect.arrayContaining(['intake intake', 'disk database']));
    expect(await readdir(join(directory, 'in'))).toEqual(['one.edi']);
    await gateway.follow({ ...sample, limits: { ...sample.limits, freeDisk: 1 } });
    await vi.waitFor(async () => expect(await readdir(join(directory, 'in'))).toEqual([]), { timeout: 10_000 * patience });
    expect(lines.filter((line) => line.includes('INTAKE_STOPPED')).length).toBe(1);
  });

  test('stops when too much waits', async () => {
    const { gateway, db } = await quietGateway({}, (config) => ({ ...config, limits: { ...config.limits, backlog: 2 } }));
    const file = {
      partner: 'acme',
      channel: 'acme/in',
      size: 1,
      modified_at: 0,
      source_id: '',
      sha256: 'x',
      received_at: Date.parse('2026-03-05T15:00:00Z'),
      status: 'pending',
    };
    await db.transaction((tx) =>
      tx.insertMany(
        'inbound_file',
        ['a', 'b'].map((name) => ({ ...file, name })),
      ),
    );
    expect(await findConditions(gateway.context)).toEqual([]);
    await db.transaction((tx) => tx.insertMany('inbound_file', [{ ...file, name: 'c' }]));
    expect(kindsOf(await findConditions(gateway.context))).toEqual(['intake intake']);
  });

  test('for one partner when that one has too much waiting, and for all when files of too many bytes wait', async () => {
    const { db, config } = await quietGateway();
    const limits = { ...config.limits, partnerBacklog: 3, backlog: 5, backlogBytes: 1000 };
    const file = { size: 10, modified_at: 0, source_id: '', sha256: 'x', received_at: 0, status: 'pending' };
    const add = (partner: string, count: number, changes: object = {}): Promise<void> =>
      db.transaction((tx) =>
        tx.insertMany(
          'inbound_file',
          Array.from({ length: count }, () => ({ ...file, name: 'a', partner, channel: `${partner}/in`, ...changes })),
        ),
      );
    const stops = async (partner: string): Promise<string> => {
      const fresh = { ...db };
      return (await mayTakeIn({ ...config, limits }, fresh, partner)) ?? 'none';
    };
    await add('flood', 40);
    expect(await stops('flood')).toContain('40 files and documents of flood wait');
    expect(await stops('acme')).toBe('none');
    await add('acme', 3);
    expect(await stops('cedar')).toContain('6 files and documents wait');
    await db.transaction((tx) => tx.run(`update {inbound_file} set status = 'done' where partner = 'acme'`));
    expect(await stops('cedar')).toBe('none');
    await add('acme', 1, { size: 700 });
    expect(await stops('cedar')).toContain('files of 1.1 KB wait');
  });
});

test('a channel that fails is told after a while, one that refuses the login at once', async () => {
  const { gateway, clock } = await quietGateway({ stuckAfter: 10 * 60_000 });
  const { channelFailed, channelAnswered } = await import('../../src/pipeline/channel-health.ts');
  const { WharfError } = await import('../../src/errors.ts');
  const channel = gateway.context.channels().get('acme/in')!;
  channelFailed(channel, new WharfError('FOLDER_UNUSABLE', 'gone'), clock.now);
  expect(await findConditions(gateway.context)).toEqual([]);
  clock.now += 11 * 60_000;
  channelFailed(channel, new WharfError('FOLDER_UNUSABLE', 'gone'), clock.now);
  expect(kindsOf(await findConditions(gateway.context))).toEqual(['channel acme/in']);
  channelAnswered(channel, clock.now);
  channelFailed(channel, new WharfError('SFTP_LOGIN', 'no'), clock.now);
  expect(kindsOf(await findConditions(gateway.context))).toEqual(['login acme/in']);
  channelAnswered(channel, clock.now);
  expect(await findConditions(gateway.context)).toEqual([]);
});
