import * as fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { WharfError } from '../../src/errors.ts';
import { encode, encodingNamed } from '../../src/formats/decode.ts';
import { xml } from '../../src/formats/xml.ts';
import type { XmlOptions } from '../../src/formats/xml/options.ts';
import { toPlain, type Node } from '../../src/tree.ts';
import { cutAt, readAll } from '../support/reading.ts';

const read = (text: string | Uint8Array, options: XmlOptions = {}) => readAll(xml.read([typeof text === 'string' ? Buffer.from(text) : text], options));
const plain = async (text: string, options: XmlOptions = {}) => (await read(text, options)).messages.map((one) => toPlain(one.tree));

test('fault/E4 elements, attributes and namespaces by the prefixes of the mapping; texts in pieces are one value', async () => {
  const text = `<?xml version="1.0"?>
<o:Order xmlns:o="urn:order" xmlns="urn:basic" id="7" o:kind="x">
  <ID>00<!-- c -->12</ID><Note><![CDATA[a < b]]> &amp; c&#233;</Note>
  <q:Qty xmlns:q="urn:unknown" unitCode="EA"> 5 </q:Qty><Empty/>
</o:Order>`;
  expect(await plain(text, { namespaces: { ord: 'urn:order', cbc: 'urn:basic' } })).toEqual([
    { '@id': '7', '@ord:kind': 'x', 'cbc:ID': '0012', 'cbc:Note': 'a < b & cé', Qty: { '@unitCode': 'EA' }, 'cbc:Empty': '' },
  ]);
  const { messages } = await read(text);
  const qty = messages[0]!.tree.children!.find((node) => node.name === 'Qty')!;
  expect(qty).toMatchObject({ value: '5', at: { line: 4 } });
});

test('records come one by one, and those before a fault go on', async () => {
  const text = '<orders><head/><order><n>1</n></order><order><n>2</n></order><order><n>3</n>';
  const { messages, findings } = await read(text, { record: '/orders/order' });
  expect(messages.map((one) => toPlain(one.tree))).toEqual([{ n: '1' }, { n: '2' }]);
  expect(findings).toMatchObject([{ code: 'FILE_TRUNCATED' }]);
  expect((await read('<a><b></a>')).findings).toMatchObject([{ code: 'FILE_MALFORMED' }]);
  expect((await read('<a>&nope;</a>')).findings).toMatchObject([{ code: 'FILE_MALFORMED' }]);
  expect((await read('<a x="1" x="2"/>')).findings).toMatchObject([{ code: 'FILE_MALFORMED' }]);
  expect((await read('<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>')).findings).toMatchObject([{ code: 'FILE_MALFORMED' }]);
  expect((await read('')).findings).toMatchObject([{ code: 'FILE_TRUNCATED' }]);
});

test('another root than that of the records is told', async () => {
  const { messages, findings } = await read('<Other><order/></Other>', { record: '/orders/order' });
  expect(messages).toEqual([]);
  expect(findings).toMatchObject([{ code: 'HEADER_INVALID', message: 'line 1, column 8: the root is <Other>, not <orders>' }]);
  expect(await plain('<orders/>', { record: '/orders/order' })).toEqual([]);
});

test('fault/E1 a DOCTYPE is refused, or skipped and never resolved', async () => {
  const bomb = '<!DOCTYPE a [<!ENTITY b "xxxx"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>';
  expect((await read(bomb)).findings).toMatchObject([{ code: 'XML_DTD' }]);
  expect((await read(bomb, { doctype: 'ignore' })).findings).toMatchObject([{ code: 'FILE_MALFORMED' }]);
  expect(await plain('<!DOCTYPE cXML SYSTEM "http://x/cXML.dtd"><cXML><a>1</a></cXML>', { doctype: 'ignore' })).toEqual([{ a: '1' }]);
});

test.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'ISO-8859-1'] as const)(
  'fault/E1 a DOCTYPE is refused in %s, whatever it says',
  async (encoding) => {
    const mark = encoding === 'utf-16le' ? [0xff, 0xfe] : encoding === 'utf-16be' ? [0xfe, 0xff] : [];
    for (const inside of [
      '<!ENTITY a "x"><!ENTITY b "&a;&a;">',
      '<!ENTITY a SYSTEM "file:///etc/passwd">',
      '<!ENTITY % p SYSTEM "http://127.0.0.1:1/p.dtd"> %p;',
      '<!ATTLIST o a CDATA "x">',
    ]) {
      const text = `<?xml version="1.0" encoding="${encoding.startsWith('utf-16') ? 'UTF-16' : encoding}"?><!DOCTYPE o [${inside}]><o>&a;</o>`;
      const { messages, findings } = await read(Buffer.concat([Buffer.from(mark), encode(text, encodingNamed(encoding)!)!]));
      expect(messages).toEqual([]);
      expect(findings, inside).toMatchObject([{ code: 'XML_DTD' }]);
    }
  },
);

test('fault/E1 what names another document is read as it stands: an inclusion, the place of a schema, a style sheet', async () => {
  const text = `<?xml-stylesheet href="http://127.0.0.1:1/s.xsl"?><o xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="u http://127.0.0.1:1/s.xsd">
    <i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/></o>`;
  expect(await plain(text)).toEqual([{ '@schemaLocation': 'u http://127.0.0.1:1/s.xsd', include: { '@href': 'file:///etc/passwd', '@parse': 'text' } }]);
});

test('fault/E2 depth, attributes, references and the size of a record are bounded', async () => {
  expect((await read('<a>'.repeat(200_000))).findings).toMatchObject([{ code: 'FORMAT_LIMIT' }]);
  const many = Array.from({ length: 600 }, (_, i) => `a${i}="1"`).join(' ');
  expect((await read(`<a ${many}/>`)).findings).toMatchObject([{ code: 'FORMAT_LIMIT' }]);
  expect((await read('<a>&#x110000;</a>')).findings).toMatchObject([{ code: 'FILE_MALFORMED' }]);
  expect(await plain(`<a>${'&#65;'.repeat(1_000_000)}</a>`)).toEqual(['A'.repeat(1_000_000)]);
  const long = ['<a>', ...Array.from({ length: 20 }, () => 'x'.repeat(1_000_000)), '</a>'].map((piece) => Buffer.from(piece));
  expect((await readAll(xml.read(long, {}))).findings).toMatchObject([{ code: 'FORMAT_LIMIT' }]);
});

const declared = (name: string) => `<?xml version="1.0" encoding="${name}"?><a>é€</a>`;

test('fault/E3 the encoding is that of the mark and the declaration, and they must agree', async () => {
  for (const encoding of ['windows-1252', 'utf-8'] as const) {
    expect((await read(encode(declared(encoding), encoding)!)).messages.map((one) => one.tree.value)).toEqual(['é€']);
  }
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(declared('UTF-16'), 'utf16le')]);
  expect((await read(utf16)).messages.map((one) => one.tree.value)).toEqual(['é€']);
  expect((await read(encode(declared('UTF-8'), 'windows-1252')!)).findings).toMatchObject([{ code: 'ENCODING_INVALID' }]);
  expect((await read(declared('UTF-16'))).findings).toMatchObject([{ code: 'ENCODING_INVALID' }]);
  expect((await read(declared('UTF-7'))).findings).toMatchObject([{ code: 'ENCODING_INVALID' }]);
});

test('fault/E5 names such as __proto__ are plain data', async () => {
  const [result] = await plain('<a><__proto__><x>1</x></__proto__><constructor>2</constructor></a>');
  expect(JSON.stringify(result)).toBe('{"__proto__":{"x":"1"},"constructor":"2"}');
});

const name = fc.constantFrom('a', 'b', 'cbc:c', 'Order', 'x-y');
const text = fc.string({ unit: fc.constantFrom('a', 'é', '<', '&', '"', ' ', '\n', '>', '\u{1f600}', ']'), maxLength: 6 }).map((value) => value.trim());
const { tree } = fc.letrec<{ tree: Node }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.record({ name, value: text }),
    fc.record({ name, children: fc.tuple(fc.record({ name: fc.constantFrom('@id', '@cbc:k'), value: text }), tie('tree')) }),
  ),
}));
const options: XmlOptions = { namespaces: { cbc: 'urn:c' } };

test('what is written reads back, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(tree, fc.array(fc.nat(), { maxLength: 6 }), fc.boolean(), async (node, cuts, indent) => {
      // The first bytes are read together, to find the encoding: cuts count behind them.
      const [declaration, body] = Buffer.from(xml.write(node, { ...options, indent }))
        .toString()
        .split('?>', 2);
      const bytes = Buffer.from(`${declaration}?><!--${'x'.repeat(600)}-->${body}`);
      const whole = await readAll(xml.read([bytes], options));
      expect(whole.findings).toEqual([]);
      expect(whole.messages.map((one) => toPlain(one.tree))).toEqual([toPlain(node)]);
      expect(await readAll(xml.read(cutAt(bytes, cuts), options))).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

/** What fast-xml-parser makes of a small document, in the same plain shape. */
function otherReader(bytes: Uint8Array): unknown {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, parseAttributeValue: false, htmlEntities: true });
  const document: unknown = parser.parse(Buffer.from(bytes).toString());
  const strip = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (key === '#text' || key.startsWith('@xmlns') ? [] : [[key, strip(inner)]])));
  };
  const [root] = Object.entries(Object(document) as Record<string, unknown>).filter(([key]) => key !== '?xml');
  return strip(root?.[1]);
}

test('another reader makes the same of small documents', async () => {
  await fc.assert(
    fc.asyncProperty(
      tree.filter((node) => node.children !== undefined),
      async (node) => {
        const bytes = xml.write(node, options);
        const { messages } = await readAll(xml.read([bytes], options));
        expect(JSON.parse(JSON.stringify(toPlain(messages[0]!.tree)))).toEqual(otherReader(bytes));
      },
    ),
    { numRuns: 200 },
  );
});

const write = (node: Node) => () => xml.write(node, options);

test('what XML cannot hold is refused in writing', () => {
  expect(write({ name: 'a><b', value: '' })).toThrow(WharfError);
  expect(write({ name: 'a', value: 'b\u0000' })).toThrow('a: "b\\u0000" has the character U+0000, which XML cannot hold');
  expect(write({ name: 'x:a', value: '' })).toThrow(/prefix x/);
  expect(write({ name: 'a', children: [{ name: '@b c', value: '' }] })).toThrow(/name/);
  const ascii = xml.write({ name: 'a', value: 'é' }, { encoding: 'us-ascii', defaultNamespace: 'urn:d', system: 'http://x/y.dtd' });
  expect(Buffer.from(ascii).toString()).toBe('<?xml version="1.0" encoding="US-ASCII"?>\n<!DOCTYPE a SYSTEM "http://x/y.dtd">\n<a xmlns="urn:d">&#233;</a>\n');
});

test('what stands in place of the records is told', async () => {
  const told = async (given: string) =>
    (await read(given, { record: '/feed/orders/order' })).findings.map(({ code, message }) => `${code} ${message.replace(/^.*?: /, '')}`);
  expect(await told('<feed><head/><orders><purchase id="1"/><purchase id="2"/></orders></feed>')).toEqual([
    'HEADER_INVALID nothing stands at /feed/orders/order; in /feed/orders stands purchase',
  ]);
  expect(await told('<feed><head/><order/></feed>')).toEqual(['HEADER_INVALID nothing stands at /feed/orders/order; in /feed stand head, order']);
  // No orders are no fault of the path.
  expect(await told('<feed><head/><orders/></feed>')).toEqual([]);
  expect(await told('<feed><head/><orders><note/><order/></orders></feed>')).toEqual([]);
});
