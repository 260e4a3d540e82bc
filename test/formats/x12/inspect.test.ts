import { describe, expect, test } from 'vitest';
import { anonymise, anonymiser } from '../../../src/formats/x12/anonymise.ts';
import { jsonPieces } from '../../../src/formats/x12/inspect-json.ts';
import { eventPrinter, inspector } from '../../../src/formats/x12/inspect.ts';
import { repairEnvelope } from '../../../src/formats/x12/repair.ts';
import { looksLikeX12, whatItLooksLike } from '../../../src/formats/x12/sniff.ts';
import { encode, fromEbcdic } from '../../../src/formats/x12/text.ts';
import { bytesOf, ISA, latin1Of, ORDER, read, sample } from './support.ts';

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('inspect', () => {
  test('shows a file as an indented tree with names, meanings and findings at their place', () => {
    const print = eventPrinter();
    const text = read(sample({ body: ORDER.map((line) => line.replace('*12*EA', '*x2*EA')) }))
      .events.map(print)
      .join('');
    expect(text).toContain('Interchange 000000007 from ZZ/ACMEGROCERS to ZZ/WHARF');
    expect(text).toContain('    850 Purchase Order 0001: rejected, codes 5, 12 segments');
    expect(text).toContain('      N1  Name\n         N101 ST = ship to   Entity Identifier Code');
    expect(text).toContain('        N3  Address Information');
    expect(text).toContain('         !! AK403-6 at byte 306: The element has an invalid character: PO102 Quantity Ordered (value "x2")');
    expect(text).toContain('End of interchange 000000007: accepted\n');
  });

  test('says in plain words what an acknowledgment means', () => {
    const print = eventPrinter();
    const body = ['AK1*PO*7', 'AK2*850*0001', 'AK3*PO1*8**8', 'AK4*7*234*7*SKU', 'AK5*R*5', 'AK9*R*1*1*0*4'];
    const text = sample({ gs: 'GS*FA*A1*B2*20260105*0930*7*X*004010', st: 'ST*997*0001', body });
    const shown = read(text.replace('GS*', 'TA1*000000041*260104*0800*R*025~\nGS*')).events.map(print).join('');
    expect(shown).toContain('  TA1 for interchange 000000041: rejected, note 025: The control number of the interchange was used before\n');
    expect(shown.split('\n').filter((line) => line.includes('=>'))).toEqual([
      '      => Our group PO 7: rejected, 0 of 1 sets accepted',
      '      =>   GS06 and GE02 differ',
      '      =>   Our 850 0001: rejected',
      '      =>     PO107 (Product/Service ID) in segment 8: The code is not in the list (value "SKU")',
    ]);
  });

  test('gives the same as data', () => {
    const collect = inspector();
    for (const event of read(`x${sample()}`).events) collect.take(event);
    expect(collect.result()).toMatchObject({
      interchanges: [
        {
          control: '000000007',
          verdict: { code: 'A' },
          groups: [{ type: 'PO', acceptance: 'A', sets: [{ type: '850', name: 'Purchase Order', acceptance: 'A', segments: 12 }] }],
        },
      ],
      findings: [{ code: 'JUNK' }],
    });
    for (const text of [sample(), sample() + sample(), 'x', `${sample().slice(0, 107)}IEA*0*000000007~`]) {
      const report = inspector();
      for (const event of read(text).events) report.take(event);
      expect(JSON.parse([...jsonPieces(report.result())].join(''))).toEqual(report.result());
    }
  });
});

describe('repair', () => {
  const fixed = sample();
  test.each([
    ['wrong counts', sample({ se: 'SE*1*0009', ge: 'GE*9*9', iea: 'IEA*9*000000009' })],
    ['missing trailers', sample({ se: '', ge: '', iea: '' })],
    ['an ISA of other widths', sample({ isa: ISA.replace('ACMEGROCERS    ', 'ACMEGROCERS').replace('000000007', '7') })],
    ['junk around it', `hello ${sample()} goodbye`],
    ['no terminator at the end', sample().slice(0, -2)],
  ])('%s', (_what, text) => {
    expect(decode(repairEnvelope(bytesOf(text)))).toBe(fixed);
    expect(read(repairEnvelope(bytesOf(text))).interchanges[0]!.verdict.code).toBe('A');
  });
});

describe('anonymise', () => {
  const text = `junk ${sample({ se: 'SE*99*0001', body: ORDER.map((line) => line.replace('STORE', 'CAFÉ')) })}`;
  const result = anonymise(bytesOf(text), 'secret');
  test('keeps lengths, delimiters and faults', () => {
    expect(result.length).toBe(bytesOf(text).length);
    expect(decode(result).replaceAll(/[^*~\n>]/g, '')).toBe(text.replaceAll(/[^*~\n>]/g, ''));
    expect(read(result).codes).toEqual(read(text).codes);
  });

  test('takes names, addresses, ids and prices out, and leaves codes, quantities and dates', () => {
    const out = decode(result);
    for (const word of ['ACMEGROCERS', '4500012345', 'CAF', 'MAIN STREET', 'DENVER', '80202', '614141007349', 'SKU-1001', '4.25', 'TRAIL MIX'])
      expect(out).not.toContain(word);
    for (const word of ['BEG*00*SA*', '20260105', 'DTM*010*20260110', 'N1*ST*', '*12*EA*', 'CTT*2', '000000007']) expect(out).toContain(word);
  });

  test('is the same in pieces of any size', () => {
    for (const size of [1, 2, 7, 107, 512]) {
      const { push, end } = anonymiser('secret');
      const bytes = bytesOf(text);
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => Buffer.from(push(bytes.subarray(index * size, (index + 1) * size))));
      expect(decode(Buffer.concat([...pieces, end()]))).toBe(decode(result));
    }
  });

  test('leaves nothing in clear that it does not know: around segments, in segments too long or wrapped, in any script, in EBCDIC', () => {
    const out = (given: string | Uint8Array): string => decode(anonymise(typeof given === 'string' ? bytesOf(given) : given, 'secret'));
    expect(out(`From: Jane ${sample()}Regards, Jane 7`)).toMatch(/^Xxxx: Xxxx ISA.*IEA\*1\*000000007~\nXxxxxxx, Xxxx 0$/s);
    expect(out('no interchange')).toBe('xx xxxxxxxxxxx');
    const long = sample({ body: [...ORDER, `N3*${'SECRET '.repeat(200_000)}`] });
    expect(out(long)).not.toContain('SECRET');
    expect(out(long)).toHaveLength(long.length);
    const wrapped = out(sample({ end: '~', body: ORDER.map((line) => line.replace('STORE 0149', 'STO\r\nRE 0149')) }));
    expect(wrapped).toMatch(/~N1\*ST\*(?!STO)[A-Z]{3}\r\n(?!RE)[A-Z]{2} 0\d{3}\*92\*0\d{3}~/);
    const names = out(sample({ body: ORDER.map((line) => line.replace('STORE 0149', 'Ωμέγα Жук 北京 “Café”')) }));
    expect(names).toMatch(/N1\*ST\*é{5} é{3} 一一 “[A-Z][a-z]{2}é”\*/);
    expect(anonymise(latin1Of(sample({ body: ORDER.map((line) => line.replace('STORE', 'CAF\xc9')) })), 'secret')).toContain(0xe9);
    const { push, end } = anonymiser('secret', 'ebcdic');
    const { bytes } = encode(sample(), 'ebcdic');
    expect(decode(fromEbcdic(Buffer.concat([push(bytes), end()])))).toBe(out(sample()));
  });

  test('looks into composites, repetitions and what an acknowledgment repeats of bad data', () => {
    const isa = ISA.replace('*U*00401', '*^*00501');
    const gs = 'GS*FA*A1*B2*20260105*0930*7*X*005010';
    const body = ['AK1*PO*7', 'AK2*850*0001', 'IK3*N1*5**8', 'CTX*BEG03>4500012345^SITUATIONAL TRIGGER>JANE', 'IK4*2*93*5*JANE DOE', 'IK5*R*5', 'AK9*R*1*1*0'];
    const out = decode(anonymise(bytesOf(sample({ isa, gs, st: 'ST*999*0001', body })), 'secret'));
    expect(out).toMatch(/CTX\*BEG03>(?!4500012345)\d{10}\^SITUATIONAL TRIGGER>(?!JANE)[A-Z]{4}~\nIK4\*2\*93\*5\*(?!JANE)[A-Z]{4} [A-Z]{3}~/);
  });

  test('gives a value the same replacement wherever in a segment it stands', () => {
    const out = decode(anonymise(bytesOf(sample({ body: ['BEG*00*SA*ACME1', 'REF*DP*ACME1', 'N1*ST*ACME1*92*ACME1'] })), 'secret'));
    const [, ...values] = /SA\*(\w+)~\nREF\*DP\*(\w+)~\nN1\*ST\*(\w+)\*92\*(\w+)~/.exec(out)!;
    expect(new Set(values).size).toBe(1);
    expect(values[0]).not.toBe('ACME1');
  });

  test('gives the same value the same replacement, and another secret another', () => {
    const out = read(result);
    const sender = out.interchanges[0]!.interchange.sender.id;
    expect(out.groups[0]!.group.sender).toBe(sender);
    expect(decode(anonymise(bytesOf(text), 'secret'))).toBe(decode(result));
    expect(decode(anonymise(bytesOf(text), 'other'))).not.toBe(decode(result));
  });
});

describe('what a file looks like', () => {
  test.each([
    ['', 'empty'],
    [' \r\n', 'blank'],
    ['<?xml version="1.0"?><Order/>', 'XML'],
    ['{"a":1}', 'JSON'],
    ["UNB+UNOA:1+A+B'", 'EDIFACT'],
    ['GS*PO*A*B~', 'X12 without its ISA'],
    ['a,b\n1,2\n', 'CSV'],
    ['PK\u0003\u0004\u0014\u0000\u0000\u0000', 'a ZIP archive'],
    ['%PDF-1.7', 'PDF'],
    ['\u0000\u0001\u0002\u0003abc', 'binary'],
    ['h\u0000e\u0000l\u0000l\u0000o\u0000 \u0000y\u0000', 'UTF-16 text'],
    ['dear sirs', 'text'],
  ])('%j looks like %s', (text, kind) => {
    expect(whatItLooksLike(latin1Of(text))).toBe(kind);
    expect(looksLikeX12(latin1Of(text))).toBe(false);
    expect(read(latin1Of(text)).findings).toMatchObject([{ code: 'NO-ISA', message: expect.stringContaining(kind) }]);
  });

  test('an interchange is known after a byte order mark, blanks and a little junk', () => {
    for (const text of [sample(), `\ufeff${sample()}`, `\r\n  ${sample()}`, `From: acme\n${sample()}`]) expect(looksLikeX12(bytesOf(text))).toBe(true);
  });
});
