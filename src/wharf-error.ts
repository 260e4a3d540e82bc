import type { ErrorCode } from './errors.ts';

/** A place in a file that a person edits or sends. Lines and columns count from 1. */
export type Place = { readonly file: string; readonly line?: number; readonly column?: number };

/** An error with a code of the catalogue, the value that caused it, and the place, where there is one. `remedy` comes before that of the catalogue. */
export class WharfError extends Error {
  readonly code: ErrorCode;
  readonly place: Place | undefined;
  readonly value: string | undefined;
  readonly remedy: string | undefined;

  constructor(code: ErrorCode, detail: string, options: { place?: Place; value?: string; remedy?: string; cause?: unknown } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'WharfError';
    this.code = code;
    this.place = options.place;
    this.value = options.value;
    this.remedy = options.remedy;
  }
}

/** `file:line:column`, as far as known. */
export function showPlace(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}
