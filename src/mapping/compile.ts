import type { Node } from '../tree.ts';
import { extendedContent, locateIn } from './extend.ts';
import { finished, startRecord } from './output.ts';
import { compileBody, type Body } from './rules.ts';
import { OverBudget, startRun, type Frame, type Run } from './run.ts';
import { below, isObject, member, onlyKeys, problem, textAt, type Compilation, type Content, type Scope } from './scope.ts';
import { tableEntries } from './tables.ts';
import type { Direction, Mapping, MappingResult, MappingSource, Problem, Rule, RunContext, Side } from './types.ts';

const KEYS = ['direction', 'document', 'description', 'source', 'target', 'extends', 'tables', 'map'];

/** Compiles a mapping file, with the one it extends, to closures. Gives every problem at once, each at its line. */
export function compileMapping(source: MappingSource): { readonly mapping: Mapping } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const rules: Rule[] = [];
  const top = topScope(source, problems, rules);
  const content = contentOf(source.content, source.base, top);
  const head = content && headOf(content, top);
  if (!content || !head) return { problems };
  const { direction, side, document } = head;
  const tables = tablesOf(content, top);
  const x12 = side.format === 'x12';
  const compilation: Compilation = {
    ...top.compilation,
    direction,
    tables,
    tablesFrom: member(content, 'tables'),
    elementsIn: x12 && direction === 'in',
    elementsOut: x12 && direction === 'out',
  };
  const scope: Scope = { ...below({ ...top, compilation }, 'map'), segment: x12 ? 'ST' : undefined };
  const body = compileBody(member(content, 'map'), scope);
  const name = rootName(head, content, scope);
  if (!body || name === undefined || problems.length > 0) return { problems };
  const mapping: Mapping = {
    name: source.name,
    file: source.file,
    direction,
    document,
    side,
    run: (tree, context) => run(tree, context, { body, name, file: source.file, root: direction === 'out' && side.format === 'xml' }),
    rules: () => rules,
  };
  return { mapping };
}

function topScope(source: MappingSource, problems: Problem[], rules: Rule[]): Scope {
  const locate = locateIn(source, source.base);
  const compilation: Compilation = {
    direction: 'in',
    elementsIn: false,
    elementsOut: false,
    tables: new Map(),
    tablesFrom: undefined,
    locate,
    problems,
    rules,
  };
  return { compilation, at: [], output: '', relative: '', segment: undefined };
}

/** The content laid over that of its base. */
function contentOf(own: unknown, under: MappingSource | undefined, scope: Scope): Content | undefined {
  if (!isObject(own)) return problem(scope, 'a mapping is an object with direction, document, source or target, and map');
  const wanted = member(own, 'extends');
  if (wanted === undefined) return own;
  const at = below(scope, 'extends');
  if (typeof wanted !== 'string') return problem(at, 'extends takes the name of a mapping');
  if (!under) return problem(at, `there is no mapping "${wanted}"`);
  const base = under.content;
  if (!isObject(base)) return problem(at, `the mapping "${wanted}" has problems of its own`);
  if (Object.hasOwn(base, 'extends'))
    return problem(at, `"${wanted}" extends another mapping itself`, 'Only one level is possible: extend the base, or copy what is needed');
  const merged = extendedContent(own, base);
  return isObject(merged) ? merged : undefined;
}

type Head = { readonly direction: Direction; readonly document: string; readonly side: Side };

function headOf(content: Content, scope: Scope): Head | undefined {
  onlyKeys(content, KEYS, scope, 'a mapping');
  const direction = member(content, 'direction');
  if (direction !== 'in' && direction !== 'out')
    return problem(Object.hasOwn(content, 'direction') ? below(scope, 'direction') : scope, 'direction is in or out');
  const document = textAt(content, 'document', scope);
  const key = direction === 'in' ? 'source' : 'target';
  const other = direction === 'in' ? 'target' : 'source';
  if (Object.hasOwn(content, other)) problem(below(scope, other), `a mapping ${direction} has a ${key}, no ${other}`);
  const options = member(content, key);
  const at = Object.hasOwn(content, key) ? below(scope, key) : scope;
  const format = isObject(options) ? member(options, 'format') : undefined;
  if (!isObject(options) || typeof format !== 'string') return problem(at, `${key} names a format`);
  return { direction, document: document ?? '', side: { format, options, place: scope.compilation.locate(at.at) } };
}

function tablesOf(content: Content, scope: Scope): Compilation['tables'] {
  const tables = new Map<string, ReadonlyMap<string, string>>();
  const inner = below(scope, 'tables');
  const given = member(content, 'tables') ?? {};
  if (!isObject(given)) {
    problem(inner, 'tables holds code tables by name');
    return tables;
  }
  for (const [name, entries] of Object.entries(given)) {
    if (isObject(entries)) tables.set(name, tableEntries(entries, below(inner, name)));
    else problem(below(inner, name), 'a code table holds entries');
  }
  return tables;
}

/** The name of the tree that comes out: the document, the transaction set, or for XML the one root element. */
function rootName({ direction, document, side }: Head, content: Content, scope: Scope): string | undefined {
  if (direction === 'in') return document;
  const set = member(side.options, 'set');
  if (side.format === 'x12') return typeof set === 'string' ? set : problem(scope, 'target names a set, such as set: "855"');
  const map = member(content, 'map');
  const roots = isObject(map) ? Object.values(map) : [];
  if (side.format === 'xml' && (roots.length !== 1 || Array.isArray(roots[0]))) return problem(scope, 'the map for an XML file has one key: its root element');
  return document;
}

type Runnable = { readonly body: Body; readonly name: string; readonly file: string; readonly root: boolean };

function run(tree: Node, context: RunContext, { body, name, file, root }: Runnable): MappingResult {
  const state = startRun(tree, context);
  const frame: Frame = { node: tree, up: undefined, run: state, label: '', index: -1 };
  const out = startRecord(name, false, tree.at);
  try {
    body.make(frame, out);
  } catch (error) {
    // A tree deeper than the stack is data too.
    if (!(error instanceof OverBudget) && !(error instanceof RangeError)) throw error;
    return { tree: undefined, findings: [...state.findings, overBudget(state, file, error)] };
  }
  return { tree: root ? out.children?.[0] : finished(out), findings: state.findings };
}

function overBudget(state: Run, file: string, error: Error): MappingResult['findings'][number] {
  return { code: 'MAPPING_FAILED', severity: 'error', message: `the mapping was stopped: ${error.message} (${file})`, ...(state.at && { at: state.at }) };
}
