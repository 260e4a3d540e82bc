import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { openDatabase } from '../../src/store/database.ts';
import { purchaseOrder } from '../support/company.ts';
import { sample, stockedCompany, wharf, wharfJson, work } from './support.ts';

/** Texts that would be part of a statement if any were made of texts, on either engine. */
const corpus = [
  "' OR '1'='1",
  "'; DROP TABLE sales_order; --",
  "x'); DELETE FROM document; --",
  "' UNION SELECT sql FROM sqlite_master --",
  "'; EXEC xp_cmdshell 'touch /tmp/pwned'; --",
  "'||(SELECT password FROM login)||'",
  '") OR 1=1 /*',
  '1; update outbox set status=0',
  '1 OR 1=1',
  '[sales_order]',
  '{sales_order}',
  '?, ?',
  ':a $b @c',
  '%',
  '_',
  '\\',
  "\\'; --",
  '`; --',
  'NULL',
] as const;

/** Commands that take what somebody knows a thing by. Those that write files of a given name or run for long are not among them. */
const asking: readonly (readonly string[])[] = [
  ['trace'],
  ['why'],
  ['replay'],
  ['reissue'],
  ['resend'],
  ['hold'],
  ['release'],
  ['resolve'],
  ['discard'],
  ['undo'],
  ['tell'],
  ['acks note'],
  ['quarantine show'],
  ['quarantine retry'],
  ['control-numbers advance'],
  ['status', '--partner'],
  ['acks', '--partner'],
  ['acks', '--days'],
  ['balance', '--partner'],
  ['balance', '--date'],
  ['metrics', '--partner'],
  ['due', '--within'],
  ['due', '--partner'],
  ['quarantine list', '--code'],
  ['quarantine list', '--partner'],
  ['deductions', '--partner'],
  ['alerts', '--ack'],
  ['retention', '--older-than'],
  ['diff', '--days', '3', '--partner'],
];

async function everything(folder: string): Promise<unknown> {
  const db = await openDatabase({ type: 'sqlite', file: join(folder, 'var', 'wharf.db') });
  try {
    return await db.read(async (tx) => {
      const tables = await tx.many(`select name from sqlite_master where type = 'table' order by name`, []);
      return Promise.all(tables.map(async ({ name }) => [name, await tx.many(`select * from "${String(name)}" order by 1`, [])]));
    });
  } finally {
    await db.close();
  }
}

test('fault/J9 commands take such texts for what somebody knows a thing by, and find nothing', { timeout: 120_000 }, async () => {
  for (const [name] of asking) expect(Object.keys(commands)).toContain(name);
  const folder = await stockedCompany();
  await work(folder, { partner: 'acme', name: 'a.edi', bytes: await sample('acme/happy-path/in.edi') });
  const before = await everything(folder);
  for (const [at, [name, ...options]] of asking.entries()) {
    // All of them go to one command, and some of them to each.
    for (const text of name === 'trace' ? corpus : corpus.filter((_, index) => index % 7 === at % 7)) {
      const words = name === 'tell' ? ['acme', 'order', text] : name === 'control-numbers advance' ? [text, '7'] : name === 'acks note' ? [text, text] : [text];
      const { code, out, err } = await wharf(folder, ...name!.split(' '), ...options, ...words);
      const what = `${name} ${options.join(' ')} ${text}: ${code} ${out} ${err}`;
      expect(code, what).toBeLessThanOrEqual(2);
      expect(`${out}${err}`, what).not.toMatch(/INTERNAL|syntax error|SQLITE_|no such (table|column)|4500012345/);
    }
  }
  expect(await everything(folder)).toEqual(before);
});

test('fault/J9 such texts as numbers, names, notes and file names are kept as they are, and each is found by itself alone', { timeout: 60_000 }, async () => {
  const folder = await stockedCompany();
  const numbers = corpus.map((text) => text.slice(0, 22)).filter((text) => !/[~*>]/.test(text));
  for (const [index, number] of numbers.entries()) {
    const order = purchaseOrder(number, ['PO1*1*5*EA*6.25**VN*HL-MUG-01', `PID*F****${number}`], [`REF*DP*${number}`]);
    await work(folder, { partner: 'acme', name: `${number.replaceAll('/', '')}.${index}.edi`, bytes: Buffer.from(order) });
  }
  for (const [index, number] of numbers.entries()) {
    for (const term of [number, `${number.replaceAll('/', '')}.${index}.edi`]) {
      const { code, data } = await wharfJson(folder, 'trace', term);
      expect(code, term).toBe(0);
      expect(data.orders, term).toMatchObject([{ poNumber: number.toUpperCase().trim() }]);
    }
    expect((await wharf(folder, 'why', number)).code, number).toBe(0);
  }
  const { code } = await wharf(folder, 'verify');
  expect(code).toBe(0);
});
