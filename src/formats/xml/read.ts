import { SaxesParser } from 'saxes';
import type { Finding } from '../../finding.ts';
import type { Position } from '../../tree.ts';
import { byteLength, decode, type Encoding } from '../decode.ts';
import type { Message, ReadEvent } from '../format.ts';
import { builder, type Builder } from './build.ts';
import { xmlEncoding } from './encoding.ts';
import type { XmlSettings } from './options.ts';

/** More than these and a file is no business document but an attack or a mistake. */
const MAX_PROLOG = 1_000_000;
const MAX_DEPTH = 100;
const MAX_ATTRIBUTES = 500;
const MAX_PENDING = 16_000_000;

/** Reads XML 1.0 with namespaces in chunks, one record after the other. The first fault ends it; records that were complete before it go on. */
export async function* readXml(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, options: XmlSettings): AsyncGenerator<ReadEvent> {
  let encoding: Encoding = options.encoding ?? 'utf-8';
  const detect = (head: Uint8Array): Encoding | { readonly finding: Finding } => {
    const found = options.encoding ?? xmlEncoding(head);
    if (typeof found === 'string') encoding = found;
    return found;
  };
  const reader = recordReader(options);
  for await (const piece of decode(chunks, detect)) {
    if ('finding' in piece) return yield { kind: 'finding', finding: piece.finding };
    reader.write(piece.text, piece.offset, encoding);
    yield* reader.take();
    if (reader.failed()) return undefined;
  }
  reader.close();
  yield* reader.take();
  return undefined;
}

type Reader = {
  readonly write: (text: string, offset: number, encoding: Encoding) => void;
  readonly close: () => void;
  readonly take: () => readonly ReadEvent[];
  readonly failed: () => boolean;
};

/** Ends the parser's work on a chunk: it would go on, and some attacks cost it the square of their size. */
class Stop extends Error {}

function recordReader(options: XmlSettings): Reader {
  const parser = new SaxesParser({ xmlns: true });
  const places = positions(parser);
  const messages: Message[] = [];
  let failure: Finding | undefined;
  let closing = false;
  let opened = false;
  let pending = 0;
  const build = builder(options, (message) => {
    messages.push(message);
    pending = 0;
  });
  const fail = (code: Finding['code'], message: string): never => {
    const at = places.here();
    failure = { code, severity: 'error', message: `line ${at.line}, column ${at.column}: ${message}`, at };
    throw new Stop();
  };
  listen(parser, { build, places, fail, options, closing: () => closing, started: () => void ((opened = true), (pending = build.inRecord() ? pending : 0)) });

  return {
    write: (text, offset, encoding) =>
      guarded(() => {
        places.chunk(text, offset, encoding);
        pending += text.length;
        parser.write(text);
        if (!opened && pending > MAX_PROLOG) fail('FORMAT_LIMIT', `no element in the first ${MAX_PROLOG} characters`);
        if (pending > MAX_PENDING) fail('FORMAT_LIMIT', `a record of more than ${MAX_PENDING} characters`);
      }),
    close: () => {
      closing = true;
      guarded(() => {
        parser.close();
        const missed = failure ? undefined : build.missed();
        if (missed !== undefined) fail('HEADER_INVALID', missed);
      });
    },
    take: () => [
      ...messages.splice(0).map((message) => ({ kind: 'message' as const, message })),
      ...(failure ? [{ kind: 'finding' as const, finding: failure }] : []),
    ],
    failed: () => failure !== undefined,
  };
}

/** Does the work until it is stopped. */
function guarded(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
}

type Listening = {
  readonly build: Builder;
  readonly places: Positions;
  readonly fail: (code: Finding['code'], message: string) => never;
  readonly options: XmlSettings;
  readonly closing: () => boolean;
  readonly started: () => void;
};

function listen(parser: SaxesParser<{ xmlns: true }>, { build, places, fail, options, closing, started }: Listening): void {
  let attributes = 0;
  parser.on('error', (error) => fail(closing() ? 'FILE_TRUNCATED' : 'FILE_MALFORMED', error.message.replace(/^[\d:]+\s*/, '')));
  parser.on('doctype', () => void (options.doctype === 'refuse' && fail('XML_DTD', 'a DOCTYPE')));
  parser.on('opentagstart', () => {
    places.mark();
    attributes = 0;
    started();
    if (build.depth() >= MAX_DEPTH) fail('FORMAT_LIMIT', `elements nested deeper than ${MAX_DEPTH}`);
  });
  parser.on('attribute', () => void (++attributes > MAX_ATTRIBUTES && fail('FORMAT_LIMIT', `an element with more than ${MAX_ATTRIBUTES} attributes`)));
  parser.on('opentag', (tag) => {
    build.open(tag, Object.values(tag.attributes), places.marked());
    const other = build.depth() === 1 ? build.otherRoot() : undefined;
    if (other) fail('HEADER_INVALID', `the root is <${other.name.slice(0, 99)}>, not <${other.wanted}>`);
  });
  parser.on('text', build.text);
  parser.on('cdata', build.text);
  parser.on('closetag', build.close);
}

type Positions = {
  readonly chunk: (text: string, offset: number, encoding: Encoding) => void;
  readonly mark: () => void;
  readonly marked: () => Position;
  readonly here: () => Position;
};

/** Where the parser stands, with its offset in bytes: counted from the last place asked for, as asking for each from the start would be slow. */
function positions(parser: SaxesParser<{ xmlns: true }>): Positions {
  let text = '';
  let from = 0;
  let bytes = 0;
  let before = 0;
  let encoding: Encoding = 'utf-8';
  let last: Position = { offset: 0, line: 1, column: 1 };
  const here = (): Position => {
    const to = Math.max(from, Math.min(parser.position - before, text.length));
    bytes += byteLength(text.slice(from, to), encoding);
    from = to;
    return { offset: bytes, line: parser.line, column: parser.columnIndex + 1 };
  };
  return {
    chunk: (fresh, offset, named) => {
      before += text.length;
      [text, from, bytes, encoding] = [fresh, 0, offset, named];
    },
    mark: () => void (last = here()),
    marked: () => last,
    here,
  };
}
