import type { ErrorCode } from '../errors.ts';
import { compileCondition, isFailure } from './evaluate.ts';
import { parseExpression } from './expression.ts';
import { parsePath } from './path.ts';
import { report, type Frame } from './run.ts';
import { compilePath, type Selector } from './select.ts';
import type { ContentPath, Direction, MappingSource, Problem, Rule } from './types.ts';

export type Content = Readonly<Record<string, unknown>>;

/** What the compiling of one mapping shares. */
export type Compilation = {
  readonly direction: Direction;
  /** Whether names such as `PO107` in paths are elements, and whether such keys are (X12). */
  readonly elementsIn: boolean;
  readonly elementsOut: boolean;
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The content that the tables were made of. */
  readonly tablesFrom: unknown;
  readonly locate: MappingSource['locate'];
  readonly problems: Problem[];
  readonly rules: Rule[];
};

/** Where the compiler stands: in the mapping file, in the output, and relative to the record that moved the context. */
export type Scope = {
  readonly compilation: Compilation;
  readonly at: ContentPath;
  /** The output path from the top, `lines[].ids[].value`. */
  readonly output: string;
  /** The output path from the frame the rule runs in. */
  readonly relative: string;
  /** The segment that the keys here are elements of, in X12 output. */
  readonly segment: string | undefined;
};

export const MAX_NESTING = 60;

/** The scope of a key or list item below. */
export function below(scope: Scope, ...keys: ContentPath): Scope {
  return { ...scope, at: [...scope.at, ...keys] };
}

/** Notes a problem at the place of the scope; gives undefined so that callers can return it. */
export function problem(scope: Scope, message: string, remedy?: string): undefined {
  const code: ErrorCode = 'MAPPING_INVALID';
  scope.compilation.problems.push({ place: scope.compilation.locate(scope.at), code, message, ...(remedy !== undefined && { remedy }) });
  return undefined;
}

export function isObject(content: unknown): content is Content {
  return typeof content === 'object' && content !== null && !Array.isArray(content);
}

/** Whether YAML said true, as such or as text. */
export function isTrue(content: unknown): boolean {
  return content === true || content === 'true';
}

/** The own member of that name. */
export function member(content: Content, key: string): unknown {
  return Object.hasOwn(content, key) ? content[key] : undefined;
}

/** The text of a member; a problem when it is something else. */
export function textAt(content: Content, key: string, scope: Scope): string | undefined {
  const value = member(content, key);
  return typeof value === 'string' ? value : problem(below(scope, key), `${key} takes a text`);
}

/** A whole number from text or from a number that YAML gave. */
export function wholeNumber(value: unknown, least: number, most: number): number | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : NaN;
  return Number.isInteger(number) && number >= least && number <= most ? number : undefined;
}

/** Reports every key that is not among those allowed. */
export function onlyKeys(content: Content, allowed: readonly string[], scope: Scope, what: string): void {
  for (const key of Object.keys(content)) if (!allowed.includes(key)) problem(below(scope, key), `${what} has no "${key}"; it takes ${allowed.join(', ')}`);
}

/** A compiled path, or a problem. */
export function selectorOf(content: unknown, scope: Scope): Selector | undefined {
  if (typeof content !== 'string') return problem(scope, 'a path is expected here');
  const { elementsIn } = scope.compilation;
  const key = `${elementsIn ? 'x' : '-'}${content}`;
  let selector = selectors.get(key);
  if (!selector) {
    const path = parsePath(content, elementsIn);
    if ('problem' in path) return problem(scope, path.problem);
    selector = compilePath(path);
    if (selectors.size < MOST_SELECTORS) selectors.set(key, selector);
  }
  return selector;
}

/** Mappings of many partners say the same paths; a compiled path holds nothing of the mapping it stands in. */
const selectors = new Map<string, Selector>();
const MOST_SELECTORS = 5000;

/** A compiled condition, or a problem. What fails in it while it runs is reported and counts as false. */
export function conditionOf(content: unknown, rule: Rule, scope: Scope): ((frame: Frame) => boolean) | undefined {
  if (typeof content !== 'string') return problem(scope, 'a condition is expected here');
  const expression = parseExpression(content, scope.compilation.elementsIn);
  if ('problem' in expression) return problem(scope, expression.problem);
  const condition = compileCondition(expression);
  const { relative } = scope;
  return (frame) => {
    const holds = condition(frame);
    if (!isFailure(holds)) return holds;
    report(frame, rule, relative, { code: 'MAPPING_FAILED', message: holds.problem });
    return false;
  };
}
