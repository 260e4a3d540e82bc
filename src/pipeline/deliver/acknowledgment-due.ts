import type { Config } from '../../config/types.ts';

/** A document that was sent; `grouped` when it left in a functional group, which alone is acknowledged. */
export type Sent = { readonly partner: string; readonly kind: string; readonly grouped: boolean };

/** Until when (milliseconds since 1970) its partner has to acknowledge a document that is sent now; undefined when no acknowledgment will come. */
export function acknowledgmentDue(config: Config, { partner, kind, grouped }: Sent, now: number): number | undefined {
  const within = config.partners.get(partner)?.acknowledgments.expectWithin;
  return grouped && kind !== 'acknowledgment' && typeof within === 'number' ? now + within : undefined;
}
