import type { Message, ReadEvent } from '../../src/formats/format.ts';
import type { Finding } from '../../src/finding.ts';

export type ReadResult = { readonly messages: readonly Message[]; readonly findings: readonly Finding[]; readonly events: readonly ReadEvent[] };

/** All that a reader yields. */
export async function readAll(events: AsyncIterable<ReadEvent>): Promise<ReadResult> {
  const all: ReadEvent[] = [];
  for await (const event of events) all.push(event);
  return {
    events: all,
    messages: all.flatMap((event) => (event.kind === 'message' ? [event.message] : [])),
    findings: all.flatMap((event) => (event.kind === 'finding' ? [event.finding] : [])),
  };
}

/** Bytes cut at the places given, each taken modulo the length. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...cuts].map((from, i) => bytes.subarray(from, cuts[i] ?? bytes.length));
}
