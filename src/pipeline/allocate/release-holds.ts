/** Holds that stop the release of an order and nothing else: it is answered and its stock is reserved all the same. */
export const RELEASE_HOLDS = ['CREDIT_HOLD', 'LOT_LIFE', 'ROUTING_OPEN'] as const;
