import { WharfError } from '../errors.ts';
import type { Asked } from '../acts/tell.ts';
import { tell as tellPartner } from '../acts/tell.ts';
import { act } from './act.ts';
import type { Command } from './command.ts';

export const tell: Command = {
  summary: 'send a partner how their orders stand (870), or what can be had of their items (846), now',
  usage: 'PARTNER orders | stock | order PO',
  acts: true,
  run: (given, io) =>
    act(given, io, async (context, partner) => {
      const [, word = '', value = ''] = given.words;
      return { id: partner, ...(await tellPartner(context, partner, askedOf(word, value))) };
    }),
};

function askedOf(word: string, poNumber: string): Asked {
  if (word === 'orders' || word === 'stock') return { what: word };
  if (word === 'order' && poNumber !== '') return { what: 'order', poNumber };
  throw new WharfError('USAGE', `wharf tell ${tell.usage}`, { value: word });
}
