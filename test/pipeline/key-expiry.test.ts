import { expect, onTestFinished, test } from 'vitest';
import { makeSecret, provide } from '../../src/config/secret.ts';
import type { Channel } from '../../src/config/types.ts';
import { makeLog } from '../../src/log.ts';
import { findConditions } from '../../src/pipeline/alerts/rules.ts';
import { startGateway } from '../../src/pipeline/gateway.ts';
import { setSwitch } from '../../src/store/switches.ts';
import { keyTroubles } from '../../src/pipeline/alerts/keys.ts';
import { makeKeys } from '../packing/keys.ts';
import { folderConfig } from '../support/gateway.ts';
import { scratch } from '../support/database.ts';

const DAY = 86_400_000;

test('a key is told of 60, 30 and 7 days before its end, when it is over, and when it cannot be used', async () => {
  const config = await folderConfig(await scratch());
  const made = Date.parse('2026-01-01T00:00:00Z');
  const { publicKey } = await makeKeys('acme', { date: new Date(made), expiresInSeconds: 365 * 86_400 });
  const secret = makeSecret('acme-pgp');
  provide(secret, publicKey);
  const out = config.partners.get('acme')!.channels.find(({ name }) => name === 'out')!;
  const channel: Channel = { ...out, pgp: { encrypt: [secret], armor: false } };
  const at = async (daysBefore: number): Promise<string | undefined> => {
    const [trouble] = await keyTroubles([{ key: 'acme/out', channel }], made + (365 - daysBefore) * DAY);
    return trouble && `${trouble.subject.replace(/[0-9A-F]{16}/, 'ID')}: ${trouble.detail}`;
  };
  expect(await at(61.5)).toBeUndefined();
  expect(await at(60)).toBe('acme/out encrypt ID within 60 days: the key ends on 2027-01-01');
  expect(await at(30)).toContain('within 30 days');
  expect(await at(1)).toContain('within 7 days');
  expect(await at(-1)).toBe('acme/out encrypt ID is over: the key ended on 2027-01-01');
  provide(secret, 'no key');
  expect(await at(100)).toContain('A public key cannot be used');
});

test('a backup that is not made any more is told, one that was never made is not', async () => {
  const config = await folderConfig(await scratch());
  const clock = { now: Date.parse('2026-03-05T15:00:00Z') };
  const gateway = await startGateway({ config, log: makeLog('silent'), steps: [], now: () => clock.now });
  onTestFinished(() => gateway.stop());
  const kinds = async () => (await findConditions(gateway.context)).map(({ kind }) => kind);
  expect(await kinds()).not.toContain('backup');
  await gateway.context.db.transaction((tx) => setSwitch(tx, { name: 'backup', value: 'x', at: clock.now, who: 'root' }));
  clock.now += 24 * 3_600_000;
  expect(await kinds()).not.toContain('backup');
  clock.now += 2 * 3_600_000;
  expect(await kinds()).toContain('backup');
});
