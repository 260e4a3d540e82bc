import { dirname, resolve } from 'node:path';
import type { Channel } from './channel-schema.ts';
import type { Gateway } from './gateway-schema.ts';
import { locateInLayers, originOf } from './layers.ts';
import type { Layers } from './layers.ts';
import type { RawPartner } from './partner-schema.ts';
import { lacks } from './prune.ts';
import type { Pruned } from './prune.ts';
import type { IdentityPair, Partner, Problem } from './types.ts';
import { problem } from './yaml.ts';
import type { Path } from './yaml.ts';

/** `lost`: channels of which nobody knows the direction. */
type Resolved = { readonly partner: Partner; readonly lost: readonly Path[]; readonly problems: readonly Problem[] };

/** A partner with nothing left open: identities complete, folders absolute (each against the file that names it), directions known, shared tables added. */
export function resolvePartner(
  { value: raw, layers, lost }: Pruned<RawPartner>,
  gateway: Gateway,
  tables: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Resolved {
  const channels = Object.keys(raw.channels).map((name) => resolveChannel(name, raw, layers, gateway));
  const undirected = Object.keys(raw.channels).filter((_name, index) => channels[index] === undefined);
  const unsaid = undirected.filter((name) => !lacks(lost, ['channels', name, 'direction']));
  const { extends: _template, ...rest } = raw;
  const partner: Partner = {
    ...rest,
    timezone: raw.timezone ?? gateway.company.timezone,
    identities: raw.identities.map((entry) => resolveIdentity(entry, gateway)),
    channels: channels.filter((channel) => channel !== undefined),
    tables: { ...tables, ...raw.tables },
  };
  return { partner, lost: undirected.map((name) => ['channels', name]), problems: unsaid.map((name) => withoutDirection(name, layers)) };
}

function withoutDirection(name: string, layers: Layers): Problem {
  return problem(locateInLayers(layers, ['channels', name], 'key'), 'CONFIG_MISSING', `channels.${name} does not say its direction`, {
    remedy: 'Add `direction: in` or `direction: out`, or let the name begin with in or out',
  });
}

function resolveIdentity(entry: RawPartner['identities'][number], gateway: Gateway): IdentityPair {
  const ours = entry.ours ?? gateway.company.identity;
  return {
    theirs: entry.theirs,
    ours,
    groupTheirs: entry.groupTheirs ?? entry.theirs.id,
    groupOurs: entry.groupOurs ?? ours.id,
    usage: entry.usage,
  };
}

function resolveChannel(name: string, partner: RawPartner, layers: Layers, gateway: Gateway): Channel | undefined {
  const raw = partner.channels[name]!;
  const direction = raw.direction ?? /^(in|out)(?![a-z])/.exec(name)?.[1];
  if (direction !== 'in' && direction !== 'out') return undefined;
  const directory = raw.directory.replaceAll('{partner}', partner.id);
  const namedIn = originOf(layers, ['channels', name, 'directory'])?.yaml.file ?? gateway.partners;
  return {
    ...raw,
    name,
    direction,
    directory: raw.type === 'folder' ? resolve(dirname(namedIn), directory) : directory,
    quiet: raw.quiet ?? gateway.intervals.quiet,
    poll: raw.poll ?? gateway.intervals.poll,
    maxBytes: raw.maxBytes ?? gateway.limits.fileBytes,
  };
}
