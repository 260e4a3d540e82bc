import type { StockReport } from '../../canonical/stock-report.ts';
import type { Decimal } from '../../decimal.ts';
import { formatDecimal, least } from '../../decimal.ts';
import { note } from '../../store/activity.ts';
import { findReturn, receiveLine, setReturnState } from '../../store/returns.ts';
import type { Applied, Work } from '../work.ts';

/** What a receipt names, in base units. */
export type Came = { readonly sku: string; readonly quantity: Decimal | undefined };

/**
 * Takes a receipt of goods that came back: it is noted at the return and is no stock until it is inspected. Undefined when the receipt is of other
 * goods. One that names no return, or brings more than may come, waits for a person.
 */
export async function receiveReturned(work: Work, location: string, report: StockReport, lines: readonly Came[]): Promise<Applied | undefined> {
  const found = report.announced === undefined ? undefined : await findReturn(work.tx, report.announced);
  if (!found) {
    if (report.cause !== 'C') return undefined;
    return {
      status: 'parked',
      reason: 'RETURN_UNKNOWN',
      detail: `${location} received goods of a customer under ${report.announced ?? 'no number'}, which is no return`,
    };
  }
  const { orderId, number } = found;
  const open = found.lines.map((line) => ({ line, room: line.authorised - line.received }));
  const taken: { id: number; quantity: Decimal }[] = [];
  for (const { sku, quantity = 0n } of lines) {
    let left = quantity;
    for (const each of open.filter(({ line }) => line.sku === sku)) {
      const part = least(left, each.room);
      if (part <= 0n) continue;
      each.room -= part;
      left -= part;
      taken.push({ id: each.line.id, quantity: part });
    }
    if (left !== 0n) {
      return {
        status: 'parked',
        reason: 'RETURN_UNKNOWN',
        detail: `${location} received ${formatDecimal(quantity)} of ${sku} for ${number}, of which no more than ${formatDecimal(quantity - left)} may come back`,
        orderId,
      };
    }
  }
  for (const { id, quantity } of taken) await receiveLine(work.tx, id, quantity, location);
  if (!(await setReturnState(work.tx, found.id, ['authorised', 'received'], 'received', work.now))) {
    return { status: 'parked', reason: 'RETURN_UNKNOWN', detail: `return ${number} is ${found.state}`, orderId };
  }
  await note(work.tx, {
    at: work.now,
    verb: 'apply',
    partner: found.partner,
    orderId,
    text: `${location} received goods of return ${number}; they are no stock until they are inspected`,
  });
  return { status: 'done', orderId };
}
