import type { Drop } from './x12-peer.ts';

/** What a simulated partner does wrong on request. */
export const misbehaviours = ['late', 'duplicate', 'reject', 'truncate', 'wrong-count'] as const;
export type Misbehaviour = (typeof misbehaviours)[number];

/** The files that are dropped in place of a good one. */
export function spoil(drop: Drop, wrong: ReadonlySet<Misbehaviour>): readonly Drop[] {
  let { bytes } = drop;
  if (wrong.has('wrong-count')) bytes = withWrongCount(bytes);
  if (wrong.has('truncate')) bytes = bytes.subarray(0, Math.floor(bytes.length * 0.7));
  const spoilt = { name: drop.name, bytes };
  return wrong.has('duplicate') ? [spoilt, { name: drop.name.replace(/(\.\w+)?$/, '_again$1'), bytes }] : [spoilt];
}

/** SE01 says one segment more than there are. */
function withWrongCount(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const element = text[3]!;
  const place = text.indexOf(`SE${element}`, text.indexOf(`ST${element}`));
  const wrong = text.slice(place).replace(/\d+/, (count) => String(Number(count) + 1));
  return Buffer.from(text.slice(0, place) + wrong, 'latin1');
}
