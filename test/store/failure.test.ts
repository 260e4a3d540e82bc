import { expect, test } from 'vitest';
import { isRetryable } from '../../src/errors.ts';
import { isTransient, isUniqueViolation, toldAs } from '../../src/store/failure.ts';

test.each([
  ['fault/F8 SQLite busy', { errcode: 5 }],
  ['SQLite busy, snapshot', { errcode: 517 }],
  ['SQLite disk full', { errcode: 13 }],
  ['SQLite read error', { errcode: 266 }],
  ['SQLite damage, as a read that fails may look', { errcode: 11 }],
  ['fault/F5 SQL Server deadlock', { number: 1205 }],
  ['fault/F6 Azure SQL failover', { number: 40613 }],
  ['connection reset', { code: 'ECONNRESET' }],
  ['tedious socket error', { code: 'ESOCKET' }],
])('%s may go away by itself', (_name, fields) => {
  expect(isTransient(Object.assign(new Error('x'), fields))).toBe(true);
  expect(isTransient(new Error('wrapped', { cause: Object.assign(new Error('x'), fields) }))).toBe(true);
});

test.each([
  ['fault/F6 a replica for readers only after a failover', 978, 'DATABASE_UNAVAILABLE'],
  ['fault/F6 a database that takes no writing after a failover', 3906, 'DATABASE_UNAVAILABLE'],
  ['fault/F7 a full transaction log', 9002, 'DATABASE_FULL'],
  ['fault/F7 full files', 1105, 'DATABASE_FULL'],
] as const)('%s is told by its code, and waited for', (_name, number, code) => {
  expect(toldAs(Object.assign(new Error('x'), { number }))).toMatchObject({ code });
  expect(isRetryable(code)).toBe(true);
});

test('what another server of the protocol says in its own words is understood', () => {
  const told = (message: string, fields: object): unknown => toldAs(Object.assign(new Error(message), fields));
  const waited = Object.assign(new Error('canceling statement due to lock timeout'), { number: 33_557_097 });
  expect(isTransient(waited)).toBe(true);
  expect(isTransient(new Error(waited.message))).toBe(false);
  expect(told('permission denied for table lease', { number: 33_557_097 })).toMatchObject({ code: 'DATABASE_RIGHTS' });
  expect(told('the database system is starting up', { code: 'ELOGIN' })).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect(told('Server did not negotiate encryption', { code: 'EENCRYPT' })).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect(told('Login failed for user "wharf"', { code: 'ELOGIN' })).toMatchObject({ code: 'DATABASE_LOGIN' });
});

test.each([
  ['SQLite constraint', { errcode: 19 }],
  ['SQLite misuse', { errcode: 21 }],
  ['SQL Server syntax', { number: 102 }],
  ['anything else', {}],
])('%s does not', (_name, fields) => {
  expect(isTransient(Object.assign(new Error('x'), fields))).toBe(false);
});

test('only unique and primary keys are unique violations', () => {
  const told = [{ errcode: 2067 }, { errcode: 1555 }, { number: 2627 }, { number: 2601 }, { errcode: 787 }, { errcode: 275 }, { number: 547 }];
  expect(told.map((fields) => isUniqueViolation(Object.assign(new Error('x'), fields)))).toEqual([true, true, true, true, false, false, false]);
  expect([undefined, null, 'text', {}].map(isUniqueViolation)).toEqual([false, false, false, false]);
});
