import { WharfError } from '../errors.ts';
import { heal } from '../acts/heal.ts';
import type { ActContext, Acted, Target } from '../acts/replay.ts';
import { reissue as reissueOutbox } from '../acts/reissue.ts';
import { replay as replayTarget, resend as resendOutbox } from '../acts/replay.ts';
import { openHolds } from '../store/holds.ts';
import { trace } from '../store/trace.ts';
import type { Database } from '../store/transaction.ts';
import { act, targetOf } from './act.ts';
import type { Command, ExitCode, Given, Io } from './command.ts';

export const replay: Command = {
  summary: 'have a parked file or document, or a held order, done again after its cause was mended',
  usage: 'file:N | document:N | outbox:N | order:N | TERM',
  acts: true,
  run: (given, io) =>
    act(given, io, async (context, term) => {
      const target = targetOf(term) ?? (await onlyParked(context.db, term));
      const acted = await replayTarget(context, target);
      const healed = await heal(context, `replay by ${context.by}`);
      return { id: `${target.kind}:${target.id}`, ...acted, healed: healed.orders.map((order) => `order:${order}`) };
    }),
};

export const resend: Command = {
  summary: 'deliver the stored bytes of an outgoing document once more, under the same control numbers',
  usage: 'outbox:N',
  acts: true,
  run: (given, io) => actOnOutbox(given, io, resendOutbox),
};

export const reissue: Command = {
  summary: 'write and send an outgoing document anew, under new control numbers, in place of one that its partner rejected',
  usage: 'outbox:N',
  acts: true,
  run: (given, io) => actOnOutbox(given, io, reissueOutbox),
};

function actOnOutbox(given: Given, io: Io, work: (context: ActContext, id: number) => Promise<Acted>): Promise<ExitCode> {
  return act(given, io, async (context, term) => {
    const target = targetOf(term);
    if (target?.kind !== 'outbox') throw new WharfError('USAGE', 'name an outgoing document: outbox:7, as `wharf trace` shows it', { value: term });
    return { id: term, ...(await work(context, target.id)), healed: [] };
  });
}

/** The one parked or held thing that a term leads to. @throws WharfError NOT_FOUND when there is none, USAGE when there are several. */
async function onlyParked(db: Database, term: string): Promise<Target> {
  const found = await db.read(async (tx) => {
    const { files, documents, outbox, orders } = await trace(tx, term);
    const targets: Target[] = [];
    const parked = (kind: Target['kind'], rows: readonly { readonly id: number; readonly status: string }[]): void => {
      for (const { id, status } of rows) if (status === 'parked') targets.push({ kind, id });
    };
    parked('file', files);
    parked('document', documents);
    parked('outbox', outbox);
    for (const { id } of orders) if ((await openHolds(tx, id)).length > 0) targets.push({ kind: 'order', id });
    return targets;
  });
  const [first, ...others] = found;
  if (!first) throw new WharfError('NOT_FOUND', `nothing that goes by ${term} is parked or held`, { value: term });
  if (others.length > 0)
    throw new WharfError('USAGE', `several are parked: ${found.map(({ kind, id }) => `${kind}:${id}`).join(', ')}; name one`, { value: term });
  return first;
}
