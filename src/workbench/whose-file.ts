import { inboundForFile, partnerByIdentity } from '../config/find-partner.ts';
import type { Config, Partner } from '../config/types.ts';
import { didYouMean } from '../config/suggest.ts';
import { WharfError } from '../errors.ts';
import { sniffRecordFormat } from '../formats/sniff.ts';
import { readX12Sync } from '../formats/x12/read.ts';
import { looksLikeX12 } from '../formats/x12/sniff.ts';

export type GivenFile = { readonly name: string; readonly bytes: Uint8Array; readonly partner: string | undefined };

/**
 * Whose file this is: as named, by the identity in its envelope, or by the only mapping that takes it.
 * @throws WharfError NOT_FOUND, USAGE when nothing tells, CHANNEL_MISSING when the partner sends us nothing.
 */
export function whoseFile(config: Config, file: GivenFile): Partner {
  const isX12 = looksLikeX12(file.bytes.subarray(0, 4096));
  const format = isX12 ? 'x12' : sniffRecordFormat(file.bytes.subarray(0, 4096));
  const partner = file.partner === undefined ? guess(config, file, format) : named(config, file.partner);
  if (!partner.channels.some(({ direction }) => direction === 'in')) {
    throw new WharfError('CHANNEL_MISSING', `partner ${partner.id} has no inbound channel`, { value: partner.id });
  }
  return partner;
}

function named(config: Config, id: string): Partner {
  const partner = config.partners.get(id);
  if (partner) return partner;
  const known = [...config.partners.keys()];
  throw new WharfError('NOT_FOUND', `there is no partner ${id}${didYouMean(id, known)}`, { value: id, remedy: `Name one of: ${known.join(', ')}` });
}

function guess(config: Config, { name, bytes }: GivenFile, format: string): Partner {
  const partners = [...config.partners.values()];
  if (format === 'x12')
    return bySender(config, bytes) ?? partners.find(({ channels }) => channels.some(({ direction }) => direction === 'in')) ?? named(config, '');
  const takers = partners.filter((partner) => inboundForFile(config, partner, name, format).length > 0);
  const [only, ...others] = takers;
  if (only && others.length === 0) return only;
  const which = takers.length > 0 ? `it may be of ${takers.map(({ id }) => id).join(', ')}` : `no partner has a mapping for ${format} files named like this`;
  throw new WharfError('USAGE', `whose file is ${name}? ${which}; name it with --partner`, { value: name });
}

/** The partner that the first interchange names. One of an unknown sender may lie in anybody's folder: reading it says so. */
function bySender(config: Config, bytes: Uint8Array): Partner | undefined {
  const events = readX12Sync(bytes.subarray(0, 8192), { validate: false });
  const header = events.find((event) => event.kind === 'interchange')?.interchange;
  const found = header && partnerByIdentity(config, { sender: header.sender, receiver: header.receiver });
  return found && 'partner' in found ? found.partner : undefined;
}
