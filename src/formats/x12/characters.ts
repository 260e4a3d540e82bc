/** The X12 character sets (ASC X12.6 3.3) and what to do with characters outside them. */
import { hasCharacter } from './text.ts';
import type { Delimiters, Encoding } from './types.ts';

export type CharacterSet = 'basic' | 'extended' | 'utf-8';

export type CharacterPolicy = {
  /** Default `utf-8`: everything but control characters and the delimiters in use. */
  readonly characters?: CharacterSet;
  /** Default `refuse`. */
  readonly onForbidden?: 'refuse' | 'replace';
  readonly upperCase?: boolean;
  /** Characters that it does not have are as forbidden as those outside the set. Default UTF-8. */
  readonly encoding?: Encoding;
};

const BASIC = /^[A-Z0-9 !"&'()*+,\-./:;?=]$/;
const EXTENDED = /^[\x20-\x7e]$/;

/** Signs that have a plain twin. */
// oxfmt-ignore
const TWINS: Readonly<Record<string, string>> = {
  '‘': "'", '’': "'", '‚': "'", '“': '"', '”': '"', '„': '"', '«': '"', '»': '"', '´': "'", '`': "'",
  '–': '-', '—': '-', '−': '-', '…': '...', '•': '*', '×': 'x', '\u00a0': ' ', '\t': ' ', '\r': ' ', '\n': ' ',
  ß: 'ss', æ: 'ae', Æ: 'AE', ø: 'o', Ø: 'O', œ: 'oe', Œ: 'OE', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', þ: 'th', Þ: 'TH',
  '€': 'EUR', '™': 'TM', '®': '(R)', '©': '(C)', '½': '1/2', '¼': '1/4', '¾': '3/4', '°': ' ', '%': ' PCT', '@': ' AT ', '#': 'NO. ', '[': '(',
  ']': ')', '{': '(', '}': ')',
  _: '-', '|': '/', '\\': '/', '~': '-', '<': '(', '>': ')', $: 'USD', '^': "'", '*': ' ', ':': ' ', '+': ' ',
};

export type CharacterFilter = {
  /** The text that may be written for a value; undefined when it holds a character that may not. */
  readonly clean: (value: string) => string | undefined;
  /** The first character of a value that may not be written. */
  readonly forbidden: (value: string) => string;
};

/** Cleans values for one interchange. */
export function characterFilter(delimiters: readonly string[], policy: CharacterPolicy): CharacterFilter {
  const taken = new Set(delimiters.filter((delimiter) => delimiter !== '').flatMap((delimiter) => Array.from(delimiter)));
  const set = policy.characters ?? 'utf-8';
  const encoding = policy.encoding ?? 'utf-8';
  const allowed = (character: string): boolean => !taken.has(character) && inSet(character, set) && hasCharacter(encoding, character);
  const upper = policy.upperCase === true || set === 'basic';
  const plain = plainPattern(`${set} ${encoding} ${[...taken].join('')}`, allowed);
  const twin = (character: string): string => (allowed(character) ? character : twinOf(character, allowed));
  return {
    clean: (given) => {
      const value = upper ? given.toUpperCase() : given;
      if (plain.test(value)) return value;
      if (Array.from(value).every(allowed)) return value;
      return policy.onForbidden === 'replace' ? Array.from(value, twin).join('') : undefined;
    },
    forbidden: (given) => Array.from(upper ? given.toUpperCase() : given).find((character) => !allowed(character)) ?? '',
  };
}

const patterns = new Map<string, RegExp>();

/** Nearly every value is of harmless characters only, and is then not looked at one by one. Partners share a few sets of them. */
function plainPattern(key: string, allowed: (character: string) => boolean): RegExp {
  const known = patterns.get(key);
  if (known) return known;
  const harmless = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).filter(allowed);
  const pattern = new RegExp(`^[${harmless.map((character) => character.replace(/[\\\]^-]/, '\\$&')).join('')}]*$`);
  if (patterns.size >= 100) patterns.clear();
  patterns.set(key, pattern);
  return pattern;
}

/** The nearest text that may stand for a character: its upper case, its letter without marks, its plain twin, or a blank. */
function twinOf(character: string, allowed: (character: string) => boolean): string {
  const raised = character.toUpperCase();
  if (raised.length === 1 && allowed(raised)) return raised;
  const bare = character.normalize('NFD').replace(/\p{M}/gu, '');
  const candidates = [bare, TWINS[character], TWINS[character]?.toUpperCase(), bare.toUpperCase()];
  const found = candidates.find((text) => text !== undefined && text !== '' && Array.from(text).every(allowed));
  return found ?? (allowed(' ') ? ' ' : '');
}

function inSet(character: string, set: CharacterSet): boolean {
  if (set === 'basic') return BASIC.test(character);
  if (set === 'extended') return EXTENDED.test(character);
  const code = character.codePointAt(0)!;
  return code >= 0x20 && code !== 0x7f && (code < 0x80 || code > 0x9f) && (code < 0xd800 || code > 0xdfff) && code !== 0xfeff && code < 0xfffe;
}

/** A character as a person can read it in a message. */
export function showCharacter(character: string, delimiters: Delimiters): string {
  const role = (['element', 'component', 'repetition', 'segment'] as const).find((name) => delimiters[name].includes(character));
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return `${/^[\p{C}\p{Z}]$/u.test(character) ? '' : `${character} `}(U+${code}${role ? `, the ${role} delimiter` : ''})`;
}
