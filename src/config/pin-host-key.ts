import { readFile, rename, writeFile } from 'node:fs/promises';
import { isMap, parseDocument } from 'yaml';
import { WharfError } from '../errors.ts';
import { mergeLayers } from './layers.ts';
import { memberOf, textOf } from './plain.ts';
import { partnerLayers, readSources } from './sources.ts';

/** The server of an SFTP channel, as its files say: even where the configuration has errors yet, such as a host key that is missing. */
export type ChannelServer = {
  /** The partner file. */
  readonly file: string;
  readonly host: string;
  readonly port: number;
  readonly legacyAlgorithms: boolean;
  readonly hostKeys: readonly string[];
};

/** Two slots: the present key and the next one, so that a partner can change it without a gap. */
const SLOTS = 2;

/** @throws WharfError NOT_FOUND when there is no such partner or no such SFTP channel. */
export async function readChannelServer(gatewayFile: string, partner: string, channel: string): Promise<ChannelServer> {
  const sources = await readSources(gatewayFile);
  const yaml = sources.gateway && sources.partners.get(partner);
  if (!yaml) throw new WharfError('NOT_FOUND', `no partner file is called ${partner}`, { value: partner });
  const merged = memberOf(memberOf(mergeLayers(partnerLayers(sources, yaml).layers), 'channels'), channel);
  const host = textOf(merged, 'host');
  if (textOf(merged, 'type') !== 'sftp' || host === undefined)
    throw new WharfError('NOT_FOUND', `${partner} has no SFTP channel ${channel}`, { place: { file: yaml.file }, value: channel });
  const keys = memberOf(merged, 'hostKeys');
  return {
    file: yaml.file,
    host,
    port: Number(textOf(merged, 'port') ?? 22),
    legacyAlgorithms: textOf(merged, 'legacyAlgorithms') === 'true',
    hostKeys: Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [],
  };
}

/** Writes a host key into the partner file, before the one that was there; comments and order stay. Gives the keys that are pinned now. */
export async function writeHostKey(server: ChannelServer, channel: string, key: string): Promise<readonly string[]> {
  const keys = [key, ...server.hostKeys.filter((known) => known.startsWith('SHA256:') && known.length > 20 && known !== key)].slice(0, SLOTS);
  const document = parseDocument(await readFile(server.file, 'utf8'));
  if (!isMap(document.getIn(['channels', channel])))
    throw new WharfError('CONFIG_REFERENCE', `the channel ${channel} does not stand in this file but in its template: write hostKeys there`, {
      place: { file: server.file },
      value: key,
    });
  document.setIn(['channels', channel, 'hostKeys'], document.createNode(keys, { flow: true }));
  // Its own name first: a daemon that follows the folder must never read half a file.
  const temporary = `${server.file}.tmp`;
  await writeFile(temporary, document.toString({ lineWidth: 0 }));
  await rename(temporary, server.file);
  return keys;
}
