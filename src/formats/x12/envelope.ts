/** The envelope: from the tokenizer's segments to events, by the order ISA, TA1*, (GS, (ST … SE)*, GE)*, IEA. */
import { finding, type X12Finding, type X12FindingCode } from './findings.ts';
import { addSet, closeGroup, isRepeated, openGroup, sameNumber, type OpenGroup } from './group.ts';
import type { Isa } from './isa.ts';
import { checkIsa, interchangeHeader } from './isa-check.ts';
import { severityOf } from './leniency.ts';
import { packId } from './definitions.ts';
import { elementOffset, elementText, packedId, type Segment } from './segment.ts';
import { setReader, type SetReader } from './set.ts';
import type { TokenSink } from './tokenize.ts';
import type { InterchangeHeader, InterchangeResult, X12Event, X12Limits, X12ReadOptions } from './types.ts';

const IEA = packId('IEA');
const TA1 = packId('TA1');
const GS = packId('GS');
const GE = packId('GE');
const ST = packId('ST');
const SE = packId('SE');
const ISB = packId('ISB');
const ISE = packId('ISE');
const TA3 = packId('TA3');

/** TA104 for what a note means when the partner says nothing else: errors that leave the content usable are noted, the rest rejects. */
const NOTED = new Set(['001', '002', '003', '006', '008', '009']);

type Interchange = {
  readonly header: InterchangeHeader;
  readonly findings: X12Finding[];
  readonly groupKeys: Set<string>;
  groups: number;
  ta1s: number;
  strays: number;
};

type State = {
  readonly options: X12ReadOptions;
  readonly limits: X12Limits;
  readonly events: X12Event[];
  readonly set: SetReader;
  interchange: Interchange | undefined;
  group: OpenGroup | undefined;
  inSet: boolean;
  /** Remarks made of this interchange: each is made once. */
  readonly remarked: Set<string>;
};

/** The sink of a tokenizer that pushes events onto a list. */
export function envelope(options: X12ReadOptions, limits: X12Limits, events: X12Event[]): TokenSink {
  const set = setReader(options, limits);
  const state: State = { options, limits, events, set, interchange: undefined, group: undefined, inSet: false, remarked: new Set() };
  return {
    isa: (isa, at) => startInterchange(state, isa, at),
    segment: (segment, terminated) => {
      const packed = packedId(segment);
      if (!terminated && !isWholeIea(state, segment, packed)) return false;
      if (state.inSet) {
        if (packed === SE) {
          closeSet(state, segment, segment.at);
          return false;
        }
        if (packed !== ST && packed !== GE && packed !== IEA && packed !== GS && packed !== TA1) {
          set.add(segment);
          return false;
        }
      }
      return control(state, packed, segment);
    },
    tooLong: (at) => {
      if (state.inSet) set.tooLong(at);
      else note(state, finding('TA105-024', { at: { offset: at }, detail: `a segment is longer than ${limits.segmentBytes} bytes` }));
    },
    junk: (at, length) => noteFile(state, 'JUNK', at, `${length} bytes`),
    remark: (code, at) => {
      if (!state.interchange) return noteFile(state, code, at);
      if (state.remarked.has(code)) return;
      state.remarked.add(code);
      note(state, finding(code, { at: { offset: at } }));
    },
    brokenOff: (at) => {
      if (state.interchange) endInterchange(state, undefined, at);
    },
  };
}

/** Adds a finding about the file. */
function noteFile(state: State, code: X12FindingCode, at: number, detail?: string): void {
  const item = finding(code, { at: { offset: at }, ...(detail ? { detail } : {}) });
  const severity = severityOf(state.options.leniency, item);
  if (severity !== 'ignore') state.events.push({ kind: 'finding', finding: { ...item, severity } });
}

/** Adds a finding about the interchange. */
function note(state: State, item: X12Finding): void {
  const severity = severityOf(state.options.leniency, item);
  const { findings } = state.interchange!;
  if (severity !== 'ignore' && findings.length < state.limits.findingsPerSet) findings.push({ ...item, severity });
}

/** The file ends in this segment: only an IEA may go without its terminator. */
function isWholeIea(state: State, segment: Segment, packed: number): boolean {
  if (packed === IEA && segment.count >= 2) {
    note(state, finding('TERMINATOR-MISSING', { at: { offset: segment.at }, segment: 'IEA' }));
    return true;
  }
  const id = elementText(segment, 0).slice(0, 20);
  note(state, finding('TA105-023', { at: { offset: segment.at }, segment: id, detail: 'the file ends inside this segment' }));
  return false;
}

function startInterchange(state: State, isa: Isa, at: number): void {
  state.remarked.clear();
  const header = interchangeHeader(isa, at);
  state.interchange = { header, findings: [], groupKeys: new Set(), groups: 0, ta1s: 0, strays: 0 };
  for (const item of checkIsa(isa, at)) note(state, item);
  if (isa.wrapped) {
    state.remarked.add('WRAPPED-LINES');
    note(state, finding('WRAPPED-LINES', { at: { offset: at }, segment: 'ISA' }));
  }
  state.events.push({ kind: 'interchange', interchange: header });
}

function startGroup(state: State, segment: Segment): void {
  endGroup(state, undefined, segment.at);
  const interchange = state.interchange!;
  const key = `${elementText(segment, 1)}/${elementText(segment, 6).trim().replace(/^0+/, '')}`;
  state.group = openGroup(segment, interchange.groupKeys.has(key), state.options);
  interchange.groupKeys.add(key);
  interchange.groups++;
  state.events.push({ kind: 'group', group: state.group.header });
}

function startSet(state: State, segment: Segment): void {
  if (state.inSet) closeSet(state, undefined, segment.at);
  const { group } = state;
  if (!group) return stray(state, segment);
  group.received++;
  state.inSet = true;
  state.set.open(segment, group.header, state.interchange!.header.delimiters, (number) => isRepeated(group, number));
}

function closeSet(state: State, se: Segment | undefined, at: number): void {
  state.inSet = false;
  const closed = state.set.close(se, at);
  addSet(state.group!, closed);
  state.events.push({ kind: 'set', set: closed });
}

function endGroup(state: State, ge: Segment | undefined, at: number): void {
  if (state.inSet) closeSet(state, undefined, at);
  if (!state.group) return;
  const result = closeGroup(state.group, ge, at, state.options);
  state.group = undefined;
  state.events.push({ kind: 'group-end', group: result });
}

function endInterchange(state: State, iea: Segment | undefined, at: number): void {
  endGroup(state, undefined, at);
  const { header, groups, ta1s, findings } = state.interchange!;
  const trailer = iea && { count: elementText(iea, 1).trim(), control: elementText(iea, 2).trim() };
  if (!iea || !trailer) note(state, finding('TA105-023', { at: { offset: at }, segment: 'IEA' }));
  else checkTrailer(state, iea, trailer);
  const verdict = verdictOf(findings, state.options);
  const range = { start: header.at.offset, end: iea ? iea.next : at };
  const result: InterchangeResult = { interchange: header, ...(trailer ? { trailer } : {}), groups, ta1s, findings, verdict, truncated: !iea, range };
  state.interchange = undefined;
  state.events.push({ kind: 'interchange-end', interchange: result });
}

function checkTrailer(state: State, iea: Segment, trailer: { readonly count: string; readonly control: string }): void {
  const { header, groups } = state.interchange!;
  const say = (code: X12FindingCode, element: number, value: string, detail: string): void =>
    note(
      state,
      finding(code, { at: { offset: elementOffset(iea, element) }, segment: 'IEA', element: `IEA0${element}`, elementNumber: element, value, detail }),
    );
  if (!sameNumber(trailer.control, header.control)) say('TA105-001', 2, trailer.control, `ISA13 ${header.control}, IEA02 ${trailer.control}`);
  if (!sameNumber(trailer.count, String(groups))) say('TA105-021', 1, trailer.count, `IEA01 ${trailer.count}, found ${groups}`);
}

/** A segment outside any set, or a set outside any group: said once an interchange. */
function stray(state: State, segment: Segment): void {
  if (state.interchange!.strays++ > 0) return;
  const id = elementText(segment, 0).slice(0, 20);
  const detail = `${id || 'an empty segment'} stands outside any ${state.group ? 'transaction set' : 'group'}`;
  note(state, finding('TA105-024', { at: { offset: segment.at }, segment: id, value: id, detail }));
}

/** A segment of the envelope. True says that the interchange is over. */
function control(state: State, packed: number, segment: Segment): boolean {
  switch (packed) {
    case ST:
      startSet(state, segment);
      return false;
    case GS:
      startGroup(state, segment);
      return false;
    case GE:
      if (state.group) endGroup(state, segment, segment.at);
      else stray(state, segment);
      return false;
    case IEA:
      endInterchange(state, segment, segment.at);
      return true;
    case TA1:
      state.interchange!.ta1s++;
      state.events.push({ kind: 'ta1', ta1: readTa1Segment(segment) });
      return false;
    case ISB:
    case ISE:
    case TA3:
      // Grades of service of a network: they say nothing of the content.
      return false;
    default:
      stray(state, segment);
      return false;
  }
}

/** The verdict on an interchange: the first error names the note; any that rejects outweighs those that are only noted. */
function verdictOf(findings: readonly X12Finding[], options: X12ReadOptions): InterchangeResult['verdict'] {
  const notes = findings.filter((item) => item.severity === 'error').map((item) => (item.code.startsWith('TA105-') ? item.code.slice(6) : '024'));
  const codeOf = (code: string): 'A' | 'E' | 'R' => options.ta1Codes?.[code] ?? (NOTED.has(code) ? 'E' : 'R');
  const worst = notes.find((code) => codeOf(code) === 'R') ?? notes.find((code) => codeOf(code) === 'E') ?? notes[0];
  return worst === undefined ? { code: 'A', note: '000' } : { code: codeOf(worst), note: worst };
}

function readTa1Segment(segment: Segment): Extract<X12Event, { kind: 'ta1' }>['ta1'] {
  const [controlNumber = '', date = '', time = '', code = '', noteCode = ''] = [1, 2, 3, 4, 5].map((number) => elementText(segment, number).trim());
  return { control: controlNumber, date, time, code, note: noteCode, at: { offset: segment.at } };
}
