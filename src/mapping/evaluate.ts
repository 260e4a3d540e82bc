import { divide, formatDecimal, multiply, parseDecimal, type Decimal } from '../decimal.ts';
import type { Expression, Operator } from './expression.ts';
import { namedFunction } from './functions.ts';
import { spend, type Failure, type Frame } from './run.ts';
import { compilePath, isThere } from './select.ts';

/** What an expression gives: text ('' is absent), an exact number, or a truth. */
export type Value = string | Decimal | boolean;
export type Evaluate = (frame: Frame) => Value | Failure;

const MAX_TEXT = 100_000;

/** Compiles an expression to a closure. Numbers are exact; text that is no number in arithmetic is a failure. */
export function compileExpression(expression: Expression): Evaluate {
  const run = compileNode(expression);
  return (frame) => {
    spend(frame.run, 1);
    return run(frame);
  };
}

/** Compiles a condition: true, text that is not empty, a number that is not 0, or a record that is there. */
export function compileCondition(expression: Expression): (frame: Frame) => boolean | Failure {
  if (expression.kind === 'path') {
    const selector = compilePath(expression.path);
    return (frame) => isThere(selector.first(frame), expression.path, frame.run);
  }
  const run = compileExpression(expression);
  return (frame) => {
    const value = run(frame);
    return isFailure(value) ? value : truth(value);
  };
}

/** Whether the expression reads anything of the document, or only constants and variables. */
export function readsDocument(expression: Expression): boolean {
  switch (expression.kind) {
    case 'text':
    case 'number':
      return false;
    case 'path':
    case 'count':
      return expression.path.start.kind !== 'variable';
    case 'not':
    case 'minus':
      return readsDocument(expression.of);
    case 'binary':
      return readsDocument(expression.left) || readsDocument(expression.right);
    case 'in':
      return readsDocument(expression.value) || expression.list.some(readsDocument);
    case 'if':
      return readsDocument(expression.test) || readsDocument(expression.yes) || readsDocument(expression.no);
    default:
      return expression.args.some(readsDocument);
  }
}

export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object';
}

/** A value as text: numbers at their shortest, true as `true`, false as ''. */
export function asText(value: Value): string {
  if (typeof value === 'bigint') return formatDecimal(value);
  return typeof value === 'boolean' ? (value ? 'true' : '') : value;
}

function truth(value: Value): boolean {
  return typeof value === 'boolean' ? value : typeof value === 'bigint' ? value !== 0n : value !== '';
}

function compileNode(expression: Expression): Evaluate {
  switch (expression.kind) {
    case 'text':
    case 'number':
      return () => expression.value;
    case 'path':
      return compilePath(expression.path).text;
    case 'count': {
      const selector = compilePath(expression.path);
      return (frame) => BigInt(expression.path.element ? selector.texts(frame).length : selector.all(frame).length) * 1_000_000n;
    }
    case 'not': {
      const of = compileCondition(expression.of);
      return (frame) => negate(of(frame));
    }
    case 'minus':
      return arithmetic('-', () => 0n, compileNode(expression.of));
    case 'if':
      return conditional(expression);
    case 'in':
      return membership(expression);
    case 'call':
      return call(expression.name, expression.args.map(compileNode));
    default:
      return binary(expression);
  }
}

function negate(value: boolean | Failure): boolean | Failure {
  return isFailure(value) ? value : !value;
}

function conditional(expression: Extract<Expression, { kind: 'if' }>): Evaluate {
  const test = compileCondition(expression.test);
  const yes = compileNode(expression.yes);
  const no = compileNode(expression.no);
  return (frame) => {
    const found = test(frame);
    return isFailure(found) ? found : found ? yes(frame) : no(frame);
  };
}

function membership(expression: Extract<Expression, { kind: 'in' }>): Evaluate {
  const codes = expression.list.flatMap((one) => (one.kind === 'text' ? one.value : []));
  if (expression.value.kind === 'path' && codes.length === expression.list.length) {
    const { text } = compilePath(expression.value.path);
    return (frame) => codes.includes(text(frame));
  }
  const value = compileNode(expression.value);
  const list = expression.list.map(compileNode);
  return (frame) => {
    const found = value(frame);
    if (isFailure(found)) return found;
    for (const item of list) {
      const candidate = item(frame);
      if (isFailure(candidate)) return candidate;
      if (compare(found, candidate) === 0) return true;
    }
    return false;
  };
}

function call(name: string, args: readonly Evaluate[]): Evaluate {
  const known = namedFunction(name)!;
  return (frame) => {
    const values: string[] = [];
    for (const arg of args) {
      const value = arg(frame);
      if (isFailure(value)) return value;
      values.push(asText(value));
    }
    spend(frame.run, 1);
    const result = known.apply(values);
    return typeof result === 'string' && result.length > MAX_TEXT ? { problem: 'a text longer than an expression may make' } : result;
  };
}

function binary(expression: Extract<Expression, { kind: 'binary' }>): Evaluate {
  const { operator } = expression;
  if (operator === 'and' || operator === 'or') {
    const left = compileCondition(expression.left);
    const right = compileCondition(expression.right);
    return (frame) => {
      const first = left(frame);
      return isFailure(first) || first === (operator === 'or') ? first : right(frame);
    };
  }
  if ((operator === '=' || operator === '!=') && expression.left.kind === 'path' && expression.right.kind === 'text') {
    const { text } = compilePath(expression.left.path);
    const code = expression.right.value;
    return (frame) => (text(frame) === code) === (operator === '=');
  }
  const left = compileNode(expression.left);
  const right = compileNode(expression.right);
  if (operator === '&') return concatenation(left, right);
  if ('+-*/'.includes(operator)) return arithmetic(operator, left, right);
  return comparison(operator, left, right);
}

function concatenation(left: Evaluate, right: Evaluate): Evaluate {
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (isFailure(a)) return a;
    if (isFailure(b)) return b;
    const text = asText(a) + asText(b);
    return text.length > MAX_TEXT ? { problem: 'a text longer than an expression may make' } : text;
  };
}

function comparison(operator: Operator, left: Evaluate, right: Evaluate): Evaluate {
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (isFailure(a)) return a;
    if (isFailure(b)) return b;
    const order = compare(a, b);
    if (operator === '=') return order === 0;
    if (operator === '!=') return order !== 0;
    if (order === undefined) return false;
    return operator === '<' ? order < 0 : operator === '<=' ? order <= 0 : operator === '>' ? order > 0 : order >= 0;
  };
}

/** By number when either side is one, otherwise by text; undefined when a number meets text that is none. */
function compare(a: Value, b: Value): number | undefined {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    const x = toNumber(a);
    const y = toNumber(b);
    return x === undefined || y === undefined ? undefined : x < y ? -1 : x > y ? 1 : 0;
  }
  const x = asText(a);
  const y = asText(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

function toNumber(value: Value): Decimal | undefined {
  return typeof value === 'bigint' ? value : typeof value === 'string' ? parseDecimal(value) : undefined;
}

/** Exact; an absent operand makes the result absent. */
function arithmetic(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (isFailure(a)) return a;
    if (isFailure(b)) return b;
    if (a === '' || b === '') return '';
    const x = toNumber(a);
    const y = toNumber(b);
    if (x === undefined || y === undefined) return { problem: `"${asText(x === undefined ? a : b)}" is not a number` };
    return bounded(calculate(operator, x, y));
  };
}

function calculate(operator: string, x: Decimal, y: Decimal): Decimal | Failure {
  if (operator === '+') return x + y;
  if (operator === '-') return x - y;
  if (operator === '*') return multiply(x, y);
  return y === 0n ? { problem: 'division by zero' } : divide(x, y);
}

function bounded(value: Decimal | Failure): Decimal | Failure {
  return typeof value === 'bigint' && (value >= 10n ** 18n || value <= -(10n ** 18n)) ? { problem: 'a number of more than 12 digits' } : value;
}
