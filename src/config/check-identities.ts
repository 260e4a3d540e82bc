import { showPlace } from '../errors.ts';
import type { Place } from '../errors.ts';
import type { Checked } from './check.ts';
import { locateInLayers } from './layers.ts';
import type { Identity, IdentityPair, Problem } from './types.ts';
import { problem } from './yaml.ts';

/** Every interchange that may come has one partner: no pair of identities is claimed twice for the same usage, and none is both theirs and ours. */
export function checkIdentities({ partners }: Checked): readonly Problem[] {
  const claims = new Map<string, { readonly pair: IdentityPair; readonly partner: string; readonly place: Place }[]>();
  const problems: Problem[] = [];
  for (const { partner, layers, lost } of partners.values()) {
    // What told two of them apart may be what is wrong.
    if (lost.some(([section, , key]) => section === 'identities' && key !== undefined && key !== 'theirs')) continue;
    for (const [index, pair] of partner.identities.entries()) {
      const place = locateInLayers(layers, ['identities', index]);
      if (show(pair.theirs) === show(pair.ours)) {
        problems.push(problem(place, 'CONFIG_CONFLICT', `identities: ${show(pair.theirs)} is both theirs and ours`));
      }
      const key = [show(pair.theirs), show(pair.ours), pair.groupTheirs, pair.groupOurs].join('|');
      const earlier = claims.get(key) ?? [];
      const rival = earlier.find((claim) => !claim.pair.usage || !pair.usage || claim.pair.usage === pair.usage);
      if (rival) problems.push(claimedTwice(place, pair, rival));
      claims.set(key, [...earlier, { pair, partner: partner.id, place }]);
    }
  }
  return problems;
}

function claimedTwice(place: Place, pair: IdentityPair, rival: { readonly partner: string; readonly place: Place }): Problem {
  const message = `identities: interchanges from ${show(pair.theirs)} to ${show(pair.ours)} belong to ${rival.partner} already (${showPlace(rival.place)})`;
  return problem(place, 'CONFIG_CONFLICT', message, {
    remedy: 'Correct one of the two, or tell them apart with groupTheirs and groupOurs (GS02, GS03) or usage',
  });
}

function show(identity: Identity): string {
  return `${identity.qualifier}/${identity.id}`;
}
