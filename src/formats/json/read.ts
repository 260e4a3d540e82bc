import type { Finding } from '../../finding.ts';
import { decode } from '../decode.ts';
import type { Message, ReadEvent } from '../format.ts';
import { builder } from './build.ts';
import type { JsonSettings } from './options.ts';
import { tokenizer, Unreadable } from './tokens.ts';

/** Reads JSON (RFC 8259) and JSON lines in chunks, one message after the other. The first fault ends it; messages before it go on. */
export async function* readJson(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, options: JsonSettings): AsyncGenerator<ReadEvent> {
  const messages: Message[] = [];
  const build = builder(options, messages);
  const tokens = tokenizer(build.take);
  const ready = (): readonly ReadEvent[] => messages.splice(0).map((message) => ({ kind: 'message', message }));
  for await (const piece of decode(chunks, 'utf-8')) {
    const fault = 'finding' in piece ? piece.finding : guarded(() => tokens.push(piece.text));
    yield* ready();
    if (fault) return yield { kind: 'finding', finding: fault };
  }
  const fault = guarded(() => tokens.end()) ?? guarded(() => build.end(tokens.here()));
  yield* ready();
  if (fault) yield { kind: 'finding', finding: fault };
  return undefined;
}

/** What stopped the work, if anything did. */
function guarded(work: () => void): Finding | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { code: error.code, severity: 'error', message: `line ${error.at.line}, column ${error.at.column}: ${error.message}`, at: error.at };
  }
}
