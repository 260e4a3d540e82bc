import { expect, test } from 'vitest';
import { inSizes, updateFrom } from '../../src/store/values.ts';
import { freshDatabase } from '../support/database.ts';

test('a list in few sizes is the list', () => {
  for (const count of [0, 1, 3, 4, 20, 64, 65, 200]) {
    const items = Array.from({ length: count }, (_, at) => at);
    const parts = inSizes(items);
    expect(parts.flat()).toEqual(items);
    for (const part of parts) expect([64, 16, 4, 1]).toContain(part.length);
  }
});

test('many rows are changed, each by its own values, and those that do not fit are counted out', async () => {
  const db = await freshDatabase();
  const rows = Array.from({ length: 87 }, (_, at) => ({ scope: `s${at}`, next: at }));
  await db.transaction((tx) => tx.insertMany('control_number', rows));
  const given = [...rows.map(({ scope, next }) => ({ which: scope, more: next % 2 === 0 ? 1_000 : -1_000 })), { which: 'nobody', more: 1 }];
  const changed = await db.transaction((tx) =>
    updateFrom(tx, 'control_number', given, { set: 'next = next + given.more', where: 'scope = given.which and next + given.more >= 0' }),
  );
  expect(changed).toBe(44);
  const after = await db.read((tx) => tx.many('select scope, next from {control_number}'));
  for (const row of after) {
    const at = Number((row['scope'] as string).slice(1));
    expect(row['next']).toBe(at % 2 === 0 ? at + 1_000 : at);
  }
});
