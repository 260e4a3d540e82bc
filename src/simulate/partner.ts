import { identityFor } from '../config/find-partner.ts';
import type { Partner } from '../config/types.ts';
import { WharfError } from '../errors.ts';
import type { Misbehaviour } from './misbehave.ts';
import { spoil } from './misbehave.ts';
import type { OrderableItem } from './orders.ts';
import { makeOrder, orderSet } from './orders.ts';
import { seededRandom } from './random.ts';
import { answerAsVendor } from './vendor.ts';
import { answerAsWarehouse } from './warehouse.ts';
import type { Drop, PeerEnvelope, Received } from './x12-peer.ts';
import { makePeer, readOurs } from './x12-peer.ts';

/** A partner that plays its part: it orders, and answers what it gets. */
export type SimulatedPartner = {
  /** So many orders, each in a file of its own, as the partner drops them. @throws WharfError NOT_FOUND when it orders nothing we know. */
  readonly orders: (count: number) => readonly { readonly number: string; readonly drops: readonly Drop[] }[];
  /** What it drops in answer to a file of ours: a 997, and what its kind ships. @throws Error when a partner would refuse the file. */
  readonly answer: (bytes: Uint8Array) => { readonly received: Received; readonly drops: readonly Drop[] };
};

export type Simulation = {
  readonly partner: Partner;
  readonly items: readonly OrderableItem[];
  readonly seed: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly wrong: ReadonlySet<Misbehaviour>;
};

/** The front of SSCCs that GS1 keeps for examples. */
const PREFIX = '9521111';
const DAY = 86_400_000;

/** A partner made from its profile. The same seed gives the same orders. @throws WharfError CONFIG_MISSING when it does not speak X12. */
export function simulatePartner({ partner, items, seed, now, wrong }: Simulation): SimulatedPartner {
  const envelope = envelopeOf(partner, now);
  // Control numbers that no earlier simulation has used.
  const peer = makePeer((Math.floor(now / 1000) % 900_000_000) + 1);
  const random = seededRandom(seed);
  const stamp = (at: number): string => new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
  const answering = { ...peer, acknowledge: (received: Received) => peer.acknowledge(received, wrong.has('reject')) };
  return {
    orders: (count) => {
      const set = orderSet(partner);
      if (set === undefined || items.length === 0) {
        const why =
          set === undefined
            ? `a ${partner.role} does not order`
            : `no item has an identifier of ${partner.id} or a bar code; import some with \`wharf items import\``;
        throw new WharfError('NOT_FOUND', why, { value: partner.id });
      }
      return Array.from({ length: count }, (_, index) => {
        const number = `SIM-${seed}-${index + 1}`;
        const tree = makeOrder({ partner, items, random, date: stamp(now), cancelAfter: stamp(now + 30 * DAY) }, number);
        return { number, drops: spoil(peer.send(set, [tree], envelope), wrong) };
      });
    },
    answer: (bytes) => {
      const received = readOurs(bytes);
      return { received, drops: answerAs(partner, answering, received, bytes, wrong) };
    },
  };
}

function answerAs(
  partner: Partner,
  peer: ReturnType<typeof makePeer>,
  received: Received,
  bytes: Uint8Array,
  wrong: ReadonlySet<Misbehaviour>,
): readonly Drop[] {
  if (partner.role === 'warehouse' && !wrong.has('reject')) return answerAsWarehouse(peer, PREFIX, bytes);
  if (partner.role === 'vendor' && !wrong.has('reject')) return answerAsVendor(peer, PREFIX, bytes);
  const answer = peer.acknowledge(received);
  return answer ? [answer] : [];
}

function envelopeOf(partner: Partner, now: number): PeerEnvelope {
  const usage = partner.usage === 'test' ? 'test' : 'production';
  const identity = identityFor(partner, usage);
  if (!identity)
    throw new WharfError('CONFIG_MISSING', `partner ${partner.id} has no X12 identity: only partners who speak X12 can be simulated`, { value: partner.id });
  const stamp = new Date(now).toISOString();
  return {
    sender: identity.theirs,
    receiver: identity.ours,
    groupSender: identity.groupTheirs,
    groupReceiver: identity.groupOurs,
    version: partner.x12.version,
    usage: usage === 'test' ? 'T' : 'P',
    date: stamp.slice(2, 10).replaceAll('-', ''),
    time: stamp.slice(11, 16).replace(':', ''),
    delimiters: partner.x12.delimiters,
  };
}
