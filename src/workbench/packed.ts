import type { Config } from '../config/types.ts';
import { WharfError } from '../errors.ts';
import { unpack } from '../packing/packing.ts';
import { openingOf } from '../pipeline/packing.ts';

/** The same configuration, in which nothing is packed: what is tried and told with samples are files as they are inside. */
export function withoutPacking(config: Config): Config {
  const partners = [...config.partners].map(([id, partner]) => {
    const channels = partner.channels.map(({ compression: _compression, pgp: _pgp, ...channel }) => channel);
    return [id, { ...partner, channels }] as const;
  });
  return { ...config, partners: new Map(partners) };
}

/**
 * What is in a file of a partner whose channel packs its files; a file that is not packed is given as it is. @throws WharfError USAGE when there are
 * several files in it, PACKING_INVALID, PACKING_LIMIT, PGP_… as the daemon would find.
 */
export async function insideOf(
  config: Config,
  partner: string,
  file: { readonly name: string; readonly bytes: Uint8Array },
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const channels = config.partners.get(partner)?.channels.filter(({ direction }) => direction === 'in') ?? [];
  const packing = channels.map(openingOf).find((each) => each !== undefined);
  if (!packing || !looksPacked(file.bytes)) return file;
  const [first, ...others] = await unpack(file.name, file.bytes, packing, { bytes: config.limits.unpackedBytes });
  if (others.length > 0) throw new WharfError('USAGE', `${file.name} holds ${others.length + 1} files: unpack it and try one of them`, { value: file.name });
  return first!;
}

/** Whether bytes are a gzip file, a zip archive or an OpenPGP message; no business document begins like one. */
function looksPacked(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 40));
  const start = head.subarray(0, 2).toString('hex');
  const binaryPgp = (head[0] ?? 0) >= 0x80 && !['efbb', 'fffe', 'feff'].includes(start);
  return (
    start === '1f8b' ||
    head.subarray(0, 4).toString('hex') === '504b0304' ||
    head.toString('latin1').trimStart().startsWith('-----BEGIN PGP MESSAGE') ||
    binaryPgp
  );
}
