import { reveal, type Secret } from '../config/secret.ts';
import type { Channel, Config } from '../config/types.ts';
import type { Log } from '../log.ts';
import { openFolder } from '../transports/folder.ts';
import { temporaryNames } from '../transports/names.ts';
import { openSftp } from '../transports/sftp.ts';
import type { Login } from '../transports/sftp/options.ts';
import type { Refusal, Transport } from '../transports/transport.ts';
import { channelLoggedIn } from './channel-health.ts';
import { channelKey, type OpenChannel } from './context.ts';

/** The channels of a configuration with their transports, which follow it when it changes. */
export type ChannelSet = {
  readonly current: () => ReadonlyMap<string, OpenChannel>;
  /** Opens what is new or changed, closes what is gone, keeps the rest as it is. */
  readonly follow: (config: Config) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens the transport of every channel. Nothing is touched or connected before a channel is used. */
export function openChannels(config: Config, log: Log): ChannelSet {
  let channels = opened(config, new Map());
  const close = async (gone: Iterable<OpenChannel>): Promise<void> => {
    const closing = [...gone].map(({ key, transport }) =>
      transport.close().catch((error: unknown) => log.warn('a channel did not close', { channel: key, error })),
    );
    await Promise.all(closing);
  };
  return {
    current: () => channels,
    follow: async (next) => {
      const before = channels;
      channels = opened(next, before);
      await close([...before.values()].filter((channel) => channels.get(channel.key) !== channel));
    },
    close: () => close(channels.values()),
  };
}

function opened(config: Config, before: ReadonlyMap<string, OpenChannel>): ReadonlyMap<string, OpenChannel> {
  const channels = new Map<string, OpenChannel>();
  for (const partner of config.partners.values()) {
    for (const channel of partner.channels) {
      const key = channelKey(partner.id, channel.name);
      const known = before.get(key);
      const { id, timezone, holidays } = partner;
      const same = known && fingerprint(known) === fingerprint({ channel, timezone, holidays });
      channels.set(key, same ? known : open({ key, partner: id, timezone, holidays, channel }));
    }
  }
  return channels;
}

function open(facts: Omit<OpenChannel, 'transport' | 'takeRefusals'>): OpenChannel {
  let refusals: Refusal[] = [];
  const refused = (refusal: Refusal): void => void refusals.push(refusal);
  const transport = openTransport(facts.channel, { refused, loggedIn: (login) => channelLoggedIn(made, login) });
  const takeRefusals = (): readonly Refusal[] => {
    const taken = refusals;
    refusals = [];
    return taken;
  };
  const made: OpenChannel = { ...facts, transport, takeRefusals };
  return made;
}

/** Who is told what a transport refuses to take, and which login its server took, from 0. */
export type Told = { readonly refused: (refusal: Refusal) => void; readonly loggedIn?: (login: number) => void };

/** The transport that a channel describes. */
export function openTransport(channel: Channel, { refused, loggedIn }: Told): Transport {
  const { directory, maxBytes, pattern, sentinel } = channel;
  const temporary = [...temporaryNames, ...(channel.temporary ?? [])];
  // With `*` everything is meant, and folders beside the files are no mistake.
  const names = pattern === '*' ? {} : { pattern: sentinel === undefined ? [pattern] : [pattern, `${pattern}${sentinel}`] };
  const common = { directory, maxBytes, temporary, refused, ...names };
  if (channel.type === 'folder') return openFolder(common);
  const { host, port, username, hostKeys, legacyAlgorithms } = channel;
  const auth = channel.auth.map(loginOf);
  const deadlines = { connectMs: channel.connect, operationMs: channel.operation };
  const { rename, verify } = channel;
  const delivery = { rename, verify, ...(sentinel === undefined ? {} : { sentinel }) };
  const connected = ({ login }: { readonly login: number }): void => loggedIn?.(login);
  return openSftp({ ...common, ...delivery, host, port, username, hostKeys, legacyAlgorithms, auth, deadlines, connected });
}

type Auth = Extract<Channel, { type: 'sftp' }>['auth'][number];

function loginOf(auth: Auth): Login {
  if ('password' in auth && auth.password) return { password: reveal(auth.password) };
  const { privateKey, passphrase } = auth as Extract<Auth, { privateKey: Secret }>;
  return { privateKey: reveal(privateKey), ...(passphrase ? { passphrase: reveal(passphrase) } : {}) };
}

/** Two channels with the same one need not be opened anew. Secrets count by their values. */
function fingerprint({ channel, timezone, holidays }: Pick<OpenChannel, 'channel' | 'timezone' | 'holidays'>): string {
  return JSON.stringify([timezone, holidays, channel, channel.type === 'sftp' ? channel.auth.map(loginOf) : []]);
}
