import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { main } from '../../src/main.ts';
import { databaseSettings } from '../../src/pipeline/database-settings.ts';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import { nameDatabase } from '../support/database.ts';

export const home = join(import.meta.dirname, '..', '..');

export type Outcome = { readonly code: number; readonly out: string; readonly err: string };

/** Runs a command line on the configuration of a folder and collects what it prints. */
export async function wharf(folder: string, ...args: readonly string[]): Promise<Outcome> {
  let out = '';
  let err = '';
  const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await main([...args, '--config', configOf(folder)], io);
  return { code, out, err };
}

/** What a command prints with `--json`. */
export async function wharfJson(folder: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly data: any }> {
  const { code, out } = await wharf(folder, ...args, '--json');
  return { code, data: JSON.parse(out) };
}

export function configOf(folder: string): string {
  return join(folder, 'config', 'gateway.yaml');
}

/** A copy of the sample company in a folder of its own, gone when the test is over. Its channels are looked at often. */
export async function sampleCompany(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const part of ['config', 'partners', 'mappings']) await cp(join(home, part), join(folder, part), { recursive: true });
  await edit(folder, 'config/gateway.yaml', (text) => text.replace(/^intervals:.*$/m, 'intervals: { poll: 100ms, quiet: 0s, idle: 100ms }'));
  await nameDatabase(configOf(folder));
  return folder;
}

/** The sample company with its items and stock. */
export async function stockedCompany(): Promise<string> {
  const folder = await sampleCompany();
  for (const what of ['items', 'stock']) {
    const { code, out } = await wharf(folder, what, 'import', join(home, 'samples', 'master', `${what}.csv`));
    expect(code, out).toBe(0);
  }
  return folder;
}

/** Changes a file of a folder; fails the test when nothing changes. */
export async function edit(folder: string, name: string, change: (text: string) => string): Promise<void> {
  const file = join(folder, name);
  const before = await readFile(file, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(file, after);
}

export async function write(folder: string, name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

/** The bytes of a file of samples/, changed by text if wanted. */
export async function sample(name: string, change: (text: string) => string = (text) => text): Promise<Uint8Array> {
  return Buffer.from(change(await readFile(join(home, 'samples', name), 'latin1')), 'latin1');
}

/** Runs the steps on the folder's own database until nothing is left to do, after a partner has dropped a file if one is given. */
export async function work(
  folder: string,
  drop?: { readonly partner: string; readonly name: string; readonly bytes: Uint8Array },
): Promise<readonly RehearsedFile[]> {
  const loaded = await loadConfig(configOf(folder));
  if (!loaded.config) throw new Error(JSON.stringify(loaded.problems));
  const rehearsal = await openRehearsal(loaded.config, databaseSettings(loaded.config.database), Date.now);
  try {
    if (drop) await rehearsal.give(drop.partner, drop.name, drop.bytes);
    return await rehearsal.run();
  } finally {
    await rehearsal.close();
  }
}
