import { leaf, type Node, type Position } from '../tree.ts';
import { visits, type Visit } from './context.ts';
import { isRule } from './keywords.ts';
import { finished, putOf, startRecord, type Out, type Put } from './output.ts';
import { outputPath, report, spend, spendOutput, type Frame } from './run.ts';
import { below, conditionOf, isObject, isTrue, MAX_NESTING, member, problem, type Content, type Scope } from './scope.ts';
import { pairsOf } from './plain-sources.ts';
import { anyOf, presence, type Needs } from './presence.ts';
import { checkKeywords, compileDefault, compileValue, type Read } from './sources.ts';
import { tableChange } from './tables.ts';
import type { Rule } from './types.ts';

/** Makes what one key of the mapping says and puts it into the record. Gives whether the document had a value for it; undefined when it could not be made and that was reported. */
type Member = (frame: Frame, out: Out) => boolean | undefined;

/** The members of a record. `sourced`: some of them read the document, so that the record is left out when none finds anything. */
export type Body = { readonly make: (frame: Frame, out: Out) => boolean; readonly sourced: boolean; readonly needs: Needs };

type Made = { readonly member: Member; readonly sourced: boolean; readonly needs: Needs };

/** Compiles the shape of a record: each key is a member. */
export function compileBody(content: unknown, scope: Scope): Body | undefined {
  if (!isObject(content)) return problem(scope, 'a record with members is expected here');
  if (scope.at.length > MAX_NESTING) return problem(scope, 'a mapping nested too deep');
  const made: Made[] = [];
  for (const [key, value] of Object.entries(content)) {
    const items = Array.isArray(value) ? value : [value];
    items.forEach((item, i) => {
      const inner = Array.isArray(value) ? below(scope, key, i) : below(scope, key);
      const one = compileMember(key, item, Array.isArray(value), { ...inner, relative: extended(scope.relative, key), output: extended(scope.output, key) });
      if (one) made.push(one);
    });
  }
  const sourced = made.filter((one) => one.sourced);
  return { make: makerOf(made), sourced: sourced.length > 0, needs: sourced.length > 0 ? anyOf(sourced.map((one) => one.needs)) : undefined };
}

function makerOf(made: readonly Made[]): Body['make'] {
  const members = made.map((one) => one.member);
  const there = presence(made.map((one) => one.needs));
  if (!there) {
    return (frame, out) => {
      let found = false;
      for (let i = 0; i < members.length; i++) if (members[i]!(frame, out)) found = true;
      return found;
    };
  }
  const { of, bits } = there;
  return (frame, out) => {
    const present = of(frame.node, frame.run);
    let found = false;
    for (let i = 0; i < members.length; i++) if ((bits[i] === 0 || (bits[i]! & present) !== 0) && members[i]!(frame, out)) found = true;
    return found;
  };
}

function extended(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** What was compiled of an object of a mapping file, by where it stands: mappings that extend one base share what they do not change. */
type Shared = { readonly made: Made; readonly rules: readonly Rule[]; readonly tables: unknown; readonly direction: string };
const shared = new WeakMap<object, Map<string, Shared>>();

function compileMember(key: string, content: unknown, item: boolean, scope: Scope): Made | undefined {
  if (!isObject(content)) return compileAnew(key, content, item, scope);
  const { compilation } = scope;
  const place = `${scope.at.join('/')} ${scope.relative} ${scope.segment ?? ''} ${compilation.elementsIn} ${compilation.elementsOut}`;
  const known = shared.get(content)?.get(place);
  if (known && known.tables === compilation.tablesFrom && known.direction === compilation.direction) {
    compilation.rules.push(...known.rules);
    return known.made;
  }
  const before = { rules: compilation.rules.length, problems: compilation.problems.length };
  const made = compileAnew(key, content, item, scope);
  if (!made || compilation.problems.length > before.problems) return made;
  const places = shared.get(content) ?? new Map<string, Shared>();
  places.set(place, { made, rules: compilation.rules.slice(before.rules), tables: compilation.tablesFrom, direction: compilation.direction });
  shared.set(content, places);
  return made;
}

function compileAnew(key: string, content: unknown, item: boolean, scope: Scope): Made | undefined {
  if (isObject(content) && !isRule(content)) return writtenOut(key, content, item, scope);
  if (typeof content !== 'string' && !isObject(content)) return problem(scope, 'a path, a rule or a record is expected here');
  const spec: Content = typeof content === 'string' ? { from: content } : content;
  const moves = ['each', 'with', 'group'].some((mover) => Object.hasOwn(spec, mover));
  const listed = item || Object.hasOwn(spec, 'each') || Object.hasOwn(spec, 'group') || Object.hasOwn(spec, 'pairs');
  const rule: Rule = { path: listed ? `${scope.output}[]` : scope.output, place: scope.compilation.locate(scope.at) };
  scope.compilation.rules.push(rule);
  if (!moves && Object.hasOwn(spec, 'where')) problem(below(scope, 'where'), 'where belongs to each, with or group; a rule that holds only sometimes has when');
  const put = putOf(key, { listed, width: widthOf(spec) }, scope);
  const context = moves ? visits(spec, rule, scope) : undefined;
  const when = Object.hasOwn(spec, 'when') ? conditionOf(spec['when'], rule, below(scope, 'when')) : undefined;
  const inner: Scope = { ...scope, relative: moves ? '' : scope.relative, output: rule.path };
  const made = compileMaking({ key, spec, listed, rule, put }, inner);
  if (!put || !made || (moves && !context)) return undefined;
  const required = member(spec, 'required');
  if (required !== undefined && !isTrue(required) && required !== false && required !== 'false')
    problem(below(scope, 'required'), 'required takes true or false');
  const needs = isTrue(required) ? undefined : (context ?? made).needs;
  const guardedMember = guarded({ make: made.member, visit: context?.visit, when, rule, required: isTrue(required), relative: scope.relative });
  return { sourced: made.sourced || moves, needs, member: guardedMember };
}

/** How many members the records of a rule have at most. */
function widthOf(spec: Content): number {
  const map = member(spec, 'map');
  return isObject(map) ? Object.keys(map).length : 1;
}

type Guard = {
  readonly make: Member;
  readonly visit: Visit | undefined;
  readonly when: ((frame: Frame) => boolean) | undefined;
  readonly rule: Rule;
  readonly required: boolean;
  readonly relative: string;
};

/** The rule with its conditions around it: when, where it looks, and what must be there. */
function guarded({ make, visit, when, rule, required, relative }: Guard): Member {
  if (!visit && !required) return when ? (frame, out) => when(frame) && make(frame, out) : make;
  return (frame, out) => {
    const { run } = frame;
    spend(run, 1);
    if (when && !when(frame)) return false;
    let found = false;
    let failed = false;
    const before = required ? sizeOf(out) : 0;
    const take = (inner: Frame): void => {
      const made = make(inner, out);
      if (made === undefined) failed = true;
      else if (made) found = true;
    };
    if (visit) visit(frame, take);
    else take(frame);
    if (required && !found && !failed && sizeOf(out) === before) {
      run.at = frame.node.at;
      report(frame, rule, relative, { code: 'DOCUMENT_INVALID', message: 'is required and has no value' });
    }
    return found;
  };
}

/** How much a record holds: what a default gave counts as well. */
function sizeOf({ children, fields, value }: Out): number {
  return (children?.length ?? 0) + (fields?.length ?? 0) + (value === undefined ? 0 : 1);
}

type Making = { readonly key: string; readonly spec: Content; readonly listed: boolean; readonly rule: Rule; readonly put: Put | undefined };
function compileMaking(making: Making, scope: Scope): Made | undefined {
  const { spec } = making;
  if (Object.hasOwn(spec, 'map')) {
    checkKeywords(spec, scope);
    return record(making, spec['map'], below(scope, 'map'));
  }
  if (Object.hasOwn(spec, 'pairs')) return pairs(making, scope);
  const { each: _each, with: _with, group: _group, by: _by, where: _where, when: _when, default: fallback, required: _required, ...value } = spec;
  const compiled = compileValue(Object.keys(value).length === 0 || !isRule(value) ? { from: '.', ...value } : value, making.rule, scope);
  const absent = fallback === undefined ? undefined : compileDefault(fallback, making.rule, below(scope, 'default'));
  const { put, rule } = making;
  if (!compiled || !put) return undefined;
  return {
    sourced: compiled.sourced,
    needs: absent ? undefined : compiled.needs,
    member: valueMaker({ read: compiled.read, absent: absent?.read, put, rule, relative: scope.relative, sourced: compiled.sourced }),
  };
}

type Maker = {
  readonly read: Read;
  readonly absent: Read | undefined;
  readonly put: Put;
  readonly rule: Rule;
  readonly relative: string;
  readonly sourced: boolean;
};

function valueMaker({ read, absent, put, rule, relative, sourced }: Maker): Member {
  return (frame, out) => {
    const { run } = frame;
    spend(run, 1);
    run.at = frame.node.at;
    run.element = undefined;
    let value = read(frame);
    const found = sourced && value !== '';
    if (value === '' && absent) value = absent(frame);
    if (value === undefined || value === '') return value === undefined ? undefined : false;
    spendOutput(run, value.length);
    put.text(out, value, run.at);
    run.context.trace?.(rule, run.at, outputPath(frame, relative), value);
    return found;
  };
}

function writtenOut(key: string, content: Content, item: boolean, scope: Scope): Made | undefined {
  const rule: Rule = { path: scope.output, place: scope.compilation.locate(scope.at) };
  return record({ key, spec: content, listed: item, rule, put: putOf(key, { listed: item, width: Object.keys(content).length }, scope) }, content, scope);
}

function record({ key, listed, rule, put }: Making, content: unknown, scope: Scope): Made | undefined {
  const segment = scope.compilation.elementsOut && /^[A-Z][A-Z0-9]{1,2}$/.test(key) ? key : undefined;
  const body = compileBody(content, { ...scope, segment });
  if (!body || !put) return undefined;
  return {
    sourced: body.sourced,
    needs: body.needs,
    member: (frame, out) => {
      const { node, run } = frame;
      spend(run, 1);
      const inner = startRecord(key, listed, node.at);
      const found = body.make(frame, inner);
      if (body.sourced && !found) return false;
      spendOutput(run, 0);
      put.record(out, finished(inner));
      run.context.trace?.(rule, node.at, outputPath(frame, scope.relative), '');
      return found;
    },
  };
}

/** `pairs: PO106-PO125`: a record with qualifier and value for each pair; `table:` changes the qualifiers. */
function pairs({ key, spec, rule, put }: Making, scope: Scope): Made | undefined {
  checkKeywords(spec, scope);
  const read = pairsOf(spec['pairs'], below(scope, 'pairs'));
  const table = Object.hasOwn(spec, 'table') ? tableChange(spec, scope) : undefined;
  const { relative } = scope;
  if (!read || !put) return undefined;
  return {
    sourced: true,
    needs: read.needs,
    member: (frame, out) => {
      const { run } = frame;
      spend(run, 1);
      let made = 0;
      for (const [qualifier, value] of read.read(frame)) {
        const known = table ? table(qualifier, frame) : qualifier;
        if (typeof known !== 'string') report(frame, rule, relative, { code: 'MAPPING_FAILED', message: known.problem, value: qualifier });
        if (typeof known !== 'string' || known === '') continue;
        spendOutput(run, known.length + value.length + 64);
        put.record(out, pair(key, known, value, run.at));
        run.context.trace?.(rule, run.at, `${outputPath(frame, relative)}[${made}]`, value);
        made++;
      }
      return made > 0;
    },
  };
}

function pair(name: string, qualifier: string, value: string, at: Position | undefined): Node {
  const made = startRecord(name, true, at);
  made.children = [leaf('qualifier', qualifier), leaf('value', value)];
  return made;
}
