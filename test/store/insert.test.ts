import fc from 'fast-check';
import { expect, test } from 'vitest';
import { insertManyStatements, insertStatement } from '../../src/store/insert.ts';

const byText = (a: unknown, b: unknown): number => String(a).localeCompare(String(b));

test('one row names the columns that it has', () => {
  expect(insertStatement('t', { a: 1, b: undefined, c: null }, 'output inserted.id')).toEqual({
    sql: 'insert into {t} (a, c) output inserted.id values (?, ?)',
    values: [1, null],
  });
});

test('many rows go in few statements, each within the limits, and none is lost or changed', () => {
  const row = fc.record({ a: fc.nat(), b: fc.option(fc.string(), { nil: undefined }) }, { requiredKeys: ['a'] });
  fc.assert(
    fc.property(fc.array(row), fc.integer({ min: 2, max: 50 }), fc.integer({ min: 1, max: 10 }), (rows, values, most) => {
      const statements = insertManyStatements('t', rows, { values, rows: most });
      for (const statement of statements) {
        expect(statement.values.length).toBeLessThanOrEqual(values);
        expect(statement.sql.split('?').length - 1).toBe(statement.values.length);
        expect(statement.sql.split('), (').length).toBeLessThanOrEqual(most);
      }
      const flat = rows.flatMap(({ a, b }) => (b === undefined ? [a] : [a, b]));
      expect(statements.flatMap((statement) => statement.values).toSorted(byText)).toEqual(flat.toSorted(byText));
    }),
  );
});
