import { setImmediate } from 'node:timers/promises';
import { outboundFor } from '../config/find-partner.ts';
import type { Config, Partner } from '../config/types.ts';
import { formatDecimal, fromColumn } from '../decimal.ts';
import type { Counts, LedgerRow, LedgerScope, StockDrift, Units } from '../store/balance.ts';
import * as ledger from '../store/balance.ts';
import type { Database, Tx } from '../store/transaction.ts';

/** Two sides of the ledger that do not agree, by name. */
export type Difference = {
  readonly code:
    | 'FILE_WITHOUT_CONTENT'
    | 'INTERCHANGE_WITHOUT_SETS'
    | 'INTERCHANGE_UNANSWERED'
    | 'DOCUMENT_WITHOUT_ORDER'
    | 'ORDER_WITHOUT_DOCUMENT'
    | 'LINE_OUT_OF_BALANCE'
    | 'SHIPMENT_UNTOLD'
    | 'SHIPPED_NOT_INVOICED'
    | 'INVOICED_NOT_SHIPPED'
    | 'STOCK_DRIFT';
  /** `file:3`, `order:5`, or item and location. */
  readonly id: string;
  readonly partner: string;
  readonly about: string;
  readonly detail: string;
};

export type Balance = {
  readonly files: Counts;
  readonly interchanges: Counts;
  readonly documents: Counts;
  readonly orderDocuments: Counts;
  readonly orders: Counts;
  readonly units: Units;
  readonly differences: readonly Difference[];
};

/**
 * The same for a daemon that has other work: what stock drifted is looked for in parts, one after the other, and of the rest only what came in since an
 * instant (milliseconds since 1970).
 */
export async function balanceInParts(db: Database, config: Config, from: number): Promise<readonly Difference[]> {
  const found = [...(await db.read((tx) => differencesOf(tx, config, { from })))];
  for (let after = ''; ;) {
    const skus = await db.read((tx) => ledger.skusInStock(tx, after, PART));
    const last = skus.at(-1);
    if (last === undefined) return found;
    found.push(...(await db.read((tx) => ledger.stockDrifts(tx, { after, last }))).map(driftOf));
    after = last;
    // Who waits for the database comes first.
    await setImmediate();
  }
}

const PART = 20;

async function differencesOf(tx: Tx, config: Config, scope: LedgerScope): Promise<readonly Difference[]> {
  return [...(await inbound(tx, config, scope)), ...(await orderSide(tx, scope)), ...(await outboundSide(tx, config, scope))];
}

/** Sets what came in beside what became of it. Everything that does not balance is a difference with its name; what is on its way is none. */
export async function balance(tx: Tx, config: Config, scope: LedgerScope): Promise<Balance> {
  return {
    files: await ledger.countFiles(tx, scope),
    interchanges: await ledger.countInterchanges(tx, scope),
    documents: await ledger.countDocuments(tx, scope),
    orderDocuments: await ledger.countOrderDocuments(tx, scope),
    orders: await ledger.countOrders(tx, scope),
    units: await ledger.sumUnits(tx, scope),
    differences: [...(await differencesOf(tx, config, scope)), ...(await ledger.stockDrifts(tx)).map(driftOf)],
  };
}

async function inbound(tx: Tx, config: Config, scope: LedgerScope): Promise<readonly Difference[]> {
  const unanswered = (await ledger.unansweredInterchanges(tx, scope)).filter(({ partner }) => config.partners.get(partner)?.acknowledgments.kind !== 'none');
  return [
    ...(await ledger.filesOfNothing(tx, scope)).map((row) => of('FILE_WITHOUT_CONTENT', `file:${row.id}`, row, 'it is done and nothing was found in it')),
    ...(await ledger.interchangesOfNothing(tx, scope)).map((row) => ofInterchange('INTERCHANGE_WITHOUT_SETS', row, 'it was accepted and holds no set')),
    ...unanswered.map((row) =>
      ofInterchange('INTERCHANGE_UNANSWERED', row, `${String(row.values['to_acknowledge'])} sets were accepted and no acknowledgment was made`),
    ),
  ];
}

async function orderSide(tx: Tx, scope: LedgerScope): Promise<readonly Difference[]> {
  return [
    ...(await ledger.documentsWithoutOrder(tx, scope)).map((row) =>
      of('DOCUMENT_WITHOUT_ORDER', `document:${row.id}`, row, 'it was applied and belongs to no order'),
    ),
    ...(await ledger.ordersWithoutDocument(tx, scope)).map((row) =>
      of('ORDER_WITHOUT_DOCUMENT', `order:${row.id}`, row, 'the document that it came of is not there'),
    ),
    ...(await ledger.unbalancedLines(tx, scope)).map((row) => ofLine('LINE_OUT_OF_BALANCE', row, imbalance(row))),
  ];
}

async function outboundSide(tx: Tx, config: Config, scope: LedgerScope): Promise<readonly Difference[]> {
  const takes = (id: string, kind: 'shipment' | 'invoice'): Partner | undefined => {
    const partner = config.partners.get(id);
    return partner && outboundFor(config, partner, kind).length > 0 ? partner : undefined;
  };
  const untold = (await ledger.untoldShipments(tx, scope)).filter(({ partner }) => takes(partner, 'shipment'));
  const uneven = (await ledger.unevenlyInvoiced(tx, scope)).filter((row) => {
    const when = takes(row.partner, 'invoice')?.invoice.when ?? 'never';
    const over = units(row, 'invoiced') > units(row, 'shipped') + units(row, 'overshipped');
    const ended = ['shipped', 'closed'].includes(String(row.values['lifecycle']));
    return over || when === 'shipment' || (when === 'complete' && ended);
  });
  return [
    ...untold.map((row) => of('SHIPMENT_UNTOLD', `order:${row.orderId}`, row, `shipment ${row.about} left and nobody was told`)),
    ...uneven.map((row) => {
      const detail = `${show(row, 'shipped')} shipped${units(row, 'overshipped') > 0n ? ` and ${show(row, 'overshipped')} above the order` : ''}, ${show(row, 'invoiced')} invoiced`;
      return ofLine(units(row, 'invoiced') > units(row, 'shipped') ? 'INVOICED_NOT_SHIPPED' : 'SHIPPED_NOT_INVOICED', row, detail);
    }),
  ];
}

function imbalance(row: LedgerRow): string {
  const { values } = row;
  const found: string[] = [];
  const compare = (left: string, right: string, text: string): void => {
    if (fromColumn(values[left]) !== fromColumn(values[right])) found.push(`${show(row, left)} ${text.replace('%', show(row, right))}`);
  };
  compare('shipped', 'in_shipments', 'shipped, % in its shipments');
  compare('overshipped', 'over_in_shipments', 'shipped above the order, % in its shipments');
  compare('allocated', 'reserved', 'allocated, % reserved in stock');
  return found.join('; ') || 'its units do not add up to what was ordered';
}

/** A stock row that drifted, as a difference. */
export function driftOf({ sku, location, onHand, onHold, allocated, moved, held }: StockDrift): Difference {
  const found: string[] = [];
  if (onHand !== moved.onHand) found.push(`on hand ${formatDecimal(onHand)}, the movements say ${formatDecimal(moved.onHand)}`);
  if (onHold !== moved.onHold) found.push(`on hold ${formatDecimal(onHold)}, the movements say ${formatDecimal(moved.onHold)}`);
  if (allocated !== moved.allocated) found.push(`allocated ${formatDecimal(allocated)}, the movements say ${formatDecimal(moved.allocated)}`);
  if (allocated !== held) found.push(`allocated ${formatDecimal(allocated)}, orders hold ${formatDecimal(held)}`);
  return { code: 'STOCK_DRIFT', id: `${sku} ${location}`, partner: '', about: sku, detail: found.join('; ') };
}

function of(code: Difference['code'], id: string, { partner, about }: LedgerRow, detail: string): Difference {
  return { code, id, partner, about, detail };
}

function ofInterchange(code: Difference['code'], row: LedgerRow, detail: string): Difference {
  return of(code, `file:${String(row.values['inbound_file_id'])}`, row, detail);
}

function ofLine(code: Difference['code'], row: LedgerRow, detail: string): Difference {
  return of(code, `order:${row.orderId}`, row, `line ${String(row.values['line_ref'])}: ${detail}`);
}

function units(row: LedgerRow, column: string): bigint {
  return fromColumn(row.values[column]);
}

function show(row: LedgerRow, column: string): string {
  return formatDecimal(units(row, column));
}
