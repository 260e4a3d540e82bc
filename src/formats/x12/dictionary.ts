/** Elements, composites and segments of the two releases, compiled from the rows in `sets/` when first asked for. */
import { codeMeanings, codeValues } from './sets/codes.ts';
import { elements1 } from './sets/elements-1.ts';
import { elements2 } from './sets/elements-2.ts';
import { segmentIds } from './sets/segment-ids.ts';
import { compositeRows, segmentRows } from './sets/segments.ts';

/** The releases that are defined. */
export type Release = '004010' | '005010';

export const AN = 0;
export const ID = 1;
export const N = 2;
export const R = 3;
export const DT = 4;
export const TM = 5;
export const B = 6;

export type ElementDefinition = {
  /** The number in the data element dictionary. */
  readonly id: string;
  readonly name: string;
  readonly mandatory: boolean;
  /** Not used, by a partner's word. */
  readonly unused: boolean;
  readonly type: number;
  /** Of an N type: how many of its digits are decimals. */
  readonly places: number;
  readonly min: number;
  readonly max: number;
  readonly repeats: number;
  readonly codes: ReadonlySet<string> | undefined;
  /** A code outside `codes` is an error, by a partner's word; otherwise a warning. */
  readonly codesClosed: boolean;
  readonly components: readonly ElementDefinition[] | undefined;
};

/** `first` and `rest` are bits by element number, so that a note is tested in one step. */
export type SyntaxNote = { readonly kind: 'P' | 'R' | 'E' | 'C' | 'L'; readonly elements: readonly number[]; readonly first: number; readonly rest: number };

export type SegmentDefinition = {
  readonly id: string;
  readonly name: string;
  readonly elements: readonly ElementDefinition[];
  readonly notes: readonly SyntaxNote[];
  /** The number of the last mandatory element. */
  readonly lastMandatory: number;
};

type Row = { readonly name: string; readonly elements: string; readonly notes: string };
type Dictionary = { readonly elements: Map<string, ElementDefinition>; readonly segments: Map<string, SegmentDefinition> };

const dictionaries = new Map<Release, Dictionary>();
let codeSets: Map<string, ReadonlySet<string>> | undefined;
let meanings: Map<string, Map<string, string>> | undefined;
let knownIds: Set<string> | undefined;

/** The definition of a segment, or undefined when it is in none of our sets. */
export function segmentDefinition(release: Release, id: string): SegmentDefinition | undefined {
  const dictionary = dictionaryOf(release);
  const known = dictionary.segments.get(id);
  if (known) return known;
  const row = rowFor(segmentTable(), id, release);
  if (!row) return undefined;
  const built = buildSegment(id, row, release, dictionary);
  dictionary.segments.set(id, built);
  return built;
}

/** Whether any release has a segment of this id. */
export function isSegmentId(id: string): boolean {
  knownIds ??= new Set(segmentIds.split(/\s+/).filter(Boolean));
  return knownIds.has(id);
}

/** What a code of an element means, in plain words, where it is known. */
export function codeMeaning(element: string, code: string): string | undefined {
  if (!meanings) {
    meanings = new Map();
    for (const row of lines(codeMeanings)) {
      const space = row.indexOf(' ');
      const pairs = row
        .slice(space + 1)
        .split('; ')
        .map((pair) => [pair.slice(0, pair.indexOf(' ')), pair.slice(pair.indexOf(' ') + 1)] as const);
      meanings.set(row.slice(0, space), new Map(pairs));
    }
  }
  return meanings.get(element)?.get(code);
}

/** The number of the last mandatory one of a list of elements. */
export function lastMandatory(elements: readonly ElementDefinition[]): number {
  return elements.findLastIndex((element) => element.mandatory) + 1;
}

let segmentRowsById: Map<string, Row> | undefined;

function segmentTable(): Map<string, Row> {
  if (!segmentRowsById) {
    segmentRowsById = new Map();
    for (const row of [...lines(segmentRows), ...lines(compositeRows)]) {
      const [id = '', name = '', elements = '', notes = ''] = row.split('|');
      segmentRowsById.set(name === '5' ? `${id}/5` : id, { name, elements, notes });
    }
  }
  return segmentRowsById;
}

function rowFor(table: Map<string, Row>, id: string, release: Release): Row | undefined {
  const base = table.get(id);
  const later = release === '005010' ? table.get(`${id}/5`) : undefined;
  return base && later ? { ...later, name: base.name } : base;
}

function buildSegment(id: string, row: Row, release: Release, dictionary: Dictionary): SegmentDefinition {
  const elements = buildElements(row.elements, release, dictionary);
  return { id, name: row.name, elements, notes: buildNotes(row.notes), lastMandatory: lastMandatory(elements) };
}

function buildElements(text: string, release: Release, dictionary: Dictionary): ElementDefinition[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((item) => {
      const [id = '', repeats] = item.slice(1).split('^');
      return { ...elementOf(id, release, dictionary), mandatory: item[0] === 'M', repeats: repeats ? Number(repeats) : 1 };
    });
}

function elementOf(id: string, release: Release, dictionary: Dictionary): ElementDefinition {
  const known = dictionary.elements.get(id);
  if (known) return known;
  const row = rowFor(segmentTable(), id, release);
  const composite = {
    id,
    name: row?.name ?? id,
    mandatory: false,
    unused: false,
    type: AN,
    places: 0,
    min: 0,
    max: Infinity,
    repeats: 1,
    codes: undefined,
    codesClosed: false,
    components: buildElements(row?.elements ?? '', release, dictionary),
  };
  dictionary.elements.set(id, composite);
  return composite;
}

function buildNotes(text: string): SyntaxNote[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((note) => {
      const elements = note.slice(1).match(/../g)!.map(Number);
      const bits = elements.map((number) => 1 << number);
      return { kind: note[0] as SyntaxNote['kind'], elements, first: bits[0]!, rest: bits.slice(1).reduce((all, bit) => all | bit, 0) };
    });
}

function dictionaryOf(release: Release): Dictionary {
  let dictionary = dictionaries.get(release);
  if (!dictionary) {
    dictionary = { elements: new Map(), segments: new Map() };
    for (const row of [...lines(elements1), ...lines(elements2)]) {
      const element = readElement(row, release);
      dictionary.elements.set(element.id, element);
    }
    dictionaries.set(release, dictionary);
  }
  return dictionary;
}

function readElement(row: string, release: Release): ElementDefinition {
  const match = /^(\w+) (\w+) (\d+)\/(\d+)(?: (\d+)\/(\d+))? (.*)$/.exec(row)!;
  const [, id = '', type = '', min4, max4, min5, max5, name = ''] = match;
  const later = release === '005010' && min5 !== undefined;
  return {
    id,
    name,
    mandatory: false,
    unused: false,
    type: typeNumber(type),
    places: /^N\d$/.test(type) ? Number(type[1]) : 0,
    min: Number(later ? min5 : min4),
    max: Number(later ? max5 : max4),
    repeats: 1,
    codes: codesOf(id),
    codesClosed: false,
    components: undefined,
  };
}

function typeNumber(type: string): number {
  if (type === 'AN') return AN;
  if (type === 'ID') return ID;
  if (type === 'R') return R;
  if (type === 'DT') return DT;
  if (type === 'TM') return TM;
  if (type === 'B') return B;
  return N;
}

function codesOf(id: string): ReadonlySet<string> | undefined {
  codeSets ??= new Map(
    lines(codeValues).map((row) => {
      const [element = '', ...values] = row.split(' ');
      return [element, new Set(values)] as const;
    }),
  );
  return codeSets.get(id);
}

function lines(text: string): string[] {
  return text.split('\n').filter(Boolean);
}
