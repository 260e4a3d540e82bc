import { WharfError } from '../errors.ts';
import { discard as discardTarget } from '../acts/discard.ts';
import { resolve as resolveHolds } from '../acts/resolve.ts';
import type { ActContext } from '../acts/replay.ts';
import type { Lesson } from '../acts/teach.ts';
import { replaceOrder } from '../acts/replace-order.ts';
import { CURES, teach } from '../acts/teach.ts';
import { undo } from '../acts/undo.ts';
import type { OpenHold } from '../store/holds.ts';
import { listHolds } from '../store/holds.ts';
import { act, targetOf } from './act.ts';
import type { Command } from './command.ts';

export const resolve: Command = {
  summary: 'end what holds an order: accept, ours or reject, or say what is meant, which lets every order that waits for the same go on',
  usage: 'order:N | hold:N | document:N accept | ours | reject | item SKU | ship-to CODE | unit NUMBER | replace | undo [--line REF] [--remember]',
  acts: true,
  options: {
    line: { type: 'string', value: 'REF', help: "only this line, by the buyer's line number" },
    remember: { type: 'boolean', help: 'with accept: what the buyer wrote is our price for them from now on' },
  },
  run: (given, io) =>
    act(given, io, async (context, term) => {
      const [, word = '', value = ''] = given.words;
      if (word === 'replace' && term.startsWith('document:')) return { id: term, ...(await replaceOrder(context, Number(term.slice(9)))) };
      const holds = await holdsOf(context, term, given.text('line'));
      const [first] = holds;
      if (word === 'accept' || word === 'ours' || word === 'reject') {
        if (word === 'accept' && given.flag('remember')) return { id: term, ...(await teach(context, first?.id ?? 0, { kind: 'price' })) };
        const orderId = term.startsWith('order:') ? Number(term.slice(6)) : (first?.orderId ?? 0);
        const hold = term.startsWith('hold:') ? Number(term.slice(5)) : undefined;
        return { id: term, ...(await resolveHolds(context, { orderId, decision: word, line: given.text('line'), hold })) };
      }
      if (word === 'undo' && term.startsWith('hold:')) return { id: term, ...(await undo(context, Number(term.slice(5)))) };
      const lesson = lessonOf(word, value);
      if (!lesson) throw new WharfError('USAGE', `wharf resolve ${resolve.usage}`, { value: given.words.join(' ') });
      const fitting = holds.find(({ code }) => code === CURES[lesson.kind]) ?? first;
      if (!fitting) return { id: term, done: false, text: `nothing of ${term} is held` };
      return { id: term, ...(await teach(context, fitting.id, lesson)) };
    }),
};

/** The open holds that are meant: those of an order, or the one of its id. */
async function holdsOf({ db }: ActContext, term: string, line: string | undefined): Promise<readonly OpenHold[]> {
  const match = /^(order|hold):(\d{1,15})$/.exec(term);
  if (!match) throw new WharfError('USAGE', 'name an order:N or hold:N, as `wharf holds` shows them', { value: term });
  const id = Number(match[2]);
  const open = await db.read((tx) => listHolds(tx, 100_000));
  return open.filter((hold) => (match[1] === 'order' ? hold.orderId : hold.id) === id && (line === undefined || hold.lineRef === line));
}

function lessonOf(word: string, value: string): Lesson | undefined {
  if (value === '') return undefined;
  if (word === 'item') return { kind: 'item', sku: value };
  if (word === 'ship-to') return { kind: 'ship-to', code: value };
  const factor = /^([1-9]\d{0,8})(?:\/([1-9]\d{0,8}))?$/.exec(value);
  if (word === 'unit' && factor) return { kind: 'unit', numerator: BigInt(factor[1]!), denominator: BigInt(factor[2] ?? '1') };
  return undefined;
}

export const discard: Command = {
  summary: 'take something parked, overdue or rejected off the list of what needs a person; nothing is deleted',
  usage: 'file:N | document:N | outbox:N [--note TEXT]',
  acts: true,
  options: { note: { type: 'string', value: 'TEXT', help: 'why, for the timeline' } },
  run: (given, io) =>
    act(given, io, async (context, term) => {
      const target = targetOf(term);
      if (!target || target.kind === 'order')
        throw new WharfError('USAGE', 'name a file:N, document:N or outbox:N; what is held of an order is resolved', { value: term });
      return { id: term, ...(await discardTarget(context, { kind: target.kind, id: target.id }, given.text('note'))) };
    }),
};
