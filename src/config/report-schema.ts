import { z } from '../schema.ts';
import { defaults } from './defaults.ts';
import { amount, clock, duration } from './scalars.ts';

const d = defaults;

/** When a partner is told how orders stand (870), besides when somebody asks for it. */
export const orderStatus = z.strictObject({
  /** After events of an order: `change`, we change what was promised; `shipment`, something of it shipped. */
  when: z.array(z.enum(['change', 'shipment'])).prefault([]),
  /** Each day at this time of the partner's: every order that is open. */
  at: clock.optional(),
});

/** When a partner is told what can be had (846), besides when somebody asks for it. */
export const stockStatus = z.strictObject({
  /** Each day at this time of the partner's. */
  at: clock.optional(),
  /** listed: the items that the partner has a number or a price of its own for. */
  items: z.enum(['listed', 'all']).prefault(d.stockStatus.items),
  /** How much of what can be promised is told, percent. */
  percent: amount.prefault(d.stockStatus.percent),
});

/** When a partner is told that a document of theirs, which X12 has nothing against, is not carried out (824). */
export const advice = z.strictObject({
  /** at-once: where only they can mend it, and when a person decides against it; decided: only then. */
  when: z.enum(['at-once', 'decided', 'never']).prefault(d.advice.when),
});

/** For which orders the buyer is asked how they are to be routed (753) before a location is told to ship. */
export const routingRequest = z.strictObject({
  /** collect: those whose freight the buyer pays (FOB01 CC). */
  when: z.enum(['never', 'collect', 'always']).prefault(d.routingRequest.when),
  /** How long the answer (754) may take; then it is overdue. */
  within: duration.prefault(d.routingRequest.within),
});
