/** What is done with one input of the fuzz run, and what has to hold of it. */
import { makeAcknowledgment, makeTa1 } from '../../src/formats/x12/acknowledge.ts';
import { anonymise } from '../../src/formats/x12/anonymise.ts';
import { eventPrinter } from '../../src/formats/x12/inspect.ts';
import { readX12Sync, x12Reader } from '../../src/formats/x12/read.ts';
import { repairEnvelope } from '../../src/formats/x12/repair.ts';
import { encode } from '../../src/formats/x12/text.ts';
import type { GroupResult, InterchangeResult, X12Event, X12ReadOptions } from '../../src/formats/x12/types.ts';
import { writeInterchange } from '../../src/formats/x12/write.ts';
import type { Node } from '../../src/tree.ts';

/** Bytes, which of the settings they are read with, and which of the dear checks they get. */
export type Input = { readonly bytes: Uint8Array; readonly setting: number; readonly turn: number };

const limits = { segmentBytes: 300, elementBytes: 100, segmentsPerSet: 40, findingsPerSet: 20, depth: 4 };

/** What partners may set. Half of all inputs are read with the first. */
export const SETTINGS: readonly X12ReadOptions[] = [
  { limits },
  {},
  { limits, keepLineBreaks: true },
  { limits, encoding: 'latin1' },
  { limits, encoding: 'utf-8', acceptErrors: true },
  { limits, encoding: 'windows-1252', handledSets: ['850', '856'], ta1Codes: { '023': 'E', '024': 'A' } },
  {
    limits,
    acceptErrors: ['AK502-4', 'AK905-5'],
    leniency: [
      { code: 'AK403-*', set: '850', severity: 'warning' },
      { code: 'TA105-*', severity: 'ignore' },
      { element: 'BEG03', severity: 'error' },
    ],
  },
  {
    limits,
    overrides: [
      { segment: 'REF', element: 'REF02', requirement: 'X' },
      { segment: 'N1', requirement: 'M', repeats: 1, uses: 1 },
      { segment: 'BEG', element: 3, min: 4, max: 6, codes: ['PO1'], alsoCodes: ['PO2'] },
      { segment: 'DTM', requirement: 'X' },
    ],
  },
  { limits, encoding: 'ebcdic' },
  { validate: false, trees: false },
];

const EBCDIC = SETTINGS.findIndex((setting) => setting.encoding === 'ebcdic');

/** Reads and answers, and at times reads in pieces, writes, shows, repairs. @throws Error when something is not as it must be. */
export function check({ bytes: given, setting, turn }: Input): readonly X12Event[] {
  const options = SETTINGS[setting]!;
  const bytes = setting === EBCDIC ? ebcdic(given) : given;
  const events = readX12Sync(bytes, options);
  const write = turn % 16 === 0;
  for (const event of events) {
    if (event.kind === 'group-end') answerGroup(event.group, turn, write);
    else if (event.kind === 'interchange-end') answerInterchange(event.interchange, write);
    else if (event.kind === 'set' && turn % 4 === 0 && event.set.tree.name === '') throw new Error('a tree without a name');
  }
  if (turn % 48 === 1) checkChunks(bytes, options, events, turn % 96 === 1 ? 1 + (turn % 7) : 1 + (turn % 311));
  if (turn % 128 === 2) events.map(eventPrinter());
  if (turn % 128 === 3) readX12Sync(repairEnvelope(bytes), options);
  if (turn % 128 === 4) anonymise(bytes, 'secret');
  return events;
}

function ebcdic(bytes: Uint8Array): Uint8Array {
  return encode(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      .toString('latin1')
      .replace(/[^ -Z_a-z~^]/g, '.'),
    'ebcdic',
  ).bytes;
}

/** The same in pieces of any size. */
function checkChunks(bytes: Uint8Array, options: X12ReadOptions, events: readonly X12Event[], size: number): void {
  const reader = x12Reader(options);
  const again: X12Event[] = [];
  for (let at = 0; at < bytes.length; at += size) again.push(...reader.push(bytes.slice(at, at + size)));
  again.push(...reader.end());
  if (JSON.stringify(again) !== JSON.stringify(events)) throw new Error(`chunks of ${size} bytes give another result`);
}

function answerGroup(group: GroupResult, turn: number, write: boolean): void {
  const kind = turn % 32 < 16 ? '997' : '999';
  const tree = makeAcknowledgment(group, { kind, sets: turn % 3 === 0 ? 'faulty' : 'all' });
  if (!tree || !write) return;
  const version = kind === '999' ? '005010X231A1' : '004010';
  const set = { type: kind, control: '0001', tree };
  const [answer] = readAgain([], [{ type: 'FA', sender: 'A', receiver: 'B', control: '1', date: '20260105', time: '0930', version, sets: [set] }]);
  if (answer?.kind !== 'set' || answer.set.type !== kind) throw new Error('the acknowledgment that was written is not there when it is read');
}

function answerInterchange(result: InterchangeResult, write: boolean): void {
  const ta1 = makeTa1(result, { send: 'always' });
  if (!ta1 || !write) return;
  const [answer] = readAgain([ta1], []);
  if (answer?.kind !== 'ta1' || answer.ta1.code !== result.verdict.code || answer.ta1.note !== result.verdict.note)
    throw new Error(`the TA1 says ${JSON.stringify(answer)}, not ${JSON.stringify(result.verdict)}`);
}

/** What an answer says once it was written. */
function readAgain(ta1s: readonly Node[], groups: Parameters<typeof writeInterchange>[0]['groups']): readonly X12Event[] {
  const party = { qualifier: 'ZZ', id: 'A' };
  const delimiters = { element: '*', component: '>', repetition: '^', segment: '~', newline: '' };
  const envelope = { sender: party, receiver: party, control: '1', date: '260105', time: '0930', version: '00501', usage: 'T', ackRequested: false };
  const bytes = writeInterchange({ ...envelope, delimiters, ta1s, groups });
  return readX12Sync(bytes).filter((event) => event.kind === 'ta1' || event.kind === 'set');
}
