/** From bytes to text, and back where a partner does not take UTF-8. Pure, with tables of our own. */
import { isUtf8 } from 'node:buffer';
import type { Encoding } from './types.ts';

/** What windows-1252 has at 0x80 to 0x9F; the five unused places stay what they are. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** EBCDIC code page 037 as latin1, for letters, digits and signs; line end 0x15 and 0x25 become LF. */
const EBCDIC = ebcdicTable();

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of bytes that are not all ASCII. In `auto` bytes that are not UTF-8 are windows-1252; `valid` says whether the first choice held. */
export function decode(bytes: Uint8Array, encoding: Encoding): { readonly text: string; readonly valid: boolean } {
  if (encoding === 'latin1' || encoding === 'ebcdic') return { text: latin1(bytes, 0, bytes.length), valid: true };
  if (encoding === 'windows-1252') return { text: windows1252(bytes), valid: true };
  return isUtf8(bytes) ? { text: utf8.decode(bytes), valid: true } : { text: windows1252(bytes), valid: false };
}

/** Bytes as one character each: offsets in the text are offsets in the bytes. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end);
}

function windows1252(bytes: Uint8Array): string {
  return latin1(bytes, 0, bytes.length).replace(/[\x80-\x9f]/g, (character) => WINDOWS[character.charCodeAt(0) - 0x80]!);
}

/** EBCDIC bytes as latin1 bytes of the same number. */
export function fromEbcdic(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => EBCDIC[byte]!);
}

/** Text as bytes of an encoding; undefined in `missing` or else the first character that it does not have. */
export function encode(text: string, encoding: Encoding): { readonly bytes: Uint8Array; readonly missing?: string } {
  if (encoding === 'auto' || encoding === 'utf-8') return { bytes: new TextEncoder().encode(text) };
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const byte = encodeOne(text[i]!, encoding);
    if (byte === -1) return { bytes, missing: text[i]! };
    bytes[i] = byte;
  }
  return { bytes };
}

/** Whether an encoding has a character. */
export function hasCharacter(encoding: Encoding, character: string): boolean {
  return encoding === 'auto' || encoding === 'utf-8' || (character.length === 1 && encodeOne(character, encoding) !== -1);
}

function encodeOne(character: string, encoding: Encoding): number {
  const code = character.charCodeAt(0);
  if (encoding === 'ebcdic') return code < 256 ? EBCDIC.indexOf(code) : -1;
  if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code;
  if (encoding === 'latin1') return code <= 0xff ? code : -1;
  const place = WINDOWS.indexOf(character);
  return place === -1 ? -1 : 0x80 + place;
}

function ebcdicTable(): Uint8Array {
  const table = new Uint8Array(256).fill(0x1a);
  const put = (start: number, text: string): void => {
    for (let i = 0; i < text.length; i++) table[start + i] = text.charCodeAt(i);
  };
  put(0x40, ' ');
  put(0x4a, '\u00a2.<(+|&');
  put(0x5a, '!$*);\u00ac-/');
  put(0x6a, '\u00a6,%_>?');
  put(0x79, '`:#@\'="');
  put(0x81, 'abcdefghi');
  put(0x91, 'jklmnopqr');
  put(0xa1, '~stuvwxyz');
  put(0xb0, '^');
  put(0xba, '[]');
  put(0xc0, '{ABCDEFGHI');
  put(0xd0, '}JKLMNOPQR');
  put(0xe0, '\\');
  put(0xe2, 'STUVWXYZ');
  put(0xf0, '0123456789');
  for (const [from, to] of [
    [0x00, 0x00],
    [0x05, 0x09],
    [0x0d, 0x0d],
    [0x15, 0x0a],
    [0x25, 0x0a],
    [0x1c, 0x1c],
    [0x1d, 0x1d],
    [0x1e, 0x1e],
    [0x1f, 0x1f],
  ] as const)
    table[from] = to;
  return table;
}
