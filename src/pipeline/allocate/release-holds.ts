/** Holds that stop the release of an order and nothing else: it is answered and its stock is reserved all the same. */
export const RELEASE_HOLDS = ['CREDIT_HOLD', 'LOT_LIFE', 'ROUTING_OPEN'] as const;

/** Holds that the allocator makes and ends as it decides: the cause is looked at anew each time. */
export const DECIDED_HOLDS = [...RELEASE_HOLDS, 'BELOW_MINIMUM'] as const;
