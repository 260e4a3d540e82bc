import { identityFor } from '../../config/find-partner.ts';
import type { ConfiguredMapping, Partner } from '../../config/types.ts';
import { WharfError } from '../../errors.ts';
import { setNames } from '../../formats/x12/definitions.ts';
import { writeInterchange } from '../../formats/x12/write.ts';
import { localTime } from '../../orders/windows.ts';
import { channelEncoding, x12Encoding } from '../encoding.ts';
import type { RenderWork } from '../render.ts';
import type { Node } from '../../tree.ts';
import type { Acknowledgment } from '../translate/acknowledge.ts';
import type { Work } from '../work.ts';

/** What is written and the control numbers it has, without leading zeros. */
export type WrittenX12 = {
  readonly bytes: Uint8Array;
  readonly setId: string;
  readonly interchangeControl: string;
  readonly groupType: string | undefined;
  readonly groupControl: string | undefined;
  readonly setControl: string | undefined;
};

type Envelope = {
  readonly ours: { readonly qualifier: string; readonly id: string };
  readonly theirs: { readonly qualifier: string; readonly id: string };
  readonly groupOurs: string;
  readonly groupTheirs: string;
  readonly usage: 'P' | 'T' | 'I';
  /** GS08. */
  readonly version: string;
  /** What it leaves by (`acme/out`), whose encoding it has. */
  readonly channel: string | undefined;
};

/** What is written for a partner: the tree of a mapped set, its GS08, and the channel it leaves by. */
type MappedSet = Pick<Envelope, 'version' | 'channel'> & { readonly mapping: ConfiguredMapping; readonly tree: Node };

/** A mapped set in an interchange of its own, with the next control numbers of this partner. */
export async function renderSet(work: RenderWork, partner: Partner, { mapping, tree, version, channel }: MappedSet): Promise<WrittenX12> {
  const usage = partner.usage === 'test' ? 'test' : 'production';
  const identity = identityFor(partner, usage);
  if (!identity) throw new WharfError('RENDER_FAILED', `partner ${partner.id} has no X12 identity`);
  const set = String(mapping.side.options['set']);
  const { ours, theirs, groupOurs, groupTheirs } = identity;
  return writeSet(work, partner, { ours, theirs, groupOurs, groupTheirs, usage: usage === 'test' ? 'T' : 'P', version, channel }, set, tree);
}

/** An acknowledgment, in the turned envelope of what it answers. */
export async function renderAcknowledgment(work: RenderWork, given: Partner, answer: Acknowledgment, channel: string | undefined): Promise<WrittenX12> {
  // What is wrong with the partner's file is said in the partner's own characters: better with some replaced than not at all.
  const partner: Partner = { ...given, x12: { ...given.x12, onForbidden: 'replace' } };
  const envelope: Envelope = { ...answer, usage: answer.usage === 'T' ? 'T' : 'P', channel };
  if (answer.set !== 'TA1') return writeSet(work, partner, envelope, answer.set, answer.content as Node);
  const control = await takeInterchange(work, envelope);
  const bytes = writeInterchange({ ...interchangeOf(work, partner, envelope, control), ta1s: [answer.content as Node], groups: [] });
  return { bytes, setId: 'TA1', interchangeControl: String(control), groupType: undefined, groupControl: undefined, setControl: undefined };
}

async function writeSet(work: RenderWork, partner: Partner, envelope: Envelope, set: string, tree: Node): Promise<WrittenX12> {
  const groupType = setNames(set)?.groupType;
  if (!groupType) throw new WharfError('RENDER_FAILED', `transaction set ${set} is not one that can be written`, { value: set });
  const group = `GS:${envelope.groupOurs}:${envelope.groupTheirs}:${groupType}`;
  const [control, groupControl] = await Promise.all([takeInterchange(work, envelope), work.numbers.take(group)]);
  const interchange = interchangeOf(work, partner, envelope, control);
  const setControl = '1'.padStart(partner.x12.setDigits, '0');
  const written = {
    type: groupType,
    sender: envelope.groupOurs,
    receiver: envelope.groupTheirs,
    date: stampOf(work).date,
    time: stampOf(work).time,
    control: String(groupControl).padStart(partner.x12.groupDigits, '0'),
    version: envelope.version,
    sets: [{ type: set, control: setControl, tree }],
  };
  const bytes = writeInterchange({ ...interchange, groups: [written] });
  return { bytes, setId: set, interchangeControl: String(control), groupType, groupControl: String(groupControl), setControl };
}

function takeInterchange(work: RenderWork, { ours, theirs, usage }: Envelope): Promise<number> {
  return work.numbers.take(`ISA:${ours.qualifier}/${ours.id}:${theirs.qualifier}/${theirs.id}:${usage}`);
}

function interchangeOf(work: Work, partner: Partner, envelope: Envelope, control: number) {
  const { x12 } = partner;
  const { date, time } = stampOf(work);
  return {
    sender: envelope.ours,
    receiver: envelope.theirs,
    control: String(control).padStart(9, '0'),
    date: date.slice(2),
    time,
    version: x12.interchangeVersion ?? envelope.version.slice(0, 5),
    usage: envelope.usage,
    ackRequested: x12.ackRequested,
    delimiters: x12.delimiters,
    characters: x12.characters,
    encoding: x12Encoding(channelEncoding(partner, envelope.channel)),
    onForbidden: x12.onForbidden,
    upperCase: x12.upperCase,
  };
}

function stampOf(work: Work): { readonly date: string; readonly time: string } {
  const { date, time } = localTime(work.now, work.config.company.timezone);
  return { date: date.replaceAll('-', ''), time: time.replace(':', '') };
}
