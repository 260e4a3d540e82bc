import { recordOptions } from '../formats/options.ts';
import { extendedContent } from '../mapping/extend.ts';
import { isRule } from '../mapping/keywords.ts';
import type { Checked } from './check.ts';
import type { LayeredPartner } from './load.ts';
import { isObject, memberOf, textOf, valueAt } from './plain.ts';
import { lacks } from './prune.ts';
import { didYouMean } from './suggest.ts';
import type { Problem } from './types.ts';
import { showPath } from './validate.ts';
import { problem } from './yaml.ts';
import type { Path, YamlFile } from './yaml.ts';

const recordFormats = ['csv', 'xml', 'json', 'fixed'] as const;

/** Folders of mappings/ named after a standard hold what ships with Wharf: a library, of which a company needs a part. */
const library: readonly string[] = ['x12', 'cxml', 'ubl', 'gs1xml'];

/** Mappings of one's own that nothing reaches: neither a partner nor another mapping. */
export function checkUnused(checked: Checked): readonly Problem[] {
  const users = usersOf(checked);
  const bases = new Set([...checked.sources.mappings.values()].map((yaml) => textOf(yaml.content, 'extends')));
  return [...checked.sources.mappings]
    .filter(([name]) => !users.has(name) && !bases.has(name) && !library.includes(name.split('/')[0]!))
    .map(([name, yaml]) => problem(yaml.locate([]), 'CONFIG_UNUSED', `no partner uses the mapping ${name}`, { severity: 'warning' }));
}

/** Code tables that a mapping names but that neither it nor one of its partners has. */
export function checkTables(checked: Checked): readonly Problem[] {
  return [...usersOf(checked)].flatMap(([name, partners]) => tablesLacking(name, partners, checked));
}

/** Options of the file's side that its format does not know or cannot take, also of mappings with other errors. */
export function checkSides({ sources }: Checked): readonly Problem[] {
  return [...sources.mappings.values()].flatMap((yaml) => {
    const base = sources.mappings.get(textOf(yaml.content, 'extends') ?? '');
    const content = extendedContent(yaml.content, base?.content);
    const side = textOf(content, 'direction') === 'out' ? 'target' : 'source';
    const options = memberOf(content, side);
    const format = recordFormats.find((name) => name === textOf(options, 'format'));
    if (!format || !isObject(options)) return [];
    const checked = recordOptions(format, options);
    if (!('problems' in checked)) return [];
    return checked.problems.flatMap(({ path, message }) => {
      const unknown = [...(/^Unrecognized keys?: (.*)$/.exec(message)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
      const at = unknown.length > 0 ? unknown.map((key) => [side, ...path, key]) : [[side, ...path]];
      return at.map((full) => {
        const file = base && valueAt(yaml.content, full) === undefined ? base : yaml;
        const what = unknown.length > 0 ? ` is not known to the format ${format}` : `: ${message}`;
        return problem(file.locate(full, unknown.length > 0 ? 'key' : undefined), 'MAPPING_INVALID', `${showPath(full)}${what}`);
      });
    });
  });
}

function usersOf({ partners }: Checked): ReadonlyMap<string, readonly LayeredPartner[]> {
  const uses = [...partners.values()].flatMap((each) => {
    const names = new Set([...each.partner.inbound, ...each.partner.outbound].map((entry) => entry.mapping));
    return [...names].map((name) => ({ name, each }));
  });
  return new Map([...Map.groupBy(uses, (use) => use.name)].map(([name, list]) => [name, list.map((use) => use.each)]));
}

/** The tables named in the mapping and in what it extends, each against every partner that uses it. */
function tablesLacking(name: string, partners: readonly LayeredPartner[], { sources }: Checked): readonly Problem[] {
  const own = sources.mappings.get(name);
  const base = sources.mappings.get(textOf(own?.content, 'extends') ?? '');
  const files = [own, base].filter((yaml) => yaml !== undefined);
  const inline = files.flatMap((yaml) => Object.keys(memberOf(yaml.content, 'tables') ?? {}));
  return files.flatMap((yaml) =>
    [...tablesNamed(yaml.content, [])].flatMap(({ table, path }) => {
      if (inline.includes(table)) return [];
      if (sources.tables.has(table) || sources.broken.mappings.includes(`tables/${table}`)) return [];
      const lacking = partners.find(({ partner, lost }) => !Object.hasOwn(partner.tables, table) && !lacks(lost, ['tables']));
      return lacking ? [unknownTable(yaml, path, table, lacking)] : [];
    }),
  );
}

function unknownTable(yaml: YamlFile, path: Path, table: string, { partner }: LayeredPartner): Problem {
  const message = `there is no code table ${table} for ${partner.id}${didYouMean(table, Object.keys(partner.tables))}`;
  return problem(yaml.locate(path), 'CONFIG_REFERENCE', message, {
    remedy: `Add it under \`tables\` of this mapping or of partners/${partner.id}.yaml, or as mappings/tables/${table}.yaml`,
  });
}

function* tablesNamed(value: unknown, path: Path): Generator<{ readonly table: string; readonly path: Path }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* tablesNamed(item, [...path, index]);
  } else if (isObject(value)) {
    const table = textOf(value, 'table');
    if (isRule(value) && table !== undefined) yield { table, path: [...path, 'table'] };
    for (const [key, member] of Object.entries(value)) yield* tablesNamed(member, [...path, key]);
  }
}
