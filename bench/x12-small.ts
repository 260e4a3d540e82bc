/** Thousands of small files, warm, in one process: what reading into an order, and writing, cost a file of one 850. */
import { readX12Sync } from '../src/formats/x12/read.ts';
import { writeInterchange, type OutgoingInterchange } from '../src/formats/x12/write.ts';
import type { Node } from '../src/tree.ts';
import { envelopeOf, purchaseOrder, quantityIn } from './x12-data.ts';
import { orderMaker, quantityOfOrder } from './x12-map.ts';
import { peer } from './x12-parts.ts';

const FILES = 400;

export type SmallFigures = {
  /** CPU time of node-x12's parse divided by ours, with validation, tree and canonical order; a pair each. */
  readonly ratios: readonly number[];
  /** Microseconds of CPU a file. */
  readonly read: readonly number[];
  readonly write: readonly number[];
  readonly theirs: readonly number[];
};

export async function smallFiles(pairs: number): Promise<SmallFigures> {
  const { X12Parser } = await peer('node-x12');
  const texts = Array.from({ length: FILES }, (_, index) => {
    const [head, tail] = envelopeOf(1);
    return [...head, ...purchaseOrder(index + 1), ...tail, ''].join('~\n');
  });
  const files = texts.map((text) => Buffer.from(text));
  const makeOrder = orderMaker();
  const trees: Node[] = [];
  const read = (): void => {
    files.forEach((bytes, index) => {
      for (const event of readX12Sync(bytes)) {
        if (event.kind !== 'set') continue;
        if (!event.set.accepted || quantityOfOrder(makeOrder(event.set.tree)) !== quantityIn(index + 1)) throw new Error(`file ${index} is not read as it is`);
        trees[index] = event.set.tree;
      }
    });
  };
  const write = (): void => trees.forEach((tree, index) => checkWritten(writeInterchange(outgoing(tree)), texts[index]!));
  const theirs = (): void =>
    texts.forEach((text) => {
      if (new X12Parser(true).parse(text).functionalGroups[0].transactions.length !== 1) throw new Error('node-x12 found no set');
    });
  for (let times = 0; times < 5; times++) [read, write, theirs].forEach((run) => run());
  const figures = { ratios: [] as number[], read: [] as number[], write: [] as number[], theirs: [] as number[] };
  for (let pair = 0; pair < pairs; pair++) {
    const [ours, other] = [cost(read), cost(theirs)];
    figures.read.push(ours);
    figures.theirs.push(other);
    figures.ratios.push(other / ours);
    figures.write.push(cost(write));
  }
  return figures;
}

/** Microseconds of CPU a file, over five rounds of all files. */
function cost(run: () => void): number {
  const before = process.cpuUsage();
  for (let round = 0; round < 5; round++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (5 * FILES);
}

function outgoing(tree: Node): OutgoingInterchange {
  const party = { qualifier: 'ZZ', id: 'BENCHSENDER' };
  const stamp = { date: '20260101', time: '1200' };
  const delimiters = { element: '*', component: '>', repetition: '', segment: '~', newline: '\n' };
  const set = { type: '850', control: '0001', tree };
  const group = { type: 'PO', sender: 'BENCHSENDER', receiver: 'BENCHRECEIVER', control: '1', ...stamp, version: '004010', sets: [set] };
  return { sender: party, receiver: party, control: '1', ...stamp, version: '00401', usage: 'T', ackRequested: false, delimiters, groups: [group] };
}

/** As long as what was read: only ISA06 to ISA08 and the number of the set differ. */
function checkWritten(bytes: Uint8Array, text: string): void {
  if (bytes.length !== text.length - 10) throw new Error(`${bytes.length} bytes were written for ${text.length}`);
}
