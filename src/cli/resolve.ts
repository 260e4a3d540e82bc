import { WharfError } from '../errors.ts';
import { discard as discardTarget } from '../pipeline/discard.ts';
import { resolve as resolveHolds } from '../pipeline/resolve.ts';
import { act, targetOf } from './act.ts';
import type { Command } from './command.ts';

export const resolve: Command = {
  summary: 'accept or reject what is held of an order, such as a price that differs',
  usage: 'order:N accept|reject [--line REF]',
  options: { line: { type: 'string', value: 'REF', help: "only this line, by the buyer's line number" } },
  run: (given, io) =>
    act(given, io, async (context, term) => {
      const target = targetOf(term);
      const decision = given.words[1];
      if (target?.kind !== 'order' || (decision !== 'accept' && decision !== 'reject')) {
        throw new WharfError('USAGE', 'wharf resolve order:N accept, or wharf resolve order:N reject', { value: given.words.join(' ') });
      }
      return { id: term, ...(await resolveHolds(context, { orderId: target.id, decision, line: given.text('line') })) };
    }),
};

export const discard: Command = {
  summary: 'take something parked, overdue or rejected off the list of what needs a person; nothing is deleted',
  usage: 'file:N | document:N | outbox:N [--note TEXT]',
  options: { note: { type: 'string', value: 'TEXT', help: 'why, for the timeline' } },
  run: (given, io) =>
    act(given, io, async (context, term) => {
      const target = targetOf(term);
      if (!target || target.kind === 'order')
        throw new WharfError('USAGE', 'name a file:N, document:N or outbox:N; what is held of an order is resolved', { value: term });
      return { id: term, ...(await discardTarget(context, { kind: target.kind, id: target.id }, given.text('note'))) };
    }),
};
