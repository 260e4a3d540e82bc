import { dirname, resolve } from 'node:path';
import { showPlace } from '../errors.ts';
import { z } from '../schema.ts';
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
import { prune } from './prune.ts';
import type { Pruned } from './prune.ts';
import { resolvePartner } from './resolve-partner.ts';
import { provideSecrets } from './secrets.ts';
import { partnerLayers, readSources } from './sources.ts';
import type { Sources } from './sources.ts';
import type { Config, Partner, Problem } from './types.ts';
import { validate } from './validate.ts';
import { problem, showFile } from './yaml.ts';
import type { Path, YamlFile } from './yaml.ts';

/** The configuration, or every error in it. Warnings come with either, after the errors. */
export type LoadResult =
  | { readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly config?: undefined; readonly problems: readonly Problem[] };

/** A partner together with the layers that its values come from, and what of them is wrong and left out. */
export type LayeredPartner = { readonly partner: Partner; readonly layers: Layers; readonly lost: readonly Path[] };

/** What stands in for a key that must be there but is not, or is wrong, while the rest is looked at. */
const GATEWAY_STAND_INS = { company: { name: '-', identity: 'ZZ/-', address: {}, timezone: 'UTC' }, database: { type: 'sqlite', file: '-' } };
const partnerStandIns = (id: string) => ({ id, name: id, role: 'customer', channels: {} });

/**
 * Reads config/gateway.yaml and all that it names, compiles the mappings, fetches the secrets and checks that all fits together.
 * Nothing throws for bad configuration: all problems come back at once, sorted by their place. What has the wrong shape is told and left out,
 * and the rest is checked as if it were not there.
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
  const gateway = shapeOf(gatewaySchema, gatewayLayers, GATEWAY_STAND_INS);
  const mappings = loadMappings(sources);
  const tables = loadTables(sources);
  const early = [...gateway.problems, ...sources.problems, ...mappings.problems, ...tables.problems];
  if (!gateway.kept) return { problems: inOrder(early) };
  const partners = loadPartners(sources, gateway.kept.value, Object.fromEntries(tables.values));
  const { defaults: _layer, partners: _folder, mappings: _other, ...settings } = gateway.kept.value;
  const config: Config = {
    ...settings,
    database: resolveDatabase(settings.database, sources.gateway.file),
    file: sources.gateway.file,
    hash: hashOfSources(sources),
    partners: new Map([...partners.values].map(([id, each]) => [id, each.partner])),
    mappings: mappings.values,
  };
  const holders = [gateway.kept, ...partners.holders];
  const secrets = await provide(holders);
  const checks = checkConfig({ config, sources, partners: partners.values });
  // What is wrong with `defaults` is told once, as the gateway file's.
  const own = partners.problems.filter(({ place }) => gateway.problems.length === 0 || place.file !== showFile(sources.gateway.file));
  const problems = inOrder([...early, ...own, ...secrets, ...checks]);
  if (problems.some((each) => each.severity === 'error')) return { problems };
  return { config: deepFreeze(config), warnings: problems };
}

type Partners = {
  readonly values: ReadonlyMap<string, LayeredPartner>;
  readonly holders: Holders;
  readonly problems: readonly Problem[];
};

function loadPartners(sources: Sources, gateway: Gateway, tables: Readonly<Record<string, Table>>): Partners {
  const values = new Map<string, LayeredPartner>();
  const holders: Pruned<unknown>[] = [];
  const problems: Problem[] = [];
  for (const [name, yaml] of sources.partners) {
    const shape = partnerShape(name, yaml, sources);
    problems.push(...shape.problems);
    if (!shape.kept) continue;
    const { layers, lost } = shape.kept;
    const resolved = resolvePartner({ ...shape.kept, value: { ...shape.kept.value, id: name } }, gateway, tables);
    problems.push(...resolved.problems);
    values.set(name, { partner: resolved.partner, layers, lost: [...lost, ...resolved.lost] });
    holders.push(shape.kept);
  }
  return { values, holders, problems };
}

type Shape<S extends z.ZodType> = { readonly kept: Pruned<z.output<S>> | undefined; readonly problems: readonly Problem[] };

function partnerShape(name: string, yaml: YamlFile, sources: Sources): Shape<typeof partnerSchema> {
  const { layers, problems, whole } = partnerLayers(sources, yaml);
  const { kept, problems: found } = shapeOf(partnerSchema, layers, partnerStandIns(name));
  // Without its template nobody knows what a partner lacks.
  if (!whole) return { kept: kept && { ...kept, lost: [[]] }, problems: [...problems, ...found.filter(({ code }) => code !== 'CONFIG_MISSING')] };
  const id = kept?.value.id;
  if (id === undefined || id === name) return { kept, problems: [...problems, ...found] };
  const message = `id: ${JSON.stringify(id)} differs from the file's name`;
  const remedy = `Write id: ${name}, or rename the file`;
  return { kept, problems: [...problems, ...found, problem(yaml.locate(['id']), 'CONFIG_CONFLICT', message, { remedy })] };
}

/** What layers are in the shape of a schema; where they are not, what is wrong and what can still be looked at. */
function shapeOf<S extends z.ZodType>(schema: S, layers: Layers, standIns: Readonly<Record<string, unknown>>): Shape<S> {
  const shape = validate(schema, layers);
  if ('value' in shape) return { kept: { value: shape.value, layers, lost: [] }, problems: [] };
  return { kept: prune(schema, layers, standIns), problems: shape.problems };
}

/** A name for what stands in all these files, as a configuration has that was loaded from them. */
export function hashOfSources(sources: Pick<Sources, 'gateway' | 'partners' | 'templates' | 'mappings' | 'tables'>): string {
  const folders = [sources.partners, sources.templates, sources.mappings, sources.tables];
  return hashOf([sources.gateway, ...folders.flatMap((folder) => [...folder.values()])]);
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
