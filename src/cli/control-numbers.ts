import { advance, switchSending } from '../acts/numbers.ts';
import { WharfError } from '../errors.ts';
import type { Acted } from '../acts/replay.ts';
import { listNumbers } from '../store/control-numbers.ts';
import { withActs } from './act.ts';
import type { Command, ExitCode, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';

export const controlNumbers: Command = {
  summary: 'list the scopes of control numbers and the number that each gives next',
  usage: '',
  run: (given, io) =>
    withDatabase(given, io, 'read', async (_config, db) => {
      const numbers = await db.read((tx) => listNumbers(tx));
      if (given.flag('json')) printJson(io, numbers);
      else for (const { scope, next } of numbers) io.out(`${scope}  ${next}\n`);
      return exit.ok;
    }),
};

export const controlNumbersAdvance: Command = {
  summary: 'have a scope of control numbers go on at a higher number, such as one that a partner expects',
  usage: 'SCOPE NUMBER',
  acts: true,
  run: (given, io) => {
    const [scope, number, ...others] = given.words;
    if (scope === undefined || number === undefined || others.length > 0 || !/^\d{1,9}$/.test(number))
      throw new WharfError('USAGE', 'name a scope, as `wharf control-numbers` shows it, and a number', { value: given.words.join(' ') });
    return withActs(given, io, { access: 'read', target: scope }, async (_config, context) => tell(given, io, await advance(context, scope, Number(number))));
  },
};

export const pause: Command = {
  summary: 'stop writing and sending outgoing documents until `wharf resume`; files are still taken in',
  usage: '',
  acts: true,
  run: (given, io) =>
    withActs(given, io, { access: 'read', target: 'sending' }, async (_config, context) => tell(given, io, await switchSending(context, 'off'))),
};

export const resume: Command = {
  summary: 'let sending go on after a pause or a restored backup',
  usage: '',
  acts: true,
  run: (given, io) =>
    withActs(given, io, { access: 'read', target: 'sending' }, async (_config, context) => tell(given, io, await switchSending(context, 'on'))),
};

function tell(given: Given, io: Io, acted: Acted): ExitCode {
  if (given.flag('json')) printJson(io, acted);
  else io.out(`${acted.text}\n`);
  return acted.done ? exit.ok : exit.findings;
}
