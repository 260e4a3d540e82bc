import type { Acted, ActContext } from './replay.ts';
import { advanceNumbers, LAST_CONTROL_NUMBER, listNumbers } from '../store/control-numbers.ts';
import { note } from '../store/activity.ts';
import { setSwitch } from '../store/switches.ts';
import { insertSkip } from '../store/verify.ts';

/** Has a scope of control numbers go on at `next`, never back. The numbers between are noted as skipped, so that their gap has a reason. */
export async function advance({ db, now, by }: ActContext, scope: string, next: number): Promise<Acted> {
  if (!Number.isSafeInteger(next) || next < 1 || next > LAST_CONTROL_NUMBER) return { done: false, text: `${next} is not a control number` };
  return db.transaction(async (tx) => {
    const known = (await listNumbers(tx)).find((each) => each.scope === scope);
    if (!known) return { done: false, text: `there is no scope ${scope}; \`wharf control-numbers\` lists them` };
    if (!(await advanceNumbers(tx, scope, next))) return { done: false, text: `${scope} gives ${known.next} next already: numbers never go back` };
    await insertSkip(tx, { scope, first: known.next, last: next - 1 }, by, now);
    await note(tx, { at: now, verb: 'release', text: `${scope} goes on at ${next}; ${known.next} to ${next - 1} are skipped, by ${by}` });
    return { done: true, text: `${scope} goes on at ${next}` };
  });
}

/** Stops writing and sending of outgoing documents, or lets it go on. Receiving and deciding go on in any case. */
export async function switchSending({ db, now, by }: ActContext, to: 'on' | 'off'): Promise<Acted> {
  await db.transaction(async (tx) => {
    await setSwitch(tx, { name: 'sending', value: to === 'on' ? 'on' : 'somebody paused it', at: now, who: by });
    await note(tx, { at: now, verb: to === 'on' ? 'release' : 'hold', text: `sending is ${to}, by ${by}` });
  });
  return { done: true, text: to === 'on' ? 'sending goes on' : 'nothing is written or sent until `wharf resume`' };
}
