import { WharfError } from '../errors.ts';

/** Names that senders give a file while they still write it. */
export const temporaryNames: readonly string[] = ['.*', '*.tmp', '*.part', '*.filepart', '*.crdownload'];

/** Our own uploads before they have their final name; hidden, and told apart from those of other programs by this prefix. */
const stagedPrefix = '.wharf.out.';
/** Our own files while we take them away. */
const claimPrefix = '.wharf.claim.';

/**
 * Turns globs (`*`, `?`, `[a-z]`, `[!0-9]`, `{a,b}`) into a test of whole names. Letter case is ignored: `*.edi` takes `ORDER.EDI` too,
 * since a file left behind for its case is noticed by nobody. @throws WharfError CONFIG_VALUE for a range like `[z-a]`.
 */
export function globTest(patterns: readonly string[]): (name: string) => boolean {
  const regexes = patterns.map((pattern) => {
    try {
      return new RegExp(`^${globSource(pattern)}$`, 'isu');
    } catch (error) {
      throw new WharfError('CONFIG_VALUE', `"${pattern}" is not a pattern of names`, { value: pattern, cause: error });
    }
  });
  return (name) => regexes.some((regex) => regex.test(name));
}

function globSource(pattern: string): string {
  // A run of stars is one star: tried apart they would take for ever on a long name.
  return pattern.replace(/\*+|\[!?[^\]]+\]|\{[^{}]*\}|[\s\S]/gu, (part) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part.length > 2 && part.startsWith('{')) return `(?:${part.slice(1, -1).split(',').map(globSource).join('|')})`;
    if (part.length > 2 && part.startsWith('[')) {
      return part.startsWith('[!') ? `[^${escapeSet(part.slice(2, -1))}]` : `[${escapeSet(part.slice(1, -1))}]`;
    }
    return escapeChar(part);
  });
}

const escapeSet = (set: string): string => set.replace(/[^\w-]/gu, escapeChar);

const escapeChar = (char: string): string => (/\w/u.test(char) ? char : `\\u{${char.codePointAt(0)!.toString(16)}}`);

/** Why a name from outside cannot be used, or nothing when it can. Such a name never becomes a path. */
export function nameProblem(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'is not a name';
  if (name.includes('/') || name.includes('\0')) return 'holds a path separator or a zero byte';
  if (name.includes('\uFFFD')) return 'is not valid UTF-8';
  return undefined;
}

/** @throws WharfError FILE_NAME_INVALID unless the name is plain enough for every file system and server. */
export function checkOutgoingName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/u.test(name) && !name.includes('..')) return;
  throw new WharfError('FILE_NAME_INVALID', `"${name}" is not a name for an outgoing file: letters, digits, ".", "_" and "-", at most 200`, { value: name });
}

/** The temporary name of an upload. `attempt` is letters, digits, `_` and `-`. @throws WharfError FILE_NAME_INVALID. */
export function stagedName(finalName: string, attempt: string): string {
  checkOutgoingName(finalName);
  if (!/^[A-Za-z0-9_-]{1,30}$/u.test(attempt)) {
    throw new WharfError('FILE_NAME_INVALID', `"${attempt}" cannot mark an attempt: letters, digits, "_" and "-", at most 30`, { value: attempt });
  }
  return `${stagedPrefix}${attempt}.${finalName}`;
}

export const isStagedName = (name: string): boolean => name.startsWith(stagedPrefix);

/** The name a file has while this process takes it away; `token` is eight hexadecimal digits of this process. */
export const claimName = (name: string, token: string): string => `${claimPrefix}${token}.${name}`;

/** The token and the original name in a claim name. */
export function claimOf(name: string): { readonly token: string; readonly original: string } | undefined {
  const match = /^\.wharf\.claim\.([0-9a-f]{8})\.([\s\S]+)$/u.exec(name);
  return match === null ? undefined : { token: match[1]!, original: match[2]! };
}

/** `orders.edi` and 7 make `orders~7.edi`: a free name beside one that is taken. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? `${name}~${number}` : `${name.slice(0, dot)}~${number}${name.slice(dot)}`;
}

/** Says each refusal once for as long as it lasts: again only after the name was away for a whole listing. */
export function refusalsOnce<T extends { readonly name: string; readonly code: string }>(
  tell: ((refusal: T) => void) | undefined,
): { readonly add: (refusal: T, patience?: 1) => void; readonly listingDone: () => void } {
  let before = new Set<string>();
  let now = new Set<string>();
  return {
    add(refusal, patience) {
      const key = `${refusal.code} ${refusal.name}`;
      const told = `told ${key}`;
      if (now.size >= 20_000 || now.has(key)) return;
      now.add(key);
      if (before.has(told)) {
        now.add(told);
      } else if (patience === undefined || before.has(key)) {
        now.add(told);
        tell?.(refusal);
      }
    },
    listingDone() {
      before = now;
      now = new Set();
    },
  };
}
