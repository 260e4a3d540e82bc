import { createHash } from 'node:crypto';
import { pack } from '../../packing/packing.ts';
import type { Rendered } from '../../store/rendering.ts';
import { channelWithKey } from '../context.ts';
import { sealingOf } from '../packing.ts';
import { partnerOf, type Work } from '../work.ts';

/**
 * What was written, packed where its channel (`acme/out`) says so. It is done once, with the control numbers: encrypted twice, the same bytes differ.
 * @throws WharfError PGP_KEY_INVALID.
 */
export async function seal(work: Pick<Work, 'config'>, id: string, channel: string, rendered: Rendered): Promise<Rendered> {
  const found = channelWithKey(partnerOf(work.config, id), channel);
  const packing = found && sealingOf(found);
  if (!packing) return rendered;
  const bytes = await pack(rendered.fileName, rendered.bytes, packing);
  return { ...rendered, packed: { bytes, sha256: createHash('sha256').update(bytes).digest('hex') } };
}
