import type { Order } from '../../canonical/order.ts';
import type { OrderLine } from '../../canonical/order.ts';
import type { OrderChange, OrderChangeLine } from '../../canonical/order-change.ts';
import type { Partner } from '../../config/types.ts';
import { formatDecimal, parseDecimal, scaleExactly } from '../../decimal.ts';
import type { ChangeRequest, Held, LineChange, LineDecision } from '../../orders/change.ts';
import { decideChange } from '../../orders/change.ts';
import type { ChangeLine } from '../../orders/change-lines.ts';
import { plainLine, toChangeLine } from '../../orders/change-lines.ts';
import type { EnteredLine } from '../../orders/enter.ts';
import { enterLine } from '../../orders/enter.ts';
import type { Line } from '../../orders/model.ts';
import { toBase } from '../../orders/quantities.ts';
import { findConversion, readItem } from '../../store/items.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { lineFacts } from './master-data.ts';
import type { Work } from '../work.ts';

/** What a change comes to: units that move, prices that are agreed anew, lines that are new, and what is remembered for the answer. */
export type ChangePlan = {
  readonly decisions: readonly LineDecision[];
  readonly prices: ReadonlyMap<number, EnteredLine['line']>;
  readonly added: readonly { readonly source: OrderLine; readonly line: EnteredLine['line'] }[];
  readonly lines: readonly ChangeLine[];
  /** The order's document with the dates, prices and lines of the change. */
  readonly document: Order;
};

type Wish = { readonly request: LineChange } | { readonly told: ChangeLine };

/** Decides about a change, line by line. A line that cannot be done as asked is refused as a whole, and says why. */
export async function planChange(work: Work, partner: Partner, order: StoredOrder, held: readonly Held[], change: OrderChange): Promise<ChangePlan> {
  if (change.purpose === 'cancel') return planOf(order, held, { cancel: true }, { document: order.document });
  const prices = new Map<number, EnteredLine['line']>();
  const added: { source: OrderLine; line: EnteredLine['line'] }[] = [];
  const wishes: Wish[] = [];
  const named = new Set<number>();
  const closed = ['shipped', 'closed', 'cancelled', 'rejected'].includes(order.lifecycle);
  for (const asked of change.lines) {
    const line = order.lines.find(({ lineRef }) => lineRef === asked.lineRef);
    if (line) named.add(line.id);
    if (!line && (asked.action === 'add' || change.purpose === 'replace') && !closed) {
      const entered = await enterNew(work, partner, order, asked, order.lines.length + added.length + 1);
      if ('told' in entered) wishes.push(entered);
      else added.push(entered);
    } else wishes.push(...(line ? await wishesFor(work, partner, order, line, asked, prices) : [missing(asked)]));
  }
  const unnamed = change.purpose === 'replace' ? order.lines.filter((line) => !named.has(line.id) && line.base > line.buckets.cancelled) : [];
  const deletions = unnamed.map(({ lineRef }): Wish => ({ request: { action: 'delete', lineRef } }));
  const all = [...wishes, ...deletions];
  const requests = all.flatMap((wish) => ('request' in wish ? [wish.request] : []));
  const told = all.flatMap((wish) => ('told' in wish ? [wish.told] : []));
  const document = documentWith(order, change, prices, added);
  return planOf(order, held, { cancel: false, lines: requests }, { document, prices, added, told: [...told, ...datesLine(order, change, closed)] });
}

function planOf(
  order: StoredOrder,
  held: readonly Held[],
  request: ChangeRequest,
  rest: { document: Order; prices?: ChangePlan['prices']; added?: ChangePlan['added']; told?: readonly ChangeLine[] },
): ChangePlan {
  const { prices = new Map<number, EnteredLine['line']>(), added = [], told = [], document } = rest;
  const decisions = decideChange(order, held, request);
  const changed = decisions.map((decision) => ({ ...toChangeLine(decision), ids: order.lines.find(({ id }) => id === decision.lineId)?.ids }));
  return { decisions, prices, added, lines: [...changed, ...told], document };
}

/** What is asked of a line that is there. Its price is looked at first: where that is refused, nothing of the line changes. */
async function wishesFor(
  work: Work,
  partner: Partner,
  order: StoredOrder,
  line: Line,
  asked: OrderChangeLine,
  prices: Map<number, EnteredLine['line']>,
): Promise<readonly Wish[]> {
  const { lineRef } = asked;
  if (asked.action === 'none') return [];
  if (asked.action === 'delete') return [{ request: { action: 'delete', lineRef } }];
  const refused = (because: ChangeLine['because']): readonly Wish[] => [
    { told: plainLine({ lineRef, lineId: line.id, action: 'quantity', answer: 'rejected', because, ids: line.ids }) },
  ];
  const source = order.document.lines[line.lineNo - 1];
  const newPrice = asked.price !== undefined && source && parseDecimal(asked.price) !== parseDecimal(source.price ?? '') ? asked.price : undefined;
  if (newPrice !== undefined && source) {
    if (line.invoiced > 0n || line.buckets.shipped > 0n) return refused('shipped');
    const [facts] = await lineFacts(work.tx, partner.id, [source]);
    const { line: entered, trouble } = enterLine({ ...source, price: newPrice }, line.lineNo, facts!, partner.prices);
    if (trouble?.code === 'PRICE_MISMATCH' || entered.buckets.rejected > 0n) return refused('PRICE_MISMATCH');
    prices.set(line.id, entered);
  }
  const quantity = asked.quantity === undefined ? line.ordered : await inUnitOf(work, line, asked);
  if (typeof quantity !== 'bigint') return refused(quantity.because);
  const moves = quantity !== line.ordered || line.base === line.buckets.cancelled;
  if (moves) return [{ request: { action: 'quantity', lineRef, quantity } }];
  const action = newPrice !== undefined ? 'price' : asked.requestedShip !== undefined ? 'dates' : 'none';
  return [{ told: plainLine({ lineRef, lineId: line.id, action, answer: 'accepted', ids: line.ids }) }];
}

/** The quantity asked for in the unit of the line. */
async function inUnitOf(work: Work, line: Line, asked: OrderChangeLine): Promise<bigint | { readonly because: ChangeLine['because'] }> {
  const quantity = parseDecimal(asked.quantity ?? '') ?? 0n;
  const { conversion } = line;
  if (asked.unit === undefined || asked.unit === conversion.unit) return quantity;
  const item = line.sku === undefined ? undefined : await readItem(work.tx, line.sku);
  const other = item && (await findConversion(work.tx, item, asked.unit));
  if (!other) return { because: 'UNIT_UNKNOWN' };
  if (quantity === 0n) return 0n;
  const converted = toBase(quantity, other);
  const same = 'base' in converted ? scaleExactly(converted.base, conversion.denominator, conversion.numerator) : undefined;
  return same ?? { because: 'not-a-multiple' };
}

/** A new line. One that nobody can understand is refused at once: the buyer has its order still open and can ask again. */
async function enterNew(
  work: Work,
  partner: Partner,
  order: StoredOrder,
  asked: OrderChangeLine,
  lineNo: number,
): Promise<{ readonly source: OrderLine; readonly line: EnteredLine['line'] } | { readonly told: ChangeLine }> {
  const { lineRef, ids, price, description, requestedShip, quantity = '0', unit = 'EA' } = asked;
  const source: OrderLine = {
    lineRef,
    ids,
    quantity,
    unit,
    ...(price !== undefined && { price }),
    ...(description !== undefined && { description }),
    ...(requestedShip !== undefined && { requestedShip }),
  };
  const [facts] = await lineFacts(work.tx, order.partner, [source]);
  const { line, trouble } = enterLine(source, lineNo, facts!, partner.prices);
  if (!trouble) return { source, line };
  return { told: plainLine({ lineRef, action: 'add', answer: 'rejected', because: trouble.code, ids, quantity, unit }) };
}

function missing({ lineRef, ids, quantity, unit }: OrderChangeLine): Wish {
  return { told: plainLine({ lineRef, action: 'quantity', answer: 'rejected', because: 'line-unknown', ids, quantity, unit }) };
}

/** The dates of an order that a change may set. */
export const DATES = ['shipNotBefore', 'deliverNotBefore', 'requestedShip', 'requestedDelivery', 'shipNoLater', 'cancelAfter', 'deliverBy'] as const;

/** Other dates for the whole order are told by its first line, where no line says anything else. */
function datesLine(order: StoredOrder, change: OrderChange, closed: boolean): readonly ChangeLine[] {
  const first = order.lines[0];
  if (!first || change.lines.length > 0 || DATES.every((name) => change[name] === undefined || change[name] === order.document[name])) return [];
  const { lineRef, id: lineId, ids } = first;
  return [plainLine({ lineRef, lineId, ids, action: 'dates', answer: closed ? 'rejected' : 'accepted', because: closed ? 'order-closed' : undefined })];
}

function documentWith(order: StoredOrder, change: OrderChange, prices: ChangePlan['prices'], added: ChangePlan['added']): Order {
  const dates = Object.fromEntries(DATES.flatMap((name) => (change[name] === undefined ? [] : [[name, change[name]]])));
  const lines = order.document.lines.map((source, index) => {
    const line = order.lines.find(({ lineNo }) => lineNo === index + 1);
    const asked = change.lines.find(({ lineRef, action }) => lineRef === source.lineRef && action === 'change');
    const agreed = line && prices.has(line.id) ? asked?.price : undefined;
    return {
      ...source,
      ...(agreed !== undefined && { price: agreed }),
      ...(asked?.requestedShip !== undefined && { requestedShip: asked.requestedShip }),
    };
  });
  return { ...order.document, ...dates, lines: [...lines, ...added.map(({ source }) => source)] };
}

/** The order's document with the quantities that its lines have now. */
export function withQuantities(document: Order, lines: readonly Pick<Line, 'lineNo' | 'ordered'>[]): Order {
  const quantityAt = new Map(lines.map(({ lineNo, ordered }) => [lineNo, ordered]));
  return {
    ...document,
    lines: document.lines.map((source, index) => {
      const ordered = quantityAt.get(index + 1);
      return ordered === undefined || parseDecimal(source.quantity) === ordered ? source : { ...source, quantity: formatDecimal(ordered) };
    }),
  };
}
