/** One transaction set: its segments are checked and kept as they come, and at its SE it becomes what the reader yields. */
import type { Node } from '../../tree.ts';
import { bodyCollector } from './body.ts';
import { packId, releaseOf, setDefinition, setNames } from './definitions.ts';
import { segmentDefinition } from './dictionary.ts';
import { checkElements, type ElementContext } from './elements.ts';
import { finding, own, type X12FindingCode } from './findings.ts';
import { elementOffset, elementText, isPresent, packedId, type Segment } from './segment.ts';
import { elementName, note, noteElement, noteStructure, placeOf, type SetState } from './set-findings.ts';
import { businessIdOf } from './sets/business-ids.ts';
import { structure } from './structure.ts';
import type { Delimiters, GroupHeader, SetAcceptance, TransactionSet, X12Limits, X12ReadOptions } from './types.ts';

export type SetReader = {
  readonly open: (segment: Segment, group: GroupHeader, delimiters: Delimiters, repeated: (control: string) => boolean) => void;
  readonly add: (segment: Segment) => void;
  readonly tooLong: (at: number) => void;
  /** The set ends: with its SE, or without one where the file goes on as if it had ended. */
  readonly close: (se: Segment | undefined, at: number) => TransactionSet;
};

const NONE: readonly never[] = [];

/** A reader for one set after another. */
export function setReader(options: X12ReadOptions, limits: X12Limits): SetReader {
  const body = bodyCollector();
  let state: SetState;
  let delimiters: Delimiters;
  let elements: ElementContext;
  const shape = structure(limits.depth, (code, id, wrong) => noteStructure(state, code, id, wrong));
  return {
    open: (segment, group, given, repeated) => {
      state = openState(segment, { options, limits, boundedBy: shape.boundedBy });
      if (elements === undefined || given !== delimiters)
        elements = {
          delimiters: given,
          elementBytes: limits.elementBytes,
          report: (fault) => noteElement(state, fault),
          shortDates: /^00[0-3]/.test(group.version),
        };
      delimiters = given;
      identify(state, group, repeated);
      const handled = options.validate !== false && (!options.handledSets || options.handledSets.includes(state.type));
      state.definition = handled ? setDefinition(state.type, releaseOf(group.version).release, options.overrides) : undefined;
      if (state.definition) shape.start(state.definition);
      body.add(segment, 0);
    },
    add: (segment) => {
      state.current = segment;
      state.count++;
      const packed = packedId(segment);
      if (isOverLimit(state, segment) || packed === 0) return packed === 0 ? noteEmpty(state) : undefined;
      if (!state.definition) return options.trees === false ? undefined : body.add(segment, 0);
      if (packed === state.namedBy) nameBusiness(state, segment);
      const definition = shape.take(segment, packed, body.size()) ?? segmentDefinition(state.definition.release, elementText(segment, 0));
      body.add(segment, shape.parentOf());
      if (definition) checkElements(segment, definition, elements);
    },
    tooLong: (at) => {
      state.count++;
      note(state, finding('LIMIT-SEGMENT', { at: { offset: at, segment: state.count }, position: state.count }));
    },
    close: (se, at) => {
      state.current = se;
      state.count++;
      if (state.definition && !state.skipped) shape.end();
      if (se) checkTrailer(se, state);
      else note(state, finding('AK502-2', { at: { offset: at, segment: state.count }, segment: 'SE', position: state.count }));
      return finished(state, body.finish(state.type || 'ST', delimiters), se ? se.next : at, se !== undefined);
    },
  };
}

function openState(segment: Segment, how: Pick<SetState, 'options' | 'limits' | 'boundedBy'>): SetState {
  return {
    options: how.options,
    limits: how.limits,
    boundedBy: how.boundedBy,
    type: elementText(segment, 1),
    control: elementText(segment, 2),
    reference: elementText(segment, 3),
    start: segment.at,
    definition: undefined,
    count: 1,
    current: segment,
    findings: [],
    rejected: false,
    noted: false,
    codes: undefined,
    skipped: false,
    namedBy: packId(businessIdOf(elementText(segment, 1))?.segment ?? ''),
    businessId: undefined,
  };
}

/** Remembers which business document the set is. */
function nameBusiness(state: SetState, segment: Segment): void {
  state.namedBy = 0;
  const { name, element } = businessIdOf(state.type)!;
  if (isPresent(segment, element)) state.businessId = { element: name, value: elementText(segment, element) };
}

/** What is wrong with the ST. */
function identify(state: SetState, group: GroupHeader, repeated: (control: string) => boolean): void {
  const { type, control, options } = state;
  const say = (code: X12FindingCode, element: string, value: string, detail?: string): void =>
    note(state, finding(code, { ...placeOf(state, 'ST'), element, value, ...(detail ? { detail } : {}) }));
  if (!/^[A-Z0-9]{3}$/.test(type)) return say('AK502-6', 'ST01', type);
  if (!/^[A-Za-z0-9]{4,9}$/.test(control.trim())) say('AK502-7', 'ST02', control);
  else if (repeated(control)) say('AK502-23', 'ST02', control);
  if (options.handledSets && !options.handledSets.includes(type)) return say('AK502-1', 'ST01', type);
  const names = setNames(type);
  if (!names) return say('SET-UNKNOWN', 'ST01', type);
  if (names.groupType !== group.type) say('AK502-18', 'ST01', type, `${type} belongs in ${names.groupType}, not ${group.type}`);
}

/** Whether the set is larger than the limits: then its segments are counted and no longer kept. */
function isOverLimit(state: SetState, segment: Segment): boolean {
  const { limits, count, start, skipped } = state;
  if (count <= limits.segmentsPerSet && segment.at - start <= limits.setBytes) return false;
  if (!skipped) note(state, finding('LIMIT-SEGMENTS', placeOf(state, elementText(segment, 0))));
  state.skipped = true;
  return true;
}

function noteEmpty(state: SetState): void {
  note(state, finding('SEGMENT-EMPTY', placeOf(state, '')));
}

function checkTrailer(se: Segment, state: SetState): void {
  const say = (code: X12FindingCode, element: number, detail?: string): void => {
    const at = { offset: elementOffset(se, element), segment: state.count };
    const value = elementText(se, element);
    note(
      state,
      finding(code, {
        at,
        segment: 'SE',
        position: state.count,
        element: elementName('SE', element),
        elementNumber: element,
        value,
        ...(detail ? { detail } : {}),
      }),
    );
  };
  const counted = elementText(se, 1);
  const control = elementText(se, 2);
  if (control.trim() !== state.control.trim()) say('AK502-3', 2, `ST02 ${state.control}, SE02 ${control}`);
  if (!/^\d{1,10}$/.test(counted.trim()) || Number(counted) !== state.count) say('AK502-4', 1, `SE01 ${counted}, found ${state.count}`);
  for (let number = 3; number <= se.count; number++) if (isPresent(se, number)) return say('AK403-3', number);
}

const BUILD = Symbol('build');

/** One getter for all sets: a getter of its own would give each set a shape of its own, which lives until the next full collection and holds the text. */
const LAZY_TREE: PropertyDescriptor & ThisType<{ readonly [BUILD]: () => Node }> = {
  enumerable: true,
  get() {
    return this[BUILD]();
  },
};

function finished(state: SetState, build: () => Node, end: number, complete: boolean): TransactionSet {
  const acceptance: SetAcceptance = state.rejected ? 'R' : state.noted ? 'E' : 'A';
  const set: Omit<TransactionSet, 'tree'> & { readonly [BUILD]: () => Node } = {
    [BUILD]: build,
    type: state.type,
    control: state.control,
    ...(state.reference ? { implementationReference: state.reference } : {}),
    accepted: acceptance !== 'R',
    acceptance,
    codes: state.codes === undefined ? NONE : [...state.codes].toSorted((a, b) => Number(a) - Number(b)).slice(0, 5),
    findings: state.findings.length === 0 ? NONE : state.findings,
    ...(state.businessId && state.findings.length > 0 ? { businessId: { ...state.businessId, value: own(state.businessId.value) } } : {}),
    segments: complete ? state.count : state.count - 1,
    at: { offset: state.start },
    range: { start: state.start, end },
  };
  return Object.defineProperty(set, 'tree', LAZY_TREE) as typeof set & { readonly tree: Node };
}
