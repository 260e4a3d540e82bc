/** What the X12 benchmark measures, each in a process of its own: our tokenizer, validator and trees, a bare splitter, and the peers that npm has. */
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { streamAcknowledgment } from '../src/formats/x12/acknowledge.ts';
import { x12Reader, type GroupResult, type TransactionSet } from '../src/formats/x12/read.ts';
import { tokenizer } from '../src/formats/x12/tokenize.ts';
import { writeInterchange } from '../src/formats/x12/write.ts';
import type { Answer } from './x12-data.ts';
import { LOOPS, orderMaker, peerJson, quantityOfOrder, type Loop } from './x12-map.ts';

const CHUNK = { highWaterMark: 1 << 16 };

export const parts: Readonly<Record<string, (path: string) => Promise<Answer>>> = {
  /** The yardstick: finds every terminator and nothing else. */
  split: async (path) => {
    let segments = 0;
    for await (const chunk of createReadStream(path, CHUNK) as AsyncIterable<Buffer>)
      for (let at = chunk.indexOf(126); at !== -1; at = chunk.indexOf(126, at + 1)) segments++;
    return { segments };
  },
  tokenize: async (path) => {
    let segments = 0;
    const nothing = (): void => {};
    const count = (): boolean => {
      segments++;
      return false;
    };
    const tokens = tokenizer(
      { isa: count, segment: count, tooLong: nothing, junk: nothing, remark: nothing, brokenOff: nothing },
      { encoding: 'auto', segmentBytes: 65_536, keepLineBreaks: false, marksOnly: true },
    );
    for await (const chunk of createReadStream(path, CHUNK)) tokens.push(chunk as Buffer);
    tokens.end();
    return { segments };
  },
  /** Parse, validate in full, and write the 997, with AK2 for the faulty sets only. */
  'validate, 997': (path) => read(path, { quantity: undefined, sets: 'faulty' }),
  /** The same, with AK2 for every set. */
  'validate, all AK2': (path) => read(path, { quantity: undefined, sets: 'all' }),
  /** The same as the first, and build the tree of every set. */
  'validate, 997, tree': (path) => read(path, { quantity: quantityOf, sets: 'faulty' }),
  /** The same, and map every set to a canonical order, which is checked. */
  'validate, 997, order': (path) => {
    const makeOrder = orderMaker();
    return read(path, { quantity: ({ tree }) => quantityOfOrder(makeOrder(tree)), sets: 'faulty' });
  },
  'node-x12, segments': async (path) => {
    const { X12Parser } = await peer('node-x12');
    let segments = 0;
    for await (const _ of createReadStream(path).pipe(new X12Parser(false))) segments++;
    return { segments };
  },
  'node-x12, tree': async (path) => {
    const { X12Parser } = await peer('node-x12');
    const { functionalGroups } = new X12Parser(true).parse(readFileSync(path, 'utf8'));
    let segments = 2;
    let sets = 0;
    for (const group of functionalGroups) {
      segments += 2;
      for (const set of group.transactions) {
        segments += 2 + set.segments.length;
        sets++;
      }
    }
    return { segments, sets };
  },
  'x12-parser, segments': async (path) => {
    const { X12parser } = await peer('x12-parser');
    let segments = 0;
    // It takes the line end after the last terminator for one more.
    for await (const { name } of createReadStream(path).pipe(new X12parser())) if (name.trim() !== '') segments++;
    return { segments };
  },
  'x12-parser, JSON': async (path) => {
    const { X12parser, X12grouper, Schema } = await peer('x12-parser');
    const sum = { segments: 4, sets: 0, quantity: 0 };
    const loops = createReadStream(path)
      .pipe(new X12parser())
      .pipe(new X12grouper(new Schema('004010', LOOPS)));
    for await (const loop of loops as AsyncIterable<Loop>) {
      if (loop.name !== 'order') continue;
      const { quantity, json, segments } = peerJson(loop);
      if (json.length === 0) throw new Error('an order without text');
      sum.sets++;
      sum.segments += segments;
      sum.quantity += quantity;
    }
    return sum;
  },
};

// oxlint-disable-next-line typescript/no-explicit-any -- the typings are not for this module system
export async function peer(name: string): Promise<any> {
  return createRequire(import.meta.url)(name);
}

/** The sum of the quantities of a set, where trees are built for it. */
type How = { readonly quantity: ((set: TransactionSet) => number) | undefined; readonly sets: 'all' | 'faulty' };

async function read(path: string, how: How): Promise<Answer> {
  const reader = x12Reader();
  const sum = { segments: 2, sets: 0, quantity: 0 };
  const take = (events: ReturnType<typeof reader.push>): void => {
    for (const event of events) {
      if (event.kind === 'set') {
        sum.sets++;
        sum.segments += event.set.segments;
        if (!event.set.accepted) throw new Error(`set ${event.set.control} was rejected`);
        if (how.quantity) sum.quantity += how.quantity(event.set);
      } else if (event.kind === 'group-end') {
        sum.segments += 2;
        checkAnswer(event.group, how.sets);
      }
    }
  };
  for await (const chunk of createReadStream(path, CHUNK)) take(reader.push(chunk as Buffer));
  take(reader.end());
  const { segments, sets, quantity } = sum;
  return how.quantity ? { segments, sets, quantity } : { segments, sets };
}

/** The sum of PO102 of a set. */
function quantityOf(set: TransactionSet): number {
  let quantity = 0;
  for (const { name, fields } of set.tree.children!) if (name === 'PO1') quantity += Number(fields![1]);
  return quantity;
}

function checkAnswer(group: GroupResult, sets: How['sets']): void {
  const party = { qualifier: 'ZZ', id: 'US' };
  const stamp = { date: '20260101', time: '1200' };
  const tree = streamAcknowledgment(group, { sets })!;
  const set = { type: '997', control: '0001', tree };
  const delimiters = { element: '*', component: '>', repetition: '', segment: '~', newline: '' };
  const envelope = { sender: party, receiver: party, control: '1', ...stamp, version: '00401', usage: 'T', ackRequested: false, delimiters };
  const out = writeInterchange({
    ...envelope,
    groups: [{ type: 'FA', sender: 'US', receiver: 'THEM', control: '1', ...stamp, version: group.group.version, sets: [set] }],
  });
  const text = Buffer.from(out.buffer, out.byteOffset, out.length).toString('latin1');
  const said = text.split('~AK2*').length - 1;
  if (said !== (sets === 'all' ? group.received : 0)) throw new Error(`the 997 has ${said} AK2`);
  if (!text.includes(`~AK9*A*${group.received}*${group.received}*${group.received}~`)) throw new Error('the 997 does not accept the group');
}
