/** What a file is, by its first bytes. */
/* oxlint-disable no-control-regex -- control characters tell what a file is */
import { fromEbcdic, latin1 } from './text.ts';

const ISA_START = /ISA[^A-Za-z0-9\s]/;

/** Whether the first bytes hold the start of an interchange, after a byte order mark, white space or a little junk; in EBCDIC too. */
export function looksLikeX12(head: Uint8Array): boolean {
  if (looksLikeEbcdicX12(head)) return true;
  const text = latin1(head, 0, Math.min(head.length, 4096)).replace(/^\xef\xbb\xbf/, '');
  return /^[\s\0\x1a]*isa[^a-z0-9\s]/i.test(text) || (ISA_START.test(text) && whatItLooksLike(head) === 'text');
}

/** Whether the bytes are an interchange in EBCDIC. */
export function looksLikeEbcdicX12(head: Uint8Array): boolean {
  return /^\s*ISA[^A-Za-z0-9\s]/.test(latin1(fromEbcdic(head.subarray(0, 200)), 0, Math.min(head.length, 200)));
}

/** What bytes without an interchange look like, in plain words. */
export function whatItLooksLike(head: Uint8Array): string {
  const text = latin1(head, 0, Math.min(head.length, 4096)).replace(/^\xef\xbb\xbf/, '');
  if (head.length === 0 || /^[\s\0\x1a]*$/.test(text)) return head.length === 0 ? 'empty' : 'blank';
  if (looksLikeEbcdicX12(head)) return 'X12 in EBCDIC: set `encoding: ebcdic` on the channel';
  const wide = wideText(head, text);
  if (wide) return wide;
  const known = KNOWN.find(([pattern]) => pattern.test(text));
  if (known) return known[1];
  if (isBinary(text)) return 'binary';
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const separator = [',', ';', '\t', '|'].find((candidate) => lines.length > 1 && lines.slice(0, 4).every((line) => line.includes(candidate)));
  return separator ? 'CSV' : 'text';
}

const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/^PK\x03\x04/, 'a ZIP archive'],
  [/^\x1f\x8b/, 'a gzip file'],
  [/^%PDF/, 'PDF'],
  [/^-----BEGIN PGP/, 'a PGP message'],
  [/^\s*<[?!\w]/, 'XML'],
  [/^\s*[[{]/, 'JSON'],
  [/^\s*(UNA|UNB[+])/, 'EDIFACT'],
  [/^\s*(GS|ST)[^A-Za-z0-9\s]/, 'X12 without its ISA'],
  [/^\s*isa[^A-Za-z0-9\s]/i, 'X12 whose ISA is not in capital letters: segment ids must be'],
  [/^\s*STX=/, 'TRADACOMS'],
];

function isBinary(text: string): boolean {
  const control = text.replace(/[^\0-\x08\x0b\x0e-\x1f]/g, '').length;
  return control > text.length / 50;
}

function wideText(head: Uint8Array, text: string): string | undefined {
  if (text.startsWith('\xff\xfe') || text.startsWith('\xfe\xff')) return 'UTF-16 text';
  if (head.length < 8) return undefined;
  const zeros = text.slice(0, 64).replace(/[^\0]/g, '').length;
  return zeros > Math.min(32, head.length / 2) * 0.8 && /^(\0.)+|^(.\0)+/.test(text.slice(0, 64)) && zeros <= 33 ? 'UTF-16 text' : undefined;
}
