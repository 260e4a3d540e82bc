import { hold as holdBack, type Holdable, holdableOf, unhold } from '../acts/hold.ts';
import { releaseDocument } from '../acts/reissue.ts';
import type { ActContext } from '../acts/replay.ts';
import { WharfError } from '../errors.ts';
import { act } from './act.ts';
import type { Command } from './command.ts';

const WHAT = 'partner:ID | channel:ID/NAME | file:N | document:N | outbox:N';

export const hold: Command = {
  summary: 'hold a partner, a channel, or one file or document back: nothing of it is taken in or sent until `wharf release`',
  usage: WHAT,
  acts: true,
  run: (given, io) => act(given, io, async (context, term) => ({ id: term, ...(await holdBack(context, meant(context, term), given.text('reason'))) })),
};

export const release: Command = {
  summary: 'let go on what was held back, or send an outgoing document as it is although it contradicts its order or its notice is not accepted',
  usage: WHAT,
  acts: true,
  run: (given, io) =>
    act(given, io, async (context, term) => {
      const target = meant(context, term);
      const released = await unhold(context, target);
      // One that nobody holds may be kept by its checks.
      if (released.done || target.kind !== 'outbox') return { id: term, ...released };
      return { id: term, ...(await releaseDocument(context, target.id)) };
    }),
};

function meant({ config }: ActContext, term: string): Holdable {
  const target = holdableOf(config, term);
  if (!target) throw new WharfError('USAGE', `name ${WHAT}; partner and channel must be in the configuration`, { value: term });
  return target;
}
