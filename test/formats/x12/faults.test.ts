import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeAcknowledgment, makeTa1 } from '../../../src/formats/x12/acknowledge.ts';
import { findingList } from '../../../src/formats/x12/findings.ts';
import type { X12ReadOptions } from '../../../src/formats/x12/types.ts';
import { read, setText } from './support.ts';

/** A folder of one malformed file for each finding, with the 997, the 999 and the TA1 it gets beside it. */
const folder = join(import.meta.dirname, 'faults');

/** What has to be set for a finding to come up at all. */
const OPTIONS: Readonly<Record<string, X12ReadOptions>> = {
  'AK502-1': { handledSets: ['855'] },
  'AK403-I10': { overrides: [{ segment: 'REF', element: 'REF02', requirement: 'X' }] },
  'LIMIT-ELEMENT': { limits: { elementBytes: 20 } },
  'LIMIT-SEGMENT': { limits: { segmentBytes: 200 } },
  'LIMIT-SEGMENTS': { limits: { segmentsPerSet: 5 } },
  'LIMIT-DEPTH': { limits: { depth: 2 } },
  'WRAPPED-LINES': {},
};

/** Codes that the reader alone never gives, and why. */
const SAID_ELSEWHERE: Readonly<Record<string, string>> = {
  'AK304-8': 'made of the findings about elements when an acknowledgment is made: see the AK3 of AK403-1',
  'AK502-5': 'made of the findings about segments and elements: see the AK5 of AK304-1',
  'TA105-002': 'an ISA11 other than U is the remark REPETITION-SEPARATOR: partners mix them up, and nothing else depends on it',
  'TA105-003': 'every version is read, with the nearest definitions where there are none: see RELEASE-NEAREST',
  'TA105-006': 'an empty ISA06 is the remark ISA-CODE; a sender that is not known gets no answer, as there is nobody to answer',
  'TA105-009': 'who the receiver may be is known to the configuration: the pipeline keeps such a file for a person',
  'TA105-011': 'any ISA02 is valid: two partners agree on what stands there',
  'TA105-013': 'any ISA04 is valid: two partners agree on what stands there',
  'TA105-025': 'known to who remembers earlier interchanges: samples/acme/control-number-reused',
  'TA105-026': 'bytes after ISA that cannot be a separator are no ISA: see NO-ISA',
  'TA105-028': 'about delivery by a network (TA3), which is not ours',
  'TA105-029': 'about delivery by a network (TA3), which is not ours',
  'TA105-030': 'about delivery by a network (TA3), which is not ours',
  'TA105-031': 'about grades of service of a network (ISB, ISE), which are passed over',
};

/** The answers to a file, as text. */
export function answers(bytes: Uint8Array, options: X12ReadOptions): string {
  const { groups, interchanges, findings } = read(bytes, options);
  const lines: string[] = [];
  for (const item of findings)
    lines.push(`${item.severity} ${item.code} ${item.element ?? item.segment ?? ''} @${item.at?.offset} ${JSON.stringify(item.value ?? '')}`);
  for (const interchange of interchanges) {
    const ta1 = makeTa1(interchange);
    lines.push('', ta1 ? ['TA1', ...(ta1.fields ?? [])].join('*') : 'no TA1');
  }
  for (const group of groups)
    for (const kind of ['997', '999'] as const) {
      const tree = makeAcknowledgment(group, { kind });
      lines.push(
        '',
        tree ? setText(tree, kind, kind === '999' ? '005010X231A1' : group.group.version.slice(0, 6) === '005010' ? '005010' : '004010') : `no ${kind}`,
      );
    }
  return `${lines.join('\n')}\n`;
}

describe('each finding has a file, and each file its answers', () => {
  const codes = Object.keys(findingList).filter((code) => SAID_ELSEWHERE[code] === undefined);
  test.each(codes)('%s', (code) => {
    const file = join(folder, `${code}.edi`);
    expect(existsSync(file), `${code}.edi is missing`).toBe(true);
    const bytes = readFileSync(file);
    const options = OPTIONS[code] ?? {};
    expect(read(bytes, options).codes).toContain(code);
    expect(answers(bytes, options)).toBe(readFileSync(join(folder, `${code}.txt`), 'utf8'));
  });

  test('what the reader never gives is no part of any answer to these files', () => {
    const given = new Set(codes.flatMap((code) => read(readFileSync(join(folder, `${code}.edi`)), OPTIONS[code] ?? {}).codes));
    expect(Object.keys(SAID_ELSEWHERE).filter((code) => given.has(code as never) || !(code in findingList))).toEqual([]);
  });

  test('no file is left over', () => {
    const known = new Set(codes.flatMap((code) => [`${code}.edi`, `${code}.txt`]));
    expect(readdirSync(folder).filter((name) => !known.has(name))).toEqual([]);
  });
});
