import type { QualifiedId } from '../canonical/common.ts';
import { total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { ErrorCode } from '../errors.ts';
import type { LineDecision } from './change.ts';

/** One line of a change and how far it has come; quantities in base units. What locations are asked for (`asked`) may be granted in parts. */
export type ChangeLine = {
  readonly lineRef: string;
  /** Undefined where the order has no such line. */
  readonly lineId?: number | undefined;
  readonly action: 'quantity' | 'delete' | 'price' | 'dates' | 'add' | 'none';
  readonly answer: LineDecision['answer'];
  readonly because?: LineDecision['because'] | ErrorCode | 'expired' | 'stock-fell' | 'promise-moved' | undefined;
  readonly before: Decimal;
  readonly wanted: Decimal;
  readonly remains: Decimal;
  readonly asked: Decimal;
  readonly granted: Decimal;
  /** New demand, which queues from when the change came. */
  readonly added: Decimal;
  readonly ids?: readonly QualifiedId[] | undefined;
  /** As the buyer wrote it, for a line that is not in the order. */
  readonly quantity?: string | undefined;
  readonly unit?: string | undefined;
};

const NOTHING = { before: 0n, wanted: 0n, remains: 0n, asked: 0n, granted: 0n, added: 0n };

/** What is to be remembered of a decision. */
export function toChangeLine(decision: LineDecision): ChangeLine {
  const { lineRef, lineId, action, answer, because, before, wanted, remains, added } = decision;
  return { lineRef, lineId, action, answer, because, before, wanted, remains, added, asked: total(decision.ask.map(({ covers }) => covers)), granted: 0n };
}

/** A line of a change that moves no units. */
export function plainLine(line: Pick<ChangeLine, 'lineRef' | 'action' | 'answer'> & Partial<ChangeLine>): ChangeLine {
  return { ...NOTHING, ...line };
}

/** The line after locations granted so much more of what they are asked for. */
export function grant(line: ChangeLine, quantity: Decimal): ChangeLine {
  return { ...line, granted: line.granted + quantity, remains: line.remains - quantity };
}

/** The line when nobody is asked any more: what was not granted stays. */
export function settle(line: ChangeLine): ChangeLine {
  if (line.answer !== 'waiting') return line;
  if (line.remains === line.wanted) return { ...line, answer: 'accepted' };
  const because = line.granted < line.asked ? 'released' : 'shipped';
  return { ...line, answer: line.remains === line.before ? 'rejected' : 'in-part', because };
}

/** How much of a line's waiting units (base units) came with later changes, the latest change first. */
export function addedParts<T extends { readonly lines: readonly ChangeLine[] }>(
  changes: readonly T[],
  lineId: number,
  waiting: Decimal,
): readonly { readonly change: T; readonly quantity: Decimal }[] {
  const parts: { change: T; quantity: Decimal }[] = [];
  let left = waiting;
  for (const change of changes.toReversed()) {
    const added = total(change.lines.filter((line) => line.lineId === lineId).map((line) => line.added));
    const quantity = added < left ? added : left;
    if (quantity <= 0n) continue;
    parts.push({ change, quantity });
    left -= quantity;
  }
  return parts;
}
