import { createHash } from 'node:crypto';
import { compileMapping } from '../mapping/compile.ts';
import type { MappingSource } from '../mapping/types.ts';
import { z } from '../schema.ts';
import { textOf } from './plain.ts';
import type { Sources } from './sources.ts';
import { didYouMean } from './suggest.ts';
import type { ConfiguredMapping, Problem } from './types.ts';
import { validate } from './validate.ts';
import { problem, showFile } from './yaml.ts';
import type { YamlFile } from './yaml.ts';

type Loaded<T> = { readonly values: ReadonlyMap<string, T>; readonly problems: readonly Problem[] };
export type Table = Readonly<Record<string, string>>;

const tableSchema = z.record(z.string(), z.string());

/** Compiles every mapping, each with what it extends; those that extend a file that cannot be read are left out, since that file is told of. */
export function loadMappings(sources: Sources): Loaded<ConfiguredMapping> {
  const values = new Map<string, ConfiguredMapping>();
  const problems: Problem[] = [];
  for (const [name, yaml] of sources.mappings) {
    const base = baseOf(name, yaml, sources);
    if (!base) continue;
    if (base.problem) {
      problems.push(base.problem);
      continue;
    }
    const compiled = compileMapping(toSource(name, yaml, base.source));
    if ('mapping' in compiled) {
      values.set(name, { ...compiled.mapping, file: yaml.file, hash: hashOf([yaml, ...base.files]) });
    } else problems.push(...compiled.problems.map((each) => problem(each.place, each.code, each.message, each.remedy ? { remedy: each.remedy } : {})));
  }
  return { values, problems };
}

/** The code tables of mappings/tables. */
export function loadTables(sources: Sources): Loaded<Table> {
  const values = new Map<string, Table>();
  const problems: Problem[] = [];
  for (const [name, yaml] of sources.tables) {
    const table = validate(tableSchema, [{ yaml, prefix: [] }]);
    if ('value' in table) values.set(name, table.value);
    else problems.push(...table.problems);
  }
  return { values, problems };
}

/** SHA-256 (hex) over the hashes of files, in the order given. */
export function hashOf(files: readonly YamlFile[]): string {
  return createHash('sha256')
    .update(files.map((each) => each.hash).join())
    .digest('hex');
}

type Base = { readonly files: readonly YamlFile[]; readonly source?: MappingSource; readonly problem?: Problem };

function baseOf(name: string, yaml: YamlFile, sources: Sources): Base | undefined {
  const wanted = extendsOf(yaml);
  if (wanted === undefined) return { files: [] };
  const base = sources.mappings.get(wanted);
  const place = yaml.locate(['extends']);
  if (sources.broken.mappings.includes(wanted)) return undefined;
  if (!base) {
    const message = `there is no mapping ${wanted}${didYouMean(wanted, sources.mappings.keys())}`;
    return { files: [], problem: problem(place, 'CONFIG_REFERENCE', message) };
  }
  if (extendsOf(base) !== undefined) {
    const message = `${name} extends ${wanted}, which extends another mapping itself; one level is possible`;
    return { files: [], problem: problem(place, 'CONFIG_CONFLICT', message, { remedy: `Extend ${extendsOf(base)} instead` }) };
  }
  return { files: [base], source: toSource(wanted, base, undefined) };
}

/** A mapping file as the compiler takes it. */
export function toSource(name: string, yaml: YamlFile, base: MappingSource | undefined): MappingSource {
  return { name, file: showFile(yaml.file), content: yaml.content, locate: (path) => yaml.locate(path), ...(base ? { base } : {}) };
}

function extendsOf(yaml: YamlFile): string | undefined {
  return textOf(yaml.content, 'extends');
}
