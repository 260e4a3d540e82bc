import { formatDecimal, parseDecimal, roundTo, scaleExactly, type Decimal } from '../decimal.ts';
import type { Failure } from './run.ts';
import { below, isObject, isTrue, member, onlyKeys, problem, selectorOf, type Content, type Scope } from './scope.ts';
import { lookUpOf, placesOf, type Change } from './tables.ts';

const MAX = 10n ** 18n;
/** Decimals that are at their shortest already, as most are. */
const SHORTEST = /^(0|[1-9]\d{0,11})(\.\d{0,5}[1-9])?$/;

type DecimalOptions = {
  readonly round?: number;
  readonly places?: number;
  readonly implied?: number;
  readonly point: string;
  readonly group: string;
};

/** `decimal: true` or `{ round, places, implied, point, group }`: the file's way of writing a number on one side, the exact decimal on the other. */
export function decimalChange(content: unknown, scope: Scope): Change | undefined {
  if (!isTrue(content) && !isObject(content)) return problem(scope, 'decimal takes true, or round, places, implied, point, group');
  const options = decimalOptions(isObject(content) ? content : {}, scope);
  if (!options) return undefined;
  const plain = Object.keys(options).length === 2 && options.point === '.' && options.group === '';
  if (plain) return (value) => (SHORTEST.test(value) ? value : readDecimal(value, options));
  return scope.compilation.direction === 'in' ? (value) => readDecimal(value, options) : (value) => writeDecimal(value, options);
}

function decimalOptions(content: Content, scope: Scope): DecimalOptions | undefined {
  onlyKeys(content, ['round', 'places', 'implied', 'point', 'group'], scope, 'decimal');
  const numbers: { [key: string]: number } = {};
  for (const key of ['round', 'places', 'implied']) {
    const value = member(content, key);
    if (value === undefined) continue;
    const places = placesOf(value, below(scope, key));
    if (places === undefined) return undefined;
    numbers[key] = places;
  }
  const point = member(content, 'point') ?? '.';
  const group = member(content, 'group') ?? '';
  if (point !== '.' && point !== ',') return problem(below(scope, 'point'), 'point is "." or ","');
  if (typeof group !== 'string' || group.length > 1 || group === point) return problem(below(scope, 'group'), 'group is one character other than the point');
  return { ...numbers, point, group };
}

function readDecimal(value: string, options: DecimalOptions): string | Failure {
  const plain = plainNumber(value.trim(), options);
  const parsed = plain === undefined ? undefined : parseDecimal(plain);
  if (parsed === undefined)
    return { problem: `"${value.slice(0, 40)}" is not a decimal${/\de[+-]?\d/i.test(value) ? ' (a spreadsheet may have damaged it)' : ''}` };
  if (options.implied === undefined || plain!.includes('.')) return finish(parsed, options);
  const shifted = scaleExactly(parsed, 1n, 10n ** BigInt(options.implied));
  return shifted === undefined ? { problem: `"${value}" has more than six decimal places` } : finish(shifted, options);
}

/** With a point and without grouping; undefined when the grouping is not of three digits before the point: `1.234,56` is no number where `,` groups. */
function plainNumber(text: string, { point, group }: DecimalOptions): string | undefined {
  let plain = text;
  if (group !== '' && text.includes(group)) {
    const [whole, fraction = ''] = text.split(point);
    const [first, ...rest] = whole!.replace(/^[+-]/, '').split(group);
    if (fraction.includes(group) || !/^\d{1,3}$/.test(first!) || rest.some((digits) => !/^\d{3}$/.test(digits))) return undefined;
    plain = plain.replaceAll(group, '');
  }
  if (point === ',') return plain.includes('.') ? undefined : plain.replace(',', '.');
  return plain;
}

function finish(value: Decimal, { round, places }: DecimalOptions): string {
  return formatDecimal(round === undefined ? value : roundTo(value, round), places);
}

function writeDecimal(value: string, options: DecimalOptions): string | Failure {
  const parsed = parseDecimal(value);
  if (parsed === undefined) return { problem: `"${value.slice(0, 40)}" is not a decimal` };
  if (options.implied !== undefined) {
    const rounded = options.round === undefined ? parsed : roundTo(parsed, options.round);
    const shifted = rounded * 10n ** BigInt(options.implied);
    if (shifted % 1_000_000n !== 0n) return { problem: `${value} has more than ${options.implied} decimal places` };
    return formatDecimal(shifted);
  }
  const text = finish(parsed, options);
  const [whole = '', fraction] = text.split('.');
  const grouped = options.group === '' ? whole : whole.replace(/\B(?=(\d{3})+$)/g, options.group);
  return fraction === undefined ? grouped : `${grouped}${options.point}${fraction}`;
}

/** `integer: true`: a whole number, without leading zeros. */
export function integerChange(content: unknown, scope: Scope): Change | undefined {
  if (!isTrue(content)) return problem(scope, 'integer takes true');
  return (value) => {
    const match = /^([+-]?)0*(\d{1,30})(?:\.0*)?$/.exec(value.trim());
    if (!match) return { problem: `"${value.slice(0, 40)}" is not a whole number` };
    return match[1] === '-' && match[2] !== '0' ? `-${match[2]}` : match[2]!;
  };
}

/**
 * `unit: { code: PO103, table: { CS: 12, EA: 1 } }`: a quantity converted exactly, times the table's factor coming in and divided by it going out.
 * A factor is a decimal or a fraction such as `1/12`.
 */
export function unitChange(content: unknown, scope: Scope): Change | undefined {
  if (!isObject(content)) return problem(scope, 'unit takes a code and a table');
  onlyKeys(content, ['code', 'table'], scope, 'unit');
  const code = selectorOf(content['code'], below(scope, 'code'));
  const lookUp = lookUpOf(content['table'], false, below(scope, 'table'));
  if (!code || !lookUp) return undefined;
  const out = scope.compilation.direction === 'out';
  return (value, frame) => {
    const { at, element } = frame.run;
    const name = code.text(frame);
    [frame.run.at, frame.run.element] = [at, element];
    const factor = lookUp(name, frame);
    if (factor === undefined) return { problem: `there is no conversion from the unit "${name}"` };
    if (typeof factor !== 'string') return factor;
    return convert(value, factor, out);
  };
}

function convert(value: string, factor: string, out: boolean): string | Failure {
  const [numerator, denominator = '1', more] = factor.split('/').map((part) => part.trim());
  const top = parseDecimal(numerator ?? '');
  const bottom = parseDecimal(denominator);
  if (more !== undefined || top === undefined || bottom === undefined || top <= 0n || bottom <= 0n)
    return { problem: `"${factor}" is no factor of conversion` };
  const parsed = parseDecimal(value);
  if (parsed === undefined) return { problem: `"${value.slice(0, 40)}" is not a decimal` };
  const result = out ? scaleExactly(parsed, bottom, top) : scaleExactly(parsed, top, bottom);
  if (result === undefined) return { problem: `${value} is not a whole number of units (factor ${factor})` };
  return result >= MAX || result <= -MAX ? { problem: 'a number of more than 12 digits' } : formatDecimal(result);
}
