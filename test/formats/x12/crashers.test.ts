import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check, SETTINGS } from '../../../bench/fuzz/check.ts';

/** Inputs that once broke the engine, as `npm run fuzz` keeps them, and the malformed files. */
const files = ['crashers', 'faults'].flatMap((name) => {
  const folder = join(import.meta.dirname, name);
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.edi'))
        .map((file) => join(folder, file))
    : [];
});

/** As many as there are dear checks that take turns. */
const TURNS = [0, 16, 1, 49, 97, 2, 3, 4];

test.each(files)('%s is read, answered, written, shown and repaired with any settings', (file) => {
  const bytes = readFileSync(file);
  for (const setting of SETTINGS.keys()) for (const turn of TURNS) expect(() => check({ bytes, setting, turn })).not.toThrow();
});
