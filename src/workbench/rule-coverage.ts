import type { Config, ConfiguredMapping } from '../config/types.ts';
import { showPlace } from '../errors.ts';
import type { Rule } from '../mapping/types.ts';

/** How many rules of a mapping made a value, and those that made none. */
export type MappingCoverage = { readonly mapping: string; readonly rules: number; readonly unused: readonly Rule[] };

/** A configuration that notes which rules of its mappings make a value while it is used, and what it has noted so far. */
export type WatchedConfig = { readonly config: Config; readonly coverage: () => readonly MappingCoverage[] };

/** Watches the rules of every mapping. A rule that several mappings have from the same base counts for all of them. */
export function watchRules(config: Config): WatchedConfig {
  const used = new Set<string>();
  const watched = [...config.mappings].map(([name, mapping]) => [name, watch(mapping, (rule) => void used.add(keyOf(rule)))] as const);
  return {
    config: { ...config, mappings: new Map(watched) },
    coverage: () =>
      [...config.mappings.values()].map((mapping) => {
        const rules = mapping.rules();
        return { mapping: mapping.name, rules: rules.length, unused: rules.filter((rule) => !used.has(keyOf(rule))) };
      }),
  };
}

function watch(mapping: ConfiguredMapping, note: (rule: Rule) => void): ConfiguredMapping {
  return {
    ...mapping,
    run: (tree, context) =>
      mapping.run(tree, {
        ...context,
        trace: (rule, ...made) => {
          note(rule);
          context.trace?.(rule, ...made);
        },
      }),
  };
}

function keyOf({ path, place }: Rule): string {
  return `${showPlace(place)} ${path}`;
}
