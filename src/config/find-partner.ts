import { matchesGlob } from 'node:path';
import type { Kind } from '../canonical/document.ts';
import type { Channel, Config, ConfiguredMapping, Identity, IdentityPair, InboundEntry, OutboundEntry, Partner } from './types.ts';

/** The identities that an interchange and its group carry. */
export type Claimed = {
  readonly sender: Identity;
  readonly receiver: Identity;
  readonly groupSender?: string;
  readonly groupReceiver?: string;
  /** By ISA15. */
  readonly usage?: 'production' | 'test';
};

export type Sender = { readonly partner: Partner; readonly identity: IdentityPair };
export type NoSender = { readonly unknown: 'SENDER_UNKNOWN' | 'RECEIVER_NOT_OURS' };

const byTheirs = new WeakMap<Config, ReadonlyMap<string, readonly Sender[]>>();

/**
 * The partner with these identities. The ids of the group decide where two partners share an interchange identity; where they decide nothing,
 * an interchange still has its partner, since many senders fill GS02 and GS03 freely. Where several partners fit, none is guessed.
 */
export function partnerByIdentity(config: Config, claimed: Claimed): Sender | NoSender {
  const senders = indexOf(config).get(key(claimed.sender)) ?? [];
  if (senders.length === 0) return { unknown: 'SENDER_UNKNOWN' };
  const ours = senders.filter(({ identity }) => key(identity.ours) === key(claimed.receiver) && fitsUsage(identity, claimed));
  if (ours.length === 0) return { unknown: 'RECEIVER_NOT_OURS' };
  const exact = ours.filter(({ identity }) => fitsGroup(identity, claimed));
  const [first, ...others] = exact.length > 0 ? exact : ours;
  return first && others.every(({ partner }) => partner.id === first.partner.id) ? first : { unknown: 'SENDER_UNKNOWN' };
}

/** The identities under which we send to a partner: those for this usage, otherwise those for any. */
export function identityFor(partner: Partner, usage: 'production' | 'test'): IdentityPair | undefined {
  return partner.identities.find((pair) => pair.usage === usage) ?? partner.identities.find((pair) => pair.usage === undefined);
}

/** The mapping of a partner for an X12 transaction set of a version (GS08), or undefined. */
export function inboundForSet(config: Config, partner: Partner, set: string, version: string): ConfiguredMapping | undefined {
  return inboundMappings(config, partner).find(
    ({ entry, mapping }) => mapping.side.format === 'x12' && mapping.side.options['set'] === set && takesVersion(entry, version),
  )?.mapping;
}

/** The mappings of a partner that may be meant for a file without envelope, in the order of the partner file; more than one only where neither name nor format decides. */
export function inboundForFile(config: Config, partner: Partner, fileName: string, format: string | undefined): readonly ConfiguredMapping[] {
  return inboundMappings(config, partner)
    .filter(({ entry, mapping }) => mapping.side.format !== 'x12' && matchesName(entry.files, fileName) && (!format || mapping.side.format === format))
    .map(({ mapping }) => mapping);
}

export type Outbound = { readonly entry: OutboundEntry; readonly mapping: ConfiguredMapping; readonly channel: Channel };

/** What a partner gets when there is a canonical document of this kind, for an order of this type (BEG02) where there is one. */
export function outboundFor(config: Config, partner: Partner, kind: Kind, orderType?: string): readonly Outbound[] {
  return partner.outbound.flatMap((entry) => {
    const mapping = config.mappings.get(entry.mapping);
    const channel = outboundChannel(partner, entry.channel);
    if (!mapping || mapping.document !== kind || !channel) return [];
    if (entry.orderTypes && orderType !== undefined && !entry.orderTypes.includes(orderType)) return [];
    return [{ entry, mapping, channel }];
  });
}

/** The outbound channel of this name, or the only one where none is named. */
export function outboundChannel(partner: Partner, name: string | undefined): Channel | undefined {
  const channels = partner.channels.filter((channel) => channel.direction === 'out');
  if (name !== undefined) return channels.find((channel) => channel.name === name);
  return channels.length === 1 ? channels[0] : channels.find((channel) => channel.name === 'out');
}

export type Location = { readonly code: string; readonly kind: 'warehouse' | 'vendor'; readonly partner: Partner };

/** The places that goods can ship from, by our code. */
export function locations(config: Config): ReadonlyMap<string, Location> {
  const result = new Map<string, Location>();
  for (const partner of config.partners.values()) {
    if (partner.warehouse) result.set(partner.warehouse.code, { code: partner.warehouse.code, kind: 'warehouse', partner });
    if (partner.vendor) result.set(partner.vendor.code, { code: partner.vendor.code, kind: 'vendor', partner });
  }
  return result;
}

/** Whether a channel rests at this minute: `day` is `mon` … `sun` and `time` `14:05`, both in the partner's time zone. */
export function isClosed(channel: Channel, day: string, time: string): boolean {
  return (channel.closed ?? []).some(({ from, to, days }) => {
    const overnight = from > to;
    const inside = overnight ? time >= from || time < to : time >= from && time < to;
    const began = overnight && time < to ? dayBefore(day) : day;
    return inside && (days === undefined || (days as readonly string[]).includes(began));
  });
}

const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function dayBefore(day: string): string {
  return week[(week.indexOf(day) + 6) % 7] ?? day;
}

function inboundMappings(config: Config, partner: Partner): readonly { readonly entry: InboundEntry; readonly mapping: ConfiguredMapping }[] {
  return partner.inbound.flatMap((entry) => {
    const mapping = config.mappings.get(entry.mapping);
    return mapping ? [{ entry, mapping }] : [];
  });
}

function fitsGroup(identity: IdentityPair, claimed: Claimed): boolean {
  const theirs = claimed.groupSender === undefined || identity.groupTheirs === claimed.groupSender;
  return theirs && (claimed.groupReceiver === undefined || identity.groupOurs === claimed.groupReceiver);
}

function fitsUsage(identity: IdentityPair, claimed: Claimed): boolean {
  return identity.usage === undefined || claimed.usage === undefined || identity.usage === claimed.usage;
}

function takesVersion(entry: InboundEntry, version: string): boolean {
  return entry.versions === undefined || entry.versions.some((each) => version.startsWith(each));
}

/** Letter case is ignored, as channels do. */
function matchesName(glob: string | undefined, fileName: string): boolean {
  return glob === undefined || matchesGlob(fileName.toLowerCase(), glob.toLowerCase());
}

function indexOf(config: Config): ReadonlyMap<string, readonly Sender[]> {
  const known = byTheirs.get(config);
  if (known) return known;
  const senders = [...config.partners.values()].flatMap((partner) => partner.identities.map((identity) => ({ partner, identity })));
  const index = Map.groupBy(senders, ({ identity }) => key(identity.theirs));
  byTheirs.set(config, index);
  return index;
}

function key(identity: Identity): string {
  return `${identity.qualifier}/${identity.id}`;
}
