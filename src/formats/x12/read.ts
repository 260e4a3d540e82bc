/**
 * Reads X12 interchanges (ASC X12.5 and X12.6) from bytes in chunks of any size. Memory stays flat: one set at a time is held, and of the sets
 * before it only what their group's acknowledgment needs.
 */
import { envelope } from './envelope.ts';
import { finding } from './findings.ts';
import { severityOf } from './leniency.ts';
import { looksLikeEbcdicX12, whatItLooksLike } from './sniff.ts';
import { tokenizer } from './tokenize.ts';
import type { X12Event, X12Limits, X12ReadOptions } from './types.ts';

export type * from './types.ts';

/** The limits where the caller sets none: bytes of a segment and of an element; segments, bytes and findings of a set; depth of HL levels. */
export const defaultLimits: X12Limits = {
  segmentBytes: 65_536,
  elementBytes: 32_768,
  segmentsPerSet: 10_000_000,
  setBytes: 1_073_741_824,
  findingsPerSet: 1_000,
  depth: 64,
};

/** A reader that is pushed: each call gives the events that the bytes complete. `end` is called once, after the last byte. */
export type X12Reader = { readonly push: (chunk: Uint8Array) => readonly X12Event[]; readonly end: () => readonly X12Event[] };

/** A reader for one file. Bad input never throws; it gives findings. */
export function x12Reader(options: X12ReadOptions = {}): X12Reader {
  const limits = { ...defaultLimits, ...options.limits };
  const queue: X12Event[] = [];
  const sink = envelope(options, limits, queue);
  let seen = false;
  let early: { readonly at: number; readonly length: number } | undefined;
  const tokens = tokenizer(
    {
      ...sink,
      isa: (isa, at) => {
        seen = true;
        if (early) sink.junk(early.at, early.length);
        early = undefined;
        sink.isa(isa, at);
      },
      // Before the first interchange it is not known yet whether this is junk or a file of another kind.
      junk: (at, length) => {
        if (seen) sink.junk(at, length);
        else early = { at, length };
      },
    },
    { encoding: options.encoding ?? 'auto', segmentBytes: limits.segmentBytes, keepLineBreaks: options.keepLineBreaks ?? false },
  );
  return {
    push: (chunk) => {
      tokens.push(chunk);
      return queue.splice(0);
    },
    end: () => {
      tokens.end();
      if (!seen) queue.push(...noInterchange(tokens.head(), options));
      return queue.splice(0);
    },
  };
}

function noInterchange(head: Uint8Array, options: X12ReadOptions): X12Event[] {
  const looks = options.encoding !== 'ebcdic' || looksLikeEbcdicX12(head) ? whatItLooksLike(head) : 'text';
  const item = finding('NO-ISA', { at: { offset: 0 }, detail: `it looks like ${looks}` });
  const severity = severityOf(options.leniency, item);
  return severity === 'ignore' ? [] : [{ kind: 'finding', finding: { ...item, severity } }];
}

/** The events of a file, in its order. */
export async function* readX12(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, options: X12ReadOptions = {}): AsyncGenerator<X12Event> {
  const reader = x12Reader(options);
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.end();
}

/** The events of a file that is in memory. */
export function readX12Sync(bytes: Uint8Array, options: X12ReadOptions = {}): readonly X12Event[] {
  const reader = x12Reader(options);
  return [...reader.push(bytes), ...reader.end()];
}
