/** What the envelope of a file would be without faults: widths, counts, control numbers and missing trailers. The segments of the sets stay as they are. */
import { delimiterBytes, type Isa } from './isa.ts';
import { elementText, type Segment } from './segment.ts';
import { tokenizer } from './tokenize.ts';
import type { Delimiters } from './types.ts';

/** Takes a file in pieces and gives it back, in pieces, with its envelopes repaired. What stands outside any interchange is left out. */
export type EnvelopeRepairer = { readonly push: (piece: Uint8Array) => Uint8Array; readonly end: () => Uint8Array };

/** A repairer for one file. Bytes are never decoded, so that what is not repaired stays what it was in any encoding. */
export function envelopeRepairer(): EnvelopeRepairer {
  const writer = repairer();
  const tokens = tokenizer(
    {
      isa: writer.isa,
      segment: (segment, terminated) => writer.segment(segment, terminated),
      brokenOff: () => writer.endInterchange(),
      tooLong: nothing,
      junk: nothing,
      remark: nothing,
    },
    { encoding: 'latin1', segmentBytes: 1 << 20, keepLineBreaks: false },
  );
  return {
    push: (piece) => {
      tokens.push(piece);
      return writer.taken();
    },
    end: () => {
      tokens.end();
      return writer.taken();
    },
  };
}

/** The bytes of a file that is in memory, with its envelopes repaired. */
export function repairEnvelope(bytes: Uint8Array): Uint8Array {
  const writer = envelopeRepairer();
  return Buffer.concat([writer.push(bytes), writer.end()]);
}

function nothing(): void {}

type Repairer = {
  readonly isa: (isa: Isa) => void;
  readonly segment: (segment: Segment, terminated: boolean) => boolean;
  readonly endInterchange: () => void;
  /** What was written since the last time. */
  readonly taken: () => Uint8Array;
};

function repairer(): Repairer {
  let out = '';
  let delimiters: Delimiters;
  let end = '';
  const open = { interchange: '', groups: 0, group: undefined as string | undefined, sets: 0, set: undefined as string | undefined, segments: 0 };
  const put = (text: string): void => {
    out += text + end;
  };
  const line = (...elements: readonly (string | number)[]): void => put(elements.join(delimiters.element));
  const endSet = (): void => {
    if (open.set !== undefined) line('SE', open.segments + 1, open.set);
    open.set = undefined;
  };
  const endGroup = (): void => {
    endSet();
    if (open.group !== undefined) line('GE', open.sets, open.group);
    open.group = undefined;
  };
  const endInterchange = (): void => {
    endGroup();
    line('IEA', open.groups, open.interchange);
  };
  const begin = (id: string, segment: Segment): void => {
    if (id === 'GS') {
      endGroup();
      Object.assign(open, { group: elementText(segment, 6), sets: 0, groups: open.groups + 1 });
    } else {
      endSet();
      Object.assign(open, { set: elementText(segment, 2), segments: 0, sets: open.sets + 1 });
    }
  };
  return {
    isa: (isa) => {
      delimiters = isa.delimiters;
      end = Buffer.from(delimiterBytes(delimiters.segment)).toString('latin1') + delimiters.newline;
      const elements = fixedElements(isa);
      Object.assign(open, { interchange: elements[12], groups: 0 });
      line('ISA', ...elements.map(asBytes));
    },
    segment: (segment, terminated) => {
      const id = elementText(segment, 0);
      if (id === 'IEA') {
        endInterchange();
        return true;
      }
      // What the file broke off in is not whole: it is left out.
      if (!terminated) return false;
      if (id === 'SE') endSet();
      else if (id === 'GE') endGroup();
      else {
        if (id === 'GS' || id === 'ST') begin(id, segment);
        open.segments++;
        put(segmentText(segment));
      }
      return false;
    },
    endInterchange,
    taken: () => {
      const bytes = Buffer.from(out, 'latin1');
      out = '';
      return bytes;
    },
  };
}

/** Text that was decoded, as one character a byte again. */
function asBytes(text: string): string {
  return /[^\0-\xff]/.test(text) ? Buffer.from(text).toString('latin1') : text;
}

function segmentText(segment: Segment): string {
  return segment.text.substring(segment.marks[segment.first]!, segment.marks[segment.first + segment.count + 1]! - 1);
}

const WIDTHS = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1] as const;

/** The sixteen elements at their widths: ids padded right, the control number with zeros. */
function fixedElements(isa: Isa): string[] {
  return WIDTHS.map((width, index) => {
    const value = isa.elements[index]!;
    if (index === 15) return value === '' ? '>' : value;
    if (index === 12) return value.trim().padStart(width, '0').slice(-width);
    return value.trimEnd().padEnd(width).slice(0, width);
  });
}
