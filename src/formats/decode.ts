import iconv from 'iconv-lite';
import type { Finding } from '../finding.ts';

/** The encodings that a file may be in, by the names of IANA. `utf-8` gives way to a byte order mark. */
export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'us-ascii',
  'iso-8859-1',
  'iso-8859-2',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'shift_jis',
  'gb18030',
  'big5',
  'euc-kr',
  'cp437',
  'cp850',
] as const;

export type Encoding = (typeof encodings)[number];

/** A piece of text and the byte it starts at. */
export type Decoded = { readonly text: string; readonly offset: number };

/** The bytes as text, in pieces; ends with a finding when bytes are not of the encoding. */
export type DecodeEvent = Decoded | { readonly finding: Finding };

type Decoder = { readonly push: (bytes: Uint8Array) => string; readonly end: () => string };

const ALIASES: Readonly<Record<string, Encoding>> = {
  utf8: 'utf-8',
  'utf-16': 'utf-16le',
  ascii: 'us-ascii',
  latin1: 'iso-8859-1',
  'latin-1': 'iso-8859-1',
  iso8859_1: 'iso-8859-1',
  cp1252: 'windows-1252',
  'shift-jis': 'shift_jis',
  sjis: 'shift_jis',
  gbk: 'gb18030',
  gb2312: 'gb18030',
};

/** The encoding of that name, by any of its usual spellings. */
export function encodingNamed(name: string): Encoding | undefined {
  const lower = name.trim().toLowerCase();
  return encodings.find((one) => one === lower) ?? (Object.hasOwn(ALIASES, lower) ? ALIASES[lower] : undefined);
}

/** The encoding that a byte order mark names, and how many bytes it takes. */
export function byteOrderMark(head: Uint8Array): { readonly encoding: Encoding; readonly length: number } | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return undefined;
}

/**
 * Chunks of bytes as pieces of text. `encoding` is a name, or a function that finds one from the first bytes (at least 512 unless the file is shorter).
 * The first bytes that are not of the encoding end it with a finding ENCODING_INVALID at their offset.
 */
export async function* decode(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  encoding: Encoding | ((head: Uint8Array) => Encoding | { readonly finding: Finding }),
): AsyncGenerator<DecodeEvent> {
  // Enough for a byte order mark, or for the declaration of an XML file.
  const wanted = typeof encoding === 'function' ? 512 : 4;
  let head: Uint8Array | undefined = new Uint8Array(0);
  let state: State | undefined;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (head) {
      bytes = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      head = bytes.length < wanted ? bytes : undefined;
      if (head) continue;
    }
    if (!state) {
      const started = start(bytes, encoding);
      if ('finding' in started) return yield started;
      state = started;
      bytes = bytes.subarray(state.skip);
    }
    const pieces = next(state, bytes);
    yield* pieces;
    if (pieces.length > 1) return undefined;
  }
  yield* last(head, state, encoding);
  return undefined;
}

function* last(head: Uint8Array | undefined, started: State | undefined, encoding: Parameters<typeof decode>[1]): Generator<DecodeEvent> {
  let state = started;
  if (!state) {
    const first = start(head ?? new Uint8Array(0), encoding);
    if ('finding' in first) return yield first;
    state = first;
    const pieces = next(state, (head ?? new Uint8Array(0)).subarray(state.skip));
    yield* pieces;
    if (pieces.length > 1) return undefined;
  }
  yield* next(state, undefined);
  return undefined;
}

type State = { readonly encoding: Encoding; readonly skip: number; readonly decoder: Decoder; offset: number; fed: number; tail: Uint8Array };

function start(head: Uint8Array, wanted: Parameters<typeof decode>[1]): State | { readonly finding: Finding } {
  const mark = byteOrderMark(head);
  const found = typeof wanted === 'function' ? wanted(head) : wanted;
  if (typeof found === 'object') return found;
  const encoding = mark && (found === 'utf-8' || found.startsWith('utf-16')) ? mark.encoding : found;
  const skip = mark?.encoding === encoding ? mark.length : 0;
  return { encoding, skip, decoder: decoderOf(encoding), offset: skip, fed: skip, tail: new Uint8Array(0) };
}

/** The text of these bytes; where they are not of the encoding, the text before that and the finding. */
function next(state: State, bytes: Uint8Array | undefined): readonly DecodeEvent[] {
  const { offset } = state;
  try {
    const text = bytes ? state.decoder.push(bytes) : state.decoder.end();
    state.offset += byteLength(text, state.encoding);
    if (bytes) {
      state.fed += bytes.length;
      state.tail = bytes.length >= 4 ? bytes.subarray(-4) : Buffer.concat([state.tail, bytes]).subarray(-4);
    }
    return [{ text, offset }];
  } catch {
    // The bytes of a character that the last piece ended in belong before these.
    const open = state.fed > offset ? state.tail.subarray(offset - state.fed) : new Uint8Array(0);
    const text = goodPrefix(Buffer.concat([open, bytes ?? new Uint8Array(0)]), state.encoding);
    const at = offset + byteLength(text, state.encoding);
    const message = `the bytes from ${at} on are not ${state.encoding}`;
    return [{ text, offset }, { finding: { code: 'ENCODING_INVALID', severity: 'error', message, at: { offset: at } } }];
  }
}

/** How many bytes a text takes in an encoding. */
export function byteLength(text: string, encoding: Encoding): number {
  if (encoding === 'utf-8') return Buffer.byteLength(text);
  if (encoding.startsWith('utf-16')) return text.length * 2;
  return isSingleByte(encoding) ? text.length : iconv.encode(text, encoding).length;
}

function isSingleByte(encoding: Encoding): boolean {
  return !['shift_jis', 'gb18030', 'big5', 'euc-kr'].includes(encoding);
}

/** The text of the bytes from the start that are whole good characters. */
function goodPrefix(bytes: Uint8Array, encoding: Encoding): string {
  let good = 0;
  let bad = bytes.length;
  while (good < bad) {
    const middle = (good + bad + 1) >> 1;
    try {
      decoderOf(encoding).push(bytes.subarray(0, middle));
      good = middle;
    } catch {
      bad = middle - 1;
    }
  }
  return decoderOf(encoding).push(bytes.subarray(0, good));
}

function decoderOf(encoding: Encoding): Decoder {
  if (encoding === 'windows-1252' || encoding === 'iso-8859-1' || encoding === 'us-ascii') {
    return { push: (bytes) => westernText(bytes, encoding), end: () => '' };
  }
  if (encoding === 'cp437' || encoding === 'cp850') {
    const decoder = iconv.getDecoder(encoding);
    return { push: (bytes) => decoder.write(Buffer.from(bytes)), end: () => decoder.end() ?? '' };
  }
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return { push: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/** Windows-1252 for the bytes 80 to 9F (Unicode consortium, CP1252.TXT); ISO 8859-1 is read the same, as the WHATWG Encoding Standard says. */
const WESTERN = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function westernText(bytes: Uint8Array, encoding: Encoding): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (encoding === 'us-ascii') {
    if (/[\u0080-\u00ff]/.test(text)) throw new TypeError('not ASCII');
    return text;
  }
  if (!/[\u0080-\u009f]/.test(text)) return text;
  return text.replace(/[\u0080-\u009f]/g, (c) => {
    const known = WESTERN[c.charCodeAt(0) - 0x80]!;
    if (known === c && encoding === 'windows-1252') throw new TypeError('not windows-1252');
    return known;
  });
}

/** A text as bytes; undefined when the encoding has no bytes for some of it. */
export function encode(text: string, encoding: Encoding): Uint8Array | undefined {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'us-ascii') return /^[\0-\x7f]*$/.test(text) ? Buffer.from(text, 'latin1') : undefined;
  const bytes = iconv.encode(text, encoding);
  return iconv.decode(bytes, encoding) === text ? bytes : undefined;
}
