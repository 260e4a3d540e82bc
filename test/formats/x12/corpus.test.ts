import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeAcknowledgment, makeTa1 } from '../../../src/formats/x12/acknowledge.ts';
import { eventPrinter } from '../../../src/formats/x12/inspect.ts';
import { x12Reader } from '../../../src/formats/x12/read.ts';
import { looksLikeX12 } from '../../../src/formats/x12/sniff.ts';
import type { X12Event } from '../../../src/formats/x12/types.ts';
import { writeInterchange } from '../../../src/formats/x12/write.ts';
import type { Node } from '../../../src/tree.ts';
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

/** A tree without places and without the empty ends that are not written. */
function plain(node: Node): unknown {
  return [node.name, (node.fields ?? []).join('*').replace(/\*+$/, ''), (node.children ?? []).map(plain)];
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

  test('is written as it was read, where it can be written at all', () => {
    let written = 0;
    for (const file of files.filter((name) => valid.has(name))) {
      const events = readIn(readFileSync(join(corpus, file)), 65_536);
      const before = sorted(events);
      if (before.sets.some((set) => set.findings.some((item) => item.severity === 'error' || item.code === 'HL-NUMBER'))) continue;
      const plainSets = before.sets.map((set) => plain(set.tree));
      const outgoings = outgoing(events);
      // Binary data is kept as it is, and text files cannot hold it.
      if (before.sets.some((set) => set.tree.children?.some((node) => node.name === 'BIN'))) continue;
      // An old version that repeats by mistake cannot be written with its repetitions.
      if (
        outgoings.some((item) => item.version < '00402' && item.delimiters.repetition !== '') ||
        outgoings.some((item) => /[^\x20-\x7e]/.test(item.sender.id + item.receiver.id))
      )
        continue;
      const bytes = outgoings.map((item) => writeInterchange(item));
      const after = bytes.flatMap((item) => sorted(readIn(item, 65_536)).sets);
      expect(
        after.map((set) => plain(set.tree)),
        file,
      ).toEqual(plainSets);
      written += after.length;
    }
    expect(written).toBeGreaterThan(0);
  });
});
