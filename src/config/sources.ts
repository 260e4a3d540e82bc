import { dirname, resolve } from 'node:path';
import { readYaml, readYamlFolder } from './files.ts';
import type { YamlFolder } from './files.ts';
import type { Layers } from './layers.ts';
import { textOf } from './plain.ts';
import { didYouMean } from './suggest.ts';
import type { Problem } from './types.ts';
import { problem } from './yaml.ts';
import type { YamlFile } from './yaml.ts';

/** Every configuration file as read, before any meaning is given to it. */
export type Sources = {
  readonly gateway: YamlFile;
  readonly partners: ReadonlyMap<string, YamlFile>;
  readonly templates: ReadonlyMap<string, YamlFile>;
  /** Mappings by name, `x12/850`. */
  readonly mappings: ReadonlyMap<string, YamlFile>;
  /** Code tables that every partner has, by name. */
  readonly tables: ReadonlyMap<string, YamlFile>;
  /** The names of the files that could not be read, folder by folder; code tables are `tables/x` among the mappings. */
  readonly broken: { readonly partners: readonly string[]; readonly templates: readonly string[]; readonly mappings: readonly string[] };
  /** What is wrong with them. */
  readonly problems: readonly Problem[];
};

const TABLES = 'tables/';

/** Reads the gateway file and the folders it names. Without a readable gateway file there is nothing but its problems. */
export async function readSources(path: string): Promise<Sources | { readonly problems: readonly Problem[]; readonly gateway?: undefined }> {
  const file = resolve(path);
  const read = await readYaml(file);
  if ('problems' in read) return read;
  const gateway = read.yaml;
  const folder = (key: 'partners' | 'mappings') => resolve(dirname(file), textOf(gateway.content, key) ?? `../${key}`);
  const [partners, templates, mappings] = await Promise.all([
    readYamlFolder(folder('partners'), { namedAt: gateway.locate(['partners']) }),
    readYamlFolder(resolve(folder('partners'), 'templates'), {}),
    readYamlFolder(folder('mappings'), { namedAt: gateway.locate(['mappings']), deep: true, booleans: true }),
  ]);
  return sourcesOf(gateway, { partners, templates, mappings });
}

/** What files hold, folder by folder. */
export function sourcesOf(
  gateway: YamlFile,
  folders: { readonly partners: YamlFolder; readonly templates: YamlFolder; readonly mappings: YamlFolder },
): Sources {
  const { partners, templates, mappings } = folders;
  return {
    gateway,
    partners: partners.files,
    templates: templates.files,
    ...splitTables(mappings),
    broken: { partners: partners.broken, templates: templates.broken, mappings: mappings.broken },
    problems: [...partners.problems, ...templates.problems, ...mappings.problems],
  };
}

/** The layers of a partner: its file over its template over `defaults` of the gateway file; not `whole` when that template cannot be had. */
export function partnerLayers(sources: Sources, yaml: YamlFile): { readonly layers: Layers; readonly whole: boolean; readonly problems: readonly Problem[] } {
  const layers = [{ yaml, prefix: [] as readonly string[] }];
  const problems: Problem[] = [];
  const name = textOf(yaml.content, 'extends');
  if (name !== undefined) {
    const template = sources.templates.get(name);
    if (template) layers.push({ yaml: template, prefix: [] });
    else if (!sources.broken.templates.includes(name)) problems.push(missingTemplate(sources, yaml, name));
    if (template && textOf(template.content, 'extends') !== undefined) {
      problems.push(problem(template.locate(['extends'], 'key'), 'CONFIG_CONFLICT', 'a template cannot extend another', { remedy: 'Remove `extends`' }));
    }
  }
  layers.push({ yaml: sources.gateway, prefix: ['defaults'] });
  return { layers, whole: name === undefined || sources.templates.has(name), problems };
}

function missingTemplate(sources: Sources, yaml: YamlFile, name: string): Problem {
  const known = [...sources.templates.keys()];
  return problem(yaml.locate(['extends']), 'CONFIG_REFERENCE', `there is no template ${name} in partners/templates${didYouMean(name, known)}`, {
    remedy: known.length > 0 ? `Use one of: ${known.join(', ')}` : `Write partners/templates/${name}.yaml, or remove \`extends\``,
  });
}

function splitTables(folder: Pick<YamlFolder, 'files'>): Pick<Sources, 'mappings' | 'tables'> {
  const mappings = new Map<string, YamlFile>();
  const tables = new Map<string, YamlFile>();
  for (const [name, yaml] of folder.files) {
    if (name.startsWith(TABLES)) tables.set(name.slice(TABLES.length), yaml);
    else mappings.set(name, yaml);
  }
  return { mappings, tables };
}
