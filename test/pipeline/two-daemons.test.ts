import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { openDatabase } from '../../src/store/database.ts';
import { listLeases } from '../../src/store/leases.ts';
import { configOf, edit, home, stockedOn, write } from '../cli/support.ts';
import { freshSettings } from '../support/database.ts';

type Daemon = { readonly child: ChildProcess; readonly started: Promise<void>; readonly ended: Promise<number | null> };

function launch(folder: string): Daemon {
  const child = spawn(process.execPath, [join(home, 'src', 'main.ts'), 'run', '--config', configOf(folder)], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const started = new Promise<void>((resolve) => {
    child.stdout.on('data', (data: Buffer) => data.includes('"msg":"started"') && resolve());
  });
  return { child, started, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

test.skipIf(!process.env['WHARF_TEST_MSSQL_URL'])(
  'two daemons share the channels of a database; one is killed, and the other takes up all of it (needs WHARF_TEST_MSSQL_URL)',
  { timeout: 300_000 },
  async () => {
    const settings = await freshSettings();
    if (settings.type !== 'mssql' || settings.login.type !== 'sql') throw new Error('no server');
    const { server, port, database, schema, login } = settings;
    const folder = await stockedOn(settings);
    await edit(folder, 'config/gateway.yaml', (text) =>
      text
        .replace(/^intervals:.*$/m, 'intervals: { poll: 300ms, quiet: 0s, idle: 300ms, claim: 6s }')
        .replace(
          /^database:.*$/m,
          `database: { type: mssql, server: ${server}, port: ${port ?? 1433}, database: ${database}, schema: ${schema ?? 'wharf'}, login: { type: sql, user: ${login.user}, password: { secret: db } }, encrypt: false, trustServerCertificate: true }`,
        ),
    );
    await mkdir(join(folder, 'config', 'secrets'), { recursive: true });
    await writeFile(join(folder, 'config', 'secrets', 'db'), login.password, { mode: 0o600 });
    const { config } = await loadConfig(configOf(folder));
    for (const { channels } of config!.partners.values())
      for (const channel of channels) if (channel.type === 'folder') await mkdir(channel.directory, { recursive: true });
    const db = await openDatabase(settings);
    onTestFinished(() => db.close());
    const until = async (holds: () => Promise<boolean>): Promise<void> => {
      while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
    };
    const holders = async (): Promise<readonly string[]> => {
      const leases = await db.read((tx) => listLeases(tx));
      return leases.filter(({ resource, expiresAt }) => resource.startsWith('channel:') && expiresAt > Date.now()).map(({ owner }) => owner);
    };
    const orders = async (): Promise<number> =>
      Number((await db.read((tx) => tx.one(`select count(*) as n from {v_outbox} where kind = 'order-response' and sent_at is not null`)))?.['n']);

    const sample = await readFile(join(home, 'samples', 'acme', 'happy-path', 'in.edi'), 'latin1');
    const daemons = [launch(folder), launch(folder)];
    await Promise.all(daemons.map(({ started }) => started));
    await write(folder, 'var/partners/acme/in/a.edi', sample);
    await until(async () => (await orders()) === 1 && new Set(await holders()).size === 2);

    const first = daemons[0]!;
    await write(folder, 'var/partners/acme/in/b.edi', sample.replaceAll('4500012345', '4500098765').replaceAll('000000101', '000000901'));
    first.child.kill('SIGKILL');
    await first.ended;
    await until(async () => (await orders()) === 2 && new Set(await holders()).size === 1);
    const counted = await db.read((tx) => tx.many('select po_number, count(*) as n from {v_order} group by po_number order by po_number'));
    expect(counted.map((row) => [row['po_number'], Number(row['n'])])).toEqual([
      ['4500012345', 1],
      ['4500098765', 1],
    ]);

    const second = daemons[1]!;
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(await holders()).toEqual([]);
  },
);
