import type { Node } from '../../tree.ts';
import type { X12Finding } from './findings.ts';

/** The delimiters of one interchange, as text. `repetition` is '' where there is none; `newline` is what follows each terminator. */
export type Delimiters = {
  readonly element: string;
  readonly component: string;
  readonly repetition: string;
  readonly segment: string;
  readonly newline: string;
};

export type Party = { readonly qualifier: string; readonly id: string };

/** What the ISA says. Values are without their padding; `isa` holds all sixteen as they stood. */
export type InterchangeHeader = {
  readonly sender: Party;
  readonly receiver: Party;
  /** ISA09 YYMMDD and ISA10 HHMM. */
  readonly date: string;
  readonly time: string;
  /** ISA12, such as `00401`. */
  readonly version: string;
  /** ISA13, nine digits as text. */
  readonly control: string;
  readonly ackRequested: boolean;
  /** ISA15: P, T or I. */
  readonly usage: string;
  readonly delimiters: Delimiters;
  readonly isa: readonly string[];
  readonly at: { readonly offset: number };
};

/** A TA1: what a partner says of an interchange of ours. */
export type Ta1 = {
  readonly control: string;
  readonly date: string;
  readonly time: string;
  readonly code: string;
  readonly note: string;
  readonly at: { readonly offset: number };
};

export type GroupHeader = {
  /** GS01 to GS08. */
  readonly type: string;
  readonly sender: string;
  readonly receiver: string;
  readonly date: string;
  readonly time: string;
  readonly control: string;
  readonly agency: string;
  readonly version: string;
  readonly at: { readonly offset: number };
};

/** AK501: accepted, accepted with errors noted, rejected. */
export type SetAcceptance = 'A' | 'E' | 'R';

export type TransactionSet = {
  readonly type: string;
  readonly control: string;
  readonly implementationReference?: string;
  /** Built when it is first asked for: one that is only validated and acknowledged never has one. */
  readonly tree: Node;
  readonly accepted: boolean;
  readonly acceptance: SetAcceptance;
  /** AK502 to AK506: the codes of what is wrong with the set. */
  readonly codes: readonly string[];
  readonly findings: readonly X12Finding[];
  /** Of a set with findings: which business document it is, such as BEG03 with the number of an order. */
  readonly businessId?: BusinessId;
  /** Segments from ST to SE inclusive, as found. */
  readonly segments: number;
  readonly at: { readonly offset: number };
  /** Where ST begins and the segment after SE would. */
  readonly range: { readonly start: number; readonly end: number };
};

export type BusinessId = { readonly element: string; readonly value: string };

/** What remains of a set for its group's acknowledgment. */
export type SetResult = {
  readonly type: string;
  readonly control: string;
  readonly implementationReference?: string;
  readonly acceptance: SetAcceptance;
  readonly codes: readonly string[];
  readonly findings: readonly X12Finding[];
  readonly businessId?: BusinessId;
};

/** The results of a group's sets, in the order of the file. They are kept small and made anew each time they are gone through. */
export type SetResults = Iterable<SetResult> & { readonly length: number };

export type GroupResult = {
  readonly group: GroupHeader;
  /** GE01 and GE02; absent when the GE is. */
  readonly trailer?: { readonly count: string; readonly control: string };
  readonly sets: SetResults;
  /** AK902 to AK904. A rejected group has accepted none. */
  readonly included: number;
  readonly received: number;
  readonly accepted: number;
  readonly acceptance: 'A' | 'E' | 'P' | 'R';
  /** AK905 to AK909. */
  readonly codes: readonly string[];
  readonly findings: readonly X12Finding[];
};

export type InterchangeResult = {
  readonly interchange: InterchangeHeader;
  /** IEA01 and IEA02; absent when the IEA is. */
  readonly trailer?: { readonly count: string; readonly control: string };
  readonly groups: number;
  /** How many TA1 segments it holds. */
  readonly ta1s: number;
  readonly findings: readonly X12Finding[];
  /** What a TA1 has to say. R rejects everything in it. */
  readonly verdict: { readonly code: 'A' | 'E' | 'R'; readonly note: string };
  /** The file ended, or the next interchange began, before its IEA. */
  readonly truncated: boolean;
  readonly range: { readonly start: number; readonly end: number };
};

/** What the reader yields, in file order. A set is only final when its group's result is there: a group may still be rejected as a whole. */
export type X12Event =
  | { readonly kind: 'interchange'; readonly interchange: InterchangeHeader }
  | { readonly kind: 'ta1'; readonly ta1: Ta1 }
  | { readonly kind: 'group'; readonly group: GroupHeader }
  | { readonly kind: 'set'; readonly set: TransactionSet }
  | { readonly kind: 'group-end'; readonly group: GroupResult }
  | { readonly kind: 'interchange-end'; readonly interchange: InterchangeResult }
  | { readonly kind: 'finding'; readonly finding: X12Finding };

/** Changes what is made of a finding, after validation. The first rule that fits decides; absent parts fit everything. */
export type LeniencyRule = {
  /** A code of the closed list, or its beginning with a star: `AK403-*`. */
  readonly code?: string;
  readonly set?: string;
  readonly segment?: string;
  /** As guides write it: `PO107`. */
  readonly element?: string;
  readonly severity: 'ignore' | 'warning' | 'error';
};

/** What a partner's guide changes in the standard. Absent parts stay as they are. */
export type DefinitionOverride = {
  /** Only in this set; everywhere when absent. */
  readonly set?: string;
  readonly segment: string;
  /** Only where the segment stands in this loop (named by its first segment); everywhere when absent. */
  readonly loop?: string;
  /** `PO107` or 7: the rule is about this element; about the segment when absent. */
  readonly element?: string | number;
  /** M mandatory, O optional, X not used. */
  readonly requirement?: 'M' | 'O' | 'X';
  readonly uses?: number;
  readonly repeats?: number;
  readonly min?: number;
  readonly max?: number;
  /** The only codes allowed. */
  readonly codes?: readonly string[];
  /** Further codes allowed. */
  readonly alsoCodes?: readonly string[];
};

export type X12Limits = {
  readonly segmentBytes: number;
  readonly elementBytes: number;
  readonly segmentsPerSet: number;
  readonly setBytes: number;
  readonly findingsPerSet: number;
  readonly depth: number;
};

export type Encoding = 'auto' | 'utf-8' | 'latin1' | 'windows-1252' | 'ebcdic';

export type X12ReadOptions = {
  readonly limits?: Partial<X12Limits>;
  /** `auto` takes UTF-8, and windows-1252 where the bytes are not UTF-8. Default `auto`. */
  readonly encoding?: Encoding;
  readonly leniency?: readonly LeniencyRule[];
  /** Errors that leave a set accepted with E instead of rejected: all of segments and elements, or the codes listed. */
  readonly acceptErrors?: boolean | readonly string[];
  readonly overrides?: readonly DefinitionOverride[];
  /** Sets that are taken: any other is rejected with AK502 1. All when absent. */
  readonly handledSets?: readonly string[];
  /** TA104 for a TA105 note where the partner wants another than the default. */
  readonly ta1Codes?: Readonly<Record<string, 'A' | 'E' | 'R'>>;
  /** Keep a line break inside a segment as data (an invalid character) instead of taking it for wrapped lines. */
  readonly keepLineBreaks?: boolean;
  /** Envelope only: sets are counted and passed on, not validated. */
  readonly validate?: boolean;
  /** False: sets that are not validated have no tree below their ST. */
  readonly trees?: boolean;
};
