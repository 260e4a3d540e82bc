import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/types.ts';
import { nameDatabase } from './database.ts';

/**
 * A configuration of one partner, acme, with a folder `in`, a folder `out` and no documents, under a directory. `channels` replaces the channels (YAML flow).
 * Made again in the same directory, it keeps its database.
 */
export async function folderConfig(
  directory: string,
  options: { readonly channels?: string; readonly intervals?: string; readonly limits?: string } = {},
): Promise<Config> {
  const { channels, intervals = 'poll: 200ms, quiet: 0s, retryFirst: 50ms, idle: 200ms', limits = 'fileBytes: 20MB' } = options;
  await mkdir(join(directory, 'partners'), { recursive: true });
  await mkdir(join(directory, 'mappings'), { recursive: true });
  await mkdir(join(directory, 'in'), { recursive: true });
  await mkdir(join(directory, 'out'), { recursive: true });
  const file = join(directory, 'gateway.yaml');
  const before = existsSync(file) ? await readFile(file, 'utf8') : undefined;
  const gateway = [
    'company: { name: Harbor Lane, identity: ZZ/HARBORLANE, timezone: America/New_York, address: { name: Harbor Lane } }',
    /^database:.*$/m.exec(before ?? '')?.[0] ?? 'database: { type: sqlite, file: wharf.db }',
    'partners: partners',
    'mappings: mappings',
    `intervals: { ${intervals} }`,
    `limits: { ${limits} }`,
    'log: { level: error }',
  ];
  await writeFile(file, gateway.join('\n'));
  if (before === undefined) await nameDatabase(file);
  const usual = '{ in: { type: folder, directory: ../in }, out: { type: folder, directory: ../out } }';
  await writeFile(join(directory, 'partners', 'acme.yaml'), `id: acme\nname: Acme\nrole: customer\nchannels: ${channels ?? usual}\n`);
  const loaded = await loadConfig(file);
  if (!loaded.config) throw new Error(loaded.problems.map(({ place, message }) => `${place.file}:${place.line}: ${message}`).join('\n'));
  return loaded.config;
}
