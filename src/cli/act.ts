import { userInfo } from 'node:os';
import { WharfError } from '../errors.ts';
import type { ActContext, Target } from '../pipeline/replay.ts';
import type { ExitCode, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';

/** What a person did, and whether it could be done. `healed`: orders that are no longer held. */
export type ActReport = { readonly id: string; readonly done: boolean; readonly text: string; readonly healed?: readonly string[] };

/** Does what a person asks for about the first word, in the name of who is logged in. Exits 1 when it is not in a state for that. */
export function act(given: Given, io: Io, work: (context: ActContext, term: string) => Promise<ActReport>): Promise<ExitCode> {
  const term = given.words[0]?.trim() ?? '';
  if (term === '') throw new WharfError('USAGE', 'name what is meant, such as document:3');
  return withDatabase(given, io, 'read', async (config, db) => {
    const report = await work({ db, config, now: Date.now(), by: userInfo().username }, term);
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
