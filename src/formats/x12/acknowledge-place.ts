/** Where in a document of ours a segment stands, as a person says it: "the 3rd line", "the 2nd N1", "HL 4 (item)". */
import { fieldText, type Node } from '../../tree.ts';
import { codeMeaning } from './dictionary.ts';
import { countedLoop } from './write-counts.ts';

/** The place of the segment with this number (ST is 1) in a set as the reader gives it; '' where it stands in no loop worth naming. */
export function placeIn(set: Node, segment: number): string {
  let places: readonly string[] = [];
  let nodes = set.children ?? [];
  for (;;) {
    const index = nodes.findLastIndex((node) => (node.at?.segment ?? Infinity) <= segment);
    const node = nodes[index];
    if (!node) break;
    if (node.name === 'HL') places = [levelOf(node)];
    else if (node.name === countedLoop(set.name)) places = [`the ${ordinal(countUpTo(nodes, index))} line`];
    else if (isOneOfSeveralLoops(node, nodes)) places = [`the ${ordinal(countUpTo(nodes, index))} ${node.name}`, ...places];
    if (node.at?.segment === segment || !node.children) break;
    nodes = node.children;
  }
  return places.join(' of ');
}

function isOneOfSeveralLoops(node: Node, nodes: readonly Node[]): boolean {
  const alike = nodes.filter(({ name }) => name === node.name);
  return alike.length > 1 && alike.some(({ children }) => children !== undefined);
}

function countUpTo(nodes: readonly Node[], index: number): number {
  return nodes.slice(0, index + 1).filter(({ name }) => name === nodes[index]!.name).length;
}

function levelOf(level: Node): string {
  const kind = codeMeaning('735', fieldText(level.fields?.[2]))?.replace(/ \(.*/, '');
  return `HL ${fieldText(level.fields?.[0])}${kind ? ` (${kind})` : ''}`;
}

function ordinal(number: number): string {
  const last = number % 100 > 10 && number % 100 < 14 ? 0 : number % 10;
  return `${number}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}
