import type { Config } from '../config/types.ts';
import { suggest } from '../config/suggest.ts';
import { formatDecimal } from '../decimal.ts';
import { checkDigit, normaliseGtin } from '../orders/identifiers.ts';
import type { Line } from '../orders/model.ts';
import type { OpenHold } from '../store/holds.ts';
import { itemsLike, readItemUnits } from '../store/items.ts';
import type { Item } from '../store/items.ts';
import type { StoredOrder } from '../store/orders.ts';
import { readOrder } from '../store/orders.ts';
import { listShipTos } from '../store/ship-tos.ts';
import type { Tx } from '../store/transaction.ts';
import { partnerOf } from '../pipeline/work.ts';
import { ourPrice } from './resolve.ts';
import { showFactor } from './teach.ts';

/** Something that might cure a hold: the words for `wharf resolve`, and why it is thought of. */
export type Cure = { readonly words: string; readonly because: string };

const MOST = 5;

/** What might be meant where something is not known, the likeliest first. Nothing is done by itself: a guess is never shipped. */
export async function suggestCures(tx: Tx, config: Config, hold: OpenHold): Promise<readonly Cure[]> {
  const order = await readOrder(tx, hold.orderId);
  const line = order?.lines.find(({ id }) => id === hold.lineId);
  if (!order) return [];
  switch (hold.code) {
    case 'SKU_UNKNOWN':
      return line ? suggestItems(tx, line) : [];
    case 'UNIT_UNKNOWN':
      return line ? suggestUnits(tx, line) : [];
    case 'SHIP_TO_UNKNOWN':
      return suggestPlaces(tx, config, order, hold.value ?? '');
    case 'PRICE_MISMATCH':
      return line ? suggestPrices(tx, order, line) : [];
    case 'BELOW_MINIMUM':
      return [
        { words: 'accept', because: 'to ship what there is' },
        { words: 'reject', because: 'to refuse it' },
      ];
    default:
      return [];
  }
}

async function suggestItems(tx: Tx, line: Line): Promise<readonly Cure[]> {
  const found = new Map<string, Cure>();
  const add = (items: readonly Item[], because: string): void => {
    for (const { sku, description } of items) if (!found.has(sku)) found.set(sku, { words: `item ${sku}`, because: `${because}: ${description}` });
  };
  for (const { value } of line.ids) {
    for (const repaired of repairedGtins(value)) add(await itemsLike(tx, repaired, MOST), `${value} is ${repaired} with one digit wrong`);
    add(await itemsLike(tx, value, MOST), `its number begins with ${value}`);
  }
  for (const word of (line.description ?? '').split(/[^\p{L}\p{N}]+/u).filter((each) => each.length > 3)) {
    add(await itemsLike(tx, word, MOST), `“${word}” is in its description`);
  }
  return [...found.values()].slice(0, MOST);
}

/** GTINs that a number might be: without its check digit, with a wrong one, or with two neighbours swapped. */
function repairedGtins(value: string): readonly string[] {
  if (!/^\d{11,13}$/.test(value) || normaliseGtin(value) !== undefined) return [];
  const body = value.length === 11 ? value : value.slice(0, -1);
  const candidates = [`${body}${checkDigit(body)}`];
  for (let at = 0; at + 1 < value.length; at++) {
    const swapped = value.slice(0, at) + value[at + 1]! + value[at]! + value.slice(at + 2);
    if (swapped !== value && normaliseGtin(swapped) !== undefined) candidates.push(swapped);
  }
  return candidates.slice(0, MOST).map((each) => each.replace(/^0+/, ''));
}

async function suggestUnits(tx: Tx, line: Line): Promise<readonly Cure[]> {
  const units = await readItemUnits(tx, line.sku === undefined ? [] : [line.sku]);
  return units.map((each) => ({ words: `unit ${showFactor(each)}`, because: `if it is the same as ${each.unit}` }));
}

async function suggestPlaces(tx: Tx, config: Config, order: StoredOrder, code: string): Promise<readonly Cure[]> {
  const places = { ...(await listShipTos(tx, order.partner, 1_000)), ...partnerOf(config, order.partner).shipTos };
  const codes = Object.keys(places);
  const plain = (text: string): string => text.replace(/^0+/, '');
  const found = new Map<string, string>();
  for (const each of codes) if (plain(each) === plain(code)) found.set(each, 'the same but for zeros');
  const { postalCode, address } = order.document.shipTo ?? {};
  for (const each of codes) {
    if (address !== undefined && places[each]!.address?.toUpperCase() === address.toUpperCase()) found.set(each, `at ${address} too`);
    else if (postalCode !== undefined && places[each]!.postalCode === postalCode) found.set(each, `in ${postalCode} too`);
  }
  const near = suggest(code, codes);
  if (near !== undefined && !found.has(near)) found.set(near, 'nearly the same code');
  return [...found].slice(0, MOST).map(([each, because]) => ({ words: `ship-to ${each}`, because: `${because}: ${places[each]!.name ?? ''}` }));
}

async function suggestPrices(tx: Tx, order: StoredOrder, line: Line): Promise<readonly Cure[]> {
  const ours = await ourPrice(tx, order, line);
  const theirs = line.price === undefined ? 'no price' : formatDecimal(line.price);
  return [
    { words: 'accept', because: `sell at ${theirs}` },
    ...(ours === undefined ? [] : [{ words: 'ours', because: `answer with our price, ${formatDecimal(ours)}` }]),
    { words: 'reject', because: 'do not sell it' },
  ];
}
