import { checkChannels } from './check-channels.ts';
import { checkEncodings } from './check-encodings.ts';
import { checkIdentities } from './check-identities.ts';
import { checkSides, checkTables, checkUnused } from './check-mappings.ts';
import { checkPartner } from './check-partner.ts';
import { checkClearSecrets } from './check-secrets.ts';
import { locateInLayers } from './layers.ts';
import type { LayeredPartner } from './load.ts';
import { lacks } from './prune.ts';
import type { Sources } from './sources.ts';
import type { Config, Problem } from './types.ts';
import { problem } from './yaml.ts';

/** A configuration of which the parts whose shape is wrong are left out, with the files it came from. */
export type Checked = { readonly config: Config; readonly sources: Sources; readonly partners: ReadonlyMap<string, LayeredPartner> };

/** Whether the configuration makes sense: that what it names is there, that no two settings contradict each other, and that nothing is left unused. */
export function checkConfig(checked: Checked): readonly Problem[] {
  // While a partner file cannot be read, nobody knows what it uses.
  const used = [['inbound'], ['outbound'], ['extends']];
  const partnersAreWhole =
    checked.partners.size === checked.sources.partners.size &&
    checked.sources.broken.partners.length === 0 &&
    ![...checked.partners.values()].some(({ lost }) => used.some((path) => lacks(lost, path)));
  return [
    ...[...checked.partners.values()].flatMap((each) => [...checkPartner(each, checked), ...checkEncodings(each, checked)]),
    ...checkIdentities(checked),
    ...checkChannels(checked),
    ...checkLocations(checked),
    ...(partnersAreWhole ? checkUnused(checked) : []),
    ...checkSides(checked),
    ...checkTables(checked),
    ...(partnersAreWhole ? checkTemplates(checked) : []),
    ...checkClearSecrets(checked.sources),
  ];
}

/** No two partners are the same location. */
function checkLocations({ partners }: Checked): readonly Problem[] {
  const taken = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { partner, layers } of partners.values()) {
    for (const role of ['warehouse', 'vendor'] as const) {
      const code = partner[role]?.code;
      if (code === undefined) continue;
      const other = taken.get(code);
      if (other !== undefined) {
        const message = `${role}.code: ${JSON.stringify(code)} is the location of ${other} too`;
        problems.push(problem(locateInLayers(layers, [role, 'code']), 'CONFIG_CONFLICT', message));
      }
      taken.set(code, partner.id);
    }
  }
  return problems;
}

function checkTemplates({ sources, partners }: Checked): readonly Problem[] {
  const used = new Set([...partners.values()].flatMap(({ layers }) => layers.map((layer) => layer.yaml.file)));
  return [...sources.templates]
    .filter(([, yaml]) => !used.has(yaml.file))
    .map(([name, yaml]) => problem(yaml.locate([]), 'CONFIG_UNUSED', `no partner extends the template ${name}`, { severity: 'warning' }));
}
