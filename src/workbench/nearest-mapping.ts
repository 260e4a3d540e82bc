import { memberOf } from '../config/plain.ts';
import type { Sources } from '../config/sources.ts';
import type { Config, ConfiguredMapping } from '../config/types.ts';
import { toDocument } from '../canonical/document.ts';
import type { Kind } from '../canonical/document.ts';
import type { Finding } from '../finding.ts';
import type { Node } from '../tree.ts';
import type { Unread } from './watch-reads.ts';
import { watchReads } from './watch-reads.ts';

/** How a mapping fares with documents that it was not written for: what it makes of them, what fails, and what it never looks at. */
export type Fit = {
  readonly mapping: ConfiguredMapping;
  readonly documents: readonly unknown[];
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
  /** The share of the values that it reads, 0 to 1. */
  readonly share: number;
};

/** What a mapping makes of trees. */
export function fitOf(mapping: ConfiguredMapping, trees: readonly Node[], variables: Readonly<Record<string, string>>): Fit {
  const documents: unknown[] = [];
  const findings: Finding[] = [];
  const unread: Unread[] = [];
  let values = 0;
  for (const tree of trees) {
    const watch = watchReads(tree);
    values += watch.unread().length;
    const result = mapping.run(watch.tree, { variables, table: () => undefined });
    findings.push(...result.findings);
    // Rows of one order repeat what the first of them says.
    const read = mapping.side.format === 'csv' ? watch.readPaths() : new Set<string>();
    unread.push(...watch.unread().filter(({ path }) => !read.has(path)));
    const checked = result.tree && toDocument(mapping.document as Kind, result.tree);
    if (checked && 'document' in checked) documents.push(checked.document);
    else if (checked) findings.push(...checked.findings);
  }
  return { mapping, documents, findings, unread, share: values === 0 ? 0 : 1 - unread.length / values };
}

/** The mappings of incoming documents that a test holds for and that another may extend: none that extends one itself. */
export function inboundMappings(config: Config, sources: Sources, fits: (mapping: ConfiguredMapping) => boolean): readonly ConfiguredMapping[] {
  const isBase = ({ name }: ConfiguredMapping): boolean => memberOf(sources.mappings.get(name)?.content, 'extends') === undefined;
  return [...config.mappings.values()].filter((mapping) => mapping.direction === 'in' && isBase(mapping) && fits(mapping));
}

/** The fit that makes the most documents, then the fewest faults, then reads the most; those that come first where all is equal. */
export function bestFit(fits: readonly Fit[]): Fit | undefined {
  return fits.toSorted((a, b) => b.documents.length - a.documents.length || a.findings.length - b.findings.length || b.share - a.share)[0];
}
