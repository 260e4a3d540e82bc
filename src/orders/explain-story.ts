import { formatDecimal } from '../decimal.ts';
import type { Decision, LinePlan } from './allocation.ts';
import type { ChangeLine } from './change-lines.ts';
import { explainLine } from './explain.ts';
import { explainPolicy } from './explain-policy.ts';
import type { AppliedPolicy } from './explain-policy.ts';
import type { Line } from './model.ts';
import { bucketNames } from './quantities.ts';

/** What is known of a line's past, as it was stored when it happened. */
export type LinePast = {
  readonly decisions: readonly { readonly at: string; readonly decision: Decision; readonly plan: LinePlan; readonly policy: AppliedPolicy | undefined }[];
  readonly holds: readonly { readonly at: string; readonly code: string; readonly detail: string; readonly resolution: string | undefined }[];
  readonly changes: readonly { readonly at: string; readonly initiative: 'buyer' | 'seller'; readonly line: ChangeLine }[];
  readonly works: readonly {
    readonly location: string;
    readonly number: string;
    readonly sku: string;
    readonly quantity: bigint;
    readonly shipped: bigint;
    readonly short: bigint;
    readonly ask: bigint;
  }[];
};

/** Something of a line's past in plain words, and when it was; what it rests on stands under it. */
export type Told = { readonly at: string | undefined; readonly text: string; readonly because: readonly string[] };

/** Where the units of a line are, in one line: `HL-MUG-01 48 EA: released 36, backordered 12`. */
export function tellLine(line: Line): string {
  const parts = bucketNames.filter((name) => line.buckets[name] > 0n).map((name) => `${name} ${formatDecimal(line.buckets[name])}`);
  const over = line.overshipped > 0n ? [`${formatDecimal(line.overshipped)} shipped above that`] : [];
  const held = line.reason === undefined ? '' : ` (${line.reason})`;
  return `${line.sku ?? 'an unknown item'} ${formatDecimal(line.ordered)} ${line.conversion.unit}: ${[...parts, ...over].join(', ') || 'nothing'}${held}`;
}

/** Why a line is where it is: each hold, decision and change in the order of time, with what it rested on, and what locations were told to ship. */
export function tellPast(past: LinePast): readonly Told[] {
  const told: Told[] = [
    ...past.holds.map(({ at, code, detail, resolution }) => ({
      at,
      text: `held: ${code}, ${detail}`,
      because: resolution === undefined ? [] : [`over: ${resolution}`],
    })),
    ...past.decisions.map(({ at, decision, plan, policy }) => {
      const [text = '', ...because] = explainLine(plan, decision);
      return { at, text, because: policy === undefined ? because : [...because, `by policy ${decision.policy}: ${explainPolicy(policy)}`] };
    }),
    ...past.changes.map(({ at, initiative, line }) => ({ at, text: tellChange(initiative, line), because: [] })),
  ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const works = past.works.map(({ location, number, sku, quantity, shipped, short, ask }) => {
    const parts = [
      `${formatDecimal(shipped)} shipped`,
      ...(short > 0n ? [`${formatDecimal(short)} not shipped`] : []),
      ...(ask > 0n ? [`asked to leave out ${formatDecimal(ask)}`] : []),
    ];
    return { at: undefined, text: `${location} was told to ship ${formatDecimal(quantity)} of ${sku} as ${number}: ${parts.join(', ')}`, because: [] };
  });
  return [...told, ...works];
}

function tellChange(initiative: 'buyer' | 'seller', line: ChangeLine): string {
  const { action, before, wanted, remains, answer, because } = line;
  const who = initiative === 'buyer' ? 'the buyer' : 'we';
  const what =
    action === 'delete'
      ? `took back ${formatDecimal(before)}`
      : action === 'quantity'
        ? `changed ${formatDecimal(before)} to ${formatDecimal(wanted)}`
        : action === 'add'
          ? `added the line with ${formatDecimal(wanted)}`
          : action === 'price'
            ? 'changed the price'
            : because === 'stock-fell'
              ? 'had less stock than was promised'
              : 'changed the dates';
  return `${who} ${what}: ${answer}, ${formatDecimal(remains)} remain on order${because === undefined ? '' : ` (${because})`}`;
}
