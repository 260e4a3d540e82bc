import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { csv } from '../../src/formats/csv.ts';
import { fixed } from '../../src/formats/fixed.ts';
import { xml } from '../../src/formats/xml.ts';
import type { ReadEvent } from '../../src/formats/format.ts';
import { cutAt, readAll } from '../support/reading.ts';

type Read = (chunks: readonly Uint8Array[]) => AsyncIterable<ReadEvent>;

const tokens = [
  '<a>',
  '</a>',
  '<b c="1">',
  '</b>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '&amp;',
  '&x;',
  '&#65;',
  '<?p q?>',
  '<!DOCTYPE a>',
  'xmlns:p="u"',
  '<p:a',
  '>',
  '"',
  ',',
  ';',
  'HD',
  'é',
  '\r',
  '\n',
  '\r\n',
  ' ',
  '1',
];
const noise = fc.oneof(
  fc.array(fc.constantFrom(...tokens), { maxLength: 14 }).map((parts) => Buffer.from(parts.join(''))),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
);
/** The first bytes of an XML file are read together, to find its encoding: cuts count behind them. */
const prolog = Buffer.from(`<!--${'x'.repeat(600)}-->`);
const fields = { HD: { a: '3-5' }, LN: { b: { at: '3-6', align: 'right' as const } } };
const readers: readonly (readonly [string, Read])[] = [
  ['csv', (chunks) => csv.read(chunks, { group: 'row' })],
  ['csv of typed records', (chunks) => csv.read(chunks, { header: false, records: { start: 'HD', columns: { HD: ['t'], '1': ['t', 'x'] } } })],
  ['xml', (chunks) => xml.read([prolog, ...chunks], { doctype: 'ignore' })],
  ['xml by records', (chunks) => xml.read([prolog, ...chunks], { record: '/a/b' })],
  ['fixed', (chunks) => fixed.read(chunks, { type: '1-2', start: 'HD', records: fields })],
  ['fixed without line breaks', (chunks) => fixed.read(chunks, { length: '4', records: { HD: fields.HD } })],
];

/** The parser of XML notices some faults only at the end of a chunk, so that the place it names is near, not exact. */
function comparable(events: readonly ReadEvent[], name: string): readonly unknown[] {
  return name.startsWith('xml') ? events.map((event) => (event.kind === 'finding' ? event.finding.code : event)) : events;
}

test.each(readers)('any bytes as %s give findings, never an exception, the same however they are cut', async (name, read) => {
  await fc.assert(
    fc.asyncProperty(noise, fc.array(fc.nat(), { maxLength: 4 }), async (bytes, cuts) => {
      const [whole, cut] = [await readAll(read([bytes])), await readAll(read(cutAt(bytes, cuts)))];
      expect(comparable(cut.events, name)).toEqual(comparable(whole.events, name));
    }),
    { numRuns: 600 },
  );
});
