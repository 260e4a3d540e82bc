import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  'AK304-I4': { overrides: [{ segment: 'REF', requirement: 'X' }] },
  'AK403-I10': { overrides: [{ segment: 'REF', element: 'REF02', requirement: 'X' }] },
  'LIMIT-ELEMENT': { limits: { elementBytes: 20 } },
  'LIMIT-SEGMENT': { limits: { segmentBytes: 200 } },
  'LIMIT-SEGMENTS': { limits: { segmentsPerSet: 5 } },
  'LIMIT-DEPTH': { limits: { depth: 2 } },
  'WRAPPED-LINES': {},
};

/** Codes that the reader alone never gives: a table of docs/x12.md, with the reasons. */
const documentation = readFileSync(join(import.meta.dirname, '../../../docs/x12.md'), 'utf8');
const [, never = ''] = documentation.split('## Codes that the reader never gives');
const SAID_ELSEWHERE = [...never.split('\n## ')[0]!.matchAll(/^\| `([A-Z0-9-]+)` \| .+ \|$/gm)].map((row) => row[1]!);

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
  const codes = Object.keys(findingList).filter((code) => !SAID_ELSEWHERE.includes(code));
  test.each(codes)('%s', (code) => {
    const file = join(folder, `${code}.edi`);
    expect(existsSync(file), `${code}.edi is missing`).toBe(true);
    const bytes = readFileSync(file);
    const options = OPTIONS[code] ?? {};
    expect(read(bytes, options).codes).toContain(code);
    const expected = join(folder, `${code}.txt`);
    // `WHARF_REWRITE=1` makes what comes out what is expected: read the difference before it is committed.
    if (process.env['WHARF_REWRITE'] === '1') writeFileSync(expected, answers(bytes, options));
    expect(answers(bytes, options)).toBe(readFileSync(expected, 'utf8'));
  });

  test('the documentation lists every other code, and the reader has no word of them', () => {
    const source = join(import.meta.dirname, '../../../src/formats/x12');
    const files = readdirSync(source).filter((name) => name.endsWith('.ts') && name !== 'findings.ts');
    const said = files.map((name) => readFileSync(join(source, name), 'utf8')).join('\n');
    expect(SAID_ELSEWHERE.length).toBeGreaterThan(0);
    expect(SAID_ELSEWHERE.filter((code) => !(code in findingList) || said.includes(`'${code}'`))).toEqual([]);
  });

  test('no file is left over', () => {
    const known = new Set(codes.flatMap((code) => [`${code}.edi`, `${code}.txt`]));
    expect(readdirSync(folder).filter((name) => !known.has(name))).toEqual([]);
  });
});
