/**
 * Reads the YAML that configuration is mostly written in, at a tenth of what a whole YAML parser takes: block maps and lists, flow collections, plain and
 * quoted scalars on one line, comments, anchors and aliases. Anything else, and anything wrong, is left to the parser that knows all of YAML and says
 * what is wrong: a test holds the two to the same results.
 */

/** Where a member of an object or an item of a list stands: offsets into the text, of its key and of what a person is shown for it. */
export type Mark = { readonly key: number; readonly shown: number };
export type Marks = Map<object, Map<string | number, Mark>>;

export type PlainYaml = { readonly content: unknown; readonly marks: Marks };
export type YamlLimits = { readonly nodes: number; readonly depth: number };

const MOST_ALIASES = 100;

/** What this reader does not know, or what is wrong. */
class Unusual extends Error {}

type Value = {
  readonly content: unknown;
  /** Where it begins; -1 where it is empty. */
  readonly start: number;
  readonly scalar: boolean;
  readonly nodes: number;
};

type State = {
  readonly text: string;
  readonly booleans: boolean;
  readonly limits: YamlLimits;
  readonly marks: Marks;
  readonly anchors: Map<string, Value>;
  at: number;
  nodes: number;
  depth: number;
  aliases: number;
};

// Tabs, returns and control characters; a byte order mark; markers and directives; long keys and block scalars stay with the whole parser.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const STRANGE = /[\0-\x09\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]|^(?:---|\.\.\.|%)/m;
const PLAIN_START = /[^\s\-?:,[\]{}#&*!|>'"%@`]/;

/** The content of a text and where everything in it stands; undefined when the text is not of this kind. */
export function readPlainYaml(text: string, booleans: boolean, limits: YamlLimits): PlainYaml | undefined {
  if (STRANGE.test(text)) return undefined;
  const state: State = { text, booleans, limits, marks: new Map(), anchors: new Map(), at: 0, nodes: 0, depth: 0, aliases: 0 };
  try {
    const indent = nextLine(state);
    if (indent < 0) return { content: null, marks: state.marks };
    const { content } = block(state, indent);
    if (nextLine(state) >= 0) return undefined;
    return { content, marks: state.marks };
  } catch (error) {
    if (error instanceof Unusual) return undefined;
    throw error;
  }
}

/** Goes to the first character of the next line that says something, and gives its indentation; -1 at the end. Stays where nothing of a line was read yet. */
function nextLine(state: State): number {
  const { text } = state;
  let begin = state.at;
  while (text[begin - 1] === ' ') begin--;
  if (begin > 0 && text[begin - 1] !== '\n') {
    const end = text.indexOf('\n', state.at);
    begin = end < 0 ? text.length : end + 1;
  }
  for (;;) {
    let at = begin;
    while (text[at] === ' ') at++;
    if (at >= text.length) {
      state.at = text.length;
      return -1;
    }
    if (text[at] !== '\n' && text[at] !== '#') {
      state.at = at;
      return at - begin;
    }
    const end = text.indexOf('\n', at);
    begin = end < 0 ? text.length : end + 1;
  }
}

function count(state: State, by = 1): void {
  state.nodes += by;
  if (state.nodes > state.limits.nodes || state.depth > state.limits.depth) throw new Unusual();
}

/** A block collection whose first line is at `indent`, where the reader stands. */
function block(state: State, indent: number): Value {
  state.depth++;
  const before = state.nodes;
  count(state);
  const start = state.at;
  const content = isItem(state) ? list(state, indent) : map(state, indent);
  state.depth--;
  return { content, start, scalar: false, nodes: state.nodes - before };
}

function isItem({ text, at }: State): boolean {
  return text[at] === '-' && (text[at + 1] === ' ' || text[at + 1] === '\n' || text[at + 1] === undefined);
}

function list(state: State, indent: number): unknown[] {
  const items: unknown[] = [];
  const marks = new Map<string | number, Mark>();
  for (let next = indent; next === indent && isItem(state); next = nextLine(state)) {
    state.at++;
    if (skipSpaces(state) === 0 || isItem(state)) throw new Unusual();
    const column = state.at - lineStart(state);
    const value = isKey(state) ? block(state, column) : inline(state, indent);
    marks.set(items.length, { key: value.start, shown: value.start });
    items.push(value.content);
  }
  state.marks.set(items, marks);
  return items;
}

function map(state: State, indent: number): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  const marks = new Map<string | number, Mark>();
  for (let next = indent; next === indent && !isItem(state); next = nextLine(state)) {
    if (!isKey(state)) throw new Unusual();
    const { start, name } = key(state);
    state.at++;
    const value = skipSpaces(state) === 0 && !atLineEnd(state) ? undefined : memberValue(state, indent);
    if (!value) throw new Unusual();
    put(content, marks, { name, start, value });
  }
  state.marks.set(content, marks);
  return content;
}

type Member = { readonly name: string; readonly start: number; readonly value: Value };

function put(content: Record<string, unknown>, marks: Map<string | number, Mark>, { name, start, value }: Member): void {
  if (marks.has(name) || name === '__proto__') throw new Unusual();
  marks.set(name, { key: start, shown: value.scalar && value.content !== null ? value.start : start });
  content[name] = value.content;
}

/** What follows `key:`, on the same line or below it. */
function memberValue(state: State, indent: number): Value {
  const anchor = state.text[state.at] === '&' ? anchorName(state) : undefined;
  if (!atLineEnd(state)) return anchored(state, anchor, inline(state, indent));
  const end = state.at;
  const next = nextLine(state);
  if (next > indent && /[[{]/.test(state.text[state.at]!)) return anchored(state, anchor, inline(state, indent));
  if (next > indent || (next === indent && isItem(state))) return anchored(state, anchor, block(state, next));
  if (anchor !== undefined) throw new Unusual();
  // Nothing: the line that follows is for whoever is outside.
  state.at = end;
  count(state);
  return { content: null, start: -1, scalar: true, nodes: 1 };
}

function anchored(state: State, name: string | undefined, value: Value): Value {
  if (name !== undefined) state.anchors.set(name, value);
  return value;
}

/** A value that begins on this line and, unless it is a flow collection, ends on it. */
function inline(state: State, indent: number): Value {
  const first = state.text[state.at];
  if (first === '&') {
    const name = anchorName(state);
    if (atLineEnd(state) || isKey(state)) throw new Unusual();
    return anchored(state, name, inline(state, indent));
  }
  const value = first === '[' || first === '{' ? flow(state, indent) : first === '*' ? alias(state, false) : scalar(state, false);
  if (!atLineEnd(state)) throw new Unusual();
  // A deeper line would go on with a plain scalar.
  const end = state.at;
  if (nextLine(state) > indent) throw new Unusual();
  state.at = end;
  return value;
}

function anchorName(state: State): string {
  const match = /&([A-Za-z0-9_-]+)(?=[ \n]|$)/y;
  match.lastIndex = state.at;
  const name = match.exec(state.text)?.[1];
  if (name === undefined) throw new Unusual();
  state.at += name.length + 1;
  skipSpaces(state);
  if (state.text[state.at] === '&' || state.text[state.at] === '*') throw new Unusual();
  return name;
}

function alias(state: State, inFlow: boolean): Value {
  const match = inFlow ? /\*([A-Za-z0-9_-]+)(?= *[,\]}\n])/y : /\*([A-Za-z0-9_-]+)(?= |\n|$)/y;
  match.lastIndex = state.at;
  const name = match.exec(state.text)?.[1];
  const target = name === undefined ? undefined : state.anchors.get(name);
  if (!target || ++state.aliases > MOST_ALIASES) throw new Unusual();
  const start = state.at;
  state.at += name!.length + 1;
  count(state, target.nodes);
  return { content: target.content, start, scalar: false, nodes: target.nodes };
}

/** Whether a key stands here: a scalar on this line with a colon after it. */
function isKey(state: State): boolean {
  const at = state.at;
  const quote = state.text[at];
  const end = quote === '"' || quote === "'" ? quotedEnd(state) : plainEnd(state, false);
  return state.text[end] === ':' && (state.text[end + 1] === ' ' || state.text[end + 1] === '\n' || state.text[end + 1] === undefined);
}

function key(state: State): { readonly start: number; readonly name: string } {
  const start = state.at;
  const { content } = scalar(state, false, true);
  if (typeof content !== 'string' || state.text[state.at] !== ':') throw new Unusual();
  return { start, name: content };
}

function scalar(state: State, inFlow: boolean, asKey = false): Value {
  const { text } = state;
  const start = state.at;
  count(state);
  if (text[start] === '"' || text[start] === "'") {
    const end = quotedEnd(state);
    state.at = end;
    return { content: unquoted(text.slice(start, end)), start, scalar: true, nodes: 1 };
  }
  const end = plainEnd(state, inFlow);
  if (end === start) throw new Unusual();
  // `a: b: c` is no value; a key is looked at by whoever asks for one.
  if (!asKey && text[end] === ':') throw new Unusual();
  state.at = end;
  return { content: resolved(text.slice(start, end), state.booleans && !asKey), start, scalar: true, nodes: 1 };
}

function resolved(text: string, booleans: boolean): unknown {
  if (/^(?:null|Null|NULL|~)$/.test(text)) return null;
  if (booleans && /^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return text.toLowerCase() === 'true';
  return text;
}

function quotedEnd({ text, at }: State): number {
  const match = text[at] === '"' ? /"(?:[^"\\\n]|\\[^\n])*"/y : /'(?:[^'\n]|'')*'/y;
  match.lastIndex = at;
  if (!match.test(text)) throw new Unusual();
  return match.lastIndex;
}

function unquoted(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new Unusual();
  }
}

const BLOCK_PLAIN = /(?:[^:#\n]|:(?=[^ \n])|(?<=[^ \n])#)+/y;
const FLOW_PLAIN = /(?:[^:#\n,[\]{}]|:(?=[^ \n,[\]{}])|(?<=[^ \n])#)+/y;

/** Where a plain scalar ends, its spaces at the end left off; where it stands when there is none. */
function plainEnd({ text, at }: State, inFlow: boolean): number {
  const first = text[at] ?? '';
  if (!PLAIN_START.test(first) && !(first === '-' && /[A-Za-z0-9.]/.test(text[at + 1] ?? ''))) return at;
  const match = inFlow ? FLOW_PLAIN : BLOCK_PLAIN;
  match.lastIndex = at;
  if (!match.test(text)) return at;
  let end = match.lastIndex;
  while (text[end - 1] === ' ') end--;
  return end;
}

/** `[…]` or `{…}`, over several lines where they are indented deeper than what holds them. */
function flow(state: State, indent: number): Value {
  state.depth++;
  const before = state.nodes;
  count(state);
  const start = state.at;
  const isMap = state.text[start] === '{';
  const close = isMap ? '}' : ']';
  const items: unknown[] = [];
  const members: Record<string, unknown> = {};
  const marks = new Map<string | number, Mark>();
  state.at++;
  skipInFlow(state, indent);
  while (state.text[state.at] !== close) {
    if (isMap) flowMember(state, indent, members, marks);
    else {
      const value = flowValue(state, indent);
      marks.set(items.length, { key: value.start, shown: value.start });
      items.push(value.content);
    }
    skipInFlow(state, indent);
    if (state.text[state.at] === ',') {
      state.at++;
      skipInFlow(state, indent);
    } else if (state.text[state.at] !== close) throw new Unusual();
  }
  state.at++;
  state.depth--;
  const content = isMap ? members : items;
  state.marks.set(content, marks);
  return { content, start, scalar: false, nodes: state.nodes - before };
}

function flowMember(state: State, indent: number, members: Record<string, unknown>, marks: Map<string | number, Mark>): void {
  const start = state.at;
  const { content } = scalar(state, true, true);
  if (typeof content !== 'string' || state.text[state.at] !== ':' || state.text[state.at + 1] !== ' ') throw new Unusual();
  state.at++;
  skipInFlow(state, indent);
  put(members, marks, { name: content, start, value: flowValue(state, indent) });
}

function flowValue(state: State, indent: number): Value {
  const first = state.text[state.at];
  if (first === '[' || first === '{') return flow(state, indent);
  if (first === '*') return alias(state, true);
  if (first === '&') {
    const name = anchorName(state);
    return anchored(state, name, flowValue(state, indent));
  }
  return scalar(state, true);
}

/** Spaces, line ends and comments inside a flow collection. */
function skipInFlow(state: State, indent: number): void {
  for (;;) {
    const spaces = skipSpaces(state);
    const character = state.text[state.at];
    if (character === '#' && spaces > 0) state.at = endOfLine(state);
    else if (character === '\n') {
      if (nextLine(state) <= indent) throw new Unusual();
    } else if (character === undefined) throw new Unusual();
    else return;
  }
}

function skipSpaces(state: State): number {
  const from = state.at;
  while (state.text[state.at] === ' ') state.at++;
  return state.at - from;
}

function endOfLine({ text, at }: State): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Whether nothing but a comment follows on this line. */
function atLineEnd(state: State): boolean {
  const { text } = state;
  let { at } = state;
  while (text[at] === ' ') at++;
  return at >= text.length || text[at] === '\n' || (text[at] === '#' && (at === 0 || text[at - 1] === ' '));
}

function lineStart({ text, at }: State): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}
