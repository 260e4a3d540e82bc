import { makeAcknowledgment } from '../formats/x12/acknowledge.ts';
import { readX12Sync } from '../formats/x12/read.ts';
import type { Delimiters, GroupResult, InterchangeHeader, Party, SetResult, TransactionSet } from '../formats/x12/types.ts';
import { setNames } from '../formats/x12/definitions.ts';
import { writeInterchange } from '../formats/x12/write.ts';
import type { Node } from '../tree.ts';

/** A file that a simulated partner drops. */
export type Drop = { readonly name: string; readonly bytes: Uint8Array };

/** What a simulated partner finds in a file of ours. */
export type Received = { readonly header: InterchangeHeader; readonly groups: readonly GroupResult[]; readonly sets: readonly TransactionSet[] };

/** Reads an interchange of ours as a partner would. @throws Error when it is not one, or not a valid one: the partner would complain. */
export function readOurs(bytes: Uint8Array): Received {
  let header: InterchangeHeader | undefined;
  const groups: GroupResult[] = [];
  const sets: TransactionSet[] = [];
  for (const event of readX12Sync(bytes)) {
    if (event.kind === 'interchange') header = event.interchange;
    if (event.kind === 'set') sets.push(event.set);
    if (event.kind === 'group-end') groups.push(event.group);
    if (event.kind === 'finding') throw new Error(`a partner would refuse this file: ${event.finding.message}`);
  }
  const wrong = sets.flatMap(({ findings }) => findings).find(({ severity }) => severity === 'error');
  if (!header || wrong) throw new Error(`a partner would refuse this file: ${wrong?.message ?? 'it holds no interchange'}`);
  return { header, groups, sets };
}

/** What the envelope of a partner's interchange says. */
export type PeerEnvelope = {
  readonly sender: Party;
  readonly receiver: Party;
  readonly groupSender: string;
  readonly groupReceiver: string;
  /** GS08. */
  readonly version: string;
  readonly usage: string;
  /** YYMMDD and HHMM. */
  readonly date: string;
  readonly time: string;
  readonly delimiters: Delimiters;
};

/** The X12 side of a simulated partner: it numbers its own interchanges and writes to us. */
export type X12Peer = {
  /** Sets of one kind in an interchange to us, named for them. */
  readonly send: (type: string, trees: readonly Node[], envelope: PeerEnvelope) => Drop;
  /** Sets of one kind in an interchange to us, named for them. `like` is a file of ours whose envelope is turned round. */
  readonly write: (type: string, trees: readonly Node[], like: Received) => Drop;
  /** The 997 for a file of ours; undefined when it holds acknowledgments only. `reject`: all of it is refused. */
  readonly acknowledge: (received: Received, reject?: boolean) => Drop | undefined;
};

/** A peer whose control numbers begin at `first`. */
export function makePeer(first: number): X12Peer {
  let next = first;
  const send = (type: string, trees: readonly Node[], envelope: PeerEnvelope): Drop => {
    const control = String(next++);
    const { sender, receiver, groupSender, groupReceiver, version, usage, date, time, delimiters } = envelope;
    const sets = trees.map((tree, index) => ({ type, control: String(index + 1).padStart(4, '0'), tree }));
    const group = { type: setNames(type)!.groupType, sender: groupSender, receiver: groupReceiver, date: `20${date}`, time, control, version, sets };
    const head = { sender, receiver, control, date, time, version: version.slice(0, 5), usage, ackRequested: false, delimiters };
    return { name: `${type}_${control.padStart(9, '0')}.edi`, bytes: writeInterchange({ ...head, groups: [group] }) };
  };
  const write = (type: string, trees: readonly Node[], { header, groups }: Received): Drop => {
    const { group } = groups[0]!;
    const turned = { sender: header.receiver, receiver: header.sender, groupSender: group.receiver, groupReceiver: group.sender };
    const { usage, date, time } = header;
    return send(type, trees, { ...turned, version: group.version, usage, date, time, delimiters: USUAL });
  };
  return {
    send,
    write,
    acknowledge: (received, reject = false) => {
      const groups = reject ? received.groups.map(refused) : received.groups;
      const answers = groups.map((group) => makeAcknowledgment(group)).filter((tree) => tree !== undefined);
      return answers.length === 0 ? undefined : write('997', answers, received);
    },
  };
}

const USUAL: Delimiters = { element: '*', component: '>', repetition: '^', segment: '~', newline: '\n' };

/** A group none of whose sets is taken (AK501 R, one or more segments in error). */
function refused(group: GroupResult): GroupResult {
  return { ...group, accepted: 0, acceptance: 'R', sets: Array.from(group.sets, (set): SetResult => ({ ...set, acceptance: 'R', codes: ['5'] })) };
}

/** A segment, or a loop with the segments inside it. */
export function segment(name: string, fields: readonly string[], children: readonly Node[] = []): Node {
  return children.length > 0 ? { name, fields, children } : { name, fields };
}
