import { type ErrorCode, WharfError } from '../../errors.ts';

/** The status codes of SFTP version 3 that say something; servers answer nearly everything else with a bare 4. */
const statuses: Readonly<Record<number, string>> = { 2: 'no such file', 3: 'permission denied', 4: 'failure', 5: 'bad message', 8: 'not supported' };

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

export const isMissing = (error: unknown): boolean => statusOf(error) === 2;
export const isEndOfFile = (error: unknown): boolean => statusOf(error) === 1;

/** An operation that this server does not know at all, whether it says so or did not offer it. */
export const isUnsupported = (error: unknown): boolean => statusOf(error) === 8 || (error instanceof Error && /does not support/u.test(error.message));

/** Whether the server itself answered, so that the connection still stands. */
export const isAnswer = (error: unknown): boolean => statusOf(error) !== undefined;

/** A refusal of the server in our words; a WharfError, such as that of a lost connection, stays what it is. */
export function meaningOf(error: unknown, code: ErrorCode, what: string, value: string): WharfError {
  if (error instanceof WharfError) return error;
  const status = statusOf(error);
  const said = error instanceof Error ? error.message : String(error);
  const why = status === undefined ? said : (statuses[status] ?? `status ${status}`);
  const words = status === undefined || said === '' || said.toLowerCase() === why ? why : `${why}: ${said}`;
  return new WharfError(code, `${what} (${words})`, { value, cause: error });
}
