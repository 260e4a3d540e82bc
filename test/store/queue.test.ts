import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inList } from '../../src/store/in-list.ts';
import { type ClaimOptions, claim, defer, nextDue, park, queues, recover, release, renew, retryLater, settle } from '../../src/store/queue.ts';
import type { Database, Tx } from '../../src/store/transaction.ts';
import { freshDatabase } from '../support/database.ts';

const queue = queues.translate;
const file = { channel: 'acme/in', name: 'a.edi', size: 1, modified_at: 0, source_id: '', sha256: '', received_at: 0, status: 'pending' };
const options = (changes: Partial<ClaimOptions> = {}): ClaimOptions => ({ owner: 'me', now: 1_000, leaseMs: 500, count: 10, ...changes });
const add = (db: Database, count: number, changes: object = {}): Promise<void> =>
  db.transaction((tx) =>
    tx.insertMany(
      'inbound_file',
      Array.from({ length: count }, () => ({ ...file, ...changes })),
    ),
  );
const rows = (db: Database) => db.read((tx) => tx.many('select id, status, attempts, claimed_by, due_at, reason from {inbound_file} order by id'));
const idsOf = (claimed: readonly Readonly<Record<string, unknown>>[]) => claimed.map((row) => row['id']);

describe('claims', () => {
  test('the oldest come first, counted as tried before anything is done with them', async () => {
    const db = await freshDatabase();
    await add(db, 5);
    const claimed = await db.transaction((tx) => claim(tx, queue, options({ count: 3 })));
    expect(idsOf(claimed)).toEqual([1, 2, 3]);
    expect(claimed[0]).toMatchObject({ status: 'working', attempts: 1, claimed_by: 'me', claimed_until: 1_500, name: 'a.edi' });
    expect(idsOf(await db.transaction((tx) => claim(tx, queue, options({ owner: 'other' }))))).toEqual([4, 5]);
    expect(await db.transaction((tx) => claim(tx, queue, options()))).toEqual([]);
  });

  test('many workers get every row once', async () => {
    const db = await freshDatabase();
    await add(db, 100);
    const work = async (owner: string): Promise<readonly unknown[]> => {
      const claimed = await db.transaction((tx) => claim(tx, queue, options({ owner, count: 7 })));
      return claimed.length === 0 ? [] : [...idsOf(claimed), ...(await work(owner))];
    };
    const all = await Promise.all(Array.from({ length: 8 }, (_, index) => work(`w${index}`)));
    expect(all.flat().toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  test('fault/C22 whoever has much waiting does not keep the others waiting, and nobody is always the first', async () => {
    const db = await freshDatabase();
    await add(db, 300, { channel: 'flood/in' });
    for (const name of ['a', 'b', 'z']) await add(db, 3, { channel: `${name}/in` });
    const next = async () => (await db.transaction((tx) => claim(tx, queue, options({ count: 8 })))).map((row) => String(row['channel']).split('/')[0]);
    const claims = [await next(), await next()];
    for (const name of ['a', 'b', 'z'])
      expect(
        claims.flat().filter((each) => each === name),
        name,
      ).toHaveLength(3);
    // Alone again, it has the whole claim, and its own rows come in their order.
    await next();
    expect(await next()).toEqual(Array(8).fill('flood'));
    const order = (await rows(db)).filter(({ status }) => status === 'working').map(({ id }) => Number(id));
    expect(order.filter((id) => id <= 300)).toEqual(Array.from({ length: order.filter((id) => id <= 300).length }, (_, index) => index + 1));
  });

  test('with more partners than take turns in one claim each has its turn', async () => {
    const db = await freshDatabase();
    for (let at = 0; at < 30; at += 1) await add(db, 50, { channel: `p${String(at).padStart(2, '0')}/in` });
    const seen = new Set<unknown>();
    for (let turn = 0; turn < 30; turn += 1) for (const row of await db.transaction((tx) => claim(tx, queue, options({ count: 16 })))) seen.add(row['channel']);
    expect(seen.size).toBe(30);
  });

  test('a row that was tried before comes alone', async () => {
    const db = await freshDatabase();
    await add(db, 1);
    await add(db, 1, { attempts: 1 });
    await add(db, 2);
    const next = async () => idsOf(await db.transaction((tx) => claim(tx, queue, options({ count: 2 }))));
    expect([await next(), await next(), await next(), await next()]).toEqual([[1], [2], [3, 4], []]);
  });

  test('rows whose time has not come are left, and those whose time came do not wait for all fresh ones', async () => {
    const db = await freshDatabase();
    await add(db, 20);
    await add(db, 1, { due_at: 900 });
    await add(db, 1, { due_at: 5_000 });
    expect(await db.read((tx) => nextDue(tx, queue))).toBe(900);
    const claimed = await db.transaction((tx) => claim(tx, queue, options({ count: 8 })));
    expect(idsOf(claimed)).toEqual([1, 2, 3, 4, 5, 6, 7, 21]);
  });

  test('only what is asked for', async () => {
    const db = await freshDatabase();
    await add(db, 2);
    await add(db, 2, { channel: 'other/in' });
    const where = { sql: 'channel = ?', values: ['other/in'] };
    expect(idsOf(await db.transaction((tx) => claim(tx, queue, options({ where }))))).toEqual([3, 4]);
  });
});

describe('the end of a claim', () => {
  const one = async (db: Database, end: (tx: Tx, claimed: { id: number; owner: string }) => Promise<unknown>) => {
    await add(db, 1);
    const [row] = await db.transaction((tx) => claim(tx, queue, options()));
    await db.transaction((tx) => end(tx, { id: row!['id'] as number, owner: 'me' }));
    return (await rows(db))[0];
  };

  test('settled, parked or put back', async () => {
    expect(await one(await freshDatabase(), (tx, claimed) => settle(tx, queue, claimed, 'done', { finished_at: 5 }))).toMatchObject({
      status: 'done',
      claimed_by: null,
    });
    expect(await one(await freshDatabase(), (tx, claimed) => park(tx, queue, claimed, { reason: 'FILE_EMPTY', detail: 'x' }))).toMatchObject({
      status: 'parked',
      reason: 'FILE_EMPTY',
    });
    const why = { dueAt: 9_000, reason: 'DELIVERY_FAILED', detail: 'x' };
    expect(await one(await freshDatabase(), (tx, claimed) => retryLater(tx, queue, claimed, { ...why, counted: true }))).toMatchObject({
      status: 'pending',
      attempts: 1,
      due_at: 9_000,
    });
    expect(await one(await freshDatabase(), (tx, claimed) => retryLater(tx, queue, claimed, { ...why, counted: false }))).toMatchObject({
      status: 'pending',
      attempts: 0,
    });
    expect(await one(await freshDatabase(), (tx) => release(tx, queue, 'me'))).toMatchObject({ status: 'pending', attempts: 0, claimed_by: null });
  });

  test('who lost the claim changes nothing', async () => {
    const db = await freshDatabase();
    await add(db, 1);
    await db.transaction((tx) => claim(tx, queue, options()));
    await db.transaction((tx) => recover(tx, queue, 2_000, 3));
    await db.transaction((tx) => claim(tx, queue, options({ owner: 'heir', now: 2_000 })));
    await expect(db.transaction((tx) => settle(tx, queue, { id: 1, owner: 'me' }, 'done'))).rejects.toMatchObject({ code: 'CLAIM_LOST' });
    await db.transaction((tx) => settle(tx, queue, { id: 1, owner: 'heir' }, 'done'));
  });

  test('fault/A9 claims that ran out come back, those renewed stay, and the third crash parks', async () => {
    const db = await freshDatabase();
    await add(db, 1);
    await add(db, 1, { attempts: 2 });
    await add(db, 1, { attempts: 1 });
    await db.transaction((tx) => claim(tx, queue, options({ together: true })));
    await db.transaction((tx) => renew(tx, queue, 'me', 3_000));
    expect(await db.transaction((tx) => recover(tx, queue, 2_000, 3))).toEqual({ again: 0, parked: 0 });
    expect(await db.transaction((tx) => recover(tx, queue, 3_001, 3))).toEqual({ again: 2, parked: 1 });
    await db.transaction((tx) => defer(tx, queue, 2, 9_000));
    expect(await rows(db)).toMatchObject([
      { status: 'pending', attempts: 1, due_at: 0 },
      { status: 'parked', reason: 'POISON_CRASH' },
      { status: 'pending', attempts: 2, due_at: 9_000 },
    ]);
  });
});

test('a list of ids holds each of them and nothing else, in one of few lengths', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 1_024 }), (ids) => {
      const { sql, values } = inList(ids);
      expect(new Set(values)).toEqual(new Set(ids));
      expect(sql.split('?').length - 1).toBe(values.length);
      expect(values.length).toBeLessThan(ids.length * 2 + 1);
    }),
  );
});
