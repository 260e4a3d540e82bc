import type { Node } from '../tree.ts';
import type { Path } from './path.ts';
import { spend, type Run } from './run.ts';

/**
 * Names of which the context or one of its children must have one for a rule to do anything; undefined when that is not known of it.
 * Most rules of a mapping are for what most documents do not have: of a record with many rules, those whose names are not there are passed over.
 */
export type Needs = readonly string[] | undefined;

const WORTH_WHILE = 8;
const MOST_NAMES = 31;

/** The name that a path sets out by from the context. */
export function needsOf({ start, steps, element }: Path): Needs {
  const [first] = steps;
  if (start.kind !== 'here') return undefined;
  if (first) return first.kind === 'child' ? [first.name] : undefined;
  return element && element.segment !== 'ST' ? [element.segment] : undefined;
}

/** Where one of several rules is enough. */
export function anyOf(all: readonly Needs[]): Needs {
  return all.every((one) => one !== undefined) ? [...new Set(all.flat())] : undefined;
}

/** A bit for each name that rules need. */
export type Presence = { readonly of: (node: Node, run: Run) => number; readonly bits: readonly number[] };

/** For the rules of one record: what of their names is there, and for each rule the bits of which one must be; 0 for a rule that always runs. */
export function presence(rules: readonly Needs[]): Presence | undefined {
  const names = [...new Set(rules.flatMap((needs) => needs ?? []))].slice(0, MOST_NAMES);
  if (rules.filter((needs) => needs).length < WORTH_WHILE) return undefined;
  const bitOf = new Map(names.map((name, i) => [name, 2 ** i]));
  const bits = rules.map((needs) => (needs?.every((name) => bitOf.has(name)) ? needs.reduce((sum, name) => sum | bitOf.get(name)!, 0) : 0));
  const of = ({ name, children }: Node, run: Run): number => {
    let found = bitOf.get(name) ?? 0;
    if (!children) return found;
    spend(run, children.length);
    let before: string | undefined;
    for (let i = 0; i < children.length; i++) {
      const one = children[i]!.name;
      if (one !== before) found |= bitOf.get(one) ?? 0;
      before = one;
    }
    return found;
  };
  return { of, bits };
}
