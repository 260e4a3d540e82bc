import type { Party } from '../../canonical/common.ts';
import type { Order } from '../../canonical/order.ts';
import type { Partner } from '../../config/types.ts';
import { withShipDays } from '../../orders/dates.ts';
import type { Trouble } from '../../orders/enter.ts';
import { resolveShipTo, windowTrouble } from '../../orders/enter.ts';
import { findShipTo, hasShipTos } from '../../store/ship-tos.ts';
import type { Tx } from '../../store/transaction.ts';

/**
 * The order with the days on which it may ship, and its ship-to as the partner file or the imported places have it; the file wins. A partner of whom
 * neither names a place may name any. The trouble is a place that is not known, or dates that cannot all be.
 */
export async function placeOrder(tx: Tx, partner: Partner, order: Order): Promise<{ readonly order: Order; readonly trouble: Trouble | undefined }> {
  const dated = withShipDays(order, partner.lots.transitDays);
  const placed = resolveShipTo(dated, await placesFor(tx, partner, order.shipTo?.code));
  return { ...placed, trouble: placed.trouble ?? windowTrouble(dated) };
}

/** What is known of one code: enough to resolve it, without reading all places of a partner. */
async function placesFor(tx: Tx, { id, shipTos }: Partner, code: string | undefined): Promise<Readonly<Record<string, Party>> | undefined> {
  if (code !== undefined && shipTos && Object.hasOwn(shipTos, code)) return shipTos;
  const stored = code === undefined ? undefined : await findShipTo(tx, id, code);
  if (code !== undefined && stored) return { [code]: stored };
  return shipTos ?? ((await hasShipTos(tx, id)) ? {} : undefined);
}
