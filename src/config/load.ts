import { dirname, resolve } from 'node:path';
import { showPlace } from '../errors.ts';
import { checkConfig } from './check.ts';
import { readEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';
import { deepFreeze } from './freeze.ts';
import { gatewaySchema } from './gateway-schema.ts';
import type { DatabaseSettings, Gateway } from './gateway-schema.ts';
import type { Layers } from './layers.ts';
import { hashOf, loadMappings, loadTables } from './load-mappings.ts';
import type { Table } from './load-mappings.ts';
import { partnerSchema } from './partner-schema.ts';
import { resolvePartner } from './resolve-partner.ts';
import { provideSecrets } from './secrets.ts';
import { partnerLayers, readSources } from './sources.ts';
import type { Sources } from './sources.ts';
import type { Config, Partner, Problem } from './types.ts';
import { validate } from './validate.ts';
import { problem, showFile } from './yaml.ts';
import type { YamlFile } from './yaml.ts';

/** The configuration, or every error in it. Warnings come with either, after the errors. */
export type LoadResult =
  | { readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly config?: undefined; readonly problems: readonly Problem[] };

/** A partner together with the layers that its values come from. */
export type LayeredPartner = { readonly partner: Partner; readonly layers: Layers };

/**
 * Reads config/gateway.yaml and all that it names, compiles the mappings, fetches the secrets and checks that all fits together.
 * Nothing throws for bad configuration: all problems come back at once, sorted by their place.
 */
export async function loadConfig(path: string, environment: Environment = readEnvironment()): Promise<LoadResult> {
  const sources = await readSources(path);
  if (!sources.gateway) return { problems: sources.problems };
  return loadSources(sources, (holders) => provideSecrets(holders, sources.gateway.file, environment));
}

/** The configuration of files that are not the present ones, to compare with. Its secrets are left out, so that nothing can be done with it but mapping. */
export function loadWithoutSecrets(sources: Sources): Promise<LoadResult> {
  return loadSources(sources, () => Promise.resolve([]));
}

type Holders = Parameters<typeof provideSecrets>[0];

async function loadSources(sources: Sources, provide: (holders: Holders) => Promise<readonly Problem[]>): Promise<LoadResult> {
  const gatewayLayers: Layers = [{ yaml: sources.gateway, prefix: [] }];
  const gateway = validate(gatewaySchema, gatewayLayers);
  const mappings = loadMappings(sources);
  const tables = loadTables(sources);
  const early = [...sources.problems, ...mappings.problems, ...tables.problems];
  if ('problems' in gateway) {
    const shapes = [...sources.partners].flatMap(([name, yaml]) => shapeOf(name, yaml, sources).problems);
    return { problems: inOrder([...gateway.problems, ...early, ...shapes.filter((each) => each.place.file !== showFile(sources.gateway.file))]) };
  }
  const partners = loadPartners(sources, gateway.value, Object.fromEntries(tables.values));
  const { defaults: _layer, partners: _folder, mappings: _other, ...settings } = gateway.value;
  const config: Config = {
    ...settings,
    database: resolveDatabase(settings.database, sources.gateway.file),
    file: sources.gateway.file,
    hash: hashOf([sources.gateway, ...filesOf(sources)]),
    partners: new Map([...partners.values].map(([id, each]) => [id, each.partner])),
    mappings: mappings.values,
  };
  const holders = [{ value: gateway.value, layers: gatewayLayers }, ...partners.holders];
  const secrets = await provide(holders);
  const checks = checkConfig({ config, sources, partners: partners.values });
  const problems = inOrder([...early, ...partners.problems, ...secrets, ...checks]);
  if (problems.some((each) => each.severity === 'error')) return { problems };
  return { config: deepFreeze(config), warnings: problems };
}

type Partners = {
  readonly values: ReadonlyMap<string, LayeredPartner>;
  readonly holders: readonly { readonly value: unknown; readonly layers: Layers }[];
  readonly problems: readonly Problem[];
};

function loadPartners(sources: Sources, gateway: Gateway, tables: Readonly<Record<string, Table>>): Partners {
  const values = new Map<string, LayeredPartner>();
  const holders: { readonly value: unknown; readonly layers: Layers }[] = [];
  const problems: Problem[] = [];
  for (const [name, yaml] of sources.partners) {
    const shape = shapeOf(name, yaml, sources);
    problems.push(...shape.problems);
    if (!shape.raw) continue;
    const resolved = resolvePartner(shape.raw, shape.layers, gateway, tables);
    problems.push(...resolved.problems);
    values.set(resolved.partner.id, { partner: resolved.partner, layers: shape.layers });
    holders.push({ value: shape.raw, layers: shape.layers });
  }
  return { values, holders, problems };
}

function shapeOf(name: string, yaml: YamlFile, sources: Sources) {
  const { layers, problems } = partnerLayers(sources, yaml);
  const shape = validate(partnerSchema, layers);
  if ('problems' in shape) return { layers, problems: [...problems, ...shape.problems] };
  if (shape.value.id === name) return { layers, problems, raw: shape.value };
  const message = `id: ${JSON.stringify(shape.value.id)} differs from the file's name`;
  return { layers, problems: [...problems, problem(yaml.locate(['id']), 'CONFIG_CONFLICT', message, { remedy: `Write id: ${name}, or rename the file` })] };
}

function filesOf(sources: Sources): readonly YamlFile[] {
  return [sources.partners, sources.templates, sources.mappings, sources.tables].flatMap((folder) => [...folder.values()]);
}

/** The files that a database names, against the gateway file. */
function resolveDatabase(database: DatabaseSettings, gatewayFile: string): DatabaseSettings {
  const against = (file: string): string => resolve(dirname(gatewayFile), file);
  if (database.type === 'sqlite') return { ...database, file: against(database.file) };
  return database.certificateAuthority === undefined ? database : { ...database, certificateAuthority: against(database.certificateAuthority) };
}

/** Errors first, then by file, line and column; each once, though several partners may share a template. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const once = new Map(problems.map((each) => [`${showPlace(each.place)} ${each.message}`, each]));
  return [...once.values()].toSorted(
    (a, b) =>
      a.severity.localeCompare(b.severity) ||
      a.place.file.localeCompare(b.place.file) ||
      (a.place.line ?? 0) - (b.place.line ?? 0) ||
      (a.place.column ?? 0) - (b.place.column ?? 0),
  );
}
