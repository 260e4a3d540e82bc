/**
 * Transaction set definitions, compiled from the rows in `sets/` and a partner's overrides.
 *
 * A row is `[4|5| ]<dots><segment> <requirement><greatest use> [*<loop repeats> [<loop id>]]`. The first column says that the row is only in
 * 004010 or only in 005010; dots are loop depth; `>` is no limit; a row with `*` opens a loop that the rows of the same depth after it belong to.
 */
import { lastMandatory, segmentDefinition, type ElementDefinition, type Release, type SegmentDefinition } from './dictionary.ts';
import { setRows } from './sets/index.ts';
import type { DefinitionOverride } from './types.ts';

export type Entry = {
  readonly segment: SegmentDefinition;
  readonly mandatory: boolean;
  readonly unused: boolean;
  /** Greatest use of the segment, or repeats of the loop it opens. */
  readonly max: number;
  readonly loop: Loop | undefined;
  /** The place of the LS that must have been met for this to be reachable; -1 when none. */
  readonly after: number;
};

export type Loop = {
  readonly id: string;
  readonly entries: readonly Entry[];
  /** Packed segment id → the places of its entries, ascending. */
  readonly places: ReadonlyMap<number, readonly number[]>;
  /** For each place, the place of the first mandatory entry at or after it; the number of entries when none. */
  readonly nextMandatory: readonly number[];
};

export type SetDefinition = {
  readonly id: string;
  readonly name: string;
  readonly groupType: string;
  readonly release: Release;
  readonly root: Loop;
  /** Packed ids of every segment of the set. */
  readonly segments: ReadonlySet<number>;
};

/** A segment id of one to three characters as one number, so that looking one up makes no string. */
export function packId(id: string): number {
  let packed = 0;
  for (let i = 0; i < id.length && i < 4; i++) packed = (packed << 8) | (id.charCodeAt(i) & 0xff);
  return packed;
}

const compiled = new Map<string, SetDefinition | undefined>();
const tailored = new WeakMap<readonly DefinitionOverride[], Map<string, SetDefinition | undefined>>();

/** The definition of a set in a release, with a partner's overrides; undefined when the set has none. A set of 005010 only serves for 004010 too. */
export function setDefinition(id: string, release: Release, overrides?: readonly DefinitionOverride[]): SetDefinition | undefined {
  const cache = overrides?.length ? cacheFor(overrides) : compiled;
  const key = `${id}/${release}`;
  if (!cache.has(key)) cache.set(key, compile(id, release, overrides ?? []));
  return cache.get(key);
}

/** The release whose definitions serve a version such as `004010VICS` or `00401`, and whether it is that one itself. */
export function releaseOf(version: string): { readonly release: Release; readonly exact: boolean } {
  if (version === lastVersion.version) return lastVersion.result;
  const result = findRelease(version);
  lastVersion = { version, result };
  return result;
}

let lastVersion: { readonly version: string; readonly result: { readonly release: Release; readonly exact: boolean } } = {
  version: '004010',
  result: { release: '004010', exact: true },
};

function findRelease(version: string): { readonly release: Release; readonly exact: boolean } {
  const digits = /^\d{5,6}/.exec(version)?.[0].padEnd(6, '0') ?? '';
  if (digits === '004010' || digits === '005010') return { release: digits, exact: true };
  return { release: Number(digits || '4010') > 4059 ? '005010' : '004010', exact: false };
}

/** The sets that have a definition. */
export function definedSets(): readonly string[] {
  return [...setRows.keys()];
}

/** The name of a set and the GS01 it belongs in. */
export function setNames(id: string): { readonly name: string; readonly groupType: string } | undefined {
  const known = names.get(id);
  if (known) return known;
  const rows = setRows.get(id);
  if (!rows) return undefined;
  const [, groupType = '', name = ''] = /^\n\d+ (\w+)(?: 5)? (.*)\n/.exec(rows)!;
  const result = { name, groupType };
  names.set(id, result);
  return result;
}

const names = new Map<string, { readonly name: string; readonly groupType: string }>();

function cacheFor(overrides: readonly DefinitionOverride[]): Map<string, SetDefinition | undefined> {
  let cache = tailored.get(overrides);
  if (!cache) tailored.set(overrides, (cache = new Map()));
  return cache;
}

type Row = {
  readonly depth: number;
  readonly segment: string;
  readonly mandatory: boolean;
  readonly max: number;
  readonly repeats: number;
  readonly id: string;
};

function compile(id: string, release: Release, overrides: readonly DefinitionOverride[]): SetDefinition | undefined {
  const text = setRows.get(id);
  if (!text) return undefined;
  const rows = text
    .split('\n')
    .slice(2)
    .filter((row) => row !== '' && (row[0] === ' ' || row[0] === release[2]))
    .map(readRow)
    .filter((row) => row.segment !== 'SE');
  const mine = overrides.filter((override) => override.set === undefined || override.set === id);
  const cursor = { at: 0 };
  const root = buildLoop('', rows, cursor, { depth: 0, release, overrides: mine });
  const segments = new Set(rows.map((row) => packId(row.segment)));
  return { id, ...setNames(id)!, release, root, segments };
}

function readRow(text: string): Row {
  const match = /^.(\.*)(\w+) ([MO])(>|\d+)(?: \*(>|\d+)(?: (\w+))?)?$/.exec(text)!;
  const [, dots = '', segment = '', requirement, max, repeats, id] = match;
  return { depth: dots.length, segment, mandatory: requirement === 'M', max: count(max), repeats: count(repeats), id: id ?? segment };
}

function count(word: string | undefined): number {
  return word === '>' ? Infinity : Number(word ?? 0);
}

type Context = { readonly depth: number; readonly release: Release; readonly overrides: readonly DefinitionOverride[] };

function buildLoop(id: string, rows: readonly Row[], cursor: { at: number }, context: Context): Loop {
  const entries: Entry[] = [];
  let bound = -1;
  while (cursor.at < rows.length) {
    const row = rows[cursor.at]!;
    if (row.depth < context.depth || (row.depth === context.depth && row.repeats > 0 && context.depth > 0)) break;
    cursor.at++;
    const opens = row.repeats > 0;
    const loop = opens ? buildLoop(row.id, rows, cursor, { ...context, depth: row.depth }) : undefined;
    entries.push(overrideEntry(entryOf(row, loop, bound, context), opens ? row.segment : id, context.overrides));
    if (row.segment === 'LS') bound = entries.length - 1;
    else if (row.segment === 'LE') bound = -1;
  }
  return finishLoop(id, entries);
}

function entryOf(row: Row, loop: Loop | undefined, after: number, context: Context): Entry {
  const segment = segmentDefinition(context.release, row.segment) ?? { id: row.segment, name: row.segment, elements: [], notes: [], lastMandatory: 0 };
  return { segment, mandatory: row.mandatory, unused: false, max: loop ? row.repeats : row.max, loop, after };
}

function finishLoop(id: string, entries: readonly Entry[]): Loop {
  const places = new Map<number, number[]>();
  entries.forEach((entry, place) => {
    const packed = packId(entry.segment.id);
    const list = places.get(packed);
    if (list) list.push(place);
    else places.set(packed, [place]);
  });
  const nextMandatory = Array.from({ length: entries.length + 1 }, () => entries.length);
  for (let place = entries.length - 1; place >= 0; place--) {
    const entry = entries[place]!;
    nextMandatory[place] = entry.mandatory && entry.after === -1 ? place : nextMandatory[place + 1]!;
  }
  return { id, entries, places, nextMandatory };
}

function overrideEntry(entry: Entry, loop: string, overrides: readonly DefinitionOverride[]): Entry {
  let result = entry;
  for (const rule of overrides) {
    if (rule.segment !== entry.segment.id || (rule.loop !== undefined && rule.loop !== loop)) continue;
    if (rule.element !== undefined) result = { ...result, segment: overrideElement(result.segment, rule) };
    else
      result = {
        ...result,
        mandatory: rule.requirement ? rule.requirement === 'M' : result.mandatory,
        unused: rule.requirement ? rule.requirement === 'X' : result.unused,
        max: (result.loop ? rule.repeats : rule.uses) ?? result.max,
      };
  }
  return result;
}

function overrideElement(segment: SegmentDefinition, rule: DefinitionOverride): SegmentDefinition {
  const number = typeof rule.element === 'number' ? rule.element : Number(/\d\d$/.exec(rule.element ?? '')?.[0] ?? 0);
  const elements = segment.elements.map((element, index) => (index === number - 1 ? changed(element, rule) : element));
  return { ...segment, elements, lastMandatory: lastMandatory(elements) };
}

function changed(element: ElementDefinition, rule: DefinitionOverride): ElementDefinition {
  const codes = rule.codes ? new Set(rule.codes) : element.codes;
  return {
    ...element,
    mandatory: rule.requirement ? rule.requirement === 'M' : element.mandatory,
    unused: rule.requirement ? rule.requirement === 'X' : element.unused,
    min: rule.min ?? element.min,
    max: rule.max ?? element.max,
    codes: codes && rule.alsoCodes ? new Set([...codes, ...rule.alsoCodes]) : codes,
    codesClosed: rule.codes !== undefined || element.codesClosed,
  };
}
