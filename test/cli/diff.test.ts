import { execFileSync } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { edit, home, sample, sampleCompany, stockedCompany, wharf, wharfJson, work } from './support.ts';

function git(folder: string, ...args: readonly string[]): void {
  execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { stdio: 'ignore' });
}

/** Puts the configuration of a folder into a git repository of its own. */
function commitAll(folder: string): void {
  git(folder, 'init', '-q');
  git(folder, 'add', 'config', 'partners', 'mappings');
  git(folder, 'commit', '-qm', 'configuration');
}

/** The sample company with two orders of acme in its database, and its configuration committed. */
async function tradingCompany(): Promise<string> {
  const folder = await stockedCompany();
  for (const name of ['happy-path', 'wrong-unit']) {
    await work(folder, { partner: 'acme', name: `${name}.edi`, bytes: await sample(`acme/${name}/in.edi`) });
  }
  commitAll(folder);
  return folder;
}

describe('diff', () => {
  test('nothing has changed: exit 0', async () => {
    const folder = await tradingCompany();
    const { code, out } = await wharf(folder, 'diff', '--partner', 'acme', '--days', '3');
    expect(out).toMatch(/^2 documents came in, none differs\n\d+ documents? went out, none differs\n$/);
    expect(code).toBe(0);
  });

  test('stored traffic through the mappings of the last commit and the present ones, counted by meaning: exit 1', async () => {
    const folder = await tradingCompany();
    await edit(folder, 'mappings/x12/850.yaml', (text) =>
      text.replace('unit: { from: PO103, default: EA }', 'unit: { from: PO103, table: { EA: PK }, otherwise: keep, default: EA }'),
    );
    await edit(folder, 'mappings/x12/855.yaml', (text) => text.replace(/BAK03: poNumber/, 'BAK03: { const: X-1 }'));
    const { code, out } = await wharf(folder, 'diff', '--partner', 'acme', '--days', '3');
    expect(code).toBe(1);
    expect(out).toMatch(/2 documents came in, 2 would differ\n {2}order lines\[\]\.unit: EA → PK in 2 of 2, such as 4500012345\n/);
    expect(out).toMatch(/x12\/855 BAK\[\]\.BAK03: 4500012345 → X-1 in 1 of \d/);
    const { data } = await wharfJson(folder, 'diff', '--partner', 'acme');
    expect(data.inbound).toMatchObject({ documents: 2, changed: 2 });
    expect(data.inbound.changes[0]).toMatchObject({ path: 'lines[].unit', before: 'EA', after: 'PK', documents: 2, of: 2 });
    git(folder, 'commit', '-qam', 'changed');
    expect((await wharf(folder, 'diff', '--partner', 'acme')).code).toBe(0);
    expect((await wharf(folder, 'diff', '--partner', 'acme', '--against', 'HEAD~1')).code).toBe(1);
  });

  test('a code table of the partner counts too, and a mapping that no longer works says why', async () => {
    const folder = await tradingCompany();
    await edit(folder, 'partners/acme.yaml', (text) => `${text}tables: { purpose: { "00": replace } }\n`);
    expect((await wharf(folder, 'diff', '--partner', 'acme')).out).toContain('order purpose: original → replace in 2 of 2');
    await edit(folder, 'mappings/x12/850.yaml', (text) => text.replace('poNumber: { from: BEG03', 'poNumber: { from: BEG09'));
    expect((await wharf(folder, 'diff', '--partner', 'acme')).out).toMatch(/order the document: mapped → MAPPING_FAILED: .*poNumber.* in 2 of 2/);
  });

  test('files of a folder, against another folder of mappings', async () => {
    const folder = await sampleCompany();
    await mkdir(join(folder, 'files'));
    await writeFile(join(folder, 'files', 'orders.csv'), await sample('bluebird/two-orders/in.csv'));
    await cp(join(home, 'mappings'), join(folder, 'old'), { recursive: true });
    await edit(folder, 'mappings/bluebird/orders.yaml', (text) => text.replace('row/order_no, trim: true', 'row/order_no, lower: true'));
    const files = ['--files', join(folder, 'files'), '--partner', 'bluebird'];
    const { code, out } = await wharf(folder, 'diff', ...files, '--against', join(folder, 'old'));
    expect(out).toMatch(/^2 documents came in, 2 would differ\n {2}order poNumber: BB-7001 → bb-7001 in 1 of 2, such as bb-7001\n/);
    expect(code).toBe(1);
    const same = await wharf(folder, 'diff', ...files, '--against', folder);
    expect(same).toMatchObject({ code: 0, out: '2 documents came in, none differs\n' });
  });

  test('what cannot be done: exit 2', async () => {
    const folder = await stockedCompany();
    const fails = async (...args: readonly string[]): Promise<string> => {
      const { code, err } = await wharf(folder, 'diff', ...args);
      expect(code).toBe(2);
      return err;
    };
    expect(await fails('--partner', 'acme')).toContain('NOT_FOUND: git: ');
    commitAll(folder);
    expect(await fails('--partner', 'acme', '--against', 'nothing')).toContain('there is no revision nothing');
    expect(await fails('--partner', 'acme', '--days', 'many')).toContain('USAGE');
    expect(await fails()).toContain('USAGE');
    expect(await fails('--partner', 'nobody')).toContain('NOT_FOUND');
    expect(await fails('--files', join(folder, 'nothing'))).toContain('FOLDER_UNUSABLE');
  });
});
