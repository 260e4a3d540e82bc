import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from '../errors.ts';
import { codeOf } from './plain.ts';
import type { Problem } from './types.ts';
import { parsePlainYaml, problem, showFile, yamlText } from './yaml.ts';
import type { ParsedYaml, YamlFile } from './yaml.ts';

/** The YAML files of a folder by their name without ending, with `/` between folders; the names of those that cannot be read, and why. */
export type YamlFolder = { readonly files: ReadonlyMap<string, YamlFile>; readonly broken: readonly string[]; readonly problems: readonly Problem[] };

const AT_ONCE = 32;

/** Reads one YAML file. */
export async function readYaml(file: string, booleans = false): Promise<ParsedYaml> {
  try {
    const given = yamlText(file, await readFile(file), booleans);
    return 'problems' in given ? given : (parsePlainYaml(given) ?? (await import('./yaml-whole.ts')).parseWholeYaml(given));
  } catch (error) {
    return { problems: [problem({ file: showFile(file) }, 'CONFIG_REFERENCE', `the file cannot be read: ${reason(error)}`)] };
  }
}

/**
 * Reads every `.yaml` file of a folder, and with `deep` of the folders in it. A folder that cannot be read is a problem at `namedAt`,
 * the place that names it; without that place it may be absent.
 */
export async function readYamlFolder(
  directory: string,
  options: { readonly namedAt?: Place; readonly deep?: boolean; readonly booleans?: boolean },
): Promise<YamlFolder> {
  let names: readonly string[];
  try {
    names = (await readdir(directory, { recursive: options.deep ?? false })).toSorted();
  } catch (error) {
    if (!options.namedAt) return { files: new Map(), broken: [], problems: [] };
    return {
      files: new Map(),
      broken: [],
      problems: [problem(options.namedAt, 'CONFIG_REFERENCE', `the folder ${directory} cannot be read: ${reason(error)}`)],
    };
  }
  const visible = names.filter((name) => !name.split('/').some((part) => part.startsWith('.')));
  const wanted = visible.filter((name) => name.endsWith('.yaml'));
  const problems = visible.filter((name) => name.endsWith('.yml')).map((name) => wrongEnding(join(directory, name)));
  const files = new Map<string, YamlFile>();
  const broken: string[] = [];
  for (let start = 0; start < wanted.length; start += AT_ONCE) {
    const batch = wanted.slice(start, start + AT_ONCE);
    const results = await Promise.all(batch.map((name) => readYaml(join(directory, name), options.booleans)));
    for (const [index, result] of results.entries()) {
      const name = batch[index]!.slice(0, -'.yaml'.length);
      if ('yaml' in result) files.set(name, result.yaml);
      else {
        broken.push(name);
        problems.push(...result.problems);
      }
    }
  }
  return { files, broken, problems };
}

function wrongEnding(file: string): Problem {
  return problem({ file: showFile(file) }, 'CONFIG_UNUSED', 'the file is not read, since its name ends in .yml', {
    remedy: 'Let its name end in .yaml',
    severity: 'warning',
  });
}

function reason(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'permission is denied';
  return code ?? String(error);
}
