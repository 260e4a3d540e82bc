import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WharfError } from '../../../src/errors.ts';
import { readX12Sync } from '../../../src/formats/x12/read.ts';
import { writeInterchange, type OutgoingInterchange } from '../../../src/formats/x12/write.ts';
import type { Node } from '../../../src/tree.ts';
import { bytesOf, ISA, outgoing, read, sample } from './support.ts';

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function interchange(tree: Node, more: Partial<OutgoingInterchange> = {}): OutgoingInterchange {
  return {
    sender: { qualifier: 'ZZ', id: 'WHARF' },
    receiver: { qualifier: 'ZZ', id: 'ACME' },
    control: '12',
    date: '20260105',
    time: '0930',
    version: '00401',
    usage: 'P',
    ackRequested: false,
    delimiters: { element: '*', component: '>', repetition: '^', segment: '~', newline: '\n' },
    groups: [
      {
        type: 'PO',
        sender: 'WHARF',
        receiver: 'ACME',
        date: '20260105',
        time: '0930',
        control: '12',
        version: '004010',
        sets: [{ type: tree.name, control: '0001', tree }],
      },
    ],
    ...more,
  };
}

const order = (fields: readonly string[], children: readonly Node[] = []): Node => ({
  name: '850',
  fields: ['850'],
  children: [{ name: 'BEG', fields }, ...children],
});

describe('what is read is written back the same', () => {
  test.each(['~\n', '~', '!', '\n', '\r\n', '\r', '…'])('with segments that end in %j', (end) => {
    const text = sample({ end });
    expect(decode(writeInterchange(outgoing(readX12Sync(bytesOf(text)))[0]!))).toBe(text);
  });

  test('with components, repetitions and a TA1', () => {
    const isa = ISA.replace('*U*00401', '*^*00501');
    const body = ['BGN*11*1*20260105', 'OTI*TR*TN*1', 'TED*024*BAD', 'CTX*SITUATIONAL TRIGGER^PO NUMBER>4500'];
    const text = sample({ isa, gs: 'GS*AG*A1*B2*20260105*0930*7*X*005010', st: 'ST*824*0001*GUIDE', body }).replace(
      'GS*',
      'TA1*000000001*260101*0000*A*000~\nGS*',
    );
    expect(decode(writeInterchange(outgoing(readX12Sync(bytesOf(text)))[0]!))).toBe(text);
  });
});

test('counts, trailers and empty ends are right by construction', () => {
  const text = decode(
    writeInterchange(
      interchange(
        order(
          ['00', 'SA', '1', '', '20260105', '', ''],
          [
            { name: 'REF', fields: ['', ''] },
            { name: 'N1', fields: ['ST', ''], children: [{ name: 'N3', fields: ['X'] }] },
          ],
        ),
      ),
    ),
  );
  expect(text.split('~\n').slice(2)).toEqual(['ST*850*0001', 'BEG*00*SA*1**20260105', 'N1*ST', 'N3*X', 'SE*5*0001', 'GE*1*12', 'IEA*1*000000012', '']);
  expect(text.slice(0, 107)).toBe('ISA*00*          *00*          *ZZ*WHARF          *ZZ*ACME           *260105*0930*U*00401*000000012*0*P*>~\n');
});

describe('what cannot be written', () => {
  const refusal = (given: OutgoingInterchange): WharfError => {
    try {
      writeInterchange(given);
    } catch (error) {
      if (error instanceof WharfError) return error;
      throw error;
    }
    throw new Error('it was written');
  };

  test.each([
    ['a*b', /BEG03 "a\*b" holds \* \(U\+002A, the element delimiter\)/],
    ['a~b', /segment delimiter/],
    ['a>b', /component delimiter/],
    ['a\nb', /U\+000A/],
    ['a\u0000b', /U\+0000/],
    ['\ud800', /BEG03/],
  ])('%j is refused with its place', (value, message) => {
    const error = refusal(interchange(order(['00', 'SA', value])));
    expect(error.code).toBe('RENDER_FAILED');
    expect(error.message).toMatch(message);
    expect(error.value).toBe(value);
  });

  test('values that are no text, repetitions in an old version, wrong names, ids that are too long', () => {
    expect(refusal(interchange(order([null as unknown as string].concat([null as unknown as string])))).code).toBe('RENDER_FAILED');
    expect(refusal(interchange({ name: '850', children: [{ name: 'BEG', fields: [[['a'], ['b']]] }] })).message).toMatch(/BEG01 repeats/);
    expect(refusal(interchange({ name: '850', children: [{ name: 'order', fields: ['1'] }] })).message).toMatch(/"order" is not a segment id/);
    expect(refusal(interchange(order(['00']), { sender: { qualifier: 'ZZ', id: 'A'.repeat(16) } })).message).toMatch(/ISA06/);
    expect(refusal(interchange(order(['00']), { control: '1234567890' })).message).toMatch(/ISA13/);
    expect(refusal(interchange(order(['00']), { delimiters: { element: '*', component: '*', repetition: '', segment: '~', newline: '' } })).message).toMatch(
      /two delimiters/,
    );
    expect(refusal(interchange(order(['00']), { date: '20261399' })).message).toMatch(/does not read back: ISA09/);
    expect(refusal(interchange(order(['Ω']), { encoding: 'latin1' })).message).toMatch(/Ω/);
  });

  test('fault/D15 or is replaced where the partner says so', () => {
    const written = (value: string, characters: 'basic' | 'extended' | 'utf-8'): string =>
      decode(writeInterchange(interchange(order(['00', 'SA', value]), { onForbidden: 'replace', characters }))).split('~\n')[3]!;
    expect(written('a*b~c\n', 'utf-8')).toBe('BEG*00*SA*a b-c ');
    expect(written('Café “Größe” Łódź', 'extended')).toBe('BEG*00*SA*Cafe "Grosse" Lodz');
    expect(written('Café #1 [x]', 'basic')).toBe('BEG*00*SA*CAFE NO. 1 (X)');
  });
});

describe('HL levels', () => {
  type Level = { readonly code: string; readonly inner: readonly Level[] };
  const level: fc.Arbitrary<Level> = fc.letrec<{ level: Level }>((tie) => ({
    level: fc.record({
      code: fc.constantFrom('S', 'O', 'T', 'P', 'I'),
      inner: fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('level'), { maxLength: 3 })),
    }),
  })).level;
  const toNode = ({ code, inner }: Level): Node => ({
    name: 'HL',
    fields: ['', '', code],
    children: [{ name: 'REF', fields: ['BM', code] }, ...inner.map(toNode)],
  });
  const toLevel = (node: Node): Level => ({ code: node.fields![2] as string, inner: (node.children ?? []).filter((item) => item.name === 'HL').map(toLevel) });
  const count = (levels: readonly Level[]): number => levels.reduce((sum, item) => sum + 1 + count(item.inner), 0);

  test('any tree of levels is numbered, counted, and read back the same', () => {
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 3 }), (levels) => {
        const tree: Node = {
          name: '856',
          children: [{ name: 'BSN', fields: ['00', 'S1', '20260105', '0930'] }, ...levels.map(toNode), { name: 'CTT', fields: [''] }],
        };
        const given = interchange(tree);
        const bytes = writeInterchange({ ...given, groups: [{ ...given.groups[0]!, type: 'SH' }] });
        const set = readX12Sync(bytes).flatMap((event) => (event.kind === 'set' ? [event.set] : []))[0]!;
        expect(set.tree.children!.filter((node) => node.name === 'HL').map(toLevel)).toEqual(levels);
        expect(set.tree.children!.at(-1)!.fields).toEqual([String(count(levels))]);
        expect(set.findings.filter((item) => item.code.startsWith('HL'))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('tree and bytes', () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from('ABCxyz 0123-./é…ß')), minLength: 1, maxLength: 12 });
  const segment = fc.record({
    name: fc.stringMatching(/^[A-BD-FJ-RT-Z][A-Z0-9]{1,2}$/),
    fields: fc.array(fc.oneof(text, fc.constant('')), { minLength: 1, maxLength: 6 }),
  });

  test('sets of any segments come back with their elements, without the empty ones at the end', () => {
    fc.assert(
      fc.property(
        fc.array(segment, { minLength: 1, maxLength: 20 }),
        fc.constantFrom('~', '!', '\n', '\u0015'),
        fc.integer({ min: 1, max: 999_999_999 }),
        (list, terminator, control) => {
          const used = list
            .filter(({ name }) => !/^(GS|GE|TA1|TA3|LS|LE|LX)$/.test(name))
            .map(({ name, fields }) => ({ name, fields: fields.slice(0, fields.findLastIndex((field) => field !== '') + 1) }));
          const tree: Node = { name: '830', children: used };
          const given = interchange(tree, {
            control: String(control),
            delimiters: { element: '*', component: '>', repetition: '', segment: terminator, newline: '' },
          });
          const { sets, interchanges, groups } = read(writeInterchange({ ...given, groups: [{ ...given.groups[0]!, type: 'PS' }] }));
          expect(interchanges[0]).toMatchObject({ verdict: { code: 'A' }, interchange: { control: String(control).padStart(9, '0') } });
          expect(groups[0]!.acceptance).toBe('A');
          const kept = used.filter((item) => item.fields.length > 0);
          expect(sets[0]!.tree.children?.map(({ name, fields }) => ({ name, fields })) ?? []).toEqual(kept);
          expect(sets[0]!.segments).toBe(kept.length + 2);
        },
      ),
      { numRuns: 300 },
    );
  });
});
