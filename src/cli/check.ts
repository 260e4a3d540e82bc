import { loadConfig } from '../config/load.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { configFile, problemData, showProblem } from './open-config.ts';

export const check: Command = {
  summary: 'find every error in the configuration',
  usage: '',
  run: async (given, io) => {
    const loaded = await loadConfig(configFile(given));
    const problems = loaded.config ? loaded.warnings : loaded.problems;
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    if (given.flag('json')) printJson(io, problems.map(problemData));
    else {
      const unused = problems.filter(({ code, place }) => code === 'CONFIG_UNUSED' && place.line === 1);
      for (const problem of problems.filter((each) => !unused.includes(each))) io.out(showProblem(problem));
      if (unused.length > 0) io.out(`Nobody uses ${unused.map(({ place }) => place.file).join(', ')}\n`);
      const warnings = problems.length - errors;
      const holds = loaded.config ? `${loaded.config.partners.size} partners, ${loaded.config.mappings.size} mappings: ` : '';
      io.out(`${holds}${count(errors, 'error')}, ${count(warnings, 'warning')}\n`);
    }
    return errors > 0 ? exit.findings : exit.ok;
  },
};

function count(number: number, word: string): string {
  return `${number === 0 ? 'no' : number} ${word}${number === 1 ? '' : 's'}`;
}
