/** One transaction set: its segments are checked and kept as they come, and at its SE it becomes what the reader yields. */
import type { Node } from '../../tree.ts';
import { bodyCollector, type Body } from './body.ts';
import { releaseOf, setDefinition, setNames, type SetDefinition } from './definitions.ts';
import { checkElements, type ElementContext, type ElementFault } from './elements.ts';
import { ackCode, finding, type X12Finding, type X12FindingCode } from './findings.ts';
import { severityOf } from './leniency.ts';
import { segmentDefinition } from './dictionary.ts';
import { elementOffset, elementText, isPresent, packedId, type Segment } from './segment.ts';
import { structure, type Structure } from './structure.ts';
import type { Delimiters, GroupHeader, SetAcceptance, TransactionSet, X12Limits, X12ReadOptions } from './types.ts';

export type SetReader = {
  readonly open: (segment: Segment, group: GroupHeader, delimiters: Delimiters, repeated: (control: string) => boolean) => void;
  readonly add: (segment: Segment) => void;
  readonly tooLong: (at: number) => void;
  /** The set ends: with its SE, or without one where the file goes on as if it had ended. */
  readonly close: (se: Segment | undefined, at: number) => TransactionSet;
};

const LAST_TOLERATED = /^(AK304|AK403|HL)-/;

type State = {
  type: string;
  control: string;
  reference: string;
  start: number;
  /** Segments so far, ST included. */
  count: number;
  definition: SetDefinition | undefined;
  findings: X12Finding[];
  /** Errors found, also beyond the number of findings kept. */
  rejected: boolean;
  noted: boolean;
  codes: Set<string> | undefined;
  skipped: boolean;
};

const NONE: readonly never[] = [];

/** A reader for one set after another. */
export function setReader(options: X12ReadOptions, limits: X12Limits): SetReader {
  const body: Body = bodyCollector();
  let state = emptyState();
  let current: Segment | undefined;
  let delimiters: Delimiters;

  const note = (item: X12Finding, overrideSeverity?: 'error'): void => {
    const severity = severityOf(options.leniency, { ...item, severity: overrideSeverity ?? item.severity }, state.type);
    if (severity === 'ignore') return;
    if (severity === 'error') {
      if (isTolerated(options.acceptErrors, item.code)) state.noted = true;
      else state.rejected = true;
      const code = ackCode(item.code);
      (state.codes ??= new Set()).add(code?.[0] === 'AK502' ? code[1] : '5');
    }
    if (state.findings.length < limits.findingsPerSet) state.findings.push(severity === item.severity ? item : { ...item, severity });
  };

  const place = (id: string, segment: Segment | undefined, at: number): Parameters<typeof finding>[1] & object => {
    const loop = state.definition && shape.boundedBy();
    return { at: { offset: segment?.at ?? at, segment: state.count }, segment: id, position: state.count, ...(loop ? { loop } : {}) };
  };

  const misplaced = (code: X12FindingCode, id: string, element?: number, value?: string): void => {
    const details = place(id, current, state.start);
    const reference = element === undefined ? undefined : segmentDefinition(state.definition!.release, id)?.elements[element - 1]?.id;
    const where =
      element === undefined
        ? {}
        : { element: `${id}${String(element).padStart(2, '0')}`, elementNumber: element, value: value ?? '', ...(reference ? { reference } : {}) };
    note(finding(code, { ...details, ...where, ...(element === undefined ? { detail: id } : {}) }));
  };

  const shape: Structure = structure(limits.depth, misplaced);

  const faulty = (fault: ElementFault): void => {
    const segment = current!;
    const id = elementText(segment, 0);
    const name = `${id}${String(fault.number).padStart(2, '0')}${fault.component ? `-${fault.component}` : ''}`;
    note(
      finding(fault.code, {
        ...place(id, segment, segment.at),
        at: { offset: elementOffset(segment, fault.number), segment: state.count },
        element: name,
        elementNumber: fault.number,
        ...(fault.component ? { component: fault.component } : {}),
        ...(fault.repetition ? { repetition: fault.repetition } : {}),
        ...(fault.definition && !/^C\d{3}$/.test(fault.definition.id) ? { reference: fault.definition.id } : {}),
        ...(fault.value === undefined ? {} : { value: fault.value }),
        detail: fault.definition ? `${name} ${fault.definition.name}` : name,
      }),
      fault.severity,
    );
  };

  const context: { -readonly [K in keyof ElementContext]: ElementContext[K] } = {
    delimiters: undefined as unknown as Delimiters,
    shortDates: false,
    elementBytes: limits.elementBytes,
    report: faulty,
  };

  const identify = (segment: Segment, group: GroupHeader, repeated: (control: string) => boolean): void => {
    const { type, control } = state;
    const say = (code: X12FindingCode, element: string, value: string, detail?: string): void =>
      note(finding(code, { ...place('ST', segment, segment.at), element, value, ...(detail ? { detail } : {}) }));
    if (!/^[A-Z0-9]{3}$/.test(type)) return say('AK502-6', 'ST01', type);
    if (!/^[A-Za-z0-9]{4,9}$/.test(control.trim())) say('AK502-7', 'ST02', control);
    else if (repeated(control)) say('AK502-23', 'ST02', control);
    if (options.handledSets && !options.handledSets.includes(type)) return say('AK502-1', 'ST01', type);
    const names = setNames(type);
    if (names && names.groupType !== group.type && !isSameFamily(type, group.type))
      say('AK502-18', 'ST01', type, `${type} belongs in ${names.groupType}, not ${group.type}`);
    if (!names) say('SET-UNKNOWN', 'ST01', type);
  };

  return {
    open: (segment, group, with_, repeated) => {
      delimiters = with_;
      current = segment;
      const version = releaseOf(group.version);
      state = {
        ...emptyState(),
        type: elementText(segment, 1),
        control: elementText(segment, 2),
        reference: elementText(segment, 3),
        start: segment.at,
        count: 1,
      };
      context.delimiters = with_;
      context.shortDates = /^00[0-3]/.test(group.version);
      identify(segment, group, repeated);
      const handled = options.validate !== false && (!options.handledSets || options.handledSets.includes(state.type));
      state.definition = handled ? setDefinition(state.type, version.release, options.overrides) : undefined;
      if (state.definition) shape.start(state.definition);
      body.add(segment, 0);
    },
    add: (segment) => {
      current = segment;
      state.count++;
      if (state.count > limits.segmentsPerSet || segment.at - state.start > limits.setBytes) {
        if (!state.skipped) note(finding('LIMIT-SEGMENTS', { ...place(elementText(segment, 0), segment, segment.at) }));
        state.skipped = true;
        return;
      }
      const packed = packedId(segment);
      if (packed === 0) {
        note(finding('SEGMENT-EMPTY', place('', segment, segment.at)));
        return;
      }
      if (!state.definition) {
        if (options.trees !== false) body.add(segment, 0);
        return;
      }
      const definition = shape.take(segment, packed, body.size()) ?? segmentDefinition(state.definition.release, elementText(segment, 0));
      body.add(segment, shape.parentOf());
      if (definition) checkElements(segment, definition, context);
    },
    tooLong: (at) => {
      state.count++;
      note(finding('LIMIT-SEGMENT', { at: { offset: at, segment: state.count }, position: state.count }));
    },
    close: (se, at) => {
      current = se;
      state.count++;
      if (state.definition && !state.skipped) shape.end();
      if (se) checkTrailer(se, state, note);
      else note(finding('AK502-2', { at: { offset: at, segment: state.count }, segment: 'SE', position: state.count }));
      return finished(state, body.finish(state.type || 'ST', delimiters), se ? se.next : at, se !== undefined);
    },
  };
}

function emptyState(): State {
  const text = { type: '', control: '', reference: '' };
  return {
    ...text,
    start: 0,
    count: 0,
    definition: undefined,

    findings: [],
    rejected: false,
    noted: false,
    codes: undefined,
    skipped: false,
  };
}

function isTolerated(accept: X12ReadOptions['acceptErrors'], code: string): boolean {
  if (typeof accept === 'object') return accept.includes(code);
  return accept === true && LAST_TOLERATED.test(code);
}

/** 869 goes with 870, 876 with 875, 999 with 997: sets that share a group type are defined under one of them. */
function isSameFamily(type: string, groupType: string): boolean {
  return (type === '753' || type === '754') && (groupType === 'RF' || groupType === 'RG');
}

function checkTrailer(se: Segment, state: State, note: (item: X12Finding) => void): void {
  const at = (element: number): { offset: number; segment: number } => ({ offset: elementOffset(se, element), segment: state.count });
  const where = { segment: 'SE', position: state.count };
  const control = elementText(se, 2);
  if (control.trim() !== state.control.trim())
    note(finding('AK502-3', { ...where, at: at(2), element: 'SE02', value: control, detail: `ST02 ${state.control}, SE02 ${control}` }));
  const counted = elementText(se, 1);
  if (!/^\d{1,10}$/.test(counted.trim()) || Number(counted) !== state.count)
    note(finding('AK502-4', { ...where, at: at(1), element: 'SE01', value: counted, detail: `SE01 ${counted}, found ${state.count}` }));
  for (let number = 3; number <= se.count; number++)
    if (isPresent(se, number))
      return note(
        finding('AK403-3', {
          ...where,
          at: at(number),
          element: `SE${String(number).padStart(2, '0')}`,
          elementNumber: number,
          value: elementText(se, number),
        }),
      );
}

const BUILD = Symbol('build');

/** One getter for all sets: a getter of its own would give each set a shape of its own, which lives until the next full collection and holds the text. */
const LAZY_TREE: PropertyDescriptor & ThisType<{ readonly [BUILD]: () => Node }> = {
  enumerable: true,
  get() {
    return this[BUILD]();
  },
};

function finished(state: State, build: () => Node, end: number, complete: boolean): TransactionSet {
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
    segments: complete ? state.count : state.count - 1,
    at: { offset: state.start },
    range: { start: state.start, end },
  };
  return Object.defineProperty(set, 'tree', LAZY_TREE) as typeof set & { readonly tree: Node };
}
