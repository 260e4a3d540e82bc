import { WharfError } from '../errors.ts';
import type { ExitCode, Io } from './command.ts';
import { errorData, exit, printJson, readArguments, showError } from './command.ts';
import { commands } from './commands.ts';

/** Runs the command that the words of a command line name and gives its exit code. */
export async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const { name, rest } = findCommand(args.length === 0 || args[0] === '--help' ? ['help', ...args.slice(1)] : args);
    const command = await commands[name]!();
    return await command.run(readArguments(name, command, rest), io);
  } catch (error) {
    if (args.includes('--json')) printJson(io, { error: errorData(error) });
    io.err(showError(error));
    return exit.failed;
  }
}

function findCommand(args: readonly string[]): { readonly name: string; readonly rest: readonly string[] } {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ');
    if (args.length >= words && Object.hasOwn(commands, name)) return { name, rest: args.slice(words) };
  }
  throw new WharfError('USAGE', `there is no command ${args.slice(0, 2).join(' ')}`, { value: args[0] ?? '' });
}
