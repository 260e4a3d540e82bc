import type { Channel, Config } from '../config/types.ts';
import { keyTroubles } from '../pipeline/alerts/keys.ts';
import { channelKey } from '../pipeline/context.ts';
import { openTransport } from '../pipeline/open-channels.ts';
import type { Diagnosis } from './diagnosis.ts';
import { ill, illness, well } from './diagnosis.ts';

/** Channels that are tried at the same time. */
const AT_ONCE = 8;

/**
 * Tries every channel: whether its folder is there, or its server shows the pinned key and takes the login, and what it can do. Small files of our
 * own are made and removed; nothing of the partner's is touched.
 */
export async function examineChannels(config: Config, now: number): Promise<readonly Diagnosis[]> {
  const waiting = [...config.partners.values()].flatMap(({ id, channels }) => channels.map((channel) => ({ key: channelKey(id, channel.name), channel })));
  const found = new Map<string, readonly Diagnosis[]>();
  const keys = waiting.map(({ key }) => key);
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) found.set(next.key, await examineChannel(next, now));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return keys.flatMap((key) => found.get(key) ?? []);
}

type Named = { readonly key: string; readonly channel: Channel };

async function examineChannel({ key, channel }: Named, now: number): Promise<readonly Diagnosis[]> {
  return [...(await examineTransport(key, channel)), ...(await examineKeys({ key, channel }, now))];
}

async function examineKeys({ key, channel }: Named, now: number): Promise<readonly Diagnosis[]> {
  const troubles = await keyTroubles([{ key, channel }], now);
  return troubles.map(({ subject, detail, atOnce }) =>
    ill(atOnce ? 'error' : 'warning', key, 'PGP_KEY_INVALID', `${subject.slice(key.length + 1)}: ${detail}`),
  );
}

async function examineTransport(key: string, channel: Channel): Promise<readonly Diagnosis[]> {
  const transport = openTransport(channel, { refused: () => undefined });
  try {
    const { write, rename, weaknesses } = await transport.probe();
    const found: Diagnosis[] = [];
    if (!write) {
      const text = channel.direction === 'in' ? 'files can be read but not taken away' : 'files cannot be written';
      found.push(ill('error', key, channel.type === 'folder' ? 'FOLDER_UNUSABLE' : 'SFTP_REFUSED', `${text}: ${weaknesses.join('; ')}`));
    } else if (weaknesses.length > 0 || !rename)
      found.push(ill('warning', key, 'CHANNEL_WEAK', weaknesses.join('; ') || 'there is no rename that refuses to replace'));
    found.push(...weakBySetting(channel).map((text) => ill('warning', key, 'CHANNEL_WEAK', text)));
    const where = channel.type === 'folder' ? channel.directory : `${channel.username}@${channel.host}:${channel.port}, its key is pinned, the login works`;
    return found.length > 0 ? found : [well(key, where)];
  } catch (error) {
    return [illness(key, error)];
  } finally {
    await transport.close().catch(() => undefined);
  }
}

/** What the configuration allows and a safe transfer would not. */
export function weakBySetting(channel: Channel): readonly string[] {
  if (channel.type !== 'sftp') return [];
  const out = channel.direction === 'out';
  return [
    ...(channel.legacyAlgorithms ? ['algorithms that are no longer thought safe are allowed'] : []),
    ...(out && channel.rename === 'none' ? ['files are written under their final name: the partner may see one in part'] : []),
    ...(out && channel.rename === 'posix' ? ['a rename may replace a file of the same name and instant'] : []),
  ];
}
