import type { Tx } from './transaction.ts';

/** The largest control number of an interchange or group; after it comes 1 again. */
export const LAST_CONTROL_NUMBER = 999_999_999;

/**
 * Takes the next `count` numbers of a scope, in the transaction of what is sent under them: rolled back, none is used, so that there is no gap.
 * A scope that is new begins at `start`. Gives the first; the others follow it, and 1 follows the largest.
 * The scope names who sends to whom on which level: `ISA:ZZ/US:ZZ/THEM:P`, `GS:US:THEM`.
 */
export async function takeNumbers(tx: Tx, scope: string, count = 1, start = 1): Promise<number> {
  if (!Number.isSafeInteger(count) || count < 1 || count > 1_000_000) throw new RangeError(`${count} control numbers`);
  const wrapped = `case when next + ? > ${LAST_CONTROL_NUMBER} then next + ? - ${LAST_CONTROL_NUMBER} else next + ? end`;
  // The update comes first: it locks the row, so that nobody reads the same number.
  const [changed, row] = await Promise.all([
    tx.run(`update {control_number} set next = ${wrapped} where scope = ?`, [count, count, count, scope]),
    tx.one('select next from {control_number} where scope = ?', [scope]),
  ]);
  if (changed === 0) {
    await tx.insertMany('control_number', [{ scope, next: numberAfter(start, count) }]);
    return start;
  }
  return numberAfter(Number(row!['next']), LAST_CONTROL_NUMBER - count);
}

/** Gives the next number of a scope, again and again within one transaction; `store` must be the last call. */
export type NumbersInTurn = { readonly take: (scope: string) => Promise<number>; readonly store: () => Promise<void> };

/** Numbers for all that one transaction sends: a scope is taken and locked at its first number and stored once, however many follow. */
export function numbersInTurn(tx: Tx): NumbersInTurn {
  const scopes = new Map<string, { next: number; stored: number }>();
  return {
    take: async (scope) => {
      const known = scopes.get(scope);
      if (!known) {
        const first = await takeNumbers(tx, scope);
        const next = numberAfter(first, 1);
        scopes.set(scope, { next, stored: next });
        return first;
      }
      const { next } = known;
      known.next = numberAfter(next, 1);
      return next;
    },
    store: async () => {
      const moved = [...scopes].filter(([, { next, stored }]) => next !== stored);
      await Promise.all(moved.map(([scope, { next }]) => tx.run('update {control_number} set next = ? where scope = ?', [next, scope])));
    },
  };
}

/** The number that comes `count` after another. */
export function numberAfter(number: number, count: number): number {
  return ((number - 1 + count) % LAST_CONTROL_NUMBER) + 1;
}

/** Moves a scope on to `next`, never back: for a partner who expects to begin elsewhere, or after a restored backup. True when it moved. */
export async function advanceNumbers(tx: Tx, scope: string, next: number): Promise<boolean> {
  const moved = await tx.run('update {control_number} set next = ? where scope = ? and next < ?', [next, scope, next]);
  if (moved > 0) return true;
  if (await tx.one('select 1 as there from {control_number} where scope = ?', [scope])) return false;
  await tx.insertMany('control_number', [{ scope, next }]);
  return true;
}

/** Every scope and the number it gives next. */
export async function listNumbers(tx: Tx): Promise<readonly { readonly scope: string; readonly next: number }[]> {
  const rows = await tx.many('select scope, next from {control_number} order by scope');
  return rows.map((row) => ({ scope: row['scope'] as string, next: Number(row['next']) }));
}
