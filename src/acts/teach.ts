import type { QualifiedId } from '../canonical/common.ts';
import { formatDecimal } from '../decimal.ts';
import { note } from '../store/activity.ts';
import type { Hold } from '../store/holds.ts';
import { readHold } from '../store/holds.ts';
import { findPriceRow, readItem, saveItemReference, saveItemUnit, savePrice } from '../store/items.ts';
import { insertLearned } from '../store/learned.ts';
import type { StoredOrder } from '../store/orders.ts';
import { readOrder } from '../store/orders.ts';
import { findShipTo, saveShipTo } from '../store/ship-tos.ts';
import { heal } from './heal.ts';
import type { Acted, ActContext } from './replay.ts';
import type { Work } from '../pipeline/work.ts';
import { partnerOf } from '../pipeline/work.ts';

/** How many base units one unit is. */
type Factor = { readonly numerator: bigint; readonly denominator: bigint };

/** What a person says about something unknown, so that nobody has to be asked again. */
export type Lesson =
  /** The identifiers of the held line mean this item. */
  | { readonly kind: 'item'; readonly sku: string }
  /** The unknown place is one that the partner has under this code. */
  | { readonly kind: 'ship-to'; readonly code: string }
  /** One of the unknown unit is so many base units. */
  | ({ readonly kind: 'unit' } & Factor)
  /** What the buyer wrote is our price for them. */
  | { readonly kind: 'price' };

export type Taught = Acted & { readonly healed: readonly string[] };

/** The code of the hold that each kind of lesson cures. */
export const CURES: Readonly<Record<Lesson['kind'], string>> = {
  item: 'SKU_UNKNOWN',
  'ship-to': 'SHIP_TO_UNKNOWN',
  unit: 'UNIT_UNKNOWN',
  price: 'PRICE_MISMATCH',
};

/** Teaches what cures a hold, with who and when, and lets every order that waited for the same go on. */
export async function teach(context: ActContext, holdId: number, lesson: Lesson): Promise<Taught> {
  const { db, config, now, by } = context;
  const learned = await db.transaction(async (tx): Promise<Acted & { readonly how: string }> => {
    const hold = await readHold(tx, holdId);
    const refuse = (text: string) => ({ done: false, text, how: '' });
    if (!hold) return refuse(`there is no hold:${holdId}`);
    if (hold.resolution !== undefined) return refuse(`hold:${holdId} is over: ${hold.resolution}`);
    if (hold.code !== CURES[lesson.kind]) return refuse(`hold:${holdId} is ${hold.code}, which that does not cure`);
    const order = (await readOrder(tx, hold.orderId))!;
    const result = await store({ tx, config, now }, order, hold, lesson, by);
    if (!result.done) return { ...result, how: '' };
    const how = `${by} taught by hold:${holdId}: ${result.text}`.slice(0, 200);
    await note(tx, { at: now, verb: 'release', partner: order.partner, orderId: order.id, text: how });
    return { ...result, how };
  });
  if (!learned.done) return { done: false, text: learned.text, healed: [] };
  const { orders } = await heal(context, learned.how);
  return { done: true, text: learned.text, healed: orders.map((id) => `order:${id}`) };
}

async function store(work: Work, order: StoredOrder, hold: Hold, lesson: Lesson, who: string): Promise<Acted> {
  switch (lesson.kind) {
    case 'item':
      return teachItem(work, order, hold, lesson.sku, who);
    case 'ship-to':
      return teachPlace(work, order, hold, lesson.code, who);
    case 'unit':
      return teachUnit(work, order, hold, lesson, who);
    case 'price':
      return teachPrice(work, order, hold, who);
  }
}

/** Qualifiers of numbers that are the buyer's own (X12 element 235): what somebody teaches about them is true for this buyer only. */
const BUYERS = ['BP', 'IN', 'PI', 'CB', 'IT', 'SK'];

async function teachItem(work: Work, order: StoredOrder, hold: Hold, sku: string, who: string): Promise<Acted> {
  if (!(await readItem(work.tx, sku))) return { done: false, text: `no item has the number ${sku}; import it with \`wharf items import\`` };
  const ids = order.lines.find(({ id }) => id === hold.lineId)?.ids ?? [];
  const id: QualifiedId | undefined = ids.find(({ qualifier }) => BUYERS.includes(qualifier)) ?? ids[0];
  if (!id) return { done: false, text: 'the line has no identifier that could be learned' };
  await saveItemReference(work.tx, { partner: order.partner, qualifier: id.qualifier, value: id.value, sku });
  await insertLearned(work.tx, { who, holdId: hold.id, kind: 'item', partner: order.partner, ...id, target: sku }, work.now);
  return { done: true, text: `${id.qualifier} ${id.value} of ${order.partner} is ${sku}` };
}

async function teachPlace(work: Work, order: StoredOrder, hold: Hold, code: string, who: string): Promise<Acted> {
  const unknown = hold.value ?? '';
  if (unknown === '') return { done: false, text: 'the order names no ship-to: ask the partner for a corrected one' };
  const { shipTos = {} } = partnerOf(work.config, order.partner);
  const place = Object.hasOwn(shipTos, code) ? shipTos[code] : await findShipTo(work.tx, order.partner, code);
  if (!place) return { done: false, text: `${order.partner} has no place ${code}; see \`wharf holds\` for those that it has` };
  await saveShipTo(work.tx, { partner: order.partner, code: unknown, party: place, source: `hold:${hold.id}, ${who}` }, work.now);
  await insertLearned(work.tx, { who, holdId: hold.id, kind: 'ship-to', partner: order.partner, qualifier: '92', value: unknown, target: code }, work.now);
  return { done: true, text: `ship-to ${unknown} of ${order.partner} is ${code}` };
}

async function teachUnit(work: Work, order: StoredOrder, hold: Hold, factor: Factor, who: string): Promise<Acted> {
  const line = order.lines.find(({ id }) => id === hold.lineId);
  if (!line?.sku) return { done: false, text: 'the item of the line is not known' };
  const unit = hold.value ?? line.conversion.unit;
  await saveItemUnit(work.tx, { sku: line.sku, unit, ...factor });
  const told = showFactor(factor);
  const lesson = { kind: 'unit', partner: order.partner, qualifier: unit, value: line.sku, target: told } as const;
  await insertLearned(work.tx, { who, holdId: hold.id, ...lesson }, work.now);
  return { done: true, text: `1 ${unit} of ${line.sku} is ${told} ${line.baseUnit}` };
}

/** A factor as `wharf resolve` takes it: `12`, `1/3`. */
export function showFactor({ numerator, denominator }: Factor): string {
  return denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;
}

async function teachPrice(work: Work, order: StoredOrder, hold: Hold, who: string): Promise<Acted> {
  const line = order.lines.find(({ id }) => id === hold.lineId);
  if (!line?.sku || line.price === undefined) return { done: false, text: 'the line has no item or no price' };
  const row = { partner: order.partner, sku: line.sku, unit: line.conversion.unit };
  const before = await findPriceRow(work.tx, row);
  const target = formatDecimal(line.price);
  await savePrice(work.tx, { ...row, price: line.price });
  const lesson = { kind: 'price', partner: order.partner, qualifier: row.unit, value: row.sku, target } as const;
  await insertLearned(work.tx, { who, holdId: hold.id, ...lesson, ...(before !== undefined && { replaced: formatDecimal(before) }) }, work.now);
  return { done: true, text: `${order.partner} pays ${target} for 1 ${row.unit} of ${row.sku}` };
}
