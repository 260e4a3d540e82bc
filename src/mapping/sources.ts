import { formatDecimal, parseDecimal } from '../decimal.ts';
import { compileChanges } from './change.ts';
import { isFailure } from './evaluate.ts';
import { namedFunction } from './functions.ts';
import { isKeyword, isRule, keywords, nearestKeyword, type SourceKeyword } from './keywords.ts';
import { visits } from './context.ts';
import { anyOf, type Needs } from './presence.ts';
import { constant, expression, qualified, type Source } from './plain-sources.ts';
import { report, spend, spendOutput, type Failure, type Frame } from './run.ts';
import { below, conditionOf, isObject, member, onlyKeys, problem, selectorOf, type Content, type Scope } from './scope.ts';
import type { Rule } from './types.ts';

/** A value: its text, '' when absent, undefined when it could not be made and that was reported. */
export type Read = (frame: Frame) => string | undefined;

/** A compiled value rule. `sourced` says whether it reads the document, or is the same for every document. */
export type ValueRule = { readonly read: Read; readonly sourced: boolean; readonly needs?: Needs };

type Texts = { readonly read: (frame: Frame) => readonly string[] | undefined; readonly sourced: boolean; readonly needs?: Needs };

const MAX_TEXT = 100_000;

/** A rule that makes one value: a path alone, or an object of keywords. `required` and where the rule looks are for the caller. */
export function compileValue(content: unknown, rule: Rule, scope: Scope): ValueRule | undefined {
  if (typeof content === 'string') {
    const selector = selectorOf(content, scope);
    return selector && { read: selector.text, sourced: selector.path.start.kind !== 'variable', needs: selector.needs };
  }
  if (!isObject(content) || !isRule(content)) return problem(scope, 'a path or a rule (from, const, …) is expected here');
  const [keyword, ...others] = Object.keys(content);
  if (keyword === 'from' && others.length === 0) return compileValue(content['from'], rule, below(scope, 'from'));
  const source = compileSource(content, rule, scope);
  const changes = compileChanges(content, scope);
  if (!source) return undefined;
  const when = member(content, 'when') === undefined ? undefined : conditionOf(content['when'], rule, below(scope, 'when'));
  const changed = changes.length === 0 && !when ? plain(source, rule, scope) : full(source, { rule, scope, changes, when });
  if (member(content, 'default') === undefined) return changed;
  const fallback = compileDefault(content['default'], rule, below(scope, 'default'));
  return fallback && { sourced: changed.sourced, read: (frame) => withDefault(changed.read(frame), fallback.read, frame) };
}

function withDefault(value: string | undefined, fallback: Read, frame: Frame): string | undefined {
  return value === '' ? fallback(frame) : value;
}

/** What `default` says: a text, or a rule. */
export function compileDefault(content: unknown, rule: Rule, scope: Scope): ValueRule | undefined {
  if (typeof content === 'string' || typeof content === 'boolean') return { read: () => String(content), sourced: false };
  return compileValue(content, rule, scope);
}

/** Reports the keys of a rule that are no keywords. */
export function checkKeywords(content: Content, scope: Scope): void {
  for (const key of Object.keys(content)) {
    if (isKeyword(key)) continue;
    const nearest = nearestKeyword(key);
    problem(below(scope, key), `there is no keyword "${key}"${nearest ? `; did you mean "${nearest}"?` : ''}`);
  }
  const sources = keywords.source.filter((key) => Object.hasOwn(content, key));
  if (sources.length > 1) problem(scope, `a rule has one source, not ${sources.join(' and ')}`);
}

function plain(source: Source, rule: Rule, { relative }: Scope): ValueRule {
  return {
    sourced: source.sourced,
    needs: source.needs,
    read: (frame) => {
      const value = source.read(frame);
      if (!isFailure(value)) return value;
      report(frame, rule, relative, { code: 'MAPPING_FAILED', message: value.problem });
      return undefined;
    },
  };
}

type Parts = {
  readonly rule: Rule;
  readonly scope: Scope;
  readonly changes: ReturnType<typeof compileChanges>;
  readonly when: ((frame: Frame) => boolean) | undefined;
};

function full(source: Source, { rule, scope, changes, when }: Parts): ValueRule {
  const { read } = plain(source, rule, scope);
  return {
    sourced: source.sourced,
    needs: source.needs,
    read: (frame) => {
      if (when && !when(frame)) return '';
      let value = read(frame);
      if (value === undefined || value === '') return value;
      const original = value;
      for (const change of changes) {
        const changed = change(value, frame);
        if (typeof changed !== 'string') {
          report(frame, rule, scope.relative, { code: 'MAPPING_FAILED', message: changed.problem, value: original });
          return undefined;
        }
        if (changed === '') return '';
        value = changed;
      }
      return value;
    },
  };
}

type CompileSource = (content: Content, rule: Rule, scope: Scope) => Source | undefined;

const compilers: Readonly<Record<Exclude<SourceKeyword, 'map' | 'pairs'>, CompileSource>> = {
  from: (content, rule, scope) => compileValue(content['from'], rule, below(scope, 'from')),
  const: constant,
  first,
  join,
  sum,
  count,
  qualified,
  call,
  expr: expression,
};

function compileSource(content: Content, rule: Rule, scope: Scope): Source | undefined {
  checkKeywords(content, scope);
  const keyword = keywords.source.find((key) => Object.hasOwn(content, key));
  if (keyword === 'map' || keyword === 'pairs') return problem(scope, `${keyword} makes records; a value is expected here`);
  if (keyword) return compilers[keyword](content, rule, scope);
  return compileValue('.', rule, scope);
}

/** `first: [ … ]`: the first of the rules that gives a value. */
function first(content: Content, rule: Rule, scope: Scope): Source | undefined {
  const list = content['first'];
  if (!Array.isArray(list) || list.length === 0) return problem(below(scope, 'first'), 'first takes a list of rules');
  const rules = compileAll(list, rule, below(scope, 'first'));
  return (
    rules && {
      sourced: rules.some((one) => one.sourced),
      needs: anyOf(rules.map(({ needs }) => needs)),
      read: (frame) => {
        for (const { read } of rules) {
          const value = read(frame);
          if (value !== '') return value;
        }
        return '';
      },
    }
  );
}

function compileAll(list: readonly unknown[], rule: Rule, scope: Scope): readonly ValueRule[] | undefined {
  const rules = list.map((item, i) => compileValue(item, rule, below(scope, i)));
  return rules.every((one) => one !== undefined) ? rules : undefined;
}

/** Several texts: a path with all it finds, a list of rules, or a rule with `each`. */
function compileTexts(content: unknown, rule: Rule, scope: Scope): Texts | undefined {
  if (typeof content === 'string') {
    const selector = selectorOf(content, scope);
    return selector && { read: selector.texts, sourced: true, needs: selector.needs };
  }
  if (Array.isArray(content)) {
    const rules = compileAll(content, rule, scope);
    if (!rules) return undefined;
    const needs = anyOf(rules.map((one) => one.needs));
    return { sourced: rules.some((one) => one.sourced), needs, read: (frame) => allOf(rules.map(({ read }) => read(frame))) };
  }
  if (!isObject(content) || !Object.hasOwn(content, 'each')) return problem(scope, 'a path, a list of rules or a rule with each is expected here');
  const { each, where, ...value } = content;
  const context = visits({ each, where }, rule, scope);
  const inner = compileValue(isRule(value) ? value : { from: '.', ...value }, rule, scope);
  if (!context || !inner) return undefined;
  const read: Texts['read'] = (frame) => {
    const values: (string | undefined)[] = [];
    context.visit(frame, (one) => values.push(inner.read(one)));
    return allOf(values);
  };
  return { sourced: true, needs: context.needs, read };
}

function allOf(values: readonly (string | undefined)[]): readonly string[] | undefined {
  const texts: string[] = [];
  for (const value of values) {
    if (value === undefined) return undefined;
    if (value !== '') texts.push(value);
  }
  return texts;
}

function join(content: Content, rule: Rule, scope: Scope): Source | undefined {
  const separator = member(content, 'separator') ?? '';
  if (typeof separator !== 'string') return problem(below(scope, 'separator'), 'separator takes a text');
  const texts = compileTexts(content['join'], rule, below(scope, 'join'));
  return (
    texts && {
      sourced: texts.sourced,
      needs: texts.needs,
      read: (frame) => {
        const values = texts.read(frame);
        if (!values) return undefined;
        spendOutput(
          frame.run,
          values.reduce((length, value) => length + value.length + separator.length, 0),
        );
        return values.join(separator);
      },
    }
  );
}

/** `sum`: the exact total; 0 of nothing. */
function sum(content: Content, rule: Rule, scope: Scope): Source | undefined {
  const texts = compileTexts(content['sum'], rule, below(scope, 'sum'));
  return (
    texts && {
      sourced: texts.sourced,
      read: (frame) => {
        let total = 0n;
        const values = texts.read(frame);
        if (!values) return undefined;
        for (const value of values) {
          const number = parseDecimal(value);
          if (number === undefined) return { problem: `"${value.slice(0, 40)}" is not a number` };
          total += number;
        }
        return formatDecimal(total);
      },
    }
  );
}

/** `count`: how many records or values a path finds, or how many records `each` visits. */
function count(content: Content, rule: Rule, scope: Scope): Source | undefined {
  const inner = below(scope, 'count');
  const counted = content['count'];
  if (isObject(counted)) {
    onlyKeys(counted, ['each', 'where'], inner, 'count');
    const context = visits({ each: counted['each'], where: member(counted, 'where') }, rule, inner);
    if (!context) return undefined;
    const read: Source['read'] = (frame) => {
      let found = 0;
      context.visit(frame, () => found++);
      return String(found);
    };
    return { sourced: true, read };
  }
  const selector = selectorOf(counted, inner);
  return selector && { sourced: true, read: (frame) => String(selector.path.element ? selector.texts(frame).length : selector.all(frame).length) };
}

/** `call: { function: gtin, args: [ … ] }` */
function call(content: Content, rule: Rule, scope: Scope): Source | undefined {
  const inner = below(scope, 'call');
  const spec = content['call'];
  if (!isObject(spec)) return problem(inner, 'call takes function and args');
  onlyKeys(spec, ['function', 'args'], inner, 'call');
  const name = member(spec, 'function');
  const known = typeof name === 'string' ? namedFunction(name) : undefined;
  if (!known) return problem(below(inner, 'function'), `no function is called "${String(name)}"`);
  const list = member(spec, 'args');
  if (!Array.isArray(list) || list.length < known.least || list.length > known.most) {
    return problem(below(inner, 'args'), `${String(name)} takes ${known.least} to ${known.most} args`);
  }
  const args = compileAll(list, rule, below(inner, 'args'));
  return args && { sourced: args.some((one) => one.sourced), read: applied(args, known.apply) };
}

function applied(args: readonly ValueRule[], apply: (values: readonly string[]) => string | Failure): Source['read'] {
  return (frame) => {
    const values: string[] = [];
    for (const { read } of args) {
      const value = read(frame);
      if (value === undefined) return undefined;
      values.push(value);
    }
    spend(frame.run, 1);
    const result = apply(values);
    return typeof result === 'string' && result.length > MAX_TEXT ? { problem: 'a text longer than a function may make' } : result;
  };
}
