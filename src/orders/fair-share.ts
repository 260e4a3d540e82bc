import { floorToPack, least, total, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';

/** One who shares. Quantities in base units; `minimumPercent` is the least part of the demand that is worth having. */
export type Participant = { readonly demand: Decimal; readonly pack: Decimal; readonly minimumPercent?: Decimal | undefined };

const HUNDRED = whole(100);

/**
 * Divides `supply` among participants in proportion to what they ask, in their packs. Packs left over by rounding go to whoever has the
 * largest part of its demand unmet, the earlier one first. When somebody gets less than its minimum, the last participant drops out and
 * all is divided again; what is left in the end is offered to those who dropped out, the earlier first, if it reaches their minimum.
 * `participants` stand in priority order; the shares come in the same order.
 */
export function fairShare(participants: readonly Participant[], supply: Decimal): readonly Decimal[] {
  let sharing = participants.map((_, index) => index);
  let shares = divideUp(participants, sharing, supply);
  while (sharing.some((index) => belowMinimum(participants[index]!, shares[index]!))) {
    sharing = sharing.slice(0, -1);
    shares = divideUp(participants, sharing, supply);
  }
  let left = supply - total(shares);
  for (let index = sharing.length; index < participants.length; index++) {
    const participant = participants[index]!;
    const offer = floorToPack(least(left, participant.demand), participant.pack);
    if (offer === 0n || belowMinimum(participant, offer)) continue;
    shares[index] = offer;
    left -= offer;
  }
  return shares;
}

function divideUp(participants: readonly Participant[], sharing: readonly number[], supply: Decimal): Decimal[] {
  const shares = participants.map(() => 0n);
  const asked = total(sharing.map((index) => participants[index]!.demand));
  if (asked === 0n) return shares;
  for (const index of sharing) {
    const { demand, pack } = participants[index]!;
    shares[index] = floorToPack(least((supply * demand) / asked, demand), pack);
  }
  let left = supply - total(shares);
  for (;;) {
    const next = mostUnmet(participants, sharing, shares, left);
    if (next === undefined) return shares;
    shares[next]! += participants[next]!.pack;
    left -= participants[next]!.pack;
  }
}

/** Who has the largest part of its demand unmet and can take one more pack. */
function mostUnmet(participants: readonly Participant[], sharing: readonly number[], shares: readonly Decimal[], left: Decimal): number | undefined {
  let best: number | undefined;
  for (const index of sharing) {
    const { demand, pack } = participants[index]!;
    if (pack > left || shares[index]! + pack > demand) continue;
    if (best === undefined) best = index;
    else {
      const rival = participants[best]!;
      if ((demand - shares[index]!) * rival.demand > (rival.demand - shares[best]!) * demand) best = index;
    }
  }
  return best;
}

function belowMinimum({ demand, minimumPercent }: Participant, share: Decimal): boolean {
  return minimumPercent !== undefined && share * HUNDRED < minimumPercent * demand;
}
