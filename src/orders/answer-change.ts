import type { ChangedLine, OrderChangeResponse } from '../canonical/order-change-response.ts';
import type { Outcome, ResponseLine } from '../canonical/order-response.ts';
import { formatDecimal, scaleExactly } from '../decimal.ts';
import type { ChangeLine } from './change-lines.ts';
import type { Line, OrderState, Reservation } from './model.ts';
import { open } from './quantities.ts';
import { respond } from './respond.ts';
import type { ResponseSettings } from './respond.ts';

export type ChangeAnswerSettings = ResponseSettings & {
  /** buyer: the answer to a change; seller: a change of ours. */
  readonly initiative: 'buyer' | 'seller';
  readonly sequence?: string | undefined;
  /** When the change that is answered was made. */
  readonly changeDate?: string | undefined;
};

const UNKNOWN: Partial<Record<string, Outcome>> = {
  SKU_UNKNOWN: 'item-unknown',
  UNIT_UNKNOWN: 'unit-invalid',
  QUANTITY_INVALID: 'unit-invalid',
};

/**
 * The answer to a change of an order, when nobody is asked about it any more: each line that was to change, as it stands now. Quantities
 * are what is on order after the change, never what was wished for.
 */
export function answerChange(
  state: OrderState,
  reservations: readonly Reservation[],
  changed: readonly ChangeLine[],
  settings: ChangeAnswerSettings,
): OrderChangeResponse {
  const whole = respond(state, reservations, settings);
  const { kind: _kind, verdict: _verdict, lines: answered, purpose: _purpose, ...header } = whole;
  const lines = changed
    .filter(({ action }) => action !== 'none')
    .map((change) => {
      const at = state.lines.findIndex(({ id }) => id === change.lineId);
      return at < 0 ? refusedLine(change) : toldLine(change, state.lines[at]!, answered[at]!);
    });
  return {
    kind: 'order-change-response',
    initiative: settings.initiative,
    ...header,
    ...(settings.sequence !== undefined && { sequence: settings.sequence }),
    ...(settings.changeDate !== undefined && { changeDate: settings.changeDate }),
    verdict: verdictOf(changed, lines),
    lines,
  };
}

function verdictOf(changed: readonly ChangeLine[], lines: readonly ChangedLine[]): OrderChangeResponse['verdict'] {
  const asked = changed.filter(({ action }) => action !== 'none');
  if (asked.length > 0 && asked.every(({ answer }) => answer === 'rejected')) return 'rejected';
  const asWished = lines.every(({ outcomes }) => outcomes.every(({ outcome }) => outcome === 'accepted' || outcome === 'deleted'));
  return asWished && asked.every(({ answer }) => answer === 'accepted') ? 'accepted' : 'changed';
}

function toldLine(change: ChangeLine, line: Line, answered: ResponseLine): ChangedLine {
  const { numerator, denominator } = line.conversion;
  const left = scaleExactly(open(line.buckets), denominator, numerator) ?? 0n;
  return { ...answered, change: kindOf(change), left: formatDecimal(left) };
}

function kindOf({ action, answer, before, remains }: ChangeLine): ChangedLine['change'] {
  if (answer === 'rejected') return 'refused';
  if (action === 'add') return 'added';
  if (action === 'delete' && remains === 0n) return 'deleted';
  if (remains !== before) return remains > before ? 'increased' : 'decreased';
  return action === 'price' ? 'price' : action === 'dates' ? 'dates' : 'none';
}

/** A line that is not in the order, and will not be. */
function refusedLine({ lineRef, ids, quantity = '0', unit = 'EA', because }: ChangeLine): ChangedLine {
  const outcome = UNKNOWN[because ?? ''] ?? 'rejected';
  return { lineRef, ids: [...(ids ?? [])], quantity, unit, change: 'refused', left: '0', outcomes: [{ outcome, quantity, unit }] };
}
