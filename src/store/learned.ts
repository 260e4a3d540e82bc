import type { Row, Tx } from './transaction.ts';

/** What a person taught when a hold was resolved: who, and what now stands for what. */
export type Learned = {
  readonly id: number;
  readonly who: string;
  readonly holdId: number;
  /** item: an identifier of the partner means a SKU; ship-to: a code means a place that another code has; unit (qualifier) of a SKU (value) is so many base
   * units (`12`, `1/3`); price: what the partner pays for one unit (qualifier) of a SKU (value). */
  readonly kind: 'item' | 'ship-to' | 'unit' | 'price';
  readonly partner: string;
  readonly qualifier: string;
  readonly value: string;
  readonly target: string;
  /** What stood there before. */
  readonly replaced?: string | undefined;
};

/** Remembers what was taught. */
export function insertLearned(tx: Tx, learned: Omit<Learned, 'id'>, now: number): Promise<number> {
  const { who, holdId, kind, partner, qualifier, value, target, replaced = null } = learned;
  return tx.insert('learned', { at: now, who: who.slice(0, 80), hold_id: holdId, kind, partner, qualifier, value, target, replaced });
}

/** What was taught by resolving a hold, and not taken back. */
export async function learnedFrom(tx: Tx, holdId: number): Promise<readonly Learned[]> {
  return (await tx.many('select * from {learned} where hold_id = ? and undone_at is null order by id', [holdId])).map(toLearned);
}

/** Notes that something taught was taken back. */
export async function markUndone(tx: Tx, id: number, who: string, now: number): Promise<void> {
  await tx.run('update {learned} set undone_at = ?, undone_by = ? where id = ?', [now, who.slice(0, 80), id]);
}

function toLearned(row: Row): Learned {
  return {
    id: row['id'] as number,
    who: row['who'] as string,
    holdId: row['hold_id'] as number,
    kind: row['kind'] as Learned['kind'],
    partner: row['partner'] as string,
    qualifier: row['qualifier'] as string,
    value: row['value'] as string,
    target: row['target'] as string,
    replaced: (row['replaced'] as string | null) ?? undefined,
  };
}
