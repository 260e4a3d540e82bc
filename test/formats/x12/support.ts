import { readX12Sync } from '../../../src/formats/x12/read.ts';
import type { GroupResult, InterchangeResult, TransactionSet, X12Event, X12ReadOptions } from '../../../src/formats/x12/types.ts';
import type { X12Finding } from '../../../src/formats/x12/findings.ts';
import { writeInterchange, type OutgoingInterchange } from '../../../src/formats/x12/write.ts';

/** A purchase order without faults, a segment an item. */
export const ORDER: readonly string[] = [
  'BEG*00*SA*4500012345**20260105',
  'REF*DP*0042',
  'DTM*010*20260110',
  'N1*ST*STORE 0149*92*0149',
  'N3*1 MAIN STREET',
  'N4*DENVER*CO*80202*US',
  'PO1*1*12*EA*4.25**UP*614141007349*VN*SKU-1001',
  'PID*F****TRAIL MIX 12 OZ',
  'PO1*2*24*EA*3.1**UP*614141007351',
  'CTT*2',
];

export type Shape = {
  readonly isa?: string;
  readonly gs?: string;
  readonly st?: string;
  readonly body?: readonly string[];
  readonly se?: string;
  readonly ge?: string;
  readonly iea?: string;
  readonly end?: string;
};

export const ISA = 'ISA*00*          *00*          *ZZ*ACMEGROCERS    *ZZ*WHARF          *260105*0930*U*00401*000000007*1*T*>';

/** One interchange with one order: parts are replaced to make faults; '' leaves a part out. */
export function sample(shape: Shape = {}): string {
  const body = shape.body ?? ORDER;
  const parts = [
    shape.isa ?? ISA,
    shape.gs ?? 'GS*PO*ACMEGROCERS*WHARF*20260105*0930*7*X*004010',
    shape.st ?? 'ST*850*0001',
    ...body,
    shape.se ?? `SE*${body.length + 2}*0001`,
    shape.ge ?? 'GE*1*7',
    shape.iea ?? 'IEA*1*000000007',
  ];
  const end = shape.end ?? '~\n';
  return parts
    .filter((part) => part !== '')
    .map((part) => part + end)
    .join('');
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function latin1Of(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export type Read = {
  readonly events: readonly X12Event[];
  readonly sets: readonly TransactionSet[];
  readonly groups: readonly GroupResult[];
  readonly interchanges: readonly InterchangeResult[];
  /** Every finding of the file, its interchanges, groups and sets. */
  readonly findings: readonly X12Finding[];
  readonly codes: readonly string[];
};

/** Everything that reading gives, sorted by kind. */
export function read(input: string | Uint8Array, options: X12ReadOptions = {}): Read {
  return sorted(readX12Sync(typeof input === 'string' ? bytesOf(input) : input, options));
}

export function sorted(events: readonly X12Event[]): Read {
  const sets = events.flatMap((event) => (event.kind === 'set' ? [event.set] : []));
  const groups = events.flatMap((event) => (event.kind === 'group-end' ? [event.group] : []));
  const interchanges = events.flatMap((event) => (event.kind === 'interchange-end' ? [event.interchange] : []));
  const own = events.flatMap((event) => (event.kind === 'finding' ? [event.finding] : []));
  const findings = [
    ...own,
    ...interchanges.flatMap((item) => item.findings),
    ...groups.flatMap((item) => item.findings),
    ...sets.flatMap((item) => item.findings),
  ];
  return { events, sets, groups, interchanges, findings, codes: findings.map((item) => item.code) };
}

/** What was read, as something to write: one interchange for each that the file has. */
export function outgoing(events: readonly X12Event[]): OutgoingInterchange[] {
  const result: (OutgoingInterchange & { groups: OutgoingInterchange['groups'] })[] = [];
  for (const event of events) {
    const last = result.at(-1);
    if (event.kind === 'interchange') {
      const { isa } = event.interchange;
      const values = isa.map((element) => element.trimEnd());
      const marks = { authorization: { qualifier: values[0]!, value: values[1]! }, security: { qualifier: values[2]!, value: values[3]! } };
      result.push({ ...event.interchange, ...marks, groups: [], ta1s: [] });
    } else if (event.kind === 'group') last!.groups = [...last!.groups, { ...event.group, sets: [] }];
    else if (event.kind === 'set') {
      const group = last!.groups.at(-1)!;
      last!.groups = [...last!.groups.slice(0, -1), { ...group, sets: [...group.sets, event.set] }];
    } else if (event.kind === 'ta1') {
      const { control, date, time, code, note } = event.ta1;
      Object.assign(last!, { ta1s: [...last!.ta1s!, { name: 'TA1', fields: [control, date, time, code, note] }] });
    }
  }
  return result;
}

/** A set's tree as it would stand in a file, a segment a line. */
export function setText(tree: import('../../../src/tree.ts').Node, type: string, version: string): string {
  const later = version >= '005010';
  const bytes = writeInterchange({
    sender: { qualifier: 'ZZ', id: 'WHARF' },
    receiver: { qualifier: 'ZZ', id: 'ACMEGROCERS' },
    control: '1',
    date: '260105',
    time: '0931',
    version: later ? '00501' : '00401',
    usage: 'T',
    ackRequested: false,
    delimiters: { element: '*', component: '>', repetition: '^', segment: '~', newline: '\n' },
    groups: [
      { type: 'FA', sender: 'WHARF', receiver: 'ACMEGROCERS', date: '20260105', time: '0931', control: '1', version, sets: [{ type, control: '0001', tree }] },
    ],
  });
  return new TextDecoder().decode(bytes).split('\n').slice(2, -3).join('\n');
}
