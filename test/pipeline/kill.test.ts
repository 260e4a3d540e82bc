import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { scratch, settingsIn } from '../support/database.ts';
import { folderConfig } from '../support/gateway.ts';
import { onServer } from '../support/test-server.ts';

const KILLS = Number(process.env['WHARF_KILLS'] ?? 6);
const script = new URL('../support/echo-gateway.ts', import.meta.url).pathname;

async function launch(directory: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, join(directory, 'gateway.yaml')], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

/** The partner: drops files by renaming them into place and takes what appears under a final name, remembering everything it ever saw. */
function partner(directory: string) {
  const received = new Map<string, string[]>();
  let dropped = 0;
  const collect = async (): Promise<void> => {
    for (const name of await readdir(join(directory, 'out'))) {
      if (name.startsWith('.')) continue;
      const path = join(directory, 'out', name);
      received.set(name, [...(received.get(name) ?? []), await readFile(path, 'utf8')]);
      await unlink(path);
    }
  };
  const drop = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      const name = `file${String(dropped++).padStart(4, '0')}.edi`;
      await writeFile(join(directory, 'whole'), contentOf(name));
      await rename(join(directory, 'whole'), join(directory, 'in', name));
    }
  };
  return { received, drop, collect, dropped: () => dropped };
}
const contentOf = (name: string): string => `${name} `.repeat(300);

test(`fault/A1 killed at ${KILLS} random moments, every file goes through once and whole`, { timeout: KILLS * (onServer ? 60_000 : 20_000) }, async () => {
  const directory = await scratch();
  await folderConfig(directory, { intervals: 'poll: 50ms, quiet: 0s, retryFirst: 10ms, idle: 20ms' });
  const { received, drop, collect, dropped } = partner(directory);
  for (let round = 0; round < KILLS; round += 1) {
    await drop(15);
    const child = await launch(directory);
    await drop(15);
    const until = performance.now() + Math.random() * 150;
    while (performance.now() < until) await collect();
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const last = await launch(directory);
  await vi.waitFor(
    async () => {
      await collect();
      expect(received.size).toBe(dropped());
      expect(await readdir(join(directory, 'in'))).toEqual([]);
    },
    { timeout: onServer ? 240_000 : 30_000, interval: 50 },
  );
  last.kill('SIGTERM');
  await once(last, 'exit');
  await collect();
  expect([...received].filter(([name, contents]) => contents.length !== 1 || contents[0] !== contentOf(name))).toEqual([]);
  const db = await openDatabase(await settingsIn(join(directory, 'gateway.yaml')));
  const files = await db.read((tx) => tx.many('select name, status, disposed_at from {inbound_file} order by name'));
  const sent = await db.read((tx) => tx.many('select file_name, status from {outbox} order by file_name'));
  await db.close();
  expect(files.map(({ status }) => status)).toEqual(Array.from({ length: dropped() }, () => 'done'));
  expect(files.filter(({ disposed_at }) => disposed_at === null)).toEqual([]);
  expect(sent.map(({ file_name, status }) => [file_name, status])).toEqual(files.map(({ name }) => [name, 'done']));
});
