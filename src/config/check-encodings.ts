import { encodingNamed } from '../formats/decode.ts';
import type { Checked } from './check.ts';
import { outboundChannel } from './find-partner.ts';
import { locateInLayers } from './layers.ts';
import type { LayeredPartner } from './load.ts';
import type { Problem } from './types.ts';
import { problem } from './yaml.ts';

/** What files of a format can be written in; those without an entry, in any but EBCDIC. */
const writtenIn: Readonly<Record<string, readonly string[]>> = {
  x12: ['utf-8', 'iso-8859-1', 'windows-1252', 'ebcdic'],
  xml: ['utf-8', 'us-ascii'],
  json: ['utf-8'],
};

/** What leaves by a channel can be written in the encoding that the channel names. */
export function checkEncodings({ partner, layers }: LayeredPartner, { config }: Checked): readonly Problem[] {
  const sent = partner.outbound.map(({ mapping, channel }) => ({ what: mapping, format: config.mappings.get(mapping)?.side.format, channel }));
  const { kind, channel } = partner.acknowledgments;
  const all = kind === 'none' || partner.identities.length === 0 ? sent : [...sent, { what: `the ${kind}`, format: 'x12', channel }];
  const found = new Map<string, Problem>();
  for (const { what, format, channel: wanted } of all) {
    const { name, encoding } = outboundChannel(partner, wanted) ?? {};
    if (name === undefined || encoding === undefined || format === undefined || found.has(name)) continue;
    const known = writtenIn[format];
    const canonical = encodingNamed(encoding);
    if (known ? known.includes(canonical ?? encoding) : canonical) continue;
    const message = `channels.${name}.encoding: ${what} is ${format}, which is not written in ${encoding}`;
    const remedy = known ? `Use one of: ${known.join(', ')}` : 'Use utf-8, or what the partner reads: windows-1252, cp850 …';
    found.set(name, problem(locateInLayers(layers, ['channels', name, 'encoding']), 'CONFIG_CONFLICT', message, { remedy }));
  }
  return [...found.values()];
}
