import type { Partner } from '../config/types.ts';
import type { Party } from '../canonical/common.ts';
import type { Node } from '../tree.ts';
import type { Random } from './random.ts';
import { between, oneOf } from './random.ts';
import { segment } from './x12-peer.ts';

/** An item as the partner orders it: its own identifiers, the unit, and the price of one where we have one. */
export type OrderableItem = {
  readonly description: string;
  readonly unit: string;
  readonly price: string | undefined;
  readonly ids: readonly { readonly qualifier: string; readonly value: string }[];
};

export type OrderMaking = {
  readonly partner: Partner;
  readonly items: readonly OrderableItem[];
  readonly random: Random;
  /** CCYYMMDD. */
  readonly date: string;
  /** A month later: what has not shipped by then is not wanted any more. CCYYMMDD. */
  readonly cancelAfter: string;
};

const ANYWHERE: Party = { name: 'Simulated Store', address: '1 Test Street', city: 'Columbus', state: 'OH', postalCode: '43004', country: 'US' };

/** The set that a partner's role orders by: a customer's 850 or a depositor's 940; undefined for those who do not order. */
export function orderSet(partner: Partner): '850' | '940' | undefined {
  return partner.role === 'customer' ? '850' : partner.role === 'depositor' ? '940' : undefined;
}

/** The tree of an order of one to five items for one of the partner's ship-tos. */
export function makeOrder(making: OrderMaking, number: string): Node {
  const { partner, items, random } = making;
  const [code, place] = oneOf<readonly [string, Party]>(random, Object.entries(partner.shipTos ?? { '0001': ANYWHERE }));
  const shipTo = shipToOf(code, place);
  const count = Math.min(items.length, between(random, 1, 5));
  const start = between(random, 0, items.length - 1);
  const chosen = Array.from({ length: count }, (_, index) => items[(start + index) % items.length]!);
  const quantities = chosen.map(() => between(random, 1, 24));
  return orderSet(partner) === '940'
    ? depositorOrder(making, number, shipTo, { chosen, quantities })
    : purchaseOrder(making, number, shipTo, { chosen, quantities });
}

type Lines = { readonly chosen: readonly OrderableItem[]; readonly quantities: readonly number[] };

function purchaseOrder({ partner, date, cancelAfter }: OrderMaking, number: string, shipTo: Node, { chosen, quantities }: Lines): Node {
  const lines = chosen.map((item, index) => {
    const fields = [String(index + 1), String(quantities[index]), item.unit, item.price ?? '', ''];
    return segment('PO1', [...fields, ...idsOf(item)], [segment('PID', ['F', '', '', '', item.description])]);
  });
  return {
    name: '850',
    children: [
      segment('BEG', ['00', 'SA', number, '', date]),
      ...(partner.vendorNumber ? [segment('REF', ['IA', partner.vendorNumber])] : []),
      segment('DTM', ['001', cancelAfter]),
      segment('N1', ['BY', partner.name]),
      shipTo,
      ...lines,
      segment('CTT', [String(lines.length)]),
    ],
  };
}

function depositorOrder({ date }: OrderMaking, number: string, shipTo: Node, { chosen, quantities }: Lines): Node {
  const lines = chosen.map((item, index) =>
    segment('LX', [String(index + 1)], [segment('W01', [String(quantities[index]), item.unit, '', ...idsOf(item)]), segment('G69', [item.description])]),
  );
  const total = quantities.reduce((sum, each) => sum + each, 0);
  return {
    name: '940',
    children: [
      segment('W05', ['N', number, number]),
      shipTo,
      segment('G62', ['04', date]),
      segment('W66', ['PP', 'M']),
      ...lines,
      segment('W76', [String(total)]),
    ],
  };
}

function shipToOf(code: string, { name, address, city, state, postalCode, country }: Party): Node {
  const inside = [segment('N3', [address ?? '1 Test Street']), segment('N4', [city ?? '', state ?? '', postalCode ?? '', country ?? ''])];
  return segment('N1', ['ST', name ?? code, '92', code], inside);
}

/** The first three, which is what every version has places for. */
function idsOf({ ids }: OrderableItem): readonly string[] {
  return ids.slice(0, 3).flatMap(({ qualifier, value }) => [qualifier, value]);
}
