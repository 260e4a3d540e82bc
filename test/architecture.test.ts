import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', 'src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));

/** Whom each ring may import, besides itself and the base files that lie in src/. */
const rings: Readonly<Record<string, readonly string[]>> = {
  canonical: [],
  formats: [],
  mapping: [],
  orders: ['canonical'],
  packing: [],
  transports: [],
  store: ['canonical', 'orders'],
  config: ['canonical', 'mapping', 'formats', 'transports'],
  simulate: ['canonical', 'formats', 'mapping', 'orders', 'config'],
  pipeline: ['canonical', 'formats', 'mapping', 'orders', 'packing', 'transports', 'store', 'config'],
  acts: ['canonical', 'formats', 'mapping', 'orders', 'packing', 'transports', 'store', 'config', 'pipeline'],
  workbench: ['canonical', 'formats', 'mapping', 'orders', 'packing', 'store', 'config', 'pipeline', 'acts'],
  torture: ['formats', 'store', 'config', 'pipeline', 'acts', 'simulate'],
  cli: ['canonical', 'formats', 'mapping', 'orders', 'transports', 'store', 'config', 'pipeline', 'acts', 'workbench', 'simulate', 'torture'],
};

/** The one folder (or base file) that may import each package. */
const packages: Readonly<Record<string, string>> = {
  chokidar: 'config',
  'csv-parse': 'formats',
  'fast-xml-parser': 'formats',
  'iconv-lite': 'formats',
  knex: 'store',
  mssql: 'store',
  'node-cron': 'config',
  'node-x12': 'formats',
  nodemailer: 'pipeline',
  openpgp: 'packing',
  pino: 'log.ts',
  saxes: 'formats',
  'ssh2-sftp-client': 'transports',
  ssh2: 'transports',
  tedious: 'store',
  yaml: 'config',
  yauzl: 'packing',
  zod: 'schema.ts',
};

const sourceOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const folderOf = (file: string): string => file.split('/')[0]!;
const importsOf = (file: string): readonly string[] =>
  [...sourceOf(file).matchAll(/(?:^(?:import|export|\}).* from |^import |\bimport\()'([^']+)'/gm)].map((match) => match[1]!);

describe('architecture', () => {
  test.each(files)('%s imports only what its ring may', (file) => {
    const own = folderOf(file);
    for (const target of importsOf(file)) {
      if (target.startsWith('node:')) continue;
      if (!target.startsWith('.')) {
        const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : target.split('/')[0]!;
        expect(packages[name], `${file} imports ${target}`).toBe(own);
        continue;
      }
      const imported = folderOf(relative(root, normalize(join(root, dirname(file), target))));
      if (imported === own || imported.endsWith('.ts') || own === 'main.ts') continue;
      expect(rings[own], `${file} imports ${imported}`).toContain(imported);
    }
  });

  test.each(files)('%s has at most 400 lines', (file) => {
    expect(sourceOf(file).split('\n').length).toBeLessThanOrEqual(401);
  });

  test('half of the files have under 80 lines and nine in ten under 220', () => {
    const sizes = files.map((file) => sourceOf(file).split('\n').length).toSorted((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(80);
    expect(sizes[Math.floor(sizes.length * 0.9)]).toBeLessThan(220);
  });

  test('the pure ring has no clock, randomness, environment or I/O', () => {
    for (const file of files.filter((name) => ['canonical', 'formats', 'mapping', 'orders'].includes(folderOf(name)))) {
      expect(sourceOf(file), file).not.toMatch(/Date\.now\(|new Date\(\)|Math\.random|performance\.now|process\.|node:(fs|net|http|child_process|os)\b/);
    }
  });

  test('SQL stands in store/, the environment is read in config/, and only cli/ prints', () => {
    for (const file of files) {
      const source = sourceOf(file);
      const own = folderOf(file);
      if (own !== 'store') expect(source, file).not.toMatch(/\b(select|insert into|update|delete from)\s+(\*|\w+[\w, ]*)\s+(from|set)\s+\{/i);
      if (own !== 'config') expect(source, file).not.toMatch(/process\.env\b/);
      if (own !== 'cli') expect(source, file).not.toMatch(/\bconsole\.(log|error|warn|info)\(/);
    }
  });
});
