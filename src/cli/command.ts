import { parseArgs } from 'node:util';
import { isDate } from '../canonical/common.ts';
import { WharfError, remedyOf, showPlace } from '../errors.ts';

/** What a command may touch of the terminal. */
export type Io = { readonly out: (text: string) => void; readonly err: (text: string) => void };

/** What a command exits with: it did what was asked and all is well; it did and something is wrong with what it looked at; it could not. */
export const exit = { ok: 0, findings: 1, failed: 2 } as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

type OptionKind = { readonly type: 'boolean' | 'string'; readonly help: string; readonly value?: string; readonly multiple?: boolean };
export type Options = Readonly<Record<string, OptionKind>>;

export type Given = {
  /** The name of the command. */
  readonly command: string;
  readonly words: readonly string[];
  readonly flag: (name: string) => boolean;
  readonly text: (name: string) => string | undefined;
};

/** The day that `--date` says. @throws WharfError USAGE when it is none. */
export function givenDate(given: Given): string | undefined {
  const date = given.text('date');
  if (date !== undefined && !isDate(date)) throw new WharfError('USAGE', `--date ${date} is not a date such as 2026-03-02`, { value: date });
  return date;
}

export type Command = {
  /** One line, as `wharf help` lists it. */
  readonly summary: string;
  /** What follows the name: `FILE [--ack]`. */
  readonly usage: string;
  readonly options?: Options;
  /** It changes something in a person's name, which the audit keeps: `--as` and `--reason` go with it. */
  readonly acts?: true;
  readonly run: (given: Given, io: Io) => Promise<ExitCode>;
};

/** Options that every command has. */
export const commonOptions: Options = {
  config: { type: 'string', value: 'FILE', help: 'the gateway file; default config/gateway.yaml, or WHARF_CONFIG' },
  json: { type: 'boolean', help: 'print JSON' },
};

/** Options of every command that acts. */
export const actOptions: Options = {
  as: { type: 'string', value: 'NAME', help: 'in whose name it is done, for the audit; the user logged in unless told' },
  reason: { type: 'string', value: 'TEXT', help: 'why, for the audit' },
};

/** All options that a command takes. */
export function optionsOf(command: Command): Options {
  return { ...command.options, ...(command.acts ? actOptions : {}), ...commonOptions };
}

/** Reads the words and options of a command line. @throws WharfError USAGE for an option that the command does not have. */
export function readArguments(name: string, command: Command, args: readonly string[]): Given {
  const options = Object.fromEntries(Object.entries(optionsOf(command)).map(([option, kind]) => [option, { type: kind.type }]));
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return {
      command: name,
      words: positionals,
      flag: (option) => values[option] === true,
      text: (option) => (typeof values[option] === 'string' ? values[option] : undefined),
    };
  } catch (error) {
    throw new WharfError('USAGE', (error as Error).message);
  }
}

/** Prints plain data as JSON; quantities that are bigint print as text. */
export function printJson(io: Io, data: unknown): void {
  io.out(`${JSON.stringify(data, (_key, value) => (typeof value === 'bigint' ? value.toString() : value), 2)}\n`);
}

/** An error as a person reads it: code, place, what happened, what to do. */
export function showError(error: unknown): string {
  if (!(error instanceof WharfError)) return `INTERNAL: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  const place = error.place ? `${showPlace(error.place)}: ` : '';
  return `${place}${error.code}: ${error.message}\n  ${error.remedy ?? remedyOf(error.code)}\n`;
}

/** An error as data, for `--json`. */
export function errorData(error: unknown) {
  if (!(error instanceof WharfError))
    return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error), remedy: remedyOf('INTERNAL') };
  return { code: error.code, message: error.message, value: error.value, place: error.place, remedy: error.remedy ?? remedyOf(error.code) };
}
