import { chmodSync, copyFileSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type TestContext, test } from 'vitest';
import { seededRandom } from '../../src/simulate/random.ts';
import { type Company, makeCompany } from '../../src/torture/company.ts';
import { command, launch, ownBuild as build } from '../../src/torture/daemon.ts';
import { bringToEnd } from '../../src/torture/ending.ts';
import { openOutside } from '../../src/torture/outside.ts';

function place({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): string {
  const directory = mkdtempSync(join(tmpdir(), 'wharf-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o711);
  return join(directory, 'company');
}

const nothing = async (): Promise<void> => undefined;

/** What a person does with what was rescued. */
async function restore({ configFile, database }: Company): Promise<void> {
  const rescued = readdirSync(dirname(database)).filter((name) => name.includes('.rescued-'));
  expect(rescued).toHaveLength(1);
  await command(build, configFile, ['restore', join(dirname(database), rescued[0]!)]);
  await command(build, configFile, ['resume']);
}

/** What somebody does to the files of a database under a running daemon, and what mends it. */
const acts: readonly (readonly [string, (database: string) => void, mend: (company: Company) => Promise<void>])[] = [
  ['its log is removed', (database) => rmSync(`${database}-wal`), nothing],
  ['its log and its index are removed', (database) => ['-wal', '-shm'].forEach((name) => rmSync(`${database}${name}`)), nothing],
  ['it is removed', (database) => rmSync(database), restore],
  ['an older one is put in its place', (database) => renameSync(`${database}.old`, database), restore],
];

// At once, since each of them mostly waits.
test.concurrent.for(acts)(
  'fault/B15 the database under a running daemon: %s; it ends before it answers anything more, and nothing is lost',
  { timeout: 120_000 },
  async ([, act, mend], context) => {
    const company = await makeCompany({ directory: place(context) });
    copyFileSync(company.database, `${company.database}.old`);
    const outside = openOutside({ company });
    const random = seededRandom(1);
    outside.order(3, random);
    const daemon = launch({ build, config: company.configFile });
    expect(await daemon.started, daemon.tail()).toBe(true);
    // In the middle of the work: some of it is answered already, more comes.
    while (outside.collect() === 0) await sleep(2);
    act(company.database);
    outside.order(1, random);
    expect(await Promise.race([daemon.ended, sleep(30_000, 'lives on', { ref: false })]), daemon.tail()).toBe(70);
    expect(daemon.tail()).toContain('DATABASE_GONE');
    await mend(company);
    const next = launch({ build, config: company.configFile });
    expect(await bringToEnd({ company, outside, daemon: next })).toEqual([]);
  },
);
