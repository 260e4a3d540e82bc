/** Numbers that the writer knows better than a mapping: HL levels, LX lines and CTT totals. */
import { childrenNamed, type Field, type Node } from '../../tree.ts';

/** The loops that CTT01 counts, by set; HL levels where a set is not here. */
const COUNTED: Readonly<Record<string, string>> = {
  810: 'IT1',
  812: 'CDD',
  846: 'LIN',
  850: 'PO1',
  852: 'LIN',
  855: 'PO1',
  860: 'POC',
  865: 'POC',
  180: 'BLI',
};

/** The segment that opens a line of a set; undefined where lines are not counted. */
export function countedLoop(type: string): string | undefined {
  return COUNTED[type];
}

/** The children of a set with HL01, HL02, HL04, LX01 and CTT01 filled in where they are empty. An HL or LX that has its number is left as it is. */
export function fillCounts(type: string, children: readonly Node[]): readonly Node[] {
  const last = { number: 0 };
  const numbered = children.some((child) => child.name === 'HL') ? children.map((child) => numberLevels(child, '', last)) : children;
  const counted = countedLoop(type);
  const total = counted ? childrenNamed({ name: type, children }, counted).length : last.number;
  let lines = 0;
  return numbered.map((child) => {
    if (child.name === 'LX') return { ...child, fields: [orElse(child.fields?.[0], String(++lines)), ...(child.fields ?? []).slice(1)] };
    return child.name === 'CTT' && (child.fields?.[0] ?? '') === '' ? { ...child, fields: [String(total), ...(child.fields ?? []).slice(1)] } : child;
  });
}

function numberLevels(node: Node, above: string, last: { number: number }): Node {
  if (node.name !== 'HL') return node;
  last.number++;
  const given = node.fields ?? [];
  const own = given[0] === undefined || given[0] === '' ? String(last.number) : (given[0] as string);
  const children = (node.children ?? []).map((child) => numberLevels(child, own, last));
  if (given[0] !== undefined && given[0] !== '') return { ...node, children };
  const kids = children.some((child) => child.name === 'HL') ? '1' : '0';
  const fields: Field[] = [own, orElse(given[1], above), given[2] ?? '', orElse(given[3], kids)];
  return { ...node, fields, children };
}

function orElse(field: Field | undefined, text: string): Field {
  return field === undefined || field === '' ? text : field;
}
