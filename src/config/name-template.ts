/** The names of outgoing files: text with `{token}`s. */

/** What may stand in braces. `control` and `id` differ for every file. */
export const nameTokens = ['control', 'id', 'document', 'partner', 'vendorNumber', 'poNumber', 'date', 'time'] as const;
export type NameToken = (typeof nameTokens)[number];

const UNIQUE: readonly string[] = ['control', 'id'] satisfies readonly NameToken[];
const LITERAL = /^[A-Za-z0-9._-]*$/;
/** So that a name with every token once stays below the 200 characters that transports take. */
const LONGEST_LITERAL = 40;
const LONGEST_VALUE = 22;

/** What is wrong with a name template, or nothing. */
export function nameTemplateProblem(template: string): string | undefined {
  const tokens = [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]!);
  const unknown = tokens.find((token) => !(nameTokens as readonly string[]).includes(token));
  if (unknown !== undefined) return `{${unknown}} is not known; use ${nameTokens.map((token) => `{${token}}`).join(' ')}`;
  const literal = template.replace(/\{[^{}]*\}/g, '');
  if (!LITERAL.test(literal)) return 'may hold letters, digits, ".", "_" and "-" besides {…}';
  if (literal.length > LONGEST_LITERAL) return `has more than ${LONGEST_LITERAL} characters besides {…}`;
  if (new Set(tokens).size < tokens.length) return 'says one {…} twice';
  if (!/^[A-Za-z0-9{]/.test(template) || literal.includes('..')) return 'must begin with a letter or digit and not hold ".."';
  if (/\.(tmp|part|filepart|crdownload)$/i.test(template)) return 'ends like the name of a file that is still being written';
  if (!tokens.some((token) => UNIQUE.includes(token))) return 'gives the same name to several files; add {control} or {id}';
  return undefined;
}

/** The name that a template gives. Characters of values that a name cannot hold become `_`, long values are cut, and an absent value leaves nothing. */
export function renderName(template: string, values: Readonly<Partial<Record<NameToken, string>>>): string {
  const name = template.replace(/\{([^{}]*)\}/g, (_whole, token: NameToken) => (values[token] ?? '').slice(0, LONGEST_VALUE).replace(/[^A-Za-z0-9._-]/g, '_'));
  return name.replace(/\.{2,}/g, '_').replace(/^[^A-Za-z0-9]+/, '');
}
