import type { Node } from '../tree.ts';
import type { Needs } from './presence.ts';
import { spend, type Frame } from './run.ts';
import { below, conditionOf, problem, selectorOf, type Scope } from './scope.ts';
import type { Selector } from './select.ts';
import type { Rule } from './types.ts';

/** The frames a rule is evaluated in: one for each record that `each` finds, one at most for `with`, one a group for `group`. */
export type Visit = (frame: Frame) => readonly Frame[];
export type Visits = { readonly visit: Visit; readonly needs: Needs };

const NOWHERE: readonly Frame[] = [];

export type ContextKeywords = { readonly each?: unknown; readonly with?: unknown; readonly group?: unknown; readonly by?: unknown; readonly where?: unknown };

/** Compiles the keywords that move the context. Gives undefined, with a problem noted, when they are wrong. */
export function visits(content: ContextKeywords, rule: Rule, scope: Scope): Visits | undefined {
  const movers = (['each', 'with', 'group'] as const).filter((key) => content[key] !== undefined);
  const [mover] = movers;
  if (!mover || movers.length > 1) return problem(scope, 'a rule has one of each, with and group');
  const selector = selectorOf(content[mover], below(scope, mover));
  const where = content.where === undefined ? () => true : conditionOf(content.where, rule, below(scope, 'where'));
  if (!selector || !where) return undefined;
  if (mover !== 'group' && content.by !== undefined) return problem(below(scope, 'by'), 'by belongs to group');
  const visit = mover === 'group' ? grouped(content, selector, where, scope) : moved(selector, content.where === undefined ? undefined : where, mover, scope);
  return visit && { visit, needs: selector.needs };
}

function moved(selector: Selector, where: ((frame: Frame) => boolean) | undefined, mover: 'each' | 'with', { relative }: Scope): Visit {
  const listed = mover === 'each';
  if (!listed && !where) {
    return (frame) => {
      const node = selector.first(frame);
      return node ? [{ node, up: frame, run: frame.run, label: relative, index: -1 }] : NOWHERE;
    };
  }
  return (frame) => {
    const nodes = selector.all(frame);
    if (nodes.length === 0) return NOWHERE;
    const frames: Frame[] = [];
    for (const node of nodes) {
      spend(frame.run, 1);
      const inner: Frame = { node, up: frame, run: frame.run, label: relative, index: listed ? frames.length : -1 };
      if (where && !where(inner)) continue;
      frames.push(inner);
      if (!listed) break;
    }
    return frames;
  };
}

/** Records with the same key, wherever they stand, as the children of one node, in the order the keys first come. */
function grouped(content: ContextKeywords, selector: Selector, where: (frame: Frame) => boolean, scope: Scope): Visit | undefined {
  const by = Array.isArray(content.by) ? content.by : [content.by];
  const keys = by.map((key, i) => selectorOf(key, Array.isArray(content.by) ? below(scope, 'by', i) : below(scope, 'by')));
  if (!keys.every((key) => key !== undefined)) return undefined;
  return (frame) => {
    const groups = new Map<string, Node[]>();
    for (const node of selector.all(frame)) {
      spend(frame.run, keys.length);
      const inner: Frame = { node, up: frame, run: frame.run, label: scope.relative, index: groups.size };
      if (!where(inner)) continue;
      const key = JSON.stringify(keys.map((one) => one.text(inner)));
      const group = groups.get(key);
      if (group) group.push(node);
      else groups.set(key, [node]);
    }
    return [...groups.values()].map((children, index) => {
      const at = children[0]?.at;
      return { node: { name: 'group', children, ...(at && { at }) }, up: frame, run: frame.run, label: scope.relative, index };
    });
  };
}
