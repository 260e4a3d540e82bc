import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { migrate, schemaText } from '../../src/store/migrate.ts';
import { scratch } from '../support/database.ts';

test('schema.sql shows the schema that the migrations make (rewrite it with WHARF_REWRITE=1)', async () => {
  const db = await openDatabase({ type: 'sqlite', file: join(await scratch(), 'schema.db') });
  await migrate(db);
  const text = await schemaText(db);
  await db.close();
  const file = new URL('../../src/store/schema.sql', import.meta.url);
  if (process.env['WHARF_REWRITE']) await writeFile(file, text);
  expect(text).toBe(await readFile(file, 'utf8'));
});
