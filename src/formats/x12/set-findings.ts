/** What is found while a set is read: filtered by the partner's leniency, kept up to the limit, and summed up as codes and a verdict. */
import type { SetDefinition } from './definitions.ts';
import { segmentDefinition } from './dictionary.ts';
import type { ElementFault } from './elements.ts';
import { ackCode, finding, type X12Finding, type X12FindingCode } from './findings.ts';
import { severityOf } from './leniency.ts';
import { elementOffset, elementText, type Segment } from './segment.ts';
import type { BusinessId, X12Limits, X12ReadOptions } from './types.ts';

/** The set that is being read. */
export type SetState = {
  readonly options: X12ReadOptions;
  readonly limits: X12Limits;
  readonly type: string;
  readonly control: string;
  readonly reference: string;
  readonly start: number;
  definition: SetDefinition | undefined;
  /** Segments so far, ST included. */
  count: number;
  /** The segment that is looked at; none where the set ends without its SE. */
  current: Segment | undefined;
  findings: X12Finding[];
  /** Errors found, also beyond the number of findings kept. */
  rejected: boolean;
  noted: boolean;
  codes: Set<string> | undefined;
  skipped: boolean;
  /** Packed id of the segment that says which business document the set is; 0 when there is none, or it was met. */
  namedBy: number;
  businessId: BusinessId | undefined;
  /** LS01 of the bounded loop that the current segment stands in. */
  readonly boundedBy: () => string | undefined;
};

type Place = { at: { offset: number; segment: number }; segment: string; position: number; loop?: string };

const CONTENT = /^(AK304|AK403|HL)-/;

/** Adds a finding. `severity` outweighs that of the list; the partner's leniency outweighs both. */
export function note(state: SetState, item: X12Finding, own?: 'error'): void {
  const { options, limits } = state;
  const severity = severityOf(options.leniency, own ? { ...item, severity: own } : item, state.type);
  if (severity === 'ignore') return;
  if (severity === 'error') {
    if (isTolerated(options.acceptErrors, item.code)) state.noted = true;
    else state.rejected = true;
    const code = ackCode(item.code);
    (state.codes ??= new Set()).add(code?.[0] === 'AK502' ? code[1] : '5');
  }
  if (state.findings.length < limits.findingsPerSet) state.findings.push(severity === item.severity ? item : { ...item, severity });
}

function isTolerated(accept: X12ReadOptions['acceptErrors'], code: string): boolean {
  if (typeof accept === 'object') return accept.includes(code);
  return accept === true && CONTENT.test(code);
}

/** Where the current segment stands, for a finding about the segment `id`. */
export function placeOf(state: SetState, id: string): Place {
  const loop = state.definition && state.boundedBy();
  return { at: { offset: state.current?.at ?? state.start, segment: state.count }, segment: id, position: state.count, ...(loop ? { loop } : {}) };
}

/** A segment is missing or stands wrong; with an element, it is about that one. */
export function noteStructure(state: SetState, code: X12FindingCode, id: string, wrong?: { readonly element: number; readonly value: string }): void {
  if (!wrong) return note(state, finding(code, { ...placeOf(state, id), detail: id }));
  const { element, value } = wrong;
  const reference = segmentDefinition(state.definition!.release, id)?.elements[element - 1]?.id;
  note(state, finding(code, { ...placeOf(state, id), element: elementName(id, element), elementNumber: element, value, ...(reference ? { reference } : {}) }));
}

/** An element of the current segment is wrong. */
export function noteElement(state: SetState, fault: ElementFault): void {
  const segment = state.current!;
  const id = elementText(segment, 0);
  const { number, component, repetition, definition, value, trigger } = fault;
  const name = `${elementName(id, number)}${component ? `-${component}` : ''}`;
  const item = finding(fault.code, {
    ...placeOf(state, id),
    at: { offset: elementOffset(segment, number), segment: state.count },
    element: name,
    elementNumber: number,
    ...(component ? { component } : {}),
    ...(repetition ? { repetition } : {}),
    ...(definition && !/^C\d{3}$/.test(definition.id) ? { reference: definition.id } : {}),
    ...(value === undefined ? {} : { value }),
    ...(trigger ? { trigger: { elementNumber: trigger, reference: segmentDefinition(state.definition!.release, id)!.elements[trigger - 1]!.id } } : {}),
    detail: definition ? `${name} ${definition.name}` : name,
  });
  note(state, item, fault.severity);
}

/** An element as guides write it: `PO107`. */
export function elementName(segment: string, element: number): string {
  return `${segment}${String(element).padStart(2, '0')}`;
}
