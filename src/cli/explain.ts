import { explainGateway, explainMapping, explainPartner } from '../config/explain.ts';
import type { Explained } from '../config/explain.ts';
import { didYouMean } from '../config/suggest.ts';
import { showPlace, WharfError } from '../errors.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { configFile } from './open-config.ts';

export const explain: Command = {
  summary: 'show the configuration that holds in the end, and where each value comes from',
  usage: 'partner ID | mapping NAME | gateway',
  run: async (given, io) => {
    const [what, name] = given.words;
    const file = configFile(given);
    const found = await look(file, what, name);
    if ('unknown' in found) {
      const detail = `there is no ${what} ${name}${didYouMean(name ?? '', found.unknown)}`;
      throw new WharfError('NOT_FOUND', detail, { value: name ?? '', remedy: `Name one of: ${found.unknown.join(', ') || 'none is there'}` });
    }
    const values = found.values.map((each) => ({ path: each.path, value: each.value, origin: showOrigin(each.origin) }));
    if (given.flag('json')) printJson(io, values);
    else {
      const width = Math.min(90, Math.max(0, ...values.map(({ path, value }) => path.length + value.length + 2)));
      for (const { path, value, origin } of values) io.out(`${`${path}: ${value}`.padEnd(width)}  # ${origin}\n`);
    }
    return exit.ok;
  },
};

function look(file: string, what: string | undefined, name: string | undefined) {
  if (what === 'gateway') return explainGateway(file);
  if (what === 'partner' && name !== undefined) return explainPartner(file, name);
  if (what === 'mapping' && name !== undefined) return explainMapping(file, name);
  throw new WharfError('USAGE', 'wharf explain partner ID, wharf explain mapping NAME or wharf explain gateway', { value: what ?? '' });
}

function showOrigin(origin: Explained['origin']): string {
  return origin === 'built-in' ? origin : showPlace(origin);
}
