/** What remains of the sets of a group until it is acknowledged: of one without faults, as nearly all are, a few bytes. */
import { latin1 } from './text.ts';
import type { SetResult, SetResults, TransactionSet } from './types.ts';

/** Bytes of one set: how long its control number is, its type, its control number. A length of zero says that it stands in a list of its own. */
const WIDTH = 13;
const TYPE = 1;
const CONTROL = 4;
const SETS_A_PIECE = 4096;
/** So many are kept as they are: room for thousands would be waste for most groups. */
const FEW = 16;
const NONE: readonly never[] = [];

export type GrowingResults = SetResults & { readonly add: (set: TransactionSet) => void };

/** The results of one group's sets, to be added to in the order of the file. */
export function setResults(): GrowingResults {
  const pieces: Uint8Array[] = [];
  const others: SetResult[] = [];
  let length = 0;
  const add = (set: TransactionSet): void => {
    const index = length++ - FEW;
    if (index < 0) return void others.push(resultOf(set));
    const at = (index % SETS_A_PIECE) * WIDTH;
    if (at === 0) pieces.push(new Uint8Array(SETS_A_PIECE * WIDTH));
    const piece = pieces.at(-1)!;
    if (!isPlain(set)) others.push(resultOf(set));
    else {
      piece[at] = set.control.length;
      put(piece, at + TYPE, set.type);
      put(piece, at + CONTROL, set.control);
    }
  };
  return {
    add,
    get length() {
      return length;
    },
    *[Symbol.iterator]() {
      let other = Math.min(FEW, length);
      yield* others.slice(0, other);
      for (let index = 0; index < length - FEW; index++)
        yield plainResult(pieces[Math.floor(index / SETS_A_PIECE)]!, (index % SETS_A_PIECE) * WIDTH) ?? others[other++]!;
    },
  };
}

/** Accepted without a word, and with a type and a number that fit. */
function isPlain(set: TransactionSet): boolean {
  const { type, control, acceptance, codes, findings, implementationReference } = set;
  if (acceptance !== 'A' || codes.length > 0 || findings.length > 0 || implementationReference !== undefined) return false;
  return /^[A-Z0-9]{3}$/.test(type) && /^[A-Za-z0-9]{1,9}$/.test(control);
}

function put(piece: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) piece[at + i] = text.charCodeAt(i);
}

let lastType = '';

function plainResult(piece: Uint8Array, at: number): SetResult | undefined {
  const length = piece[at]!;
  if (length === 0) return undefined;
  const type = latin1(piece, at + TYPE, at + CONTROL);
  // One text serves for all sets of a type.
  if (type !== lastType) lastType = type;
  return { type: lastType, control: latin1(piece, at + CONTROL, at + CONTROL + length), acceptance: 'A', codes: NONE, findings: NONE };
}

function resultOf(set: TransactionSet): SetResult {
  const { type, control, implementationReference, acceptance, codes, findings, businessId } = set;
  return { type, control, ...(implementationReference ? { implementationReference } : {}), acceptance, codes, findings, ...(businessId ? { businessId } : {}) };
}
