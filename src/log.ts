import pino from 'pino';
import { isRetryable, WharfError } from './errors.ts';

/** The only fields that a line may have: identifiers and counts, never contents of files. File names and PO numbers are reached through the ids. */
export type LogFields = {
  readonly step?: string;
  readonly partner?: string;
  readonly channel?: string;
  readonly fileId?: number;
  readonly documentId?: number;
  readonly outboxId?: number;
  readonly orderId?: number;
  readonly code?: string;
  readonly count?: number;
  readonly milliseconds?: number;
  readonly version?: string;
  readonly error?: unknown;
};

export type Log = {
  readonly debug: (event: string, fields?: LogFields) => void;
  readonly info: (event: string, fields?: LogFields) => void;
  readonly warn: (event: string, fields?: LogFields) => void;
  readonly error: (event: string, fields?: LogFields) => void;
  /** Changes what is written from now on. */
  readonly setLevel: (level: LogLevel) => void;
};
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const allowed: readonly (keyof LogFields)[] = [
  'step',
  'partner',
  'channel',
  'fileId',
  'documentId',
  'outboxId',
  'orderId',
  'code',
  'count',
  'milliseconds',
  'version',
];

/** A log of JSON lines on standard output, or into `write`. A line that cannot be written is dropped: logging never stops the work. */
export function makeLog(level: LogLevel, write?: (line: string) => void): Log {
  const destination = write ? { write } : pino.destination({ fd: 1, sync: true });
  if ('on' in destination) destination.on('error', () => undefined);
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  const line =
    (method: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: LogFields = {}): void => {
      if (logger.isLevelEnabled(method)) logger[method](pick(fields), event);
    };
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    setLevel: (next) => {
      logger.level = next;
    },
  };
}

function pick(fields: LogFields): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of allowed) if (fields[name] !== undefined) picked[name] = fields[name];
  return fields.error === undefined ? picked : { ...picked, ...describe(fields.error) };
}

/** The message of an error of the world (a refused connection) says what to do; that of any other may quote a document, so that only its place is told. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { code: 'INTERNAL', error: typeof error };
  const system = error as Error & { readonly code?: unknown; readonly syscall?: unknown; readonly number?: unknown };
  const worldly = error instanceof WharfError ? isRetryable(error.code) : typeof system.syscall === 'string';
  // The number is what a database server calls its error.
  const code = [typeof system.code === 'string' ? system.code : 'INTERNAL', ...(typeof system.number === 'number' ? [system.number] : [])].join(' ');
  if (worldly) return { code, error: error.message };
  const frames = (error.stack ?? '').split('\n').filter((frame) => /^\s+at /.test(frame));
  return { code, error: error.name, stack: frames.slice(0, 8).map((frame) => frame.trim()) };
}
