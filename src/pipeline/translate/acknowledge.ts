import type { Partner } from '../../config/types.ts';
import type { ErrorCode } from '../../errors.ts';
import { makeAcknowledgment, makeTa1 } from '../../formats/x12/acknowledge.ts';
import type { GroupResult, InterchangeHeader, InterchangeResult } from '../../formats/x12/types.ts';
import { note } from '../../store/activity.ts';
import { discardInterchange, rejectStaged } from '../../store/documents.ts';
import type { InterchangeStatus } from '../../store/interchanges.ts';
import { findInterchange, finishInterchange } from '../../store/interchanges.ts';
import { enqueueFirst, sendAgain } from '../../store/outbox.ts';
import type { Tx } from '../../store/transaction.ts';
import { channelKey } from '../context.ts';
import { outboundChannel } from '../../config/find-partner.ts';
import { showParty } from './identify.ts';
import { summary } from './map-inbound.ts';
import type { FileOutcome } from '../translate.ts';
import type { ReadFile, ReadInterchange } from './x12.ts';
import type { Work } from '../work.ts';

/** What an acknowledgment in the outbox is rendered from: the answer, and the envelope of what it answers turned round. */
export type Acknowledgment = {
  readonly set: '997' | '999' | 'TA1';
  readonly content: unknown;
  readonly ours: { readonly qualifier: string; readonly id: string };
  readonly theirs: { readonly qualifier: string; readonly id: string };
  readonly groupOurs: string;
  readonly groupTheirs: string;
  readonly usage: string;
  /** GS08 of the acknowledgment. */
  readonly version: string;
};

/** Ends each interchange of a file: accepted or not, and answered. */
export async function finishInterchanges(work: Work, read: ReadFile): Promise<FileOutcome> {
  const parked: { reason: string; detail: string }[] = [];
  const lines: string[] = [];
  for (const each of read.interchanges) {
    const { interchange, status } = await inTurn(work.tx, each, async () => {
      const one = await afterOthers(work, each);
      return { interchange: one, status: await finishOne(work, one) };
    });
    lines.push(`interchange ${interchange.header.control} ${status}`);
    const why = troubleOf(interchange);
    if (why) parked.push({ reason: why.code, detail: why.detail });
  }
  const errors = read.findings.filter(({ severity }) => severity === 'error');
  if (read.interchanges.length === 0 && read.skipped === 0)
    parked.push({ reason: 'FILE_UNKNOWN_TYPE', detail: summary(read.findings) || 'there is no interchange in it' });
  else if (errors.length > 0) parked.push({ reason: 'FILE_PARTLY_READ', detail: summary(errors) });
  const documents = read.documents.length === 0 ? '' : `, ${read.documents.length} document${read.documents.length === 1 ? '' : 's'}`;
  return {
    parked: parked[0],
    text: `x12: ${lines.join(', ') || 'nothing'}${documents}${parked[0] ? `; parked: ${parked[0].reason} ${parked[0].detail}` : ''}`,
  };
}

/** The interchanges of a transaction whose files are read side by side: by number, the end of the one that came last. */
const ends = new WeakMap<Tx, Map<string, Promise<unknown>>>();

/** Ends interchanges of the same number one after the other. */
async function inTurn<T>(tx: Tx, { header }: ReadInterchange, end: () => Promise<T>): Promise<T> {
  const known = ends.get(tx) ?? new Map<string, Promise<unknown>>();
  ends.set(tx, known);
  const ended = (known.get(header.control) ?? Promise.resolve()).then(end);
  known.set(header.control, ended);
  return ended;
}

/**
 * Files that come together are read together and do not see each other: here, where one ends after the other, the second interchange of a number
 * is found to be a duplicate or reused all the same.
 */
async function afterOthers(work: Work, interchange: ReadInterchange): Promise<ReadInterchange> {
  const { partner, header, trouble, duplicateOf, reused } = interchange;
  if (!partner || trouble || duplicateOf !== undefined || reused) return interchange;
  const { control } = header;
  const parties = { sender: showParty(header.sender), receiver: showParty(header.receiver) };
  const known = await findInterchange(work.tx, { partner: partner.id, ...parties, control, since: work.now - partner.duplicates.window });
  if (!known) return interchange;
  await discardInterchange(work.tx, interchange.id);
  const same = known.contentHash === interchange.contentHash;
  return { ...interchange, duplicateOf: same ? known.id : undefined, reused: !same };
}

function troubleOf(interchange: ReadInterchange): { readonly code: ErrorCode; readonly detail: string } | undefined {
  if (interchange.trouble) return interchange.trouble;
  if (interchange.reused) return { code: 'INTERCHANGE_REUSED', detail: `interchange ${interchange.header.control} was received before with other content` };
  return undefined;
}

async function finishOne(work: Work, interchange: ReadInterchange): Promise<InterchangeStatus> {
  const { partner, result } = interchange;
  const status = statusOf(interchange);
  await finishInterchange(work.tx, interchange.id, {
    status,
    contentHash: interchange.contentHash,
    duplicateOf: interchange.duplicateOf,
    findings: result.findings,
  });
  if (!partner) return status;
  switch (status) {
    case 'duplicate':
      if (partner.duplicates.interchange === 'acknowledge-again') await acknowledgeAgain(work, partner, interchange);
      break;
    case 'parked':
      await discardInterchange(work.tx, interchange.id);
      if (interchange.trouble?.code === 'FILE_TRUNCATED') await sendTa1(work, partner, interchange, { ...result, verdict: { code: 'R', note: '023' } });
      break;
    case 'rejected':
      await rejectStaged(work.tx, interchange.id, undefined, `the interchange was rejected: TA1 ${result.verdict.note}`);
      await sendTa1(work, partner, interchange, result);
      break;
    case 'reused':
      await sendTa1(work, partner, interchange, { ...result, verdict: { code: 'R', note: '025' } });
      break;
    case 'accepted':
      await sendTa1(work, partner, interchange, result);
      for (const [index, group] of interchange.groups.entries()) await acknowledgeGroup(work, partner, interchange, group, index);
      break;
    case 'reading':
      break;
  }
  return status;
}

function statusOf(interchange: ReadInterchange): InterchangeStatus {
  if (interchange.trouble) return 'parked';
  if (interchange.duplicateOf !== undefined) return 'duplicate';
  if (interchange.reused) return 'reused';
  return interchange.result.verdict.code === 'R' ? 'rejected' : 'accepted';
}

/** The stored answer goes out again, byte for byte: the partner has probably lost it. */
async function acknowledgeAgain(work: Work, partner: Partner, interchange: ReadInterchange): Promise<void> {
  const count = await sendAgain(work.tx, keyOf(interchange.duplicateOf!));
  const text = `interchange ${interchange.header.control} was received before; ${count} stored acknowledgment${count === 1 ? '' : 's'} sent again`;
  await note(work.tx, { at: work.now, verb: 'acknowledge', partner: partner.id, text });
}

async function acknowledgeGroup(work: Work, partner: Partner, interchange: ReadInterchange, group: GroupResult, index: number): Promise<void> {
  if (group.acceptance === 'R') await rejectStaged(work.tx, interchange.id, group.group.control, `the group was rejected: AK905 ${group.codes.join(' ')}`);
  const { kind, detail } = partner.acknowledgments;
  if (kind === 'none') return;
  const delimiters = Object.values(partner.x12.delimiters).join('');
  const tree = makeAcknowledgment(group, { kind, sets: detail === 'all' ? 'all' : 'faulty', delimiters });
  if (!tree) return;
  await answer(work, partner, `${keyOf(interchange.id)}${index + 1}`, group.group.control, {
    ...envelopeOf(interchange.header),
    set: tree.name === '999' ? '999' : '997',
    content: tree,
    groupOurs: group.group.receiver,
    groupTheirs: group.group.sender,
    version: kind === '999' ? '005010X231A1' : group.group.version,
  });
}

async function sendTa1(work: Work, partner: Partner, interchange: ReadInterchange, result: InterchangeResult): Promise<void> {
  const { ta1: when } = partner.acknowledgments;
  const ta1 = makeTa1(result, { send: when === 'requested' ? 'asked' : when });
  if (!ta1) return;
  const { header } = interchange;
  await answer(work, partner, `${keyOf(interchange.id)}ta1`, header.control, {
    ...envelopeOf(header),
    set: 'TA1',
    content: ta1,
    groupOurs: header.receiver.id,
    groupTheirs: header.sender.id,
    version: partner.x12.version,
  });
}

async function answer(work: Work, partner: Partner, uniqueKey: string, businessKey: string, canonical: Acknowledgment): Promise<void> {
  const channel = outboundChannel(partner, partner.acknowledgments.channel);
  const key = channel && channelKey(partner.id, channel.name);
  await enqueueFirst(work.tx, { partner: partner.id, kind: 'acknowledgment', uniqueKey, businessKey, canonical, channel: key }, work.now);
}

/** How the unique keys of all that answers an interchange begin. */
function keyOf(interchangeId: number): string {
  return `ack:${interchangeId}:`;
}

function envelopeOf(header: InterchangeHeader) {
  return { ours: header.receiver, theirs: header.sender, usage: header.usage };
}
