import type { Node } from '../tree.ts';
import type { Needs } from './presence.ts';
import { spend, type Frame } from './run.ts';
import { below, conditionOf, problem, selectorOf, type Scope } from './scope.ts';
import type { Selector } from './select.ts';
import type { Rule } from './types.ts';

/**
 * Hands over the frames a rule is evaluated in, one after the other: one for each record that `each` finds, one at most for `with`, one a group for
 * `group`. The frame holds only until the next: nobody may keep it.
 */
export type Visit = (frame: Frame, take: (inner: Frame) => void) => void;
export type Visits = { readonly visit: Visit; readonly needs: Needs };

type Moving = { -readonly [key in keyof Frame]: Frame[key] };
const NOTHING: readonly Node[] = [];

export type ContextKeywords = { readonly each?: unknown; readonly with?: unknown; readonly group?: unknown; readonly by?: unknown; readonly where?: unknown };

/** Compiles the keywords that move the context. Gives undefined, with a problem noted, when they are wrong. */
export function visits(content: ContextKeywords, rule: Rule, scope: Scope): Visits | undefined {
  const movers = (['each', 'with', 'group'] as const).filter((key) => content[key] !== undefined);
  const [mover] = movers;
  if (!mover || movers.length > 1) return problem(scope, 'a rule has one of each, with and group');
  const selector = selectorOf(content[mover], below(scope, mover));
  const where = content.where === undefined ? undefined : conditionOf(content.where, rule, below(scope, 'where'));
  if (!selector || (content.where !== undefined && !where)) return undefined;
  if (mover !== 'group' && content.by !== undefined) return problem(below(scope, 'by'), 'by belongs to group');
  const visit = mover === 'group' ? grouped(content, selector, where, scope) : moved(selector, where, mover, scope);
  return visit && { visit, needs: selector.needs };
}

function moved(selector: Selector, where: ((frame: Frame) => boolean) | undefined, mover: 'each' | 'with', { relative }: Scope): Visit {
  if (mover === 'with' && !where) {
    return (frame, take) => {
      const node = selector.first(frame);
      if (node) take({ node, up: frame, run: frame.run, label: relative, index: -1 });
    };
  }
  const { name } = selector;
  return (frame, take) => {
    // Records of one name are taken from among the children themselves: most rules with each are of this kind.
    const nodes = name === undefined ? selector.all(frame) : (frame.node.children ?? NOTHING);
    spend(frame.run, nodes.length);
    let inner: Moving | undefined;
    let index = 0;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      if (name !== undefined && node.name !== name) continue;
      inner ??= { node, up: frame, run: frame.run, label: relative, index: -1 };
      inner.node = node;
      inner.index = mover === 'each' ? index : -1;
      if (where && !where(inner)) continue;
      index++;
      take(inner);
      if (mover === 'with') return;
    }
  };
}

/** Records with the same key, wherever they stand, as the children of one node, in the order the keys first come. */
function grouped(content: ContextKeywords, selector: Selector, where: ((frame: Frame) => boolean) | undefined, scope: Scope): Visit | undefined {
  const by = Array.isArray(content.by) ? content.by : [content.by];
  const keys = by.map((key, i) => selectorOf(key, Array.isArray(content.by) ? below(scope, 'by', i) : below(scope, 'by')));
  if (!keys.every((key) => key !== undefined)) return undefined;
  return (frame, take) => {
    const groups = new Map<string, Node[]>();
    for (const node of selector.all(frame)) {
      spend(frame.run, keys.length);
      const inner: Frame = { node, up: frame, run: frame.run, label: scope.relative, index: groups.size };
      if (where && !where(inner)) continue;
      const key = JSON.stringify(keys.map((one) => one.text(inner)));
      const group = groups.get(key);
      if (group) group.push(node);
      else groups.set(key, [node]);
    }
    for (const [index, children] of [...groups.values()].entries()) {
      const at = children[0]?.at;
      take({ node: { name: 'group', children, ...(at && { at }) }, up: frame, run: frame.run, label: scope.relative, index });
    }
  };
}
