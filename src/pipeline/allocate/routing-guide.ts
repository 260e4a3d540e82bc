import type { Carrier } from '../../canonical/common.ts';
import type { Partner } from '../../config/types.ts';
import type { Decimal } from '../../decimal.ts';
import type { StoredOrder } from '../../store/orders.ts';

/** Who carries work of so many base units for an order, by the first rule of the partner's routing guide that fits; undefined when none does. */
export function carrierFor(partner: Partner, order: Pick<StoredOrder, 'document'>, location: string, units: Decimal): Carrier | undefined {
  const { shipTo, freightPayment } = order.document;
  const rule = partner.routing.find(
    ({ states, postalCodes, from, freightPayment: payment, minUnits, maxUnits }) =>
      (!states || states.includes(shipTo?.state ?? '')) &&
      (!postalCodes || postalCodes.some((prefix) => shipTo?.postalCode?.startsWith(prefix))) &&
      (!from || from.includes(location)) &&
      (!payment || payment.includes(freightPayment ?? '')) &&
      (minUnits === undefined || units >= minUnits) &&
      (maxUnits === undefined || units <= maxUnits),
  );
  if (!rule) return undefined;
  const { scac, name, method, service } = rule;
  return { scac, ...(name !== undefined && { name }), ...(method !== undefined && { method }), ...(service !== undefined && { service }) };
}
