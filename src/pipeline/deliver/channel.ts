import { createHash } from 'node:crypto';
import { failPoint } from '../../fail-point.ts';
import { WharfError } from '../../errors.ts';
import { note } from '../../store/activity.ts';
import { claimDeliveries, type Delivery, forgetStaged, markAllSent, markAllStaged, markSent, markStaged } from '../../store/deliveries.ts';
import { isTransient } from '../../store/failure.ts';
import { readWholePayload, readWholePayloads } from '../../store/payload.ts';
import { park, queues, retryLater } from '../../store/queue.ts';
import { sendingOff } from '../../store/switches.ts';
import { channelAnswered, channelFailed } from '../channel-health.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Staged } from '../../transports/transport.ts';
import { acknowledgmentDue } from './acknowledgment-due.ts';
import type { OpenChannel, PipelineContext } from '../context.ts';
import { nextPause } from '../pause.ts';
import { persist } from '../persist.ts';

/** Files of one channel that share their commits and folder syncs. */
const BATCH = 50;
/** Files of at most so many bytes are read together. */
const SMALL = 64 * 1024;
const queue = queues.deliver;

type InHand = { readonly delivery: Delivery; staged: Staged | undefined; published: boolean; error: unknown };

/** Claims files of a channel that are due, as many as are delivered together; none while somebody has switched sending off. */
export async function claimBatch(tx: Tx, context: PipelineContext, channel: string): Promise<readonly Delivery[]> {
  if (await sendingOff(tx)) return [];
  return claimDeliveries(tx, channel, { owner: context.owner, now: context.now(), leaseMs: context.config().intervals.claim, count: BATCH });
}

/**
 * Delivers claimed files of one channel. The bytes first get a temporary name; that name is committed; then they get their final one, which is
 * committed again. Whatever is cut off in between, the next attempt asks the folder what became of the committed temporary name.
 * Tells whether the channel failed as a whole.
 */
export async function deliverTo(context: PipelineContext, channel: OpenChannel, claimed: readonly Delivery[]): Promise<{ readonly failed: boolean }> {
  const now = context.now();
  const hands: InHand[] = claimed.map((delivery) => ({ delivery, staged: undefined, published: false, error: undefined }));
  try {
    await bring(context, channel, hands);
  } catch (error) {
    await giveBack(context, hands, error);
    throw error;
  }
  const works = hands.some(({ published }) => published);
  const broken = works ? undefined : hands.find(({ error }) => !isOfTheFile(error));
  if (works) channelAnswered(channel, now);
  else if (broken) channelFailed(channel, broken.error, now, now + (channel.transport.restsFor?.() ?? 0));
  return { failed: broken !== undefined };
}

async function bring(context: PipelineContext, channel: OpenChannel, hands: readonly InHand[]): Promise<void> {
  failPoint('deliver.claimed');
  await Promise.all(hands.map((hand) => tried(hand, () => resume(channel, hand))));
  const small = await smallPayloads(context, hands);
  await Promise.all(hands.map((hand) => tried(hand, () => stage(context, channel, hand, small.get(hand.delivery.id)))));
  failPoint('deliver.staged');
  await commitStaged(context, hands);
  failPoint('deliver.marked');
  await Promise.all(hands.map((hand) => tried(hand, () => publish(channel, hand))));
  failPoint('deliver.published');
  await commitOutcomes(context, hands);
  failPoint('deliver.sent');
}

/**
 * An error that is of none of the files: what was claimed is tried again, and the next attempt asks what became of each temporary name. Kept claimed, it
 * would wait for the end of this process.
 */
async function giveBack(context: PipelineContext, hands: readonly InHand[], error: unknown): Promise<void> {
  const why = { dueAt: context.now() + context.config().intervals.retryFirst, reason: 'INTERNAL', detail: String(error), counted: true };
  for (const { delivery } of hands) {
    await persist(context, (tx) => retryLater(tx, queue, { id: delivery.id, owner: context.owner }, why)).catch((failed: unknown) => {
      // What was recorded as sent or given up meanwhile is no longer claimed.
      if (!(failed instanceof WharfError && failed.code === 'CLAIM_LOST')) throw failed;
    });
  }
}

/** Some errors concern one file whatever the channel does; any other does so only when the channel took something else at the same time. A disk that fails is of neither. */
function isOfTheFile(error: unknown): boolean {
  if (isTransient(error)) return false;
  return !(error instanceof WharfError) || ['NAME_COLLISION', 'FILE_NAME_INVALID', 'INTERNAL'].includes(error.code);
}

async function tried(hand: InHand, work: () => Promise<void>): Promise<void> {
  if (hand.published || hand.error !== undefined) return;
  try {
    await work();
  } catch (error) {
    hand.error = error;
  }
}

/**
 * An earlier attempt was cut off after its temporary name was committed: finds out what became of it. Where the bytes still have that name, they are
 * published, never sent anew: two processes that think so give the same file its name once, and taking it back would make it look delivered.
 */
async function resume(channel: OpenChannel, hand: InHand): Promise<void> {
  const { fileName, temporaryName, size, sha256 } = hand.delivery;
  if (temporaryName === undefined) return;
  const staged: Staged = { temporaryName, finalName: fileName, size };
  const found = await channel.transport.witness(staged, sha256);
  failPoint('deliver.resumed');
  if (found === 'delivered') hand.published = true;
  else if (found === 'not-delivered') hand.staged = staged;
  else throw new WharfError('NAME_COLLISION', `the folder holds another file named ${fileName}`, { value: fileName });
}

/** The bytes of the small files that are to be staged, read at once; a large one is read when its turn comes. */
async function smallPayloads(context: PipelineContext, hands: readonly InHand[]): Promise<ReadonlyMap<number, Uint8Array>> {
  const wanted = hands.filter(({ delivery, ...hand }) => delivery.size <= SMALL && delivery.payload === 'outbox' && !hand.staged && !hand.published);
  const ids = wanted.map(({ delivery }) => delivery.id);
  return context.db.read((tx) => readWholePayloads(tx, 'outbox', ids));
}

async function stage(context: PipelineContext, channel: OpenChannel, hand: InHand, known: Uint8Array | undefined): Promise<void> {
  if (hand.staged) return;
  const { id, attempts, fileName, sha256, payload } = hand.delivery;
  const bytes = known ?? (await context.db.read((tx) => readWholePayload(tx, payload, id)));
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new WharfError('INTERNAL', `the stored bytes of ${fileName} have the hash ${found}, not ${sha256}`);
  // The name tells attempts apart, and processes: one that was thought dead must not finish what its heir began.
  hand.staged = await channel.transport.stage(fileName, bytes, `${id}-${attempts}-${context.owner.slice(-4)}`);
}

async function publish(channel: OpenChannel, hand: InHand): Promise<void> {
  if (!hand.staged) return;
  await channel.transport.publish(hand.staged);
  hand.published = true;
}

async function commitStaged(context: PipelineContext, hands: readonly InHand[]): Promise<void> {
  const staged = hands.filter((hand) => hand.staged && hand.error === undefined && hand.staged.temporaryName !== hand.delivery.temporaryName);
  if (staged.length === 0) return;
  const named = staged.map((hand) => ({ id: hand.delivery.id, temporaryName: hand.staged!.temporaryName }));
  await persist(context, async (tx) => {
    if (await markAllStaged(tx, context.owner, named)) return;
    for (const hand of staged) {
      const held = await markStaged(tx, hand.delivery.id, context.owner, hand.staged!.temporaryName);
      if (!held) hand.error = new WharfError('CLAIM_LOST', `outbox row ${hand.delivery.id} was taken over`);
    }
  });
}

async function commitOutcomes(context: PipelineContext, hands: readonly InHand[]): Promise<void> {
  const now = context.now();
  const works = hands.some(({ published }) => published);
  await Promise.all([
    commitAllSent(
      context,
      hands.flatMap(({ published, delivery }) => (published ? [delivery] : [])),
      now,
    ),
    ...hands.filter(({ published }) => !published).map((hand) => commitFailure(context, hand, works || isOfTheFile(hand.error), now)),
  ]);
}

/** Records all that was sent together; where one of them is not as it was, each for itself. */
async function commitAllSent(context: PipelineContext, deliveries: readonly Delivery[], now: number): Promise<void> {
  if (deliveries.length === 0) return;
  const sent = deliveries.map((delivery) => ({ id: delivery.id, acknowledgmentDueAt: acknowledgmentDue(context.config(), delivery, now) }));
  try {
    await persist(context, async (tx) => {
      await markAllSent(tx, context.owner, sent, now);
      for (const delivery of deliveries) await noteSent(tx, delivery, now);
    });
  } catch (error) {
    if (!(error instanceof WharfError && error.code === 'CLAIM_LOST')) throw error;
    await Promise.all(deliveries.map((delivery) => commitSent(context, delivery, now)));
  }
}

async function commitSent(context: PipelineContext, delivery: Delivery, now: number): Promise<void> {
  await persist(context, async (tx) => {
    await markSent(tx, { id: delivery.id, owner: context.owner }, now, acknowledgmentDue(context.config(), delivery, now));
    await noteSent(tx, delivery, now);
  });
}

function noteSent(tx: Tx, { id, partner, fileName, channel, size }: Delivery, now: number): Promise<void> {
  return note(tx, { at: now, verb: 'deliver', partner, outboxId: id, text: `${fileName}, ${size} bytes, to ${channel}` });
}

/**
 * What this attempt wrote and did not find again was never given its name: nobody else knew it, while the claim is ours. Of what an earlier attempt wrote
 * that cannot be said: there it counts as collected by the partner.
 */
function isSwept({ delivery, staged, error }: InHand): boolean {
  return error instanceof WharfError && error.code === 'DELIVERY_SWEPT' && staged?.temporaryName !== delivery.temporaryName;
}

/** A failure of the channel does not count against the file: it waits as long as it takes. One of the file alone is tried `retryAttempts` times. */
async function commitFailure(context: PipelineContext, hand: InHand, counted: boolean, now: number): Promise<void> {
  const { delivery, error } = hand;
  const code = error instanceof WharfError ? error.code : 'INTERNAL';
  if (code === 'CLAIM_LOST') return;
  const detail = error instanceof Error ? error.message : String(error);
  const claimed = { id: delivery.id, owner: context.owner };
  const { retryFirst, retryLongest, retryAttempts } = context.config().intervals;
  const again = !isOfTheFile(error) && (!counted || delivery.attempts < retryAttempts);
  context.log[again ? 'warn' : 'error']('a file could not be delivered', { step: 'deliver', channel: delivery.channel, outboxId: delivery.id, error });
  await persist(context, async (tx) => {
    if (again) {
      const pause = nextPause({ first: retryFirst, longest: counted ? retryLongest : retryFirst }, delivery.attempts);
      await retryLater(tx, queue, claimed, { dueAt: now + Math.round(pause), reason: code, detail, counted });
      if (isSwept(hand)) await forgetStaged(tx, delivery.id);
    } else {
      await park(tx, queue, claimed, { reason: code, detail });
      await note(tx, { at: now, verb: 'deliver', partner: delivery.partner, outboxId: delivery.id, text: `parked, ${code}: ${detail}` });
    }
  });
}
