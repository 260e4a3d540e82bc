import { dirname, resolve } from 'node:path';
import type { YamlFolder } from './files.ts';
import { textOf } from './plain.ts';
import { type Sources, sourcesOf } from './sources.ts';
import type { Problem } from './types.ts';
import { parseYaml } from './yaml-whole.ts';
import { problem } from './yaml.ts';
import type { YamlFile } from './yaml.ts';

/** The configuration in files that are not on disk, by their absolute path, read as `readSources` reads it; what else is among them is left alone. */
export function sourcesFrom(
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
): Sources | { readonly problems: readonly Problem[]; readonly gateway?: undefined } {
  const file = resolve(path);
  const bytes = files.get(file);
  if (!bytes) return { problems: [problem({ file }, 'CONFIG_MISSING', 'there is no gateway file among these files')] };
  const read = parseYaml(file, bytes);
  if ('problems' in read) return read;
  const gateway = read.yaml;
  const folder = (key: 'partners' | 'mappings') => resolve(dirname(file), textOf(gateway.content, key) ?? `../${key}`);
  const partners = parseFolder(files, folder('partners'), { deep: false, booleans: false });
  const templates = parseFolder(files, resolve(folder('partners'), 'templates'), { deep: false, booleans: false });
  const mappings = parseFolder(files, folder('mappings'), { deep: true, booleans: true });
  return sourcesOf(gateway, { partners, templates, mappings });
}

function parseFolder(
  files: ReadonlyMap<string, Uint8Array>,
  directory: string,
  { deep, booleans }: { readonly deep: boolean; readonly booleans: boolean },
): YamlFolder {
  const found = new Map<string, YamlFile>();
  const broken: string[] = [];
  const problems: Problem[] = [];
  for (const file of [...files.keys()].toSorted()) {
    const name = file.slice(directory.length + 1);
    if (!file.startsWith(`${directory}/`) || !name.endsWith('.yaml') || (!deep && name.includes('/'))) continue;
    const read = parseYaml(file, files.get(file)!, booleans);
    if ('yaml' in read) found.set(name.slice(0, -'.yaml'.length), read.yaml);
    else {
      broken.push(name.slice(0, -'.yaml'.length));
      problems.push(...read.problems);
    }
  }
  return { files: found, broken, problems };
}
