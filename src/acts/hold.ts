import type { Config } from '../config/types.ts';
import { channelKey } from '../pipeline/context.ts';
import { note } from '../store/activity.ts';
import { holdRow, releaseRow } from '../store/quarantine.ts';
import { dropSwitch, type HoldName, readSwitch, setSwitch } from '../store/switches.ts';
import { type Acted, type ActContext, aboutOf } from './replay.ts';

/** What can be held back: all traffic of a partner, that of a channel, or one file, document or outgoing document. */
export type Holdable = { readonly kind: 'partner' | 'channel'; readonly name: string } | { readonly kind: 'file' | 'document' | 'outbox'; readonly id: number };

/** What a term such as `partner:acme`, `channel:acme/out` or `outbox:7` names; undefined when the configuration has no such partner or channel. */
export function holdableOf(config: Config, term: string): Holdable | undefined {
  const [, kind, rest = ''] = /^(partner|channel|file|document|outbox):(.+)$/.exec(term) ?? [];
  if (kind === 'file' || kind === 'document' || kind === 'outbox') return /^\d{1,15}$/.test(rest) ? { kind, id: Number(rest) } : undefined;
  if (kind === 'partner') return config.partners.has(rest) ? { kind, name: rest } : undefined;
  if (kind !== 'channel') return undefined;
  const known = [...config.partners.values()].some(({ id, channels }) => channels.some(({ name }) => channelKey(id, name) === rest));
  return known ? { kind, name: rest } : undefined;
}

/** Holds something back until somebody releases it: files stay with the partner, what is to be sent stays here. */
export async function hold({ db, now, by }: ActContext, held: Holdable, why: string | undefined): Promise<Acted> {
  const reason = why === undefined ? by : `${by}: ${why}`;
  return db.transaction(async (tx) => {
    if ('name' in held) {
      const name: HoldName = `hold:${held.kind}:${held.name}`;
      if (await readSwitch(tx, name)) return { done: false, text: `${held.kind}:${held.name} is held already` };
      await setSwitch(tx, { name, value: (why ?? 'held').slice(0, 200), at: now, who: by.slice(0, 120) });
      await note(tx, { at: now, verb: 'hold', partner: held.name.split('/')[0], text: `${held.kind} ${held.name} is held back by ${reason}` });
      return { done: true, text: `nothing of ${held.kind}:${held.name} is taken in or sent until \`wharf release ${held.kind}:${held.name}\`` };
    }
    const { kind, id } = held;
    if (!(await holdRow(tx, kind, id, `held back by ${reason}`)))
      return { done: false, text: `${kind}:${id} does not wait: it is in work, or came to its end` };
    await note(tx, { at: now, verb: 'hold', ...aboutOf(held), text: `held back by ${reason}` });
    return { done: true, text: `${kind}:${id} waits until \`wharf release ${kind}:${id}\`` };
  });
}

/** Lets something go on that was held back. */
export async function unhold({ db, now, by }: ActContext, held: Holdable): Promise<Acted> {
  return db.transaction(async (tx) => {
    const what = 'name' in held ? `${held.kind}:${held.name}` : `${held.kind}:${held.id}`;
    const done = 'name' in held ? await dropSwitch(tx, `hold:${held.kind}:${held.name}`) : await releaseRow(tx, held.kind, held.id);
    if (!done) return { done: false, text: `${what} is not held` };
    const about = 'name' in held ? { partner: held.name.split('/')[0] } : aboutOf(held);
    await note(tx, { at: now, verb: 'release', ...about, text: `${what} goes on, by ${by}` });
    return { done: true, text: `${what} goes on` };
  });
}
