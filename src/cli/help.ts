import type { Command } from './command.ts';
import { exit, optionsOf } from './command.ts';
import { commands } from './commands.ts';

export const help: Command = {
  summary: 'list the commands, or tell what one takes',
  usage: '[COMMAND]',
  run: async ({ words, flag }, io) => {
    const name = words.join(' ');
    const load = commands[name];
    if (load) return showCommand(name, await load(), io.out);
    if (flag('json')) {
      const all = await Promise.all(Object.entries(commands).map(async ([command, get]) => ({ command, summary: (await get()).summary })));
      io.out(`${JSON.stringify(all, null, 2)}\n`);
      return exit.ok;
    }
    io.out('wharf COMMAND …\n\n');
    const width = Math.max(...Object.keys(commands).map((command) => command.length));
    for (const [command, get] of Object.entries(commands)) io.out(`  ${command.padEnd(width)}  ${(await get()).summary}\n`);
    io.out('\nwharf help COMMAND tells what it takes. Exit codes: 0 all is well, 1 something is wrong with what was looked at, 2 it could not be done.\n');
    return exit.ok;
  },
};

function showCommand(name: string, command: Command, out: (text: string) => void) {
  out(`wharf ${name} ${command.usage}\n\n${command.summary}\n\n`);
  for (const [option, kind] of Object.entries(optionsOf(command))) {
    out(`  --${`${option} ${kind.value ?? ''}`.padEnd(20)} ${kind.help}\n`);
  }
  return exit.ok;
}
