import { makeAcknowledgment } from '../../formats/x12/acknowledge.ts';
import { readX12Sync } from '../../formats/x12/read.ts';
import type { GroupResult, InterchangeHeader, TransactionSet } from '../../formats/x12/types.ts';
import { setNames } from '../../formats/x12/definitions.ts';
import { writeInterchange } from '../../formats/x12/write.ts';
import type { Node } from '../../tree.ts';

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

/** The X12 side of a simulated partner: it numbers its own interchanges and writes to us. */
export type X12Peer = {
  /** Sets of one kind in an interchange to us, named for them. `like` is a file of ours whose envelope is turned round. */
  readonly write: (type: string, trees: readonly Node[], like: Received) => Drop;
  /** The 997 for a file of ours; undefined when it holds acknowledgments only. */
  readonly acknowledge: (received: Received) => Drop | undefined;
};

/** A peer whose control numbers begin at `first`. */
export function makePeer(first: number): X12Peer {
  let next = first;
  const write = (type: string, trees: readonly Node[], like: Received): Drop => {
    const control = String(next++);
    const { header, groups } = like;
    const group = groups[0]!.group;
    const envelope = { date: header.date, time: header.time, control };
    const bytes = writeInterchange({
      ...envelope,
      sender: header.receiver,
      receiver: header.sender,
      version: header.version,
      usage: header.usage,
      ackRequested: false,
      delimiters: { element: '*', component: '>', repetition: '^', segment: '~', newline: '\n' },
      groups: [
        {
          ...envelope,
          date: group.date,
          type: setNames(type)!.groupType,
          sender: group.receiver,
          receiver: group.sender,
          version: group.version,
          sets: trees.map((tree, index) => ({ type, control: String(index + 1).padStart(4, '0'), tree })),
        },
      ],
    });
    return { name: `${type}_${control.padStart(9, '0')}.edi`, bytes };
  };
  return {
    write,
    acknowledge: (received) => {
      const answers = received.groups.map((group) => makeAcknowledgment(group)).filter((tree) => tree !== undefined);
      return answers.length === 0 ? undefined : write('997', answers, received);
    },
  };
}

/** A segment, or a loop with the segments inside it. */
export function segment(name: string, fields: readonly string[], children: readonly Node[] = []): Node {
  return children.length > 0 ? { name, fields, children } : { name, fields };
}
