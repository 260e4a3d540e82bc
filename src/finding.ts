import type { Position } from './tree.ts';

/** Something wrong, odd or worth saying about data that came from outside: a value, never an exception. */
export type Finding = {
  /** From the catalogue of `errors.ts`, or from the closed list of `formats/x12/findings.ts`. */
  readonly code: string;
  /** An `error` refuses the thing it is about; a `warning` does not. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly at?: Position;
  /** X12: the segment id, its position in the set counting ST as 1, and the element as guides write it (`PO107`, `SV101-2`). Elsewhere `element` is the column, member, XML element or attribute. */
  readonly segment?: string;
  readonly position?: number;
  readonly element?: string;
  /** The offending value, cut to 99 characters. */
  readonly value?: string;
};
