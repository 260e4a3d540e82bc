import type { Partner } from '../config/types.ts';
import { encodingNamed } from '../formats/decode.ts';
import type { Encoding } from '../formats/x12/types.ts';
import { channelWithKey } from './context.ts';

/** What the channel of a file (`acme/out`) says of its encoding. */
export function channelEncoding(partner: Partner, channel: string | undefined): string | undefined {
  return channelWithKey(partner, channel)?.encoding;
}

/** What the channel of a file says of its encoding, as an option of the formats without an envelope: it comes before what the mapping says. */
export function recordEncoding(partner: Partner, channel: string | undefined): { readonly encoding?: string } {
  const encoding = channelEncoding(partner, channel);
  const known = encoding === undefined ? undefined : encodingNamed(encoding);
  return known === undefined ? {} : { encoding: known };
}

/** X12 in UTF-8 or windows-1252 shows itself; what a channel says of another encoding has to be said. */
export function x12Encoding(named: string | undefined): Encoding {
  const encoding = named === 'ebcdic' ? named : named && encodingNamed(named);
  if (encoding === 'iso-8859-1') return 'latin1';
  return encoding === 'ebcdic' || encoding === 'utf-8' || encoding === 'windows-1252' ? encoding : 'auto';
}
