import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeAcknowledgment, makeTa1 } from '../../../src/formats/x12/acknowledge.ts';
import { anonymise } from '../../../src/formats/x12/anonymise.ts';
import { eventPrinter } from '../../../src/formats/x12/inspect.ts';
import { x12Reader } from '../../../src/formats/x12/read.ts';
import { delimiterBytes } from '../../../src/formats/x12/isa.ts';
import { looksLikeX12 } from '../../../src/formats/x12/sniff.ts';
import { BINARY, elementText } from '../../../src/formats/x12/segment.ts';
import { tokenizer } from '../../../src/formats/x12/tokenize.ts';
import type { Delimiters, X12Event } from '../../../src/formats/x12/types.ts';
import { writeInterchange } from '../../../src/formats/x12/write.ts';
import { outgoing, sorted } from './support.ts';

/**
 * Runs over any collection of real files: `WHARF_CORPUS` names its folder. A `manifest.tsv` in it, with the path first and `valid envelope` in the
 * fifth column, says which files must be read with a valid envelope.
 */
const corpus = process.env['WHARF_CORPUS'] ?? '';
const present = corpus !== '' && existsSync(corpus);

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'manifest.tsv')
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}

function validFiles(folder: string): Set<string> {
  const manifest = join(folder, 'manifest.tsv');
  if (!existsSync(manifest)) return new Set();
  const rows = readFileSync(manifest, 'utf8')
    .split('\n')
    .map((row) => row.split('\t'));
  return new Set(rows.filter((row) => row[4] === 'valid envelope').map((row) => row[0]!));
}

function readIn(bytes: Uint8Array, size: number): readonly X12Event[] {
  const reader = x12Reader();
  const events: X12Event[] = [];
  for (let at = 0; at < bytes.length; at += size) events.push(...reader.push(bytes.subarray(at, at + size)));
  return [...events, ...reader.end()];
}

describe.skipIf(!present)(`every file of ${corpus || 'WHARF_CORPUS, which is not set'}`, () => {
  const files = present ? filesIn(corpus) : [];
  const valid = present ? validFiles(corpus) : new Set<string>();

  test('is read, shown and acknowledged without a crash, the same in chunks of any size', () => {
    for (const [index, file] of files.entries()) {
      const bytes = readFileSync(join(corpus, file));
      const whole = readIn(bytes, bytes.length || 1);
      const print = eventPrinter();
      for (const event of whole) expect(print(event).length, file).toBeGreaterThan(0);
      const { groups, interchanges } = sorted(whole);
      for (const group of groups) for (const kind of ['997', '999'] as const) makeAcknowledgment(group, { kind });
      for (const interchange of interchanges) makeTa1(interchange, { send: 'always' });
      // Each file gets sizes of its own as well, so that hundreds of files see nearly all of them.
      const own = Array.from({ length: 7 }, (_, step) => 1 + ((index * 7 + step) % 2000));
      for (const size of [1, 2, 7, 107, 512, ...own])
        if (bytes.length < 50_000) expect(JSON.stringify(readIn(bytes, size)) === JSON.stringify(whole), `${file} in chunks of ${size}`).toBe(true);
    }
  });

  test('keeps its faults and their places when it is anonymised', () => {
    const faults = (bytes: Uint8Array): readonly string[] => sorted(readIn(bytes, 65_536)).findings.map(({ code, at }) => `${code} ${at?.offset}`);
    for (const file of files) {
      const bytes = readFileSync(join(corpus, file));
      expect(faults(anonymise(bytes, 'secret')), file).toEqual(faults(bytes));
    }
  });

  test('has a valid envelope where its manifest says so', () => {
    const wrong: string[] = [];
    for (const file of files.filter((name) => valid.has(name))) {
      const bytes = readFileSync(join(corpus, file));
      const { events, interchanges, groups, sets } = sorted(readIn(bytes, 65_536));
      if (interchanges.length === 0 && !looksLikeX12(bytes)) continue;
      const own = events.flatMap((event) => (event.kind === 'finding' ? [event.finding] : []));
      const findings = [
        ...own,
        ...interchanges.flatMap((item) => item.findings),
        ...groups.flatMap((item) => item.findings),
        ...sets.flatMap((set) => set.findings.filter((item) => item.code.startsWith('AK502'))),
      ];
      const errors = findings.filter((item) => item.severity === 'error');
      if (errors.length > 0 || interchanges.length === 0) wrong.push(`${file}: ${errors[0]?.message ?? 'no interchange'}`);
    }
    expect(wrong).toEqual([]);
  });

  test('is written as it was read, byte for byte but for what its sender laid out by hand', () => {
    let written = 0;
    for (const file of files.filter((name) => valid.has(name))) {
      const bytes = readFileSync(join(corpus, file));
      const events = readIn(bytes, 65_536);
      if (cannotBeWritten(events)) continue;
      const out = outgoing(events).map((item) => Buffer.from(writeInterchange(item)).toString('latin1'));
      expect(out.join(''), file).toBe(laidOut(bytes));
      written++;
    }
    expect(written).toBeGreaterThan(0);
  });
});

/** What no partner could be sent: see docs/x12.md. */
function cannotBeWritten(events: readonly X12Event[]): boolean {
  const { interchanges, codes, sets } = sorted(events);
  if (interchanges.length === 0 || codes.includes('HL-PARENT')) return true;
  // Binary data whose length is wrong is text, in which line breaks cannot stand.
  if (sets.some(({ tree }) => tree.children?.some(({ name, fields }) => name === 'BIN' && Number(fields![0]) !== fields![1]!.length))) return true;
  return interchanges.some(({ interchange: { version, isa, sender, receiver } }) => {
    // An old version that repeats by mistake cannot be written with its repetitions.
    if (version < '00402' && isa[10] !== 'U') return true;
    return /[^\x20-\x7e]/.test(sender.id + receiver.id);
  });
}

/**
 * The file as it would be if its sender had laid out every segment as the first: without byte order mark, line breaks and blanks between and in segments,
 * empty elements and blanks at their ends, and zeros before the counts.
 */
function laidOut(bytes: Buffer): string {
  const text: string[] = [];
  let ends = { element: '', component: '', repetition: '', segment: '', newline: '' };
  const terminator = (): string => Buffer.from(delimiterBytes(ends.segment)).toString('latin1');
  let head = 0;
  let control = '';
  const put = (line: string): void => void text.push(line + terminator() + ends.newline);
  const tokens = tokenizer(
    {
      isa: (isa) => {
        ends = isa.delimiters;
        put(['ISA', ...isa.elements].join(ends.element));
        head = text.length;
      },
      segment: (segment) => {
        const id = elementText(segment, 0);
        const elements = Array.from({ length: segment.count }, (_, index) => elementText(segment, index + 1));
        if (id === 'ISB' || id === 'ISE' || (id === '' && segment.count === 0)) return false;
        if (id === 'ST') control = elements[1] ?? '';
        if (id === 'SE') elements[1] = control;
        if (segment.flags & BINARY) put([id, ...elements].join(ends.element));
        else put(trimmed(id, elements, ends));
        // A TA1 belongs before the groups.
        if (id === 'TA1') text.splice(head++, 0, text.pop()!);
        return id === 'IEA';
      },
      tooLong: nothing,
      junk: nothing,
      remark: nothing,
      brokenOff: nothing,
    },
    { encoding: 'latin1', segmentBytes: 65_536, keepLineBreaks: false },
  );
  tokens.push(bytes);
  tokens.end();
  return text.join('');
}

function nothing(): void {}

function trimmed(id: string, given: readonly string[], { element, component, repetition }: Delimiters): string {
  const cut = (text: string, sign: string): string => {
    let end = text.length;
    while (sign !== '' && end > 0 && text[end - 1] === sign) end--;
    return text.slice(0, end);
  };
  const number = (text: string): string => text.trim().replace(/^0+(?=.)/, '');
  const elements = given.map((text) =>
    cut((repetition === '' ? [text] : text.split(repetition)).map((part) => cut(part, component)).join(repetition), repetition),
  );
  if (id === 'SE' || id === 'GE') return [id, number(elements[0]!), id === 'SE' ? elements[1] : elements[1]!.trim()].join(element);
  if (id === 'IEA') return ['IEA', number(elements[0]!), number(elements[1]!).padStart(9, '0')].join(element);
  if (id === 'GS') return cut(['GS', ...elements.map((text) => text.trim())].join(element), element);
  return cut([id, ...elements].join(element), element);
}
