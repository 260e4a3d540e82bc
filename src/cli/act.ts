import { userInfo } from 'node:os';
import { WharfError } from '../errors.ts';
import type { ActContext, Target } from '../acts/replay.ts';
import type { ExitCode, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import type { Config } from '../config/types.ts';
import { audited } from '../store/audited.ts';
import type { Access } from './open.ts';
import { withDatabase } from './open.ts';

/** What a person did, and whether it could be done. `healed`: orders that are no longer held. */
export type ActReport = { readonly id: string; readonly done: boolean; readonly text: string; readonly healed?: readonly string[] };

/** In whose name a command acts. A name given by `--as` stands beside the user who is logged in, never instead. */
export function whoActs(given: Given): string {
  const { username } = userInfo();
  const name = given.text('as')?.trim();
  return name ? `${name.slice(0, 60)} (${username})` : username;
}

/** Opens the database for an act on `target`: whatever is changed is kept in the audit with who and why. */
export function withActs(
  given: Given,
  io: Io,
  options: { readonly access: Access; readonly target?: string | undefined },
  work: (config: Config, context: ActContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withDatabase(given, io, options.access, (config, db) => {
    const now = Date.now();
    const who = whoActs(given);
    const words = [given.command, ...given.words.slice(1)].join(' ').slice(0, 40);
    const recorded = { who, act: words, target: options.target, reason: given.text('reason') ?? given.text('note'), now };
    return work(config, { db: audited(db, recorded), config, now, by: who });
  });
}

/** Does what a person asks for about the first word, in the name of who is logged in. Exits 1 when it is not in a state for that. */
export function act(given: Given, io: Io, work: (context: ActContext, term: string) => Promise<ActReport>): Promise<ExitCode> {
  const term = given.words[0]?.trim() ?? '';
  if (term === '') throw new WharfError('USAGE', 'name what is meant, such as document:3');
  return withActs(given, io, { access: 'read', target: term }, async (_config, context) => {
    const report = await work(context, term);
    if (given.flag('json')) printJson(io, report);
    else {
      io.out(`${report.text}\n`);
      if (report.healed && report.healed.length > 0) io.out(`no longer held: ${report.healed.join(', ')}\n`);
    }
    return report.done ? exit.ok : exit.findings;
  });
}

/** The row that an id such as `document:3` names; undefined when the term is none. */
export function targetOf(term: string): Target | undefined {
  const match = /^(file|document|outbox|order):(\d{1,15})$/.exec(term);
  return match ? { kind: match[1] as Target['kind'], id: Number(match[2]) } : undefined;
}
