import { connect, createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { makeLog } from '../../src/log.ts';
import { openStore } from '../../src/pipeline/open-store.ts';
import { freshSettings } from '../support/database.ts';

const there = process.env['WHARF_TEST_MSSQL_URL'] !== undefined;

/** A port that nobody listens at, and what makes the server answer there. */
async function awayUntil(port: number): Promise<{ readonly port: number; readonly back: () => Promise<void> }> {
  const server = createServer((ours) => {
    const theirs = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [ours, theirs],
      [theirs, ours],
    ] as const)
      one.pipe(other).once('error', () => one.destroy());
  });
  const listen = (at: number): Promise<Server> => new Promise((resolve) => server.listen(at, '127.0.0.1', () => resolve(server)));
  await listen(0);
  const free = (server.address() as { readonly port: number }).port;
  await new Promise((resolve) => server.close(resolve));
  onTestFinished(() => void server.close());
  return { port: free, back: async () => void (await listen(free)) };
}

test.skipIf(!there)('fault/F1 a server that is away when the daemon starts is waited for, which is told with what to do', { timeout: 120_000 }, async () => {
  const settings = await freshSettings();
  if (settings.type !== 'mssql') throw new Error('no server');
  const away = await awayUntil(settings.port ?? 1433);
  const told: string[] = [];
  const log = makeLog('warn', (line) => {
    told.push((JSON.parse(line) as { readonly msg: string }).msg);
    if (told.length === 2) void away.back();
  });
  const { db } = await openStore({ ...settings, server: '127.0.0.1', port: away.port }, log, () => false);
  await db.close();
  expect(told.length).toBeGreaterThanOrEqual(2);
  expect(told[0]).toMatch(/^the database is waited for: .+\. .+/);
});
