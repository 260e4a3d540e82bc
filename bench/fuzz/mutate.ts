/** Inputs for the fuzz run: seeds from the project's own samples, and changes to bytes, elements and segments. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { purchaseOrder } from '../x12-data.ts';

/** A number from 0 up to, not with, `bound`. */
export type Random = (bound: number) => number;

/** A small fast generator: the same seed gives the same numbers. */
export function numbers(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** Nearly all inputs are no longer than the first; a few may be as long as the second. */
const SHORT = 360;
const LONG = 2000;

// oxfmt-ignore
const WORDS = [
  'ISA*', 'ISA*00*          *00*          *ZZ*A              *ZZ*B              *260105*0930*^*00501*000000007*1*T*>~', 'GS*PO*A1*B2*20260105*0930*7*X*004010~',
  'GS*', 'ST*', 'SE*', 'GE*', 'IEA*', 'IEA*1*000000007~', 'TA1*000000007*260105*0930*A*000~', 'TA1*', '~', '*', '^', '>', '\n', '\r\n', '\r', ' ', '\t',
  'HL*1**S~', 'HL*2*1*O~', 'HL*3*2*I*0~', 'LS*A~', 'LE*A~', 'PO1*1*1*EA*1~', 'N1*ST*X*92*1~', 'LX*1~', 'CTT*1~', 'AK1*PO*7~', 'AK9*A*1*1*1~', 'BIN*4*ab~c~',
  'BDS*ASC*3*a~b~', '~ST*850*0001~', '~SE*1*0001~', 'ST*856*0002~', 'ST*997*0003~', 'ST*999*0004*005010X231A1~', 'GS*FA*', '*00501*', '*00200*', '005010', '004010',
  'isa*', '-', '.', 'E9', '00', '99999999999', '20260230', '2460', 'U', '\ufeff', '\0', '\x1a', '\x7f', 'É', '…', '€', '\u2028',
].map((word) => new TextEncoder().encode(word)).concat([Uint8Array.of(0xff), Uint8Array.of(0xc3), Uint8Array.of(0xe2, 0x80), Uint8Array.of(0x85)]);

/** Changes an input; the result is only good until the next call. */
export type Mutator = (input: Uint8Array, other: Uint8Array) => Uint8Array;

export function mutator(random: Random): Mutator {
  const room = new Uint8Array(2 * LONG + 400);
  let length = 0;
  /** Replaces what stands from `at` to `to`. */
  const splice = (at: number, to: number, put: Uint8Array): void => {
    const fits = put.subarray(0, Math.max(0, Math.min(put.length, LONG - length)));
    room.copyWithin(at + fits.length, to, length);
    room.set(fits, at);
    length += fits.length - (to - at);
  };
  /** A segment or element around a random place, with the delimiter after it: found by what most files have as delimiters. */
  const part = (signs: readonly number[]): readonly [number, number] => {
    let from = random(length + 1);
    let to = from;
    while (from > 0 && !signs.includes(room[from - 1]!)) from--;
    while (to < length && !signs.includes(room[to]!)) to++;
    return [from, Math.min(length, to + 1)];
  };
  const change = (other: Uint8Array): void => {
    const at = random(length + 1);
    const to = Math.min(length, at + 1 + random(16));
    switch (random(12)) {
      case 0:
        if (at < length) room[at] = room[at]! ^ (1 << random(8));
        break;
      case 1:
        if (at < length) room[at] = random(256);
        break;
      case 2:
        splice(at, at, WORDS[random(WORDS.length)]!);
        break;
      case 3:
        splice(at, to, WORDS[random(WORDS.length)]!);
        break;
      case 4:
        splice(at, to, new Uint8Array(0));
        break;
      case 5: {
        const from = random(other.length + 1);
        splice(at, random(2) ? at : to, other.subarray(from, from + 1 + random(120)));
        break;
      }
      case 6:
      case 7: {
        const [from, end] = part(random(2) ? SEGMENT_ENDS : ELEMENT_ENDS);
        splice(from, end, WORDS[random(WORDS.length)]!);
        break;
      }
      case 8: {
        const [from, end] = part(random(2) ? SEGMENT_ENDS : ELEMENT_ENDS);
        splice(from, end, new Uint8Array(0));
        break;
      }
      case 9: {
        const [from, end] = part(random(2) ? SEGMENT_ENDS : ELEMENT_ENDS);
        splice(from, from, room.slice(from, end));
        break;
      }
      case 10: {
        const [from, end] = part(SEGMENT_ENDS);
        const moved = room.slice(from, end);
        splice(from, end, new Uint8Array(0));
        const [target] = part(SEGMENT_ENDS);
        splice(target, target, moved);
        break;
      }
      default:
        if (random(6) === 0) length = at;
    }
  };
  return (input, other) => {
    length = Math.min(input.length, LONG);
    room.set(input.subarray(0, length));
    for (let times = 1 + random(random(8) === 0 ? 12 : 4); times > 0; times--) change(other);
    const most = random(32) === 0 ? LONG : SHORT;
    return room.slice(0, Math.min(length, most));
  };
}

const SEGMENT_ENDS = [0x7e, 0x0a, 0x21];
const ELEMENT_ENDS = [0x7e, 0x2a, 0x3e, 0x5e];

/** The project's own samples cut to size: each envelope with a few segments of its set, and every small file whole. */
export function seeds(root: string, random: Random): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const folder of ['test/formats/x12/faults', 'test/formats/x12/crashers', 'samples']) {
    for (const name of filesOf(join(root, folder))) {
      const bytes = readFileSync(name);
      if (bytes.length <= SHORT) found.push(bytes);
      else found.push(...cuts(bytes.toString('latin1'), random));
    }
  }
  found.push(...cuts(`${ENVELOPE}${purchaseOrder(8).join('~')}~GE*1*7~IEA*1*000000007~`, random));
  return found.filter((seed) => seed.length <= SHORT);
}

const ENVELOPE = `ISA*00*          *00*          *ZZ*ACMEGROCERS    *ZZ*WHARF          *260105*0930*U*00401*000000007*1*T*>~GS*PO*A1*B2*20260105*0930*7*X*004010~`;

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(edi|x12|850|txt)$/.test(name))
      .toSorted()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Envelope, first segment and any few that follow each other. */
function cuts(text: string, random: Random): Uint8Array[] {
  const isa = /ISA[^A-Za-z0-9\s]/.exec(text)?.index;
  const end = isa === undefined ? undefined : text[isa + 105];
  if (isa === undefined || end === undefined) return [];
  const segments = text.slice(isa).split(end);
  const st = segments.findIndex((segment) => /^\s*ST\W/.test(segment));
  if (st < 2) return [];
  const last = segments.findIndex((segment) => /^\s*SE\W/.test(segment));
  const cut = (from: number): Uint8Array =>
    Buffer.from([...segments.slice(0, st + 2), ...segments.slice(from, Math.min(last, from + 4)), ...segments.slice(last)].join(end), 'latin1');
  return [st + 2, st + 2 + random(Math.max(1, last - st - 2)), Math.max(st + 2, last - 4)].map(cut);
}
