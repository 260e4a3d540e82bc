import { parseYaml } from '../../src/config/yaml-whole.ts';
import { compileMapping } from '../../src/mapping/compile.ts';
import type { Mapping, MappingResult, MappingSource, Problem, RunContext } from '../../src/mapping/types.ts';
import type { Node } from '../../src/tree.ts';

/** A mapping file from YAML text. */
export function mappingSource(yaml: string, name = 'test/mapping', base?: MappingSource): MappingSource {
  const file = `mappings/${name}.yaml`;
  const parsed = parseYaml(file, Buffer.from(yaml));
  if (!('yaml' in parsed)) throw new Error(parsed.problems.map((one) => one.message).join('; '));
  const { content, locate } = parsed.yaml;
  return { name, file, content, locate: (path) => locate(path), ...(base && { base }) };
}

/** The compiled mapping; fails the test when it has problems. */
export function compiled(yaml: string, base?: string): Mapping {
  const result = compileMapping(mappingSource(yaml, 'test/mapping', base === undefined ? undefined : mappingSource(base, 'test/base')));
  if ('problems' in result) throw new Error(result.problems.map((one) => `${one.place.line}:${one.place.column} ${one.message}`).join('\n'));
  return result.mapping;
}

/** The problems of a mapping file that does not compile. */
export function problemsOf(yaml: string, base?: string): readonly Problem[] {
  const result = compileMapping(mappingSource(yaml, 'test/mapping', base === undefined ? undefined : mappingSource(base, 'test/base')));
  return 'problems' in result ? result.problems : [];
}

export const noContext: RunContext = { variables: {}, table: () => undefined };

/** Maps with nothing around. */
export function mapped(mapping: Mapping, tree: Node, context: Partial<RunContext> = {}): MappingResult {
  return mapping.run(tree, { ...noContext, ...context });
}

/** A segment with what is under it: `seg('N1', 'ST', 'Acme')`. */
export function seg(name: string, ...fields: readonly string[]): Node & { readonly under: (...children: readonly Node[]) => Node } {
  const node: Node = { name, fields };
  return Object.assign(node, { under: (...children: readonly Node[]): Node => ({ name, fields, children }) });
}
