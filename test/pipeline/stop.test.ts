import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { makeSecret, provide } from '../../src/config/secret.ts';
import { makeLog } from '../../src/log.ts';
import { startGateway } from '../../src/pipeline/gateway.ts';
import { makeReceive } from '../../src/pipeline/receive.ts';
import { scratch } from '../support/database.ts';
import { folderConfig } from '../support/gateway.ts';
import { patience } from '../support/test-server.ts';

/** A server that takes connections and never says a word. */
async function silentServer(): Promise<{ readonly port: number; readonly connections: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, connections: () => connections };
}

test('a process that something keeps after its stop ends all the same', { timeout: 60_000 * patience }, async () => {
  const { file } = await folderConfig(await scratch(), { intervals: 'poll: 50ms, drain: 100ms' });
  await writeFile(file, (await readFile(file, 'utf8')).replace('level: error', 'level: info'));
  const kept = 'data:text/javascript,setInterval(()=>undefined,1000)';
  const daemon = spawn(process.execPath, ['--import', kept, join(import.meta.dirname, '..', '..', 'src', 'main.ts'), 'run', '--config', file]);
  onTestFinished(() => void daemon.kill('SIGKILL'));
  let log = '';
  daemon.stdout.on('data', (data: Buffer) => (log += data.toString()));
  const ended = once(daemon, 'exit');
  await vi.waitFor(() => expect(log).toContain('"msg":"started"'), { timeout: 20_000 * patience });
  daemon.kill('SIGTERM');
  expect(await ended).toEqual([70, null]);
  expect(log).toContain('the stop did not come to its end');
});

test('fault/A6 a stop takes no longer than `intervals.drain`, whoever does not answer', async () => {
  const { port, connections } = await silentServer();
  const sample = await folderConfig(await scratch(), { intervals: 'poll: 50ms, quiet: 0s, retryFirst: 50ms, idle: 50ms, drain: 300ms' });
  const acme = sample.partners.get('acme')!;
  const secret = makeSecret('acme-sftp');
  provide(secret, 'password');
  const [folder] = acme.channels;
  const server = {
    type: 'sftp' as const,
    host: '127.0.0.1',
    port,
    username: 'wharf',
    auth: [{ password: secret }],
    hostKeys: ['SHA256:x'],
    connect: 60_000,
    operation: 60_000,
  };
  const settings = { ...folder!, ...server, legacyAlgorithms: false, rename: 'normal' as const, verify: 'size' as const };
  const channels = Array.from({ length: 5 }, (_, at) => ({ ...settings, name: `in-${at}`, direction: 'in' as const }));
  const config = { ...sample, partners: new Map([['acme', { ...acme, channels }]]) };
  const gateway = await startGateway({ config, log: makeLog('silent'), steps: [makeReceive()] });
  await vi.waitFor(() => expect(connections()).toBe(5), { timeout: 10_000 * patience });
  const began = performance.now();
  await gateway.stop();
  expect(performance.now() - began).toBeLessThan(3000);
});
