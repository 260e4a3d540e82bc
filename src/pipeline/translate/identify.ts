import type { Claimed } from '../../config/find-partner.ts';
import { partnerByIdentity } from '../../config/find-partner.ts';
import type { Config, Partner } from '../../config/types.ts';
import type { ErrorCode } from '../../errors.ts';
import type { GroupHeader, InterchangeHeader, Party } from '../../formats/x12/types.ts';

/** Why an interchange is not taken: it is kept, and a person decides. */
export type Trouble = { readonly code: ErrorCode; readonly detail: string };

/** Whose interchange it is and whether it may be taken: by the identities of the ISA, and where several partners share them, by those of the first group. */
export function identify(
  config: Config,
  channelPartner: string | undefined,
  header: InterchangeHeader,
  group: GroupHeader | undefined,
): { readonly partner: Partner | undefined; readonly trouble: Trouble | undefined } {
  const found = partnerByIdentity(config, claimedBy(header, group));
  if ('unknown' in found) return { partner: undefined, trouble: unknownSender(header, found.unknown) };
  return { partner: found.partner, trouble: troubleOf(found.partner, channelPartner, header) };
}

/** What is wrong with a further group: unless it is of the same partner as the first, nobody can tell whose the interchange is. */
export function strangeGroup(
  config: Config,
  { header, partner }: { readonly header: InterchangeHeader; readonly partner: Partner | undefined },
  group: GroupHeader,
): Trouble | undefined {
  const found = partnerByIdentity(config, claimedBy(header, group));
  if (!partner || ('partner' in found && found.partner.id === partner.id)) return undefined;
  const whose = 'partner' in found ? `is of ${found.partner.id}` : 'is of nobody known';
  return { code: 'SENDER_UNKNOWN', detail: `group ${group.control} of interchange ${header.control} ${whose}, though the first is of ${partner.id}` };
}

/** `ZZ/ACME` */
export function showParty(party: Party): string {
  return `${party.qualifier}/${party.id}`;
}

function claimedBy(header: InterchangeHeader, group: GroupHeader | undefined): Claimed {
  return {
    sender: header.sender,
    receiver: header.receiver,
    usage: header.usage === 'T' ? 'test' : 'production',
    ...(group ? { groupSender: group.sender, groupReceiver: group.receiver } : {}),
  };
}

function unknownSender(header: InterchangeHeader, code: 'SENDER_UNKNOWN' | 'RECEIVER_NOT_OURS'): Trouble {
  return { code, detail: `interchange ${header.control} is from ${showParty(header.sender)} to ${showParty(header.receiver)}` };
}

function troubleOf(partner: Partner, channelPartner: string | undefined, header: InterchangeHeader): Trouble | undefined {
  if (channelPartner !== undefined && channelPartner !== partner.id) {
    return { code: 'SENDER_NOT_OF_CHANNEL', detail: `interchange ${header.control} names ${partner.id} but came through a channel of ${channelPartner}` };
  }
  const test = header.usage === 'T';
  if ((test && partner.usage === 'production') || (!test && partner.usage === 'test')) {
    return { code: 'USAGE_MISMATCH', detail: `interchange ${header.control} has ISA15 ${header.usage}, partner ${partner.id} is set to ${partner.usage}` };
  }
  return undefined;
}
