/** The envelope: from the tokenizer's segments to events, by the order ISA, TA1*, (GS, (ST … SE)*, GE)*, IEA. */
import { finding, type X12Finding, type X12FindingCode } from './findings.ts';
import { addSet, closeGroup, openGroup, sameNumber, type OpenGroup } from './group.ts';
import type { Isa } from './isa.ts';
import { checkIsa, interchangeHeader } from './isa-check.ts';
import { severityOf } from './leniency.ts';
import { packId } from './definitions.ts';
import { elementOffset, elementText, packedId, type Segment } from './segment.ts';
import { setReader } from './set.ts';
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
  strays: number;
};

/** The sink of a tokenizer that pushes events onto a list. */
export function envelope(options: X12ReadOptions, limits: X12Limits, events: X12Event[]): TokenSink {
  const set = setReader(options, limits);
  let interchange: Interchange | undefined;
  let group: OpenGroup | undefined;
  let inSet = false;
  const remarked = new Set<string>();

  const fileFinding = (code: X12FindingCode, at: number, detail?: string): void => {
    const item = finding(code, { at: { offset: at }, ...(detail ? { detail } : {}) });
    const severity = severityOf(options.leniency, item);
    if (severity !== 'ignore') events.push({ kind: 'finding', finding: { ...item, severity } });
  };
  const note = (item: X12Finding): void => {
    const severity = severityOf(options.leniency, item);
    if (severity !== 'ignore' && interchange!.findings.length < limits.findingsPerSet) interchange!.findings.push({ ...item, severity });
  };

  const closeSet = (se: Segment | undefined, at: number): void => {
    inSet = false;
    const closed = set.close(se, at);
    addSet(group!, closed);
    events.push({ kind: 'set', set: closed });
  };
  const endGroup = (ge: Segment | undefined, at: number): void => {
    if (inSet) closeSet(undefined, at);
    if (!group) return;
    const result = closeGroup(group, ge, at, options);
    group = undefined;
    events.push({ kind: 'group-end', group: result });
  };
  const endInterchange = (iea: Segment | undefined, at: number): void => {
    endGroup(undefined, at);
    const { header, groups } = interchange!;
    const trailer = iea && { count: elementText(iea, 1).trim(), control: elementText(iea, 2).trim() };
    if (!iea || !trailer) note(finding('TA105-023', { at: { offset: at }, segment: 'IEA' }));
    else {
      const where = (element: number): object => ({
        at: { offset: elementOffset(iea, element) },
        segment: 'IEA',
        element: `IEA0${element}`,
        elementNumber: element,
      });
      if (!sameNumber(trailer.control, header.control))
        note(finding('TA105-001', { ...where(2), value: trailer.control, detail: `ISA13 ${header.control}, IEA02 ${trailer.control}` }));
      if (!sameNumber(trailer.count, String(groups)))
        note(finding('TA105-021', { ...where(1), value: trailer.count, detail: `IEA01 ${trailer.count}, found ${groups}` }));
    }
    const verdict = verdictOf(interchange!.findings, options);
    const range = { start: header.at.offset, end: iea ? iea.next : at };
    const result = { interchange: header, ...(trailer ? { trailer } : {}), groups, findings: interchange!.findings, verdict, truncated: !iea, range };
    interchange = undefined;
    events.push({ kind: 'interchange-end', interchange: result satisfies InterchangeResult });
  };

  const stray = (segment: Segment): void => {
    if (interchange!.strays++ > 0) return;
    const id = elementText(segment, 0).slice(0, 20);
    note(
      finding('TA105-024', {
        at: { offset: segment.at },
        segment: id,
        value: id,
        detail: `${id || 'an empty segment'} stands outside any ${group ? 'transaction set' : 'group'}`,
      }),
    );
  };

  const startGroup = (segment: Segment): void => {
    endGroup(undefined, segment.at);
    const key = `${elementText(segment, 1)}/${elementText(segment, 6).trim().replace(/^0+/, '')}`;
    group = openGroup(segment, interchange!.groupKeys.has(key), options);
    interchange!.groupKeys.add(key);
    interchange!.groups++;
    events.push({ kind: 'group', group: group.header });
  };

  const startSet = (segment: Segment): void => {
    if (inSet) closeSet(undefined, segment.at);
    if (!group) return stray(segment);
    const { controls } = group;
    group.received++;
    inSet = true;
    set.open(segment, group.header, interchange!.header.delimiters, (control) => controls.size === controls.add(control).size);
  };

  const control = (packed: number, segment: Segment): boolean => {
    switch (packed) {
      case ST:
        startSet(segment);
        return false;
      case GS:
        startGroup(segment);
        return false;
      case GE:
        if (group) endGroup(segment, segment.at);
        else stray(segment);
        return false;
      case IEA:
        endInterchange(segment, segment.at);
        return true;
      case TA1:
        events.push({ kind: 'ta1', ta1: readTa1Segment(segment) });
        return false;
      case ISB:
      case ISE:
      case TA3:
        // Grades of service of a network: they say nothing of the content.
        return false;
      default:
        stray(segment);
        return false;
    }
  };

  return {
    isa: (isa: Isa, at: number) => {
      remarked.clear();
      const header = interchangeHeader(isa, at);
      interchange = { header, findings: [], groupKeys: new Set(), groups: 0, strays: 0 };
      for (const item of checkIsa(isa, at)) note(item);
      if (isa.wrapped) note(finding('WRAPPED-LINES', { at: { offset: at }, segment: 'ISA' }));
      events.push({ kind: 'interchange', interchange: header });
    },
    segment: (segment, terminated) => {
      const packed = packedId(segment);
      if (!terminated && (packed !== IEA || segment.count < 2)) return cutOff(segment);
      if (!terminated) note(finding('TERMINATOR-MISSING', { at: { offset: segment.at }, segment: 'IEA' }));
      if (inSet) {
        if (packed === SE) {
          closeSet(segment, segment.at);
          return false;
        }
        if (packed !== ST && packed !== GE && packed !== IEA && packed !== GS && packed !== TA1) {
          set.add(segment);
          return false;
        }
      }
      return control(packed, segment);
    },
    tooLong: (at) => {
      if (inSet) set.tooLong(at);
      else note(finding('TA105-024', { at: { offset: at }, detail: `a segment is longer than ${limits.segmentBytes} bytes` }));
    },
    junk: (at, length) => fileFinding('JUNK', at, `${length} bytes`),
    remark: (code, at) => {
      if (!interchange) return fileFinding(code, at);
      if (remarked.has(code)) return;
      remarked.add(code);
      note(finding(code, { at: { offset: at } }));
    },
    brokenOff: (at) => {
      if (interchange) endInterchange(undefined, at);
    },
  };

  /** The file ends in this segment, which is not a whole IEA: it is shown where it stood and the interchange is truncated. */
  function cutOff(segment: Segment): boolean {
    note(finding('TA105-023', { at: { offset: segment.at }, segment: elementText(segment, 0).slice(0, 20), detail: 'the file ends inside this segment' }));
    return false;
  }
}

/** The verdict on an interchange: the first error names the note; any that rejects outweighs those that are only noted. */
function verdictOf(findings: readonly X12Finding[], options: X12ReadOptions): InterchangeResult['verdict'] {
  const notes = findings.filter((item) => item.severity === 'error').map((item) => (item.code.startsWith('TA105-') ? item.code.slice(6) : '024'));
  const codeOf = (note: string): 'A' | 'E' | 'R' => options.ta1Codes?.[note] ?? (NOTED.has(note) ? 'E' : 'R');
  const worst = notes.find((note) => codeOf(note) === 'R') ?? notes.find((note) => codeOf(note) === 'E') ?? notes[0];
  return worst === undefined ? { code: 'A', note: '000' } : { code: codeOf(worst), note: worst };
}

function readTa1Segment(segment: Segment): Extract<X12Event, { kind: 'ta1' }>['ta1'] {
  const [controlNumber = '', date = '', time = '', code = '', noteCode = ''] = [1, 2, 3, 4, 5].map((number) => elementText(segment, number).trim());
  return { control: controlNumber, date, time, code, note: noteCode, at: { offset: segment.at } };
}
