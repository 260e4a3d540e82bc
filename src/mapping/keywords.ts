/** Every keyword of a rule, by what it does. docs/mapping.md shows each with an example; a test holds the two together. */
export const keywords = {
  /** Where the rule looks, and whether at all. */
  context: ['each', 'with', 'group', 'by', 'where', 'when'],
  /** What makes the value; one of a rule. */
  source: ['from', 'const', 'first', 'join', 'sum', 'count', 'qualified', 'pairs', 'call', 'expr', 'map'],
  /** How the value is changed, in this order whatever the order they are written in. */
  change: ['trim', 'split', 'substring', 'replace', 'upper', 'lower', 'table', 'unit', 'date', 'time', 'datetime', 'integer', 'decimal', 'pad'],
  /** What holds when there is none. */
  end: ['default', 'required'],
  /** What belongs to one of the above. */
  detail: ['separator', 'in', 'inverse', 'otherwise'],
} as const;

const all: ReadonlySet<string> = new Set(Object.values(keywords).flat());

export type SourceKeyword = (typeof keywords.source)[number];

/** A rule is an object with at least one of these; other objects are records written out. */
const deciding: ReadonlySet<string> = new Set([...keywords.source, 'each', 'with', 'group']);

export function isKeyword(key: string): boolean {
  return all.has(key);
}

/** Whether an object of a mapping is a rule rather than a record with members of its own. */
export function isRule(content: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(content).some((key) => deciding.has(key));
}

/** The keyword that was probably meant. */
export function nearestKeyword(key: string): string | undefined {
  let best: string | undefined;
  let least = 3;
  for (const candidate of all) {
    const distance = editDistance(key, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
