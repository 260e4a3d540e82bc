import { createHash } from 'node:crypto';
import type { Config, Partner } from '../config/types.ts';
import type { ErrorCode } from '../errors.ts';
import { localTime } from '../orders/windows.ts';
import { WharfError } from '../errors.ts';
import type { Tx } from '../store/transaction.ts';

/** One step's transaction and what it may know. `now` is in milliseconds since 1970, the same for all that the transaction writes. */
export type Work = { readonly tx: Tx; readonly config: Config; readonly now: number };

/** The parts of a list, in its order, of at most `most` each. */
export function inParts<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, part) => items.slice(part * most, (part + 1) * most));
}

/** What became of a document that was applied. A parked one waits for a person, or for `waitsFor` to happen. */
export type Applied =
  | { readonly status: 'done'; readonly reason?: ErrorCode; readonly detail?: string; readonly orderId?: number }
  | { readonly status: 'parked'; readonly reason: ErrorCode; readonly detail: string; readonly orderId?: number; readonly waitsFor?: string };

/** The partner of this id. @throws WharfError NOT_FOUND when the configuration has none (it was removed since). */
export function partnerOf(config: Config, id: string): Partner {
  const partner = config.partners.get(id);
  if (!partner) throw new WharfError('NOT_FOUND', `no partner is called ${id}`, { value: id });
  return partner;
}

/** The calendar day of an instant in a time zone, `2026-03-05`. */
export function dayIn(timezone: string, now: number): string {
  return localTime(now, timezone).date;
}

/** SHA-256 (hex) of plain data: the same for the same content whatever the order of its members. */
export function hashOf(content: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(content)))
    .digest('hex');
}

function sorted(content: unknown): unknown {
  if (Array.isArray(content)) return content.map(sorted);
  if (typeof content !== 'object' || content === null) return content;
  return Object.entries(content)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, sorted(value)]);
}
