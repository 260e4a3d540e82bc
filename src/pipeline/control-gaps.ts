import type { Skip } from '../store/verify.ts';

/** A scope whose numbers have a gap or a repeat. `missing`: the first and last number that no file carries. */
export type NumberFault = {
  readonly code: 'CONTROL_GAP' | 'CONTROL_REPEATED';
  readonly id: string;
  readonly detail: string;
  readonly missing?: { readonly first: number; readonly last: number };
};

/** The control numbers found in outgoing bytes, by their scope, each with the row that carries it. */
export type NumbersUsed = Map<string, { readonly number: number; readonly id: string }[]>;

/** Bytes at the front of an outgoing file that hold its ISA and its first GS. */
export const FRONT = 400;

/** Adds the control numbers at the front of an outgoing file: ISA13, which stands at a fixed place, and GS06 of its group. Other formats have none. */
export function numbersOf(front: Uint8Array, id: string, used: NumbersUsed): void {
  const text = Buffer.from(front).toString('latin1');
  if (!text.startsWith('ISA') || text.length < 106) return;
  const element = text[3]!;
  const isa = text.slice(0, 105).split(element);
  const at = (index: number): string => (isa[index] ?? '').trim();
  add(used, `ISA:${at(5)}/${at(6)}:${at(7)}/${at(8)}:${at(15)}`, at(13), id);
  const gs = text.slice(106).trimStart().split(text[105]!)[0]!.split(element);
  if (gs[0] === 'GS') add(used, `GS:${gs[2]}:${gs[3]}:${gs[1]}`, gs[6] ?? '', id);
}

function add(used: NumbersUsed, scope: string, text: string, id: string): void {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) return;
  const list = used.get(scope) ?? [];
  if (list.length === 0) used.set(scope, list);
  list.push({ number, id });
}

/** A scope and the number it gives next. Where files are written meanwhile: `next` as it was before they were looked at, `ahead` as it was after. */
export type ScopeNext = { readonly scope: string; readonly next: number; readonly ahead?: number };

/**
 * Numbers that two files carry, and numbers below the next one that no file does and nobody skipped. Where bytes were removed after their time,
 * what is missing before the first number still there is theirs. After 999,999,999 numbers begin anew: of such a scope only the last round is told
 * apart.
 */
export function controlGaps(used: NumbersUsed, scopes: readonly ScopeNext[], skips: readonly Skip[], removed: boolean): readonly NumberFault[] {
  return scopes.flatMap((scope) => {
    const list = (used.get(scope.scope) ?? []).toSorted((a, b) => a.number - b.number);
    const own = skips.filter((skip) => skip.scope === scope.scope);
    return [...repeats(scope, list), ...gaps(scope, list, own, removed)];
  });
}

type Carried = { readonly number: number; readonly id: string };

function repeats({ scope, next, ahead = next }: ScopeNext, list: readonly Carried[]): readonly NumberFault[] {
  const faults: NumberFault[] = [];
  for (const [index, { number, id }] of list.entries()) {
    const before = list[index - 1];
    if (before?.number === number) faults.push({ code: 'CONTROL_REPEATED', id: scope, detail: `${before.id} and ${id} both carry ${number}` });
  }
  const last = list.at(-1);
  if (last && last.number >= ahead)
    faults.push({ code: 'CONTROL_REPEATED', id: scope, detail: `${last.id} carries ${last.number}, and ${ahead} is given next: it will be used again` });
  return faults;
}

function gaps({ scope, next }: ScopeNext, list: readonly Carried[], skips: readonly Skip[], removed: boolean): readonly NumberFault[] {
  if (removed && list.length === 0) return [];
  const faults: NumberFault[] = [];
  let expected = removed ? list[0]!.number : 1;
  for (const number of [...list.map((each) => each.number).filter((each) => each < next), next]) {
    const first = firstMissing(expected, number, skips);
    if (first !== undefined) {
      const last = number - 1;
      const detail = `no file carries ${first === last ? first : `${first} to ${last}`}, and nobody skipped it`;
      faults.push({ code: 'CONTROL_GAP', id: scope, detail, missing: { first, last } });
    }
    expected = Math.max(expected, number + 1);
  }
  return faults;
}

/** The first number from `from` and below `to` that no skip covers. */
function firstMissing(from: number, to: number, skips: readonly Skip[]): number | undefined {
  let at = from;
  while (at < to) {
    const covering = skips.find(({ first, last }) => first <= at && at <= last);
    if (!covering) return at;
    at = covering.last + 1;
  }
  return undefined;
}
