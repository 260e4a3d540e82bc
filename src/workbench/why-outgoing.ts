import type { Config } from '../config/types.ts';
import { outboundContext } from '../pipeline/render.ts';
import { partnerOf } from '../pipeline/work.ts';
import type { PendingDocument } from '../store/rendering.ts';
import type { Node } from '../tree.ts';
import { fromPlain } from '../tree.ts';
import { isAsked, type Reason } from './why.ts';

/** Why an outgoing document says what it says at a path or in an element (`ACK01`): the rule, and the value of the canonical document that it read. */
export function whyOutgoing(config: Config, now: number, document: PendingDocument, asked: string): readonly Reason[] {
  const mapping = config.mappings.get(document.mapping ?? '');
  if (!mapping) return [];
  const places: string[] = [];
  const tree = placed(fromPlain(mapping.document, document.canonical), '', places);
  const reasons: Reason[] = [];
  mapping.run(tree, {
    ...outboundContext({ config, now }, partnerOf(config, document.partner)),
    trace: (rule, source, path, value) => {
      if (value === '' || !isAsked(path, asked)) return;
      const read = source && places[source.offset];
      reasons.push({ path, value, rule: rule.place, source: read ? `${mapping.document} ${read}` : `the ${mapping.document}` });
    },
  });
  return reasons;
}

/** The tree with each node's place as the number of its path in `places`: a canonical document has no other. */
function placed(node: Node, path: string, places: string[]): Node {
  const offset = places.push(path) - 1;
  const next = new Map<string, number>();
  const children = node.children?.map((child) => {
    const index = next.get(child.name) ?? 0;
    next.set(child.name, index + 1);
    const name = child.repeats ? `${child.name}[${index}]` : child.name;
    return placed(child, path === '' ? name : `${path}.${name}`, places);
  });
  return { ...node, children, at: { offset } };
}
