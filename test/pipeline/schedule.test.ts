import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Channel, Config } from '../../src/config/types.ts';
import { makeLog } from '../../src/log.ts';
import { findConditions } from '../../src/pipeline/alerts/rules.ts';
import { makeDeliver } from '../../src/pipeline/deliver.ts';
import { type Gateway, startGateway } from '../../src/pipeline/gateway.ts';
import { makeReceive } from '../../src/pipeline/receive.ts';
import { type Hours, isClosedAt, lastMoment, nextMoment } from '../../src/pipeline/schedule.ts';
import { packPayload, storePayload } from '../../src/store/payload.ts';
import { instantOf } from '../../src/orders/windows.ts';
import { scratch } from '../support/database.ts';
import { folderConfig } from '../support/gateway.ts';
import { problemsOf } from '../support/config-folder.ts';
import { patience } from '../support/test-server.ts';

const eventually = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 10_000 * patience, interval: 20 });
const hours = (timezone: string, schedule: readonly string[], holidays: readonly string[] = []): Hours => ({
  timezone,
  holidays,
  channel: { schedule } as unknown as Channel,
});
const iso = (instant: number | undefined): string | undefined => (instant === undefined ? undefined : new Date(instant).toISOString().slice(0, 16));
const at = (text: string): number => Date.parse(`${text}Z`);

describe('a schedule', () => {
  test('has its moments in the time zone of the partner', () => {
    const chicago = hours('America/Chicago', ['0 6,18 * * mon-fri']);
    expect(iso(nextMoment(chicago, at('2026-03-05T11:00')))).toBe('2026-03-05T12:00');
    expect(iso(nextMoment(chicago, at('2026-03-05T12:00')))).toBe('2026-03-06T00:00');
    expect(iso(lastMoment(chicago, at('2026-03-05T12:00')))).toBe('2026-03-05T12:00');
    // Friday evening, Chicago: the next is Monday morning, in summer time by then.
    expect(iso(nextMoment(chicago, at('2026-03-07T03:00')))).toBe('2026-03-09T11:00');
    expect(iso(nextMoment(hours('Asia/Tokyo', ['30 17 L * *']), at('2026-02-20T00:00')))).toBe('2026-02-28T08:30');
    expect(nextMoment(hours('UTC', ['0 0 30 2 *']), at('2026-02-20T00:00'))).toBeUndefined();
  });

  test('leaves out the holidays of the partner', () => {
    const noon = hours('Europe/Berlin', ['0 12 * * *'], ['2026-12-25', '2026-12-26']);
    expect(iso(nextMoment(noon, at('2026-12-24T12:00')))).toBe('2026-12-27T11:00');
    expect(iso(lastMoment(noon, at('2026-12-26T22:00')))).toBe('2026-12-24T11:00');
  });

  test.each([
    ['America/New_York', '2026-03-08', '2026-03-08T07:00', '2026-11-01', '2026-11-01T05:30'],
    ['Europe/Berlin', '2026-03-29', '2026-03-29T01:00', '2026-10-25', '2026-10-25T00:30'],
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T15:30', '2026-04-05', '2026-04-04T14:30'],
  ])('%s: a time that the clock skips comes after the gap, one that it repeats comes once', (timezone, spring, afterGap, autumn, first) => {
    const [gap, twice] = timezone === 'America/New_York' ? ['02:30', '01:30'] : timezone === 'Europe/Berlin' ? ['02:30', '02:30'] : ['02:15', '01:30'];
    expect(iso(instantOf(spring, gap, timezone))).toBe(afterGap);
    expect(iso(instantOf(autumn, twice, timezone))).toBe(first);
    const [hour, minute] = twice.split(':').map(Number);
    const daily = hours(timezone, [`${minute} ${hour} * * *`]);
    const moments: string[] = [];
    for (let now = at(`${autumn}T00:00`) - 86_400_000; moments.length < 3; now = Date.parse(`${moments.at(-1)}Z`)) moments.push(iso(nextMoment(daily, now))!);
    expect(moments.map((moment) => Math.round((Date.parse(`${moment}Z`) - Date.parse(`${moments[0]}Z`)) / 3_600_000 / 12) / 2)).toEqual([0, 1, 2]);
  });

  test('that is none is an error of the configuration', async () => {
    const file = (schedule: string) => ({
      'partners/acme.yaml': `id: acme\nname: Acme\nrole: customer\nchannels:\n  in: { type: folder, directory: in, schedule: ["${schedule}"] }\n`,
    });
    for (const wrong of ['every day', '0 25 * * *', '0 6 * *', '0 0 6 * * *', '']) {
      expect((await problemsOf(file(wrong))).join('\n'), wrong).toMatch(/acme.yaml:5:\d+ CONFIG_VALUE/);
    }
    expect((await problemsOf(file('0 6 * * *'))).join('\n')).not.toContain('schedule');
  });

  test('is no reason to use a channel in the hours in which it is closed', () => {
    const night = { timezone: 'America/Chicago', holidays: [], channel: { closed: [{ from: '22:00', to: '04:00' }] } as unknown as Channel };
    expect([at('2026-03-05T03:59'), at('2026-03-05T04:00'), at('2026-03-05T09:59'), at('2026-03-05T10:00')].map((now) => isClosedAt(night, now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

const everyMorning = `{
  in: { type: folder, directory: ../in, schedule: ["0 6 * * *"] },
  out: { type: folder, directory: ../out, schedule: ["0 6 * * *"] }
}`;

async function scheduled() {
  const directory = await scratch();
  const config: Config = await folderConfig(directory, {
    channels: everyMorning.replaceAll('\n', ' '),
    intervals: 'poll: 30ms, quiet: 0s, retryFirst: 50ms, idle: 30ms',
  });
  const clock = { now: at('2026-03-05T15:00') };
  const start = async (): Promise<Gateway> => {
    const gateway = await startGateway({ config, log: makeLog('silent'), steps: [makeReceive(), makeDeliver()], now: () => clock.now });
    onTestFinished(() => gateway.stop());
    return gateway;
  };
  const drop = async (name: string): Promise<void> => {
    await writeFile(join(directory, 'in', `.${name}`), 'ISA*00');
    await rename(join(directory, 'in', `.${name}`), join(directory, 'in', name));
  };
  const left = async (folder: 'in' | 'out') => (await readdir(join(directory, folder))).filter((name) => !name.startsWith('.'));
  return { clock, start, drop, left };
}

test('a channel with a schedule is used at its moments; those missed while nothing ran are caught up once', async () => {
  const { clock, start, drop, left } = await scheduled();
  const gateway = await start();
  const { db } = gateway.context;
  const states = () => db.read((tx) => tx.many('select channel, ran_at from {channel_state} order by channel'));
  const queue = (name: string) =>
    db.transaction(async (tx) => {
      const fixed = { partner: 'acme', kind: 'order-response', unique_key: name, canonical: '{}', created_at: 0, channel: 'acme/out', status: 'rendered' };
      const sha256 = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d';
      const id = await tx.insert('outbox', { ...fixed, file_name: name, size: 1, sha256 });
      await storePayload(tx, 'outbox', id, packPayload(new Uint8Array(1)));
    });
  await drop('one.edi');
  await queue('one.out');
  gateway.context.wake('deliver');
  await eventually(async () => expect(await states()).toHaveLength(2));
  expect([await left('in'), await left('out')]).toEqual([['one.edi'], []]);
  clock.now = at('2026-03-06T11:00');
  await eventually(async () => expect([await left('in'), await left('out')]).toEqual([[], ['one.out']]));
  await eventually(async () => expect((await states()).map((row) => row['ran_at'])).toEqual([clock.now, clock.now]));
  await drop('two.edi');
  await queue('two.out');
  clock.now = at('2026-03-06T22:00');
  gateway.context.wake('receive');
  await gateway.stop();
  expect([await left('in'), await left('out')]).toEqual([['two.edi'], ['one.out']]);
  // Three mornings later: one look, then nothing until the next morning.
  clock.now = at('2026-03-09T15:00');
  const next = await start();
  await eventually(async () => expect([await left('in'), await left('out')]).toEqual([[], ['one.out', 'two.out']]));
  await eventually(async () => {
    const rows = await next.context.db.read((tx) => tx.many('select ran_at from {channel_state}'));
    expect(rows.map((row) => row['ran_at'])).toEqual([clock.now, clock.now]);
  });
  await drop('three.edi');
  const looks = vi.spyOn(next.context.channels().get('acme/in')!.transport, 'list');
  next.context.wake('receive');
  clock.now = at('2026-03-10T09:59');
  next.context.wake('receive');
  await eventually(async () => expect(await next.context.db.read((tx) => tx.many('select 1 as one'))).toHaveLength(1));
  expect(looks).not.toHaveBeenCalled();
  expect(await left('in')).toEqual(['three.edi']);
  clock.now = at('2026-03-10T10:00');
  await eventually(async () => expect(await left('in')).toEqual([]));
});

test('what waits for the turn of its channel is no backlog that somebody is told of', async () => {
  const { clock, start } = await scheduled();
  const gateway = await start();
  const { db } = gateway.context;
  const fixed = { partner: 'acme', kind: 'order-response', canonical: '{}', created_at: clock.now, status: 'rendered', file_name: 'x', size: 1, sha256: 'x' };
  await db.transaction((tx) => tx.insertMany('outbox', [{ ...fixed, unique_key: 'a', channel: 'acme/out' }]));
  clock.now += 3_600_000;
  expect((await findConditions(gateway.context)).map(({ kind }) => kind)).not.toContain('backlog');
  await db.transaction((tx) => tx.insertMany('outbox', [{ ...fixed, unique_key: 'b', channel: 'acme/gone' }]));
  expect((await findConditions(gateway.context)).map(({ kind }) => kind)).toContain('backlog');
});
