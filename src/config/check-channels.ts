import { showPlace } from '../errors.ts';
import type { Place } from '../errors.ts';
import type { Checked } from './check.ts';
import { locateInLayers } from './layers.ts';
import type { LayeredPartner } from './load.ts';
import { lacks } from './prune.ts';
import type { Channel, Problem } from './types.ts';
import { problem } from './yaml.ts';

type Use = { readonly channel: Channel; readonly partner: string; readonly place: Place; readonly keysPlace: Place; readonly key: string };

/** No file is picked up by two channels, and none that is sent is picked up again. */
export function checkChannels({ partners }: Checked): readonly Problem[] {
  const uses = [...partners.values()].flatMap(usesOf);
  const byPlace = Map.groupBy(uses, (use) => use.key);
  return [...[...byPlace.values()].flatMap(sharing), ...uses.flatMap(checkMove), ...uses.flatMap(checkKeys), ...uses.flatMap(checkSentinel)];
}

function usesOf({ partner, layers, lost }: LayeredPartner): readonly Use[] {
  const clear = partner.channels.filter(({ name }) => !['direction', 'pattern', 'port'].some((key) => lacks(lost, ['channels', name, key])));
  return clear.map((channel) => ({
    channel,
    partner: partner.id,
    place: locateInLayers(layers, ['channels', channel.name, 'directory']),
    keysPlace: locateInLayers(layers, ['channels', channel.name, 'pgp']),
    key: channel.type === 'folder' ? channel.directory : `${channel.username}@${channel.host}:${channel.port}/${channel.directory.replace(/\/+$/, '')}`,
  }));
}

function sharing(uses: readonly Use[]): readonly Problem[] {
  const inbound = uses.filter((use) => use.channel.direction === 'in');
  const outbound = uses.filter((use) => use.channel.direction === 'out');
  const loops = inbound[0] && outbound[0] ? [loop(inbound[0], outbound[0])] : [];
  const rivals = inbound.flatMap((use, index) => {
    const other = inbound.slice(0, index).find((earlier) => overlaps(earlier.channel, use.channel));
    return other ? [overlap(use, other)] : [];
  });
  return [...loops, ...rivals];
}

function loop(inbound: Use, outbound: Use): Problem {
  const message = `what is sent to ${outbound.partner} would be picked up again as coming from ${inbound.partner}: channel ${inbound.channel.name} at ${showPlace(inbound.place)} looks at the same folder`;
  return problem(outbound.place, 'CONFIG_CONFLICT', message, { remedy: 'Give the two channels different folders' });
}

function overlap(use: Use, other: Use): Problem {
  const message = `channel ${other.channel.name} of ${other.partner} picks up the same files (${showPlace(other.place)})`;
  return problem(use.place, 'CONFIG_CONFLICT', message, { remedy: 'Give the two channels different folders, or patterns that no name fits both of' });
}

/** Two patterns surely overlap when they are equal or one takes everything; others are left to whoever wrote them. */
function overlaps(a: Channel, b: Channel): boolean {
  return a.pattern === b.pattern || a.pattern === '*' || b.pattern === '*';
}

function checkMove({ channel, place }: Use): readonly Problem[] {
  if (channel.moveTo === undefined || /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(channel.moveTo)) return [];
  return [problem(place, 'CONFIG_VALUE', `channels.${channel.name}.moveTo: ${JSON.stringify(channel.moveTo)} is not the plain name of a folder`)];
}

/** A channel that takes in opens, one that sends seals. */
function checkKeys({ channel, keysPlace }: Use): readonly Problem[] {
  const { direction, name, pgp } = channel;
  if (!pgp) return [];
  const strange = (direction === 'in' ? (['sign', 'encrypt'] as const) : (['decrypt', 'verify'] as const)).filter((key) => pgp[key] !== undefined);
  return strange.map((key) =>
    problem(
      keysPlace,
      'CONFIG_CONFLICT',
      `channels.${name}.pgp.${key}: the channel is ${direction === 'in' ? 'for files that come in' : 'for files that go out'}`,
      {
        remedy: direction === 'in' ? 'Use `decrypt` and `verify` here' : 'Use `sign` and `encrypt` here',
      },
    ),
  );
}

/** A mark beside a file that is sent is for servers on which it cannot be renamed. */
function checkSentinel({ channel, place }: Use): readonly Problem[] {
  const { direction, name, sentinel } = channel;
  if (direction === 'in' || sentinel === undefined || (channel.type === 'sftp' && channel.rename === 'none')) return [];
  const message = `channels.${name}.sentinel: a file that is sent gets its name when it is whole`;
  return [problem(place, 'CONFIG_CONFLICT', message, { remedy: 'Leave it out; on an SFTP server that lets nobody rename, add `rename: none`' })];
}
