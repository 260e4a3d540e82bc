/**
 * The closed list of X12 findings, named for the acknowledgment codes they become: `AK304-3` is code 3 of AK304 (and of IK304),
 * `AK403`, `AK502`, `AK905` and `TA105` likewise. The rest are remarks that no acknowledgment has a code for.
 */
import type { Finding } from '../../finding.ts';
import type { Position } from '../../tree.ts';

type Entry = readonly [severity: 'error' | 'warning', meaning: string];

export const findingList = {
  'AK304-1': ['error', 'This segment id is not known'],
  'AK304-2': ['error', 'The segment is not expected here'],
  'AK304-3': ['error', 'A mandatory segment is missing'],
  'AK304-4': ['error', 'The loop occurs too often'],
  'AK304-5': ['error', 'The segment occurs too often'],
  'AK304-6': ['error', 'The segment does not belong to this transaction set'],
  'AK304-7': ['error', 'The segment is out of sequence'],
  'AK304-I4': ['error', 'The segment is one that this partner does not use'],
  'AK304-8': ['error', 'The segment has errors in its elements'],
  'AK403-1': ['error', 'A mandatory element is missing'],
  'AK403-2': ['error', 'An element that others call for is missing'],
  'AK403-3': ['error', 'The segment has too many elements'],
  'AK403-4': ['error', 'The element is too short'],
  'AK403-5': ['error', 'The element is too long'],
  'AK403-6': ['error', 'The element has an invalid character'],
  'AK403-7': ['warning', 'The code is not in the list'],
  'AK403-8': ['error', 'This is not a date'],
  'AK403-9': ['error', 'This is not a time'],
  'AK403-10': ['error', 'These elements exclude each other'],
  'AK403-12': ['error', 'The element repeats too often'],
  'AK403-13': ['error', 'The element has too many components'],
  'AK403-I10': ['error', 'The element is one that this partner does not use'],
  'AK502-1': ['error', 'This transaction set is not supported'],
  'AK502-2': ['error', 'The SE is missing'],
  'AK502-3': ['error', 'ST02 and SE02 differ'],
  'AK502-4': ['error', 'SE01 is not the number of segments'],
  'AK502-5': ['error', 'One or more segments have errors'],
  'AK502-6': ['error', 'ST01 is missing or not a set id'],
  'AK502-7': ['error', 'ST02 is missing or not a control number'],
  'AK502-18': ['warning', 'The set does not belong in a group of this type'],
  'AK502-23': ['error', 'ST02 is not unique in its group'],
  'AK905-1': ['error', 'This type of group is not supported'],
  'AK905-2': ['error', 'The version of the group is not supported'],
  'AK905-3': ['error', 'The GE is missing'],
  'AK905-4': ['error', 'GS06 and GE02 differ'],
  'AK905-5': ['error', 'GE01 is not the number of sets'],
  'AK905-6': ['error', 'GS06 is not a control number'],
  'AK905-19': ['error', 'The control number of the group is not unique in its interchange'],
  'TA105-001': ['error', 'ISA13 and IEA02 differ'],
  'TA105-002': ['error', 'The standard of ISA11 is not supported'],
  'TA105-003': ['error', 'The version of ISA12 is not supported'],
  'TA105-004': ['error', 'The segment terminator is not valid'],
  'TA105-005': ['error', 'ISA05, the qualifier of the sender, is not valid'],
  'TA105-006': ['error', 'ISA06, the sender, is not valid'],
  'TA105-007': ['error', 'ISA07, the qualifier of the receiver, is not valid'],
  'TA105-008': ['error', 'ISA08, the receiver, is not valid'],
  'TA105-009': ['error', 'The receiver is not known'],
  'TA105-010': ['error', 'ISA01 is not valid'],
  'TA105-011': ['error', 'ISA02 is not valid'],
  'TA105-012': ['error', 'ISA03 is not valid'],
  'TA105-013': ['error', 'ISA04 is not valid'],
  'TA105-014': ['error', 'ISA09 is not a date'],
  'TA105-015': ['error', 'ISA10 is not a time'],
  'TA105-016': ['error', 'ISA11 is not valid'],
  'TA105-017': ['error', 'ISA12 is not a version'],
  'TA105-018': ['error', 'ISA13 is not a control number of nine digits'],
  'TA105-019': ['error', 'ISA14 is neither 0 nor 1'],
  'TA105-020': ['error', 'ISA15 is none of P, T and I'],
  'TA105-021': ['error', 'IEA01 is not the number of groups'],
  'TA105-022': ['error', 'The envelope is not valid'],
  'TA105-023': ['error', 'The interchange ends before its IEA'],
  'TA105-024': ['error', 'The content of the interchange is not valid'],
  'TA105-025': ['error', 'The control number of the interchange was used before'],
  'TA105-026': ['error', 'The element separator is not valid'],
  'TA105-027': ['error', 'The component separator is not valid'],
  'TA105-028': ['error', 'The delivery date is not valid'],
  'TA105-029': ['error', 'The delivery time is not valid'],
  'TA105-030': ['error', 'The delivery time code is not valid'],
  'TA105-031': ['error', 'The grade of service is not valid'],
  'NO-ISA': ['error', 'The file holds no interchange'],
  JUNK: ['warning', 'There are bytes outside any interchange'],
  BOM: ['warning', 'The file begins with a byte order mark'],
  ENCODING: ['warning', 'The bytes are not valid in the encoding expected'],
  'ISA-CODE': ['warning', 'The value in the ISA is empty or not in the list'],
  'REPETITION-SEPARATOR': ['warning', 'ISA11 does not go with the version in ISA12'],
  'WRAPPED-LINES': ['warning', 'Lines are wrapped inside segments'],
  'TERMINATOR-MISSING': ['warning', 'The last segment has no terminator'],
  'TRAILING-SEPARATORS': ['warning', 'The segment ends in empty elements'],
  'RELEASE-NEAREST': ['warning', 'There are no definitions of this release: the nearest are used'],
  'SET-UNKNOWN': ['warning', 'There is no definition of this transaction set: its segments pass unchecked'],
  'HL-NUMBER': ['warning', 'The numbers of the HL segments are not consecutive'],
  'HL-PARENT': ['error', 'HL02 names no earlier HL'],
  'SEGMENT-EMPTY': ['error', 'There is a segment without an id'],
  'LIMIT-SEGMENT': ['error', 'The segment is longer than the limit'],
  'LIMIT-ELEMENT': ['error', 'The element is longer than the limit'],
  'LIMIT-SEGMENTS': ['error', 'The set is larger than the limit'],
  'LIMIT-DEPTH': ['error', 'The loops are nested deeper than the limit'],
} as const satisfies Record<string, Entry>;

export type X12FindingCode = keyof typeof findingList;

/** A finding with what an acknowledgment has to say of its place. Elements, components and repetitions count from 1. */
export type X12Finding = Finding & {
  readonly code: X12FindingCode;
  readonly elementNumber?: number;
  readonly component?: number;
  readonly repetition?: number;
  /** The number of the data element in the dictionary, such as 235. */
  readonly reference?: string;
  /** The element of the segment that calls for this one, or excludes it, and its number in the dictionary. */
  readonly trigger?: { readonly elementNumber: number; readonly reference: string };
  /** LS01 of the loop that the segment stands in, where it is bounded by LS and LE. */
  readonly loop?: string;
};

type Details = {
  at?: Position;
  segment?: string;
  position?: number;
  element?: string;
  value?: string;
  detail?: string;
  elementNumber?: number;
  component?: number;
  repetition?: number;
  reference?: string;
  trigger?: NonNullable<X12Finding['trigger']>;
  loop?: string;
  severity?: 'error' | 'warning';
};

/** A finding of the list: its severity and plain words come from there; `detail` is said after a colon. Values are cut to 99 characters. */
export function finding(code: X12FindingCode, details: Details = {}): X12Finding {
  const [severity, meaning] = findingList[code];
  const { detail, value, ...rest } = details;
  return {
    code,
    severity,
    message: detail ? `${meaning}: ${detail}` : meaning,
    ...rest,
    ...(value === undefined ? {} : { value: own(value.slice(0, 99)) }),
  };
}

/** The acknowledgment element and code that a finding's own code names: `AK403-7` gives `['AK403', '7']`; undefined for remarks. */
export function ackCode(code: string): readonly [element: string, value: string] | undefined {
  const match = /^(AK304|AK403|AK502|AK905|TA105)-(\w+)$/.exec(code);
  return match ? [match[1]!, match[2]!] : undefined;
}

/** A part of a text shares memory with the whole; a finding outlives the file's text, so it keeps a copy of its own. */
export function own(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}
