import { least, total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { LotWish } from './allocation.ts';
import { addDays, laterOf } from './dates.ts';

/** What is available of a lot; a lot without `expires` does not spoil. Quantities in base units, dates as `2025-03-01`. */
export type Lot = { readonly lot: string; readonly expires?: string | undefined; readonly receivedAt: string; readonly available: Decimal };

export type LotRules = {
  readonly quantity: Decimal;
  /** When the goods are with the buyer. */
  readonly arrival: string;
  /** How many days they must still be good for by then. Default: 0. */
  readonly minimumLifeDays?: number | undefined;
  /** Nothing that expires before this: the lot the buyer had last. */
  readonly notBefore?: string | undefined;
  /** One lot for all: `require` gives nothing otherwise, `prefer` falls back to several. Default: any number. */
  readonly single?: 'require' | 'prefer' | undefined;
};

export type LotPick = {
  readonly picks: readonly { readonly lot: string; readonly quantity: Decimal }[];
  readonly short: Decimal;
  /** The lots that were passed over, with the day they expire: too soon for this buyer. */
  readonly tooOld: readonly { readonly lot: string; readonly expires: string; readonly needed: string }[];
};

/** The day until which goods must be good that ship on a day: as long after their arrival as the buyer wants, and as long as what the buyer had last. */
export function mustLastUntil({ transitDays, minimumLifeDays, had }: LotWish, sku: string, shipDate: string): string {
  return laterOf(addDays(shipDate, transitDays + minimumLifeDays), had?.[sku]);
}

/**
 * Chooses lots, the first to expire first (FEFO; then the first received, then by lot number), among those that live long enough for
 * the buyer. A single lot is the smallest that suffices.
 */
export function pickLots(lots: readonly Lot[], rules: LotRules): LotPick {
  const needed = laterOf(addDays(rules.arrival, rules.minimumLifeDays ?? 0), rules.notBefore);
  const fits = (lot: Lot): boolean => lot.expires === undefined || lot.expires >= needed;
  const tooOld = lots.flatMap((lot) => (fits(lot) ? [] : [{ lot: lot.lot, expires: lot.expires!, needed }]));
  const eligible = lots.filter((lot) => fits(lot) && lot.available > 0n).toSorted(firstToExpire);
  if (rules.single) {
    const sufficient = eligible
      .filter((lot) => lot.available >= rules.quantity)
      .toSorted((a, b) => (a.available < b.available ? -1 : a.available > b.available ? 1 : 0));
    if (sufficient[0]) return { picks: [{ lot: sufficient[0].lot, quantity: rules.quantity }], short: 0n, tooOld };
    if (rules.single === 'require') return { picks: [], short: rules.quantity, tooOld };
  }
  let left = rules.quantity;
  const picks: { lot: string; quantity: Decimal }[] = [];
  for (const lot of eligible) {
    const quantity = least(left, lot.available);
    if (quantity === 0n) break;
    picks.push({ lot: lot.lot, quantity });
    left -= quantity;
  }
  return { picks, short: rules.quantity - total(picks.map((pick) => pick.quantity)), tooOld };
}

function firstToExpire(a: Lot, b: Lot): number {
  const key = (lot: Lot): readonly string[] => [lot.expires ?? '9999-12-31', lot.receivedAt, lot.lot];
  const [one, other] = [key(a), key(b)];
  const at = one.findIndex((part, index) => part !== other[index]);
  return at < 0 ? 0 : one[at]! < other[at]! ? -1 : 1;
}
