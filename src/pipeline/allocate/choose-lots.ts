import { formatDecimal } from '../../decimal.ts';
import type { LotWish } from '../../orders/allocation.ts';
import { addDays } from '../../orders/dates.ts';
import type { Lot } from '../../orders/lots.ts';
import { pickLots } from '../../orders/lots.ts';
import type { Reservation } from '../../orders/model.ts';
import type { LotPart } from '../../orders/release.ts';
import { lotKey } from '../../orders/release.ts';

export type ChosenLots = {
  readonly lots: ReadonlyMap<string, readonly LotPart[]>;
  /** What no lots suffice for, and why: it is not released. */
  readonly refused: readonly { readonly held: Reservation; readonly detail: string }[];
};

/**
 * Chooses the lots for what is to be released at a location, first to expire first (FEFO), as long-lived as the buyer wants them on arrival. `lots` are those
 * of the location by item; items without lots are not spoken of. What is chosen here is taken off for the next.
 */
export function chooseLots(held: readonly Reservation[], lots: Map<string, readonly Lot[]>, wish: LotWish, shipDate: string): ChosenLots {
  const { minimumLifeDays, transitDays, single, had } = wish;
  const rules = { arrival: addDays(shipDate, transitDays), minimumLifeDays, ...(single !== 'any' && { single }) };
  const chosen = new Map<string, readonly LotPart[]>();
  const refused: { held: Reservation; detail: string }[] = [];
  for (const [key, group] of Map.groupBy(held, lotKey)) {
    const { sku } = group[0]!;
    const there = lots.get(sku);
    if (!there) continue;
    const quantity = group.reduce((sum, each) => sum + each.quantity, 0n);
    const { picks, short, tooOld } = pickLots(there, { ...rules, quantity, notBefore: had?.[sku] });
    if (short > 0n) {
      const old = tooOld.map(({ lot, expires, needed }) => `lot ${lot} expires ${expires}, ${needed} is needed`).join('; ');
      const detail = `lots of ${sku} suffice for ${formatDecimal(quantity - short)} of ${formatDecimal(quantity)}${old ? `: ${old}` : ''}`;
      refused.push(...group.map((each) => ({ held: each, detail })));
      continue;
    }
    chosen.set(key, picks);
    lots.set(
      sku,
      there.map((lot) => ({ ...lot, available: lot.available - (picks.find((pick) => pick.lot === lot.lot)?.quantity ?? 0n) })),
    );
  }
  return { lots: chosen, refused };
}
