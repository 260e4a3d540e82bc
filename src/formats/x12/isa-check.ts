/** What is wrong with an ISA, element by element, as TA1 note codes. */
import { isDate, isTime } from './elements.ts';
import { finding, type X12Finding, type X12FindingCode } from './findings.ts';
import type { Isa } from './isa.ts';
import type { InterchangeHeader } from './types.ts';

const QUALIFIERS = new Set(
  '01 02 03 04 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 NR SA SN ZZ'.split(' '),
);

/** The header of an interchange from its ISA. */
export function interchangeHeader(isa: Isa, at: number): InterchangeHeader {
  const element = (number: number): string => isa.elements[number - 1]!.trim();
  return {
    sender: { qualifier: element(5), id: element(6) },
    receiver: { qualifier: element(7), id: element(8) },
    date: element(9),
    time: element(10),
    version: element(12),
    control: element(13),
    ackRequested: element(14) === '1',
    usage: element(15),
    delimiters: isa.delimiters,
    isa: isa.elements,
    at: { offset: at },
  };
}

type Rule = readonly [element: number, code: X12FindingCode, holds: (value: string) => boolean];

const RULES: readonly Rule[] = [
  [1, 'TA105-010', (value) => /^[A-Z0-9]{2}$/.test(value)],
  [3, 'TA105-012', (value) => /^[A-Z0-9]{2}$/.test(value)],
  [5, 'TA105-005', (value) => /^[A-Z0-9]{1,2}$/.test(value)],
  [7, 'TA105-007', (value) => /^[A-Z0-9]{1,2}$/.test(value)],
  [8, 'TA105-008', (value) => value !== ''],
  [6, 'ISA-CODE', (value) => value !== ''],
  [9, 'TA105-014', (value) => /^\d{6}$/.test(value) && isDate(value, 0, 6)],
  [10, 'TA105-015', (value) => /^\d{4}$/.test(value) && isTime(value, 0, 4)],
  [11, 'TA105-016', (value) => value.length <= 1],
  [12, 'TA105-017', (value) => /^\d{5}$/.test(value)],
  [13, 'TA105-018', (value) => /^\d{9}$/.test(value)],
  [14, 'TA105-019', (value) => value === '0' || value === '1'],
  [15, 'TA105-020', (value) => /^[PTI]$/.test(value)],
];

/** Everything wrong with an ISA that begins at offset `at`. */
export function checkIsa(isa: Isa, at: number): X12Finding[] {
  const found: X12Finding[] = [];
  const say = (code: X12FindingCode, element: number, value: string, detail?: string): void => {
    const offset = at + 4 + isa.elements.slice(0, element - 1).reduce((sum, text) => sum + text.length + 1, 0);
    found.push(
      finding(code, {
        at: { offset },
        segment: 'ISA',
        element: `ISA${String(element).padStart(2, '0')}`,
        elementNumber: element,
        value,
        ...(detail ? { detail } : {}),
      }),
    );
  };
  if (!isa.fixed)
    found.push(finding('TA105-022', { at: { offset: at }, segment: 'ISA', detail: `the ISA is not 106 characters with fixed widths but ${isa.length}` }));
  for (const [element, code, holds] of RULES) {
    const value = isa.elements[element - 1]!.trim();
    if (!holds(value)) say(code, element, value);
  }
  for (const element of [5, 7]) {
    const value = isa.elements[element - 1]!.trim();
    if (/^[A-Z0-9]{1,2}$/.test(value) && !QUALIFIERS.has(value)) say('ISA-CODE', element, value);
  }
  checkDelimiters(isa, say);
  return found;
}

function checkDelimiters(isa: Isa, say: (code: X12FindingCode, element: number, value: string, detail?: string) => void): void {
  const { element, component, repetition, segment } = isa.delimiters;
  if (segment === element || /[A-Za-z0-9 ]/.test(segment)) say('TA105-004', 16, segment, 'it must be no letter, digit, blank or other delimiter');
  if (component === '' || component === element || component === segment || /[A-Za-z0-9 ]/.test(component))
    say('TA105-027', 16, component, 'it must be one character, no letter, digit, blank or other delimiter');
  const version = isa.elements[11]!;
  const isa11 = isa.elements[10]!;
  if (version >= '00402' && repetition === '') say('REPETITION-SEPARATOR', 11, isa11, `${isa11} with version ${version}: taken for no repetition`);
  else if (version < '00402' && isa11 !== 'U') say('REPETITION-SEPARATOR', 11, isa11, `${isa11} with version ${version}, where U belongs`);
  if (repetition !== '' && [element, component, segment].includes(repetition)) say('TA105-016', 11, repetition, 'it is another delimiter as well');
}
