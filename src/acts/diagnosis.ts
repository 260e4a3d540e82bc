import type { ErrorCode } from '../errors.ts';
import { remedyOf, WharfError } from '../errors.ts';

/** One thing that was looked at: well, worth a look, or wrong. */
export type Diagnosis = {
  readonly state: 'ok' | 'warning' | 'error';
  /** What was looked at: `database`, `acme/in`. */
  readonly about: string;
  readonly code?: ErrorCode;
  readonly text: string;
  readonly remedy?: string;
};

export const well = (about: string, text: string): Diagnosis => ({ state: 'ok', about, text });
export const ill = (state: 'warning' | 'error', about: string, code: ErrorCode, text: string): Diagnosis => ({
  state,
  about,
  code,
  text,
  remedy: remedyOf(code),
});

/** What an error means for the state of what was looked at. */
export function illness(about: string, error: unknown): Diagnosis {
  if (error instanceof WharfError) return ill('error', about, error.code, error.message);
  return ill('error', about, 'INTERNAL', error instanceof Error ? error.message : String(error));
}
