import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detailsOf, makeAcknowledgment, makeTa1, readAcknowledgment, readTa1 } from '../../../src/formats/x12/acknowledge.ts';
import { placeIn } from '../../../src/formats/x12/acknowledge-place.ts';
import { ISA, ORDER, read, sample, setText } from './support.ts';

/** The acknowledgment that a file gets, sent and read again. */
function roundTrip(text: string, kind: '997' | '999'): ReturnType<typeof readAcknowledgment> {
  const tree = makeAcknowledgment(read(text).groups[0]!, { kind })!;
  const later = kind === '999';
  const lines = setText(tree, kind, later ? '005010X231A1' : '004010').split('~\n');
  const isa = later ? { isa: sample().slice(0, 105).replace('*U*00401', '*^*00501') } : {};
  const body = lines
    .slice(1)
    .filter((line) => !line.startsWith('SE') && line !== '')
    .map((line) => line.replace(/~$/, ''));
  const answer = sample({
    ...isa,
    gs: `GS*FA*WHARF*ACMEGROCERS*20260105*0931*1*X*${later ? '005010X231A1' : '004010'}`,
    st: `ST*${kind}*0001`,
    body,
    ge: 'GE*1*1',
  });
  const { sets, codes } = read(answer);
  expect(codes).toEqual([]);
  return readAcknowledgment(sets[0]!.tree);
}

describe.each(['997', '999'] as const)('a %s', (kind) => {
  test('says in plain words what is wrong with our document', () => {
    const body = ORDER.map((line) => line.replace('PO1*2*24*EA', 'PO1*2*2x*EA').replace('N1*ST*STORE 0149*92*0149', 'N1*ST*STORE 0149*92'));
    const said = roundTrip(sample({ body }), kind);
    expect(said).toMatchObject({ type: 'PO', control: '7', verdict: 'rejected', included: '1', received: '1', accepted: '0' });
    expect(said.sets).toMatchObject([{ type: '850', control: '0001', verdict: 'rejected', codes: ['5'] }]);
    expect(detailsOf(said.sets[0]!)).toEqual([
      `N104 (Identification Code) in segment 5: An element that others call for is missing${kind === '999' ? ', because of N103' : ''}`,
      'PO102 (Quantity) in segment 10: The element has an invalid character (value "2x")',
    ]);
    expect(detailsOf(said.sets[0]!, read(sample({ body })).sets[0]!.tree)[1]).toBe(
      'PO102 (Quantity) of the 2nd line, in segment 10: The element has an invalid character (value "2x")',
    );
  });

  test('fault/D6 says what is wrong with segments, sets and groups', () => {
    expect(detailsOf(roundTrip(sample({ body: ORDER.slice(1) }), kind).sets[0]!)).toEqual(['BEG in segment 2: A mandatory segment is missing']);
    expect(detailsOf(roundTrip(sample({ se: 'SE*99*0001' }), kind).sets[0]!)).toEqual(['SE01 is not the number of segments']);
    expect(roundTrip(sample({ ge: 'GE*1*8' }), kind)).toMatchObject({ verdict: 'rejected', codes: ['4'], details: ['GS06 and GE02 differ'], sets: [] });
  });

  test('fault/D13 is never given to an acknowledgment', () => {
    const text = sample({ gs: 'GS*FA*A1*B2*20260105*0930*7*X*004010', st: 'ST*997*0001', body: ['AK1*PO*7', 'AK9*A*1*1*1'] });
    expect(makeAcknowledgment(read(text).groups[0]!, { kind })).toBeUndefined();
    expect(makeAcknowledgment(read(text.replace('GS*FA', 'GS*PO')).groups[0]!, { kind })).toBeUndefined();
  });
});

test('codes of guides that we never give are told too', () => {
  const body = ['AK1*PO*7', 'AK2*850*0001', 'IK3*N1*5**I7', 'IK3*REF*6**8', 'IK4*2*127*I12*X', 'IK5*R*I6', 'AK9*R*1*1*0*Z'];
  const said = readAcknowledgment(read(sample({ gs: 'GS*FA*A1*B2*20260105*0930*7*X*005010', st: 'ST*999*0001', body })).sets[0]!.tree);
  expect(said.details).toEqual(['code Z']);
  expect(detailsOf(said.sets[0]!)).toEqual([
    'guide not supported',
    'N1 in segment 5: loop below minimum',
    'REF02 (Reference Identification) in segment 6: pattern mismatch (value "X")',
  ]);
});

test('accepted sets may be left out, and details too', () => {
  const [isa, gs] = sample().split('~\n');
  const set = (control: string, body: readonly string[]): string[] => [`ST*850*${control}`, ...body, `SE*${body.length + 2}*${control}`];
  const group = read([isa, gs, ...set('0001', ORDER), ...set('0002', ORDER.slice(1)), 'GE*2*7', 'IEA*1*000000007', ''].join('~\n')).groups[0]!;
  expect(setText(makeAcknowledgment(group, { sets: 'faulty', details: false })!, '997', '004010').split('~\n')).toEqual([
    'ST*997*0001',
    'AK1*PO*7',
    'AK2*850*0002',
    'AK5*R*5',
    'AK9*P*2*2*1',
    'SE*6*0001~',
  ]);
});

test('bad data that would break the acknowledgment is left out', () => {
  const text = sample({ body: ORDER.map((line) => line.replace('*12*EA', '*12~'.replace('~', '^') + '*EA')) });
  expect(setText(makeAcknowledgment(read(text).groups[0]!)!, '997', '004010')).toContain('AK4*2*330*6~');
});

test('names and numbers that would break the answer are said without what cannot be written', () => {
  const gs = 'GS*P^O*A1*B2*20260105*0930*7\x01^\u00e98*X*004010';
  const { groups, interchanges } = read(sample({ gs, isa: ISA.replace('260105*0930', '2^01~5*0~30'), st: 'ST*850*00^01' }));
  for (const kind of ['997', '999'] as const) {
    const tree = makeAcknowledgment(groups[0]!, { kind })!;
    expect(tree.children!.slice(0, 2).map((node) => node.fields!.slice(0, 2))).toEqual([
      ['PO', '78'],
      ['850', '0001'],
    ]);
    expect(setText(tree, kind, kind === '999' ? '005010X231A1' : '004010')).toContain('AK1*PO*78');
  }
  expect(makeTa1(interchanges[0]!, { send: 'always' })!.fields!.slice(0, 3)).toEqual(['000000007', '2015', '030']);
});

test('at most 99 element notes a segment, so many segment notes, and a truthful verdict', () => {
  const body = [...ORDER.slice(0, 6), ...Array.from({ length: 30 }, (_, line) => `PO1*${line + 1}*x*EA*y`), 'CTT*30'];
  const group = read(sample({ body })).groups[0]!;
  const tree = makeAcknowledgment(group, { segmentNotes: 10 })!;
  expect(tree.children![1]!.children!.map((node) => node.name)).toEqual([...Array.from({ length: 10 }, () => 'AK3'), 'AK5']);
  expect(tree.children!.at(-1)!.fields![0]).toBe('R');
});

test('a segment is placed by its line, its loop among others of its kind, or its level', () => {
  const order = read(sample({ body: [...ORDER.slice(0, 6), 'N1*BT*US*92*1', ...ORDER.slice(6)] })).sets[0]!.tree;
  const places = Array.from({ length: 14 }, (_, index) => placeIn(order, index + 1));
  expect(places).toEqual([...Array(4).fill(''), ...Array(3).fill('the 1st N1'), 'the 2nd N1', ...Array(2).fill('the 1st line'), 'the 2nd line', '', '', '']);
  const lines = Array.from({ length: 112 }, (_, line) => `PO1*${line + 1}*1*EA*1`);
  const long = read(sample({ body: ['BEG*00*SA*1**20260105', ...lines] })).sets[0]!.tree;
  expect([3, 11, 12, 13, 21, 22, 23, 111, 112].map((line) => placeIn(long, line + 2))).toEqual(
    ['3rd', '11th', '12th', '13th', '21st', '22nd', '23rd', '111th', '112th'].map((word) => `the ${word} line`),
  );
  const levels = ['BSN*00*S1*20260105*0930', 'HL*1**S', 'REF*BM*1', 'HL*2*1*O', 'PRF*1', 'HL*3*2*I', 'LIN**UP*614141007349', 'SN1**1*EA'];
  const notice = read(sample({ gs: 'GS*SH*A1*B2*20260105*0930*7*X*004010', st: 'ST*856*0001', body: levels })).sets[0]!.tree;
  expect([2, 4, 6, 9].map((segment) => placeIn(notice, segment))).toEqual(['', 'HL 1 (shipment)', 'HL 2 (order)', 'HL 3 (item)']);
});

describe('TA1', () => {
  const result = (text: string): Parameters<typeof makeTa1>[0] => read(text).interchanges[0]!;
  const unasked = sample().replace('000000007*1*T', '000000007*0*T');
  test('goes by ISA14 and policy', () => {
    expect(makeTa1(result(sample()))!.fields).toEqual(['000000007', '260105', '0930', 'A', '000']);
    expect(makeTa1(result(unasked))).toBeUndefined();
    expect(makeTa1(result(unasked), { send: 'always' })).toBeDefined();
    expect(makeTa1(result(unasked), { send: 'errors' })).toBeUndefined();
    expect(makeTa1(result(unasked.replace('IEA*1', 'IEA*2')), { send: 'errors' })!.fields).toEqual(['000000007', '260105', '0930', 'R', '021']);
    expect(makeTa1(result(sample()), { send: 'never' })).toBeUndefined();
  });

  test('is not given to an interchange of nothing but a TA1', () => {
    expect(makeTa1(result(`${sample().slice(0, 106)}TA1*000000041*260104*0800*A*000~IEA*0*000000007~`))).toBeUndefined();
  });

  test('is given to an interchange that is empty and asks for one', () => {
    expect(makeTa1(result(`${sample().slice(0, 106)}IEA*0*000000007~`))!.fields).toEqual(['000000007', '260105', '0930', 'A', '000']);
  });

  test('is read in plain words', () => {
    const { events } = read(`${sample().slice(0, 106)}TA1*000000041*260104*0800*R*025~IEA*0*000000007~`);
    const ta1 = events.flatMap((event) => (event.kind === 'ta1' ? [event.ta1] : []))[0]!;
    expect(readTa1(ta1)).toMatchObject({
      control: '000000041',
      verdict: 'rejected',
      note: '025',
      detail: 'The control number of the interchange was used before',
    });
  });

  test('takes the code for a note from the partner', () => {
    expect(read(sample({ iea: 'IEA*1*000000008' }), { ta1Codes: { '001': 'R' } }).interchanges[0]!.verdict).toEqual({ code: 'R', note: '001' });
  });
});

test('fault/D4 the second set of a number in its group and the second group of a number in its interchange are rejected, the first are not', () => {
  const [isa, gs] = sample().split('~\n');
  const set = (control: string): readonly string[] => [`ST*850*${control}`, ...ORDER, `SE*${ORDER.length + 2}*${control}`];
  const file = (...segments: readonly (string | undefined)[]): string => [isa, gs, ...segments, ''].join('~\n');
  const sets = roundTrip(file(...set('0001'), ...set('0001'), ...set('0002'), 'GE*3*7', 'IEA*1*000000007'), '997');
  expect(sets).toMatchObject({ verdict: 'partly-accepted', accepted: '2' });
  expect(sets.sets.map(({ control, verdict, codes }) => [control, verdict, codes])).toEqual([
    ['0001', 'accepted', []],
    ['0001', 'rejected', ['23']],
    ['0002', 'accepted', []],
  ]);
  const { groups } = read(file(...set('0001'), 'GE*1*7', gs, ...set('0001'), 'GE*1*7', 'IEA*2*000000007'));
  expect(groups.map(({ acceptance, codes }) => [acceptance, codes])).toEqual([
    ['A', []],
    ['R', ['19']],
  ]);
});

test('fault/D2 the arithmetic of envelopes: counts and verdicts follow from the sets', () => {
  const kinds = fc.array(fc.constantFrom('good', 'bad'), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(kinds, fc.integer({ min: 0, max: 7 }), (list, claimed) => {
      const [isa, gs] = sample().split('~\n');
      const sets = list.flatMap((kind, index) => {
        const body = kind === 'good' ? ORDER : ORDER.slice(1);
        const control = String(index + 1).padStart(4, '0');
        return [`ST*850*${control}`, ...body, `SE*${body.length + 2}*${control}`];
      });
      const group = read([isa, gs, ...sets, `GE*${claimed}*7`, 'IEA*1*000000007', ''].join('~\n')).groups[0]!;
      const good = list.filter((kind) => kind === 'good').length;
      const right = claimed === list.length;
      expect(group).toMatchObject({ included: claimed, received: list.length, accepted: right ? good : 0, codes: right ? [] : ['5'] });
      expect(group.acceptance).toBe(!right || good === 0 ? 'R' : good === list.length ? 'A' : 'P');
    }),
    { numRuns: 100 },
  );
});
