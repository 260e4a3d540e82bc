import { createHash } from 'node:crypto';
import type { KeyFacts, PrivateKeyText } from '../../packing/pgp.ts';
import type { OpenChannel } from '../context.ts';
import { keysOf } from '../packing.ts';

const DAY = 86_400_000;
/** Days before its end at which a key is told of; each of them is told once. */
const STAGES = [7, 30, 60];

export type KeyTrouble = { readonly subject: string; readonly detail: string; readonly atOnce?: true };

/** What is known of keys by the hash of their text, so that each is read once. */
const known = new Map<string, Promise<KeyFacts>>();

/** PGP keys of channels that end soon, are over, or cannot be used. `now` is in milliseconds since 1970. */
export async function keyTroubles(channels: Iterable<Pick<OpenChannel, 'key' | 'channel'>>, now: number): Promise<readonly KeyTrouble[]> {
  const found: KeyTrouble[] = [];
  for (const { key: channel, channel: settings } of channels) {
    for (const { use, key } of keysOf(settings)) {
      const facts = await factsOf(key).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      if (typeof facts === 'string') found.push({ subject: `${channel} ${use}`, detail: facts, atOnce: true });
      else found.push(...ending(channel, use, facts, now));
    }
  }
  return found;
}

function ending(channel: string, use: string, { id, expiresAt }: KeyFacts, now: number): readonly KeyTrouble[] {
  if (expiresAt === undefined) return [];
  const days = Math.floor((expiresAt - now) / DAY);
  const day = new Date(expiresAt).toISOString().slice(0, 10);
  if (days < 0) return [{ subject: `${channel} ${use} ${id} is over`, detail: `the key ended on ${day}`, atOnce: true }];
  const stage = STAGES.find((each) => days <= each);
  return stage === undefined ? [] : [{ subject: `${channel} ${use} ${id} within ${stage} days`, detail: `the key ends on ${day}` }];
}

async function factsOf(key: string | PrivateKeyText): Promise<KeyFacts> {
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex');
  const before = known.get(hash);
  if (before) return before;
  const facts = import('../../packing/pgp.ts').then(({ factsOfKey }) => factsOfKey(key));
  known.set(hash, facts);
  return facts;
}
