import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { onServer, patience } from '../support/test-server.ts';
import { configOf, edit, home, stockedCompany, wharf, wharfJson, write } from './support.ts';

type Daemon = {
  readonly log: () => string;
  readonly err: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<number | null>;
};

/** The daemon as a service manager starts it. */
function startDaemon(folder: string): Daemon {
  const child = spawn(process.execPath, [join(home, 'src', 'start.js'), 'run', '--config', configOf(folder)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => void (log += data.toString()));
  child.stderr.on('data', (data: Buffer) => void (err += data.toString()));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  onTestFinished(() => void child.kill('SIGKILL'));
  return { log: () => log, err: () => err, kill: (signal) => void child.kill(signal), ended };
}

const soon = { timeout: 25_000 * patience, interval: 50 };

async function drop(folder: string, name: string, from: string): Promise<void> {
  const inbound = join(folder, 'var', 'partners', 'acme', 'in');
  await mkdir(inbound, { recursive: true });
  await copyFile(join(home, 'samples', from), join(inbound, `${name}.tmp`));
  await rename(join(inbound, `${name}.tmp`), join(inbound, name));
}

async function sentTo(folder: string, partner: string): Promise<readonly string[]> {
  return readdir(join(folder, 'var', 'partners', partner, 'out'));
}

test(
  'the daemon takes a file that was dropped while it was down, answers it, follows its configuration, and stops when asked',
  async () => {
    const folder = await stockedCompany();
    await drop(folder, 'before.edi', 'acme/happy-path/in.edi');
    const daemon = startDaemon(folder);
    await vi.waitFor(async () => expect((await sentTo(folder, 'acme')).map((name) => name.slice(0, 3)).toSorted()).toEqual(['855', '997']), soon);
    expect(daemon.log()).toMatch(/"msg":"started"/);

    await edit(folder, 'partners/acme.yaml', (text) => text.replace('tier: 1', 'tier: many'));
    await vi.waitFor(() => expect(daemon.err()).toMatch(/acme\.yaml:\d+:\d+: CONFIG_VALUE: .*tier/), soon);
    expect(daemon.log()).toMatch(/the one before stays in force/);

    await edit(folder, 'partners/acme.yaml', (text) => text.replace('tier: many', 'tier: 3').replace('vendorNumber: "104417"', 'vendorNumber: "555"'));
    await vi.waitFor(() => expect(daemon.log()).toMatch(/the configuration was read again/), soon);

    await drop(folder, 'after.edi', 'acme/unknown-sku/in.edi');
    await vi.waitFor(async () => expect((await wharfJson(folder, 'status')).data.needs).toMatchObject([{ code: 'SKU_UNKNOWN' }]), soon);
    // An import at the command line is seen by the running daemon.
    const items = await write(folder, 'items.csv', 'sku,base_unit,price,references\nHL-NEW,EA,12.50,acme:BP=9999\n');
    expect((await wharf(folder, 'items', 'import', items)).code).toBe(0);
    await vi.waitFor(async () => expect((await sentTo(folder, 'acme')).filter((name) => name.startsWith('855'))).toHaveLength(2), soon);

    if (!onServer) {
      const second = startDaemon(folder);
      expect(await second.ended).toBe(2);
      expect(second.err()).toMatch(/DATABASE_LOCKED: [\s\S]*Stop it first/);
    }

    daemon.kill('SIGTERM');
    expect(await daemon.ended).toBe(0);
    expect(daemon.log().trimEnd()).toMatch(/"msg":"stopped"\}$/);
  },
  60_000 * patience,
);

test('a configuration with errors does not start: each with its place and remedy, exit 2', async () => {
  const folder = await stockedCompany();
  await edit(folder, 'partners/acme.yaml', (text) => text.replace('extends: retailer', 'extends: retialer'));
  const daemon = startDaemon(folder);
  expect(await daemon.ended).toBe(2);
  expect(daemon.err()).toMatch(/acme\.yaml:4:10: CONFIG_REFERENCE: .*\n {2}\w/);
  expect(daemon.log()).toBe('');
});

test('SIGINT stops it, too', async () => {
  const folder = await stockedCompany();
  const daemon = startDaemon(folder);
  await vi.waitFor(() => expect(daemon.log()).toMatch(/"msg":"started"/), soon);
  daemon.kill('SIGINT');
  expect(await daemon.ended).toBe(0);
});
