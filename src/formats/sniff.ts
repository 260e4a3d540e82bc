import { byteOrderMark } from './decode.ts';

/** What the first bytes of a file look like. X12 has its own look in `x12/`; here its interchanges are only kept apart from the others. */
export type Sniffed = 'x12' | 'edifact' | 'xml' | 'json' | 'csv' | 'fixed' | 'archive' | 'binary' | 'empty';

const DELIMITERS = [',', ';', '\t', '|'];

/** What a file looks like by its first bytes (1,024 are enough). */
export function sniffRecordFormat(head: Uint8Array): Sniffed {
  if (head.length === 0) return 'empty';
  if (isArchive(head)) return 'archive';
  const text = textOf(head);
  if (text === undefined) return 'binary';
  const trimmed = text.trimStart();
  if (trimmed === '') return 'empty';
  if (trimmed.startsWith('ISA')) return 'x12';
  if (/^(UNA|UNB[^A-Za-z0-9])/.test(trimmed)) return 'edifact';
  if (/^<(\?xml|!--|!DOCTYPE|[A-Za-z_])/.test(trimmed)) return 'xml';
  if (/^(\{\s*["}]|\[\s*[[{"\d\]-])/.test(trimmed)) return 'json';
  return isDelimited(trimmed) ? 'csv' : 'fixed';
}

/** zip, gzip, bzip2, xz, 7z, PDF, OLE (old Office) by their first bytes. */
function isArchive(head: Uint8Array): boolean {
  const start = Buffer.from(head.subarray(0, 8)).toString('latin1');
  return ['PK\x03\x04', '\x1f\x8b', 'BZh', '\xfd7zXZ', '7z\xbc\xaf', '%PDF', '\xd0\xcf\x11\xe0'].some((magic) => start.startsWith(magic));
}

/** The head as text, one character a byte where it is not UTF-16; undefined when it holds bytes that no text has. */
function textOf(head: Uint8Array): string | undefined {
  const mark = byteOrderMark(head);
  const bytes = head.subarray(mark?.length ?? 0, 4096);
  if (mark?.encoding === 'utf-16le' || mark?.encoding === 'utf-16be') return new TextDecoder(mark.encoding).decode(bytes);
  // An encoding of two bytes without its mark shows as every other byte 0.
  if (bytes[0] === 0x3c && bytes[1] === 0) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0 && bytes[1] === 0x3c) return new TextDecoder('utf-16be').decode(bytes);
  const text = Buffer.from(bytes).toString('latin1');
  return bytes.some((byte) => byte < 9 || (byte > 13 && byte < 28)) ? undefined : text;
}

/** Whether a delimiter stands in the first line and in the next ones that are whole. */
function isDelimited(text: string): boolean {
  if (/^sep=./.test(text)) return true;
  const unquoted = text.replace(/"[^"]*"/g, '');
  const lines = unquoted.split(/\r\n|\n|\r/).filter((line) => line !== '');
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  return DELIMITERS.some((delimiter) => lines[0]!.includes(delimiter) && whole.slice(0, 5).every((line) => line.includes(delimiter)));
}
