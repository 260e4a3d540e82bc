import { describe, expect, test } from 'vitest';
import { readX12 } from '../../../src/formats/x12/read.ts';
import type { X12Event } from '../../../src/formats/x12/types.ts';
import { bytesOf, ISA, latin1Of, ORDER, read, sample } from './support.ts';

describe('envelopes', () => {
  test('one order gives its events in the order of the file', async () => {
    const events: X12Event[] = [];
    for await (const event of readX12([bytesOf(sample())])) events.push(event);
    expect(events.map((event) => event.kind)).toEqual(['interchange', 'group', 'set', 'group-end', 'interchange-end']);
  });

  test('the header is what the ISA says, without padding', () => {
    const [event] = read(sample()).events;
    expect(event).toMatchObject({
      kind: 'interchange',
      interchange: {
        sender: { qualifier: 'ZZ', id: 'ACMEGROCERS' },
        receiver: { qualifier: 'ZZ', id: 'WHARF' },
        date: '260105',
        time: '0930',
        version: '00401',
        control: '000000007',
        ackRequested: true,
        usage: 'T',
        delimiters: { element: '*', component: '>', repetition: '', segment: '~', newline: '\n' },
      },
    });
  });

  test('a set is a tree: a loop is the node of its first segment', () => {
    const { tree } = read(sample()).sets[0]!;
    expect(tree.name).toBe('850');
    expect(tree.fields).toEqual(['850', '0001']);
    expect(tree.children!.map((node) => node.name)).toEqual(['BEG', 'REF', 'DTM', 'N1', 'PO1', 'PO1', 'CTT']);
    expect(tree.children![3]!.children!.map((node) => node.name)).toEqual(['N3', 'N4']);
    expect(tree.children![4]).toMatchObject({ fields: ['1', '12', 'EA', '4.25', '', 'UP', '614141007349', 'VN', 'SKU-1001'], at: { segment: 8 } });
  });

  test('positions are bytes in the file, also after characters of several bytes', () => {
    const text = sample({ body: ORDER.map((line) => line.replace('STORE', 'CAFÉ')) });
    const tree = read(text).sets[0]!.tree;
    const bytes = bytesOf(text);
    for (const node of tree.children!) expect(new TextDecoder().decode(bytes.subarray(node.at!.offset, node.at!.offset + node.name.length))).toBe(node.name);
    expect(tree.children![3]!.fields![1]).toBe('CAFÉ 0149');
  });

  test('one bad set of three is rejected alone', () => {
    const set = (control: string, body: readonly string[]): string[] => [`ST*850*${control}`, ...body, `SE*${body.length + 2}*${control}`];
    const lines = [...set('0001', ORDER), ...set('0002', ORDER.slice(1)), ...set('0003', ORDER)];
    const [isa, gs] = sample().split('~\n');
    const { groups, sets, interchanges } = read([isa, gs, ...lines, 'GE*3*7', 'IEA*1*000000007', ''].join('~\n'));
    expect(sets.map((item) => item.acceptance)).toEqual(['A', 'R', 'A']);
    expect(groups[0]).toMatchObject({ acceptance: 'P', included: 3, received: 3, accepted: 2, codes: [] });
    expect(interchanges[0]!.verdict).toEqual({ code: 'A', note: '000' });
  });

  test('fault/C14 several interchanges, each with its own delimiters, and junk between them', () => {
    const second = sample({ end: '!' }).replaceAll('*', '|').replaceAll('000000007', '000000008');
    const { interchanges, findings, sets } = read(`${sample()}-- next --\r\n${second}\u001a`);
    expect(interchanges.map((item) => [item.interchange.control, item.verdict.code, item.interchange.delimiters.element])).toEqual([
      ['000000007', 'A', '*'],
      ['000000008', 'A', '|'],
    ]);
    expect(sets.map((set) => set.accepted)).toEqual([true, true]);
    expect(findings).toMatchObject([{ code: 'JUNK', at: { offset: sample().length }, message: expect.stringContaining('10 bytes') }]);
  });

  test('TA1 before groups, and an interchange of nothing else', () => {
    const text = `${ISA}~TA1*000000041*260104*0800*R*025~IEA*0*000000007~`;
    const { events, interchanges } = read(text);
    expect(events[1]).toMatchObject({ kind: 'ta1', ta1: { control: '000000041', date: '260104', time: '0800', code: 'R', note: '025' } });
    expect(interchanges[0]).toMatchObject({ groups: 0, verdict: { code: 'A' } });
  });

  test('an ISA inside an interchange ends the one before it', () => {
    const cut = sample().split('\n').slice(0, 6).join('\n');
    const { interchanges, sets } = read(`${cut}\n${sample()}`);
    expect(interchanges.map((item) => [item.truncated, item.verdict.code])).toEqual([
      [true, 'R'],
      [false, 'A'],
    ]);
    expect(sets.map((set) => set.accepted)).toEqual([false, true]);
  });

  test.each([20, 130, 160, 200, 300, 420])('fault/D3 a file cut at byte %i is truncated, one with junk behind is not', (length) => {
    const cut = read(sample().slice(0, length));
    if (length < 106) expect(cut.codes).toEqual(['NO-ISA']);
    else expect(cut.interchanges[0]).toMatchObject({ truncated: true, verdict: { code: 'R', note: '023' } });
    expect(read(`${sample()}GARBAGE`).interchanges[0]).toMatchObject({ truncated: false, verdict: { code: 'A' } });
  });
});

describe('delimiters and line ends', () => {
  test.each(['~', '~\n', '~\r\n', '\n', '\r\n', '\r', '\u0015', '!', '\\', '…', '~  ', '~\n\n', '}'])('fault/C13 segments end with %j', (end) => {
    const { sets, codes, interchanges } = read(sample({ end }));
    expect(codes).toEqual([]);
    expect(interchanges[0]!.verdict.code).toBe('A');
    expect(sets[0]!.tree.children!.map((node) => node.name)).toEqual(['BEG', 'REF', 'DTM', 'N1', 'PO1', 'PO1', 'CTT']);
  });

  test.each(['|', '~', '^', '\u0007', '\u007f', '+'])('elements are separated by %j', (separator) => {
    const { sets, codes } = read(sample({ end: '!' }).replaceAll('*', separator));
    expect(codes).toEqual([]);
    expect(sets[0]!.tree.children![0]!.fields).toEqual(['00', 'SA', '4500012345', '', '20260105']);
  });

  test('a component separator of several bytes', () => {
    const text = sample({ isa: ISA.replace(/>$/, '¦') });
    expect(read(text).interchanges[0]!.interchange.delimiters.component).toBe('¦');
    expect(read(text).sets[0]!.accepted).toBe(true);
  });

  test('components and repetitions become fields of lists', () => {
    const isa = ISA.replace('*U*00401', '*^*00501');
    const body = ['BGN*11*1*20260105', 'OTI*TR*TN*1', 'TED*024*BAD', 'CTX*SITUATIONAL TRIGGER^PO NUMBER>4500'];
    const text = sample({ isa, gs: 'GS*AG*A1*B2*20260105*0930*7*X*005010', st: 'ST*824*0001', body });
    const set = read(text).sets[0]!;
    const ted = set.tree.children!.find((node) => node.name === 'OTI')!.children!.find((node) => node.name === 'TED')!;
    expect(ted.children![0]!.fields).toEqual([[['SITUATIONAL TRIGGER'], ['PO NUMBER', '4500']]]);
    expect(set.findings).toEqual([]);
  });

  test('fault/C13 wrapped lines are joined', () => {
    const text = sample({ end: '~' }).replaceAll(/(.{80})/g, '$1\r\n');
    const { sets, codes, interchanges } = read(text);
    expect(new Set(codes)).toEqual(new Set(['WRAPPED-LINES']));
    expect(interchanges[0]!.verdict.code).toBe('A');
    expect(sets[0]!.tree.children!.flatMap((node) => [node, ...(node.children ?? [])]).map((node) => node.name)).toContain('PID');
    const broken = sample().replace('TRAIL MIX', 'TRAIL\nMIX');
    expect(read(broken).codes).toEqual(['WRAPPED-LINES']);
    expect(read(broken, { keepLineBreaks: true }).codes).toEqual(['AK403-6']);
  });
});

describe('encodings', () => {
  const text = sample({ body: ORDER.map((line) => line.replace('STORE', 'CAFÉ')) });
  const name = (bytes: Uint8Array, encoding: 'auto' | 'utf-8' | 'latin1' | 'windows-1252'): unknown =>
    read(bytes, { encoding }).sets[0]!.tree.children![3]!.fields![1];
  test('UTF-8, latin1 and windows-1252', () => {
    expect(name(bytesOf(text), 'auto')).toBe('CAFÉ 0149');
    expect(name(latin1Of(text), 'latin1')).toBe('CAFÉ 0149');
    expect(name(latin1Of(text), 'auto')).toBe('CAFÉ 0149');
    expect(name(latin1Of(text.replace('É', '\u0092')), 'windows-1252')).toBe('CAF’ 0149');
    expect(read(latin1Of(text)).codes).toEqual(['ENCODING']);
  });

  test('EBCDIC', () => {
    const table = new Map<string, number>();
    const put = (start: number, signs: string): void => Array.from(signs).forEach((sign, index) => table.set(sign, start + index));
    for (const [start, signs] of [
      [0x40, ' '],
      [0x4b, '.'],
      [0x5c, '*'],
      [0x60, '-'],
      [0x6e, '>'],
      [0xa1, '~'],
      [0xc1, 'ABCDEFGHI'],
      [0xd1, 'JKLMNOPQR'],
      [0xe2, 'STUVWXYZ'],
      [0xf0, '0123456789'],
    ] as const)
      put(start, signs);
    const bytes = Uint8Array.from(sample({ end: '~' }), (sign) => table.get(sign)!);
    expect(read(bytes, { encoding: 'ebcdic' }).sets[0]!.accepted).toBe(true);
    expect(read(bytes).findings[0]).toMatchObject({ code: 'NO-ISA', message: expect.stringContaining('EBCDIC') });
  });
});

describe('what a partner may change', () => {
  const bad = sample({ body: ORDER.slice(1) });
  test('leniency filters findings after validation', () => {
    expect(read(bad).sets[0]!.acceptance).toBe('R');
    expect(read(bad, { leniency: [{ code: 'AK304-*', segment: 'BEG', severity: 'warning' }] }).sets[0]).toMatchObject({
      acceptance: 'A',
      findings: [{ severity: 'warning' }],
    });
    expect(read(bad, { leniency: [{ set: '855', severity: 'ignore' }] }).sets[0]!.acceptance).toBe('R');
    expect(
      read(sample({ body: ORDER.map((line) => line.replace('*SA*', '*QQ*')) }), { leniency: [{ code: 'AK403-7', element: 'BEG02', severity: 'error' }] })
        .sets[0]!.acceptance,
    ).toBe('R');
  });

  test('errors may leave a set accepted with E', () => {
    expect(read(bad, { acceptErrors: true }).sets[0]).toMatchObject({ acceptance: 'E', accepted: true, codes: ['5'] });
    expect(read(sample({ se: 'SE*99*0001' }), { acceptErrors: true }).sets[0]!.acceptance).toBe('R');
    expect(read(sample({ se: 'SE*99*0001' }), { acceptErrors: ['AK502-4'] }).sets[0]).toMatchObject({ acceptance: 'E', codes: ['4'] });
  });

  test('a guide tightens and loosens the standard', () => {
    expect(read(sample(), { overrides: [{ segment: 'REF', element: 'REF03', requirement: 'M' }] }).findings).toMatchObject([
      { code: 'AK403-1', element: 'REF03' },
    ]);
    expect(read(bad, { overrides: [{ set: '850', segment: 'BEG', requirement: 'O' }] }).sets[0]!.accepted).toBe(true);
    expect(read(sample(), { overrides: [{ segment: 'N1', loop: 'N1', element: 1, codes: ['BY'] }] }).findings).toMatchObject([
      { code: 'AK403-7', severity: 'error', value: 'ST' },
    ]);
    expect(read(sample(), { overrides: [{ segment: 'PO1', repeats: 1 }] }).codes).toEqual(['AK304-4']);
    expect(read(sample(), { overrides: [{ segment: 'CTT', requirement: 'X' }] }).codes).toEqual(['AK304-I4']);
  });

  test('a set without a definition passes as segments', () => {
    const { sets } = read(sample({ gs: 'GS*PS*A1*B2*20260105*0930*7*X*004010', st: 'ST*830*0001', body: ['BFR*00', 'N1*ST*X', 'N3*Y'] }));
    expect(sets[0]).toMatchObject({ accepted: true, findings: [{ code: 'SET-UNKNOWN' }] });
    expect(sets[0]!.tree.children!.map((node) => node.name)).toEqual(['BFR', 'N1', 'N3']);
  });
});

describe('ship notices', () => {
  const asn = (levels: readonly string[]): string =>
    sample({ gs: 'GS*SH*A1*B2*20260105*0930*7*X*004010', st: 'ST*856*0001', body: ['BSN*00*SHIP0001*20260105*0930*0001', ...levels, 'CTT*5'] });

  test('HL segments nest by their parents', () => {
    const { tree, accepted } = read(
      asn(['HL*1**S', 'DTM*011*20260105', 'HL*2*1*O', 'PRF*1', 'HL*3*2*P', 'MAN*GM*00106141412345678908', 'HL*4*3*I', 'LIN**UP*1', 'HL*5*2*P', 'MAN*GM*1']),
    ).sets[0]!;
    expect(accepted).toBe(true);
    const shape = (node: { name: string; fields?: readonly unknown[]; children?: readonly never[] }): unknown => [
      node.fields?.[2] ?? node.name,
      ...(node.children ?? []).filter((item: { name: string }) => item.name === 'HL').map(shape),
    ];
    expect(tree.children!.filter((node) => node.name === 'HL').map((node) => shape(node as never))).toEqual([['S', ['O', ['P', ['I']], ['P']]]]);
  });

  test('fault/D8 a level that names itself or a later one as parent is refused, and nothing loops', () => {
    for (const parent of ['1', '2', '7']) expect(read(asn([`HL*1*${parent}*S`, 'HL*2*1*O'])).codes).toEqual(['HL-PARENT']);
  });
});

describe('limits', () => {
  test('a segment without an end does not fill the memory', () => {
    const { codes } = read(`${sample({ iea: '' })}MSG*${'A'.repeat(300_000)}~IEA*1*000000007~`);
    expect(codes).toEqual(['TA105-024']);
  });

  test('a set keeps so many findings, and is rejected all the same', () => {
    const body = [ORDER[0]!, ...Array.from({ length: 50 }, () => 'ZZZ*1')];
    expect(read(sample({ body }), { limits: { findingsPerSet: 3 } }).sets[0]).toMatchObject({ acceptance: 'R', findings: { length: 3 } });
  });
});
