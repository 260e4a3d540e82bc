/** The X12 character sets (ASC X12.6 3.3) and what to do with characters outside them. */
import type { Delimiters } from './types.ts';

export type CharacterSet = 'basic' | 'extended' | 'utf-8';

export type CharacterPolicy = {
  /** Default `utf-8`: everything but control characters and the delimiters in use. */
  readonly characters?: CharacterSet;
  /** Default `refuse`. */
  readonly onForbidden?: 'refuse' | 'replace';
  readonly upperCase?: boolean;
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

/** Cleans values for one interchange. Gives the text that may be written, or the first character that may not. */
export function characterFilter(
  delimiters: readonly string[],
  policy: CharacterPolicy,
): (value: string) => { readonly text: string } | { readonly forbidden: string } {
  const taken = new Set(delimiters.filter((delimiter) => delimiter !== '').flatMap((delimiter) => Array.from(delimiter)));
  const set = policy.characters ?? 'utf-8';
  const allowed = (character: string): boolean => !taken.has(character) && inSet(character, set);
  const plain = (character: string): string => {
    if (allowed(character)) return character;
    const upper = character.toUpperCase();
    if (upper.length === 1 && allowed(upper)) return upper;
    const bare = character.normalize('NFD').replace(/\p{M}/gu, '');
    const twin = [bare, TWINS[character], TWINS[character]?.toUpperCase(), bare.toUpperCase()].find(
      (text) => text !== undefined && text !== '' && Array.from(text).every(allowed),
    );
    return twin ?? (allowed(' ') ? ' ' : '');
  };
  return (given) => {
    const value = policy.upperCase || set === 'basic' ? given.toUpperCase() : given;
    let clean = true;
    for (const character of value) {
      if (allowed(character)) continue;
      if (policy.onForbidden !== 'replace') return { forbidden: character };
      clean = false;
    }
    return { text: clean ? value : Array.from(value, plain).join('') };
  };
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
