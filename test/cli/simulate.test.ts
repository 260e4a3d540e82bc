import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { onServer, patience } from '../support/test-server.ts';
import { configOf, edit, home, sampleCompany, stockedCompany, wharf, wharfJson, work, write } from './support.ts';

/** The daemon as a service manager starts it; it looks at its channels often. */
function daemon(folder: string): void {
  const child = spawn(process.execPath, [join(home, 'src', 'main.ts'), 'run', '--config', configOf(folder)], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
}

function dropped(folder: string, partner: string): readonly string[] {
  return readdirSync(join(folder, 'var', 'partners', partner, 'in')).toSorted();
}

function textOf(folder: string, partner: string, name: string): string {
  return readFileSync(join(folder, 'var', 'partners', partner, 'in', name), 'latin1');
}

describe('simulate', () => {
  test('a customer drops orders, is acknowledged, and answers what it gets', async () => {
    const folder = await stockedCompany();
    daemon(folder);
    const { code, data } = await wharfJson(folder, 'simulate', 'acme', '--production', '--orders', '3', '--seed', '7');
    expect(data).toMatchObject({ seed: 7, orders: ['SIM-7-1', 'SIM-7-2', 'SIM-7-3'], acknowledged: 3 });
    expect(data.collected.filter((name: string) => name.startsWith('997'))).toHaveLength(3);
    expect(code).toBe(0);
    const traced = await wharfJson(folder, 'trace', 'SIM-7-2');
    expect(traced.data.orders).toMatchObject([{ partner: 'acme', poNumber: 'SIM-7-2' }]);
  });

  test('a warehouse collects its work, acknowledges it and ships', async () => {
    const folder = await stockedCompany();
    daemon(folder);
    await wharfJson(folder, 'simulate', 'juniper', '--production', '--seed', '3');
    let shipped: readonly string[] = [];
    await expect
      .poll(
        async () => {
          const { data } = await wharfJson(folder, 'simulate', 'northwind', '--production', '--for', '0s');
          shipped = [...shipped, ...data.dropped];
          return shipped.map((name) => name.slice(0, 3)).toSorted();
        },
        { timeout: 20_000 * patience },
      )
      .toEqual(['945', '997']);
    await expect.poll(async () => (await wharfJson(folder, 'trace', 'SIM-3-1')).data.orders[0]?.lifecycle, { timeout: 20_000 * patience }).toBe('shipped');
  });

  test('one for whom no item has a number yet orders by bar code', async () => {
    const folder = await stockedCompany();
    await write(folder, 'partners/elm.yaml', 'id: elm\nname: Elm\nextends: retailer\nusage: test\nidentities: [{ theirs: ZZ/ELM }]\n');
    const { data } = await wharfJson(folder, 'simulate', 'elm', '--seed', '5', '--for', '0s');
    expect(textOf(folder, 'elm', data.dropped[0])).toMatch(/PO1\*1\*\d+\*EA\*[\d.]*\*\*UP\*6141410\d{5}~/);
  });

  test('the same seed gives the same orders, of items and ship-tos that are known', async () => {
    const folder = await stockedCompany();
    const orders = async (): Promise<string> => {
      const { data } = await wharfJson(folder, 'simulate', 'acme', '--production', '--seed', '11', '--orders', '2', '--for', '0s');
      return data.dropped.map((name: string) => textOf(folder, 'acme', name).replaceAll(/(ISA|GS|IEA|GE)\*.*~\n?/g, '')).join('');
    };
    const first = await orders();
    expect(await orders()).toBe(first);
    expect(first).toMatch(/N1\*ST\*Acme [^*]+\*92\*0(042|149)~/);
    expect(first).toMatch(/PO1\*1\*\d+\*EA\*[\d.]+\*\*BP\*1\d{3}/);
  });

  test('it misbehaves when asked to', async () => {
    const folder = await stockedCompany();
    const run = (...wrong: readonly string[]) => wharf(folder, 'simulate', 'acme', '--production', '--seed', '5', '--for', '0s', ...wrong);
    expect((await run('--duplicate')).code).toBe(1);
    const [first, again] = dropped(folder, 'acme');
    expect(again).toBe(first!.replace('.edi', '_again.edi'));
    expect(textOf(folder, 'acme', again!)).toBe(textOf(folder, 'acme', first!));
    const outcome = async (...wrong: readonly string[]) => {
      const { data } = await wharfJson(folder, 'simulate', 'acme', '--production', '--seed', '5', '--for', '0s', ...wrong);
      const bytes = readFileSync(join(folder, 'var', 'partners', 'acme', 'in', data.dropped[0]));
      return (await work(folder, { partner: 'acme', name: data.dropped[0], bytes })).map((file) => Buffer.from(file.bytes).toString('latin1')).join('');
    };
    expect(await outcome('--wrong-count')).toMatch(/AK5\*R\*4/);
    await outcome('--truncate');
    expect(JSON.stringify((await wharfJson(folder, 'status')).data)).toContain('FILE_TRUNCATED');
  });

  test('rejecting and late: what it sends back', async () => {
    const folder = await stockedCompany();
    daemon(folder);
    await wharfJson(folder, 'simulate', 'acme', '--production', '--seed', '9', '--reject', '--late');
    const outbox = async (): Promise<string> => {
      await wharfJson(folder, 'simulate', 'acme', '--production', '--orders', '0', '--for', '0s', '--reject', '--late');
      return JSON.stringify((await wharfJson(folder, 'trace', 'SIM-9-1')).data.outbox);
    };
    await expect.poll(outbox, { timeout: 20_000 * patience }).toContain('rejected');
  });

  test('what cannot be done: exit 2', async () => {
    const folder = await stockedCompany();
    const fails = async (...args: readonly string[]): Promise<string> => {
      const { code, err } = await wharf(folder, 'simulate', ...args);
      expect(code).toBe(2);
      return err;
    };
    expect(await fails('acme')).toMatch(/USAGE: acme is in production/);
    expect(await fails('nobody', '--production')).toContain('NOT_FOUND');
    expect(await fails('northwind', '--production', '--orders', '1')).toContain('a warehouse does not order');
    expect(await fails('bluebird', '--production')).toContain('only partners who speak X12 can be simulated');
    expect(await fails('acme', '--production', '--orders', 'many')).toContain('USAGE');
    const empty = await sampleCompany();
    await edit(empty, 'partners/acme.yaml', (text) => `${text}usage: test\n`);
    if (onServer) await edit(empty, 'config/gateway.yaml', (text) => text.replace(/"schema":"\w+"/, '"schema":"nobody"'));
    expect((await wharf(empty, 'simulate', 'acme')).err).toContain('DATABASE_SCHEMA');
  });
});
