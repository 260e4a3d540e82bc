import { replay } from '../acts/replay.ts';
import type { ParkedRow } from '../store/proof.ts';
import type { Database } from '../store/transaction.ts';
import type { Breach } from './check.ts';
import { check, checkParked } from './check.ts';
import type { Company } from './company.ts';
import { openBooks } from './company.ts';
import type { Build, Daemon } from './daemon.ts';
import { askToStop, hasEnded, kill, launch } from './daemon.ts';
import type { Outside } from './outside.ts';
import { settle } from './settle.ts';

export type Ending = {
  readonly company: Company;
  readonly outside: Outside;
  readonly daemon: Daemon;
  /** A person has what is parked done again: for a mistake of ours, which the daemon must not try again by itself. */
  readonly attended?: boolean;
};

/** Lets a daemon bring everything to its end, asks it to stop, and checks every promise. It is gone afterwards in any case. */
export async function bringToEnd({ company, outside, daemon, attended = false }: Ending): Promise<readonly Breach[]> {
  if (!(await daemon.started)) {
    const what = `the daemon does not start: ${await standing(daemon)}`;
    await kill(daemon);
    return [{ promise: 'hung', what }];
  }
  const db = await openBooks(company);
  try {
    let { hung, parked } = await settle(db, outside);
    if (attended && parked.length > 0) {
      await replayAll(db, company, parked);
      ({ hung, parked } = await settle(db, outside));
    }
    const stuck: readonly Breach[] = hung === undefined ? [] : [{ promise: 'hung', what: `${hung}; ${await standing(daemon)}` }];
    const left: readonly Breach[] = [...checkParked(parked), ...(await stop(daemon))];
    return [...(await check(company, outside, db)), ...stuck, ...left];
  } finally {
    await kill(daemon);
    await db.close();
  }
}

/** The same with a daemon that is started for it. */
export function restartToEnd(company: Company, build: Build, outside: Outside, attended = false): Promise<readonly Breach[]> {
  return bringToEnd({ company, outside, daemon: launch({ build, config: company.configFile }), attended });
}

/** What it does and what it said last. */
async function standing(daemon: Daemon): Promise<string> {
  return `${await daemon.state()}; ${daemon.tail().slice(-500)}`;
}

async function stop(daemon: Daemon): Promise<readonly Breach[]> {
  if (hasEnded(daemon)) return [{ promise: 'hung', what: `the daemon ended by itself: ${daemon.tail().slice(-500)}` }];
  const code = await askToStop(daemon);
  if (code === 'hung') return [{ promise: 'hung', what: `the daemon does not end when it is asked to stop: ${await standing(daemon)}` }];
  return code === 0 ? [] : [{ promise: 'hung', what: `the daemon ended with ${code} when it was asked to stop: ${daemon.tail().slice(-500)}` }];
}

async function replayAll(db: Database, company: Company, parked: readonly ParkedRow[]): Promise<void> {
  for (const { kind, id } of parked) await replay({ db, config: company.config, now: Date.now(), by: 'torture' }, { kind, id });
}
