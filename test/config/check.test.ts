import { expect, test } from 'vitest';
import { baseFiles, problemsOf } from '../support/config-folder.ts';
import type { Files } from '../support/config-folder.ts';

const acme = baseFiles['partners/acme.yaml'];
const acmeWith = (line: string): Files => ({ 'partners/acme.yaml': `${acme}${line}\n` });
const other = acme.replace('id: acme', 'id: bolt').replace('ZZ/ACME', 'ZZ/BOLT').replaceAll('var/acme', 'var/bolt');

test('the base is without fault', async () => {
  expect(await problemsOf({})).toEqual([]);
});

test.each<[string, Files, string]>([
  [
    'a mapping that is not there',
    { 'partners/acme.yaml': acme.replace('x12/855', 'x12/854') },
    'partners/acme.yaml:9:23 CONFIG_REFERENCE there is no mapping x12/854; did you mean x12/85',
  ],
  [
    'a mapping of the other direction',
    { 'partners/acme.yaml': acme.replace('x12/850', 'x12/855') },
    'partners/acme.yaml:8:22 CONFIG_REFERENCE the mapping x12/855 is for the other direction (out)',
  ],
  [
    'a mapping that is never reached',
    {
      'partners/acme.yaml': acme.replace('[{ mapping: x12/850 }]', '[{ mapping: x12/850 }, { mapping: x12/850b }]'),
      'mappings/x12/850b.yaml': 'extends: x12/850\n',
    },
    'partners/acme.yaml:8:44 CONFIG_CONFLICT x12/850b is never reached: inbound[1] takes the same documents',
  ],
  [
    'a document that would be sent twice',
    { 'partners/acme.yaml': acme.replace('{ mapping: x12/855,', '{ mapping: x12/855, file: "1_{control}.edi", orderTypes: [DS] }, { mapping: x12/855,') },
    'CONFIG_CONFLICT x12/855 and outbound[1], x12/855, are both sent for orders of type DS',
  ],
  [
    'an encoding that X12 is not written in',
    { 'partners/acme.yaml': acme.replace('acme/out }', 'acme/out, encoding: shift_jis }') },
    'CONFIG_CONFLICT channels.out.encoding: x12/855 is x12, which is not written in shift_jis',
  ],
  [
    'a mapping that nobody uses',
    { 'mappings/bolt/850.yaml': baseFiles['mappings/x12/850.yaml'], 'mappings/x12/810.yaml': baseFiles['mappings/x12/855.yaml'] },
    'mappings/bolt/850.yaml:1:1 CONFIG_UNUSED no partner uses the mapping bolt/850',
  ],
  [
    'a template that nobody extends',
    { 'partners/templates/old.yaml': 'role: customer\n' },
    'partners/templates/old.yaml:1:1 CONFIG_UNUSED no partner extends the template old',
  ],
  [
    'two channels that pick up the same files',
    { 'partners/bolt.yaml': other.replace('../var/bolt/in', '../var/acme/in/') },
    'partners/bolt.yaml:6:34 CONFIG_CONFLICT channel in of acme picks up the same files (partners/acme.yaml:6:34)',
  ],
  [
    'what is sent would be picked up again',
    { 'partners/bolt.yaml': other.replace('../var/bolt/out', '../var/acme/x/../in') },
    'partners/bolt.yaml:7:35 CONFIG_CONFLICT what is sent to bolt would be picked up again as coming from acme',
  ],
  [
    'an inbox that is its own outbox',
    { 'partners/acme.yaml': acme.replace('acme/out', 'acme/in') },
    'partners/acme.yaml:7:35 CONFIG_CONFLICT what is sent to acme would be picked up again',
  ],
  [
    'a folder to move to that leads elsewhere',
    { 'partners/acme.yaml': acme.replace('acme/in }', 'acme/in, moveTo: ../done }') },
    'CONFIG_VALUE channels.in.moveTo: "../done" is not the plain name of a folder',
  ],
  [
    'a file name that several files get',
    { 'partners/acme.yaml': acme.replace('855_{control}', '855_{poNumber}') },
    'partners/acme.yaml:9:38 CONFIG_VALUE the file name "855_{poNumber}.edi" gives the same name to several files; add {control} or {id}',
  ],
  [
    'a file name that leads elsewhere',
    { 'partners/acme.yaml': acme.replace('855_{control}', '../{control}') },
    'partners/acme.yaml:9:38 CONFIG_VALUE the file name "../{control}.edi" may hold letters',
  ],
  [
    'a file name with an unknown token',
    acmeWith('acknowledgments: { file: "{ctrl}.edi" }'),
    'partners/acme.yaml:10:26 CONFIG_VALUE the file name "{ctrl}.edi" {ctrl} is not known',
  ],
  [
    'a channel that is not there',
    { 'partners/acme.yaml': acme.replace('.edi" }', '.edi", channel: oot }') },
    'partners/acme.yaml:9:68 CONFIG_REFERENCE there is no outbound channel oot; did you mean out?',
  ],
  [
    'nowhere to send to',
    { 'partners/acme.yaml': acme.replace(/ {2}out:.*\n/, '') },
    'partners/acme.yaml:8:12 CONFIG_REFERENCE it is not clear which channel x12/855 leaves by',
  ],
  [
    'nowhere to pick up from',
    { 'partners/acme.yaml': acme.replace(/ {2}in:.*\n/, '') },
    'partners/acme.yaml:7:1 CONFIG_MISSING documents come in, but no channel does',
  ],
  [
    'X12 without identities',
    { 'partners/acme.yaml': acme.replace(/identities:.*\n/, '') },
    'partners/acme.yaml:1:1 CONFIG_MISSING X12 is exchanged, but identities is missing',
  ],
  [
    'an identity claimed twice',
    { 'partners/bolt.yaml': other.replace('ZZ/BOLT', 'ZZ/ACME') },
    'partners/bolt.yaml:4:14 CONFIG_CONFLICT identities: interchanges from ZZ/ACME to ZZ/HARBORLANE belong to acme already (partners/acme.yaml:4:14)',
  ],
  [
    'an identity that is ours',
    { 'partners/acme.yaml': acme.replace('ZZ/ACME', 'ZZ/HARBORLANE') },
    'partners/acme.yaml:4:14 CONFIG_CONFLICT identities: ZZ/HARBORLANE is both theirs and ours',
  ],
  [
    'two delimiters alike',
    acmeWith('x12: { delimiters: { component: "*" } }'),
    'partners/acme.yaml:10:33 CONFIG_CONFLICT x12.delimiters.component: "*" is the element delimiter too',
  ],
  [
    'a delimiter that occurs in data',
    acmeWith('x12: { delimiters: { segment: "A" } }'),
    'partners/acme.yaml:10:31 CONFIG_VALUE x12.delimiters.segment: "A" occurs in data',
  ],
  ['a location that is not there', acmeWith('allocation: { warehouses: [NW] }'), 'partners/acme.yaml:10:28 CONFIG_REFERENCE there is no location NW'],
  [
    'a warehouse without its section',
    { 'partners/acme.yaml': acme.replace('customer', 'warehouse') },
    'partners/acme.yaml:3:7 CONFIG_MISSING a partner with role warehouse needs the section warehouse',
  ],
  ['a section of another role', acmeWith('vendor: { code: V }'), 'partners/acme.yaml:10:1 CONFIG_CONFLICT a partner with role customer has no section vendor'],
  [
    'two partners at one location',
    {
      'partners/acme.yaml': `${acme.replace('customer', 'warehouse')}warehouse: { code: NW }\n`,
      'partners/bolt.yaml': `${other.replace('customer', 'vendor')}vendor: { code: NW }\n`,
    },
    'partners/bolt.yaml:10:17 CONFIG_CONFLICT vendor.code: "NW" is the location of acme too',
  ],
  [
    'a private key in clear',
    acmeWith('contacts: [{ name: "-----BEGIN OPENSSH PRIVATE KEY-----" }]'),
    'partners/acme.yaml:10:20 SECRET_EXPOSED contacts[1].name holds a private key',
  ],
  [
    'a password inside an address',
    acmeWith('contacts: [{ name: A, email: "sftp://me:pw@host/x" }]'),
    'partners/acme.yaml:10:30 SECRET_EXPOSED contacts[1].email holds a password inside an address',
  ],
  [
    'an option that the format does not know',
    { 'mappings/shop.yaml': 'direction: in\ndocument: order\nsource: { format: csv, delimeter: ";" }\nmap: { poNumber: po }\n' },
    'mappings/shop.yaml:3:24 MAPPING_INVALID source.delimeter is not known to the format csv',
  ],
  [
    'a code table that is nowhere',
    {
      'mappings/x12/850.yaml': baseFiles['mappings/x12/850.yaml'].replace('BEG03', '{ from: BEG03, table: unts }'),
      ...acmeWith('tables: { units: { A: B } }'),
    },
    'mappings/x12/850.yaml:4:40 CONFIG_REFERENCE there is no code table unts for acme; did you mean units?',
  ],
])('%s', async (_name, files, expected) => {
  expect((await problemsOf(files)).join('\n')).toContain(expected);
});

test('what ships with Wharf in the folder of a standard needs no user', async () => {
  expect(await problemsOf({ 'mappings/ubl/invoice.yaml': baseFiles['mappings/x12/855.yaml'] })).toEqual([]);
});

test('mistakes of shape and of meaning come in one run, and none that is only the consequence of another', async () => {
  const partner = `id: acne
name: Acme Stores
role: custmer
identities: [{ theirs: ZZ/ACME }, { theirs: HARBOR }, { theirs: ZZ/HARBORLANE }]
channels:
  in: { type: folder, directory: ../var/acme/in, poll: soon }
  out: { type: foldr, directory: ../var/acme/out }
  print: { type: folder, directory: ../var/acme/in, direction: in }
inbound: [{ mapping: x12/851, versions: 004010 }]
outbound: [{ file: "855_{control}.edi" }, { mapping: x12/855, file: "855_{ctrl}.edi" }]
allocation: { tier: 12, warehouses: [NW] }
tables: { units: [EA] }
vendorNumbr: 1
`;
  const mapping = baseFiles['mappings/x12/850.yaml'].replace('BEG03', '{ reqired: true, from: BEG03, table: units }');
  expect(await problemsOf({ 'partners/acme.yaml': partner, 'mappings/x12/850.yaml': mapping })).toEqual([
    'mappings/x12/850.yaml:4:29 MAPPING_INVALID there is no keyword "reqired"; did you mean "required"?',
    'partners/acme.yaml:1:5 CONFIG_CONFLICT id: "acne" differs from the file\'s name',
    'partners/acme.yaml:3:7 CONFIG_VALUE role: "custmer" is none of customer, warehouse, vendor, depositor; did you mean customer?',
    'partners/acme.yaml:4:45 CONFIG_VALUE identities[2].theirs: "HARBOR" is not an identity such as ZZ/ACME: a qualifier of two characters and an id of at most 15',
    'partners/acme.yaml:4:55 CONFIG_CONFLICT identities: ZZ/HARBORLANE is both theirs and ours',
    'partners/acme.yaml:6:56 CONFIG_VALUE channels.in.poll: "soon" is not a duration such as 5s, 2m, 24h or 365d',
    'partners/acme.yaml:7:16 CONFIG_VALUE channels.out.type: "foldr" is none of folder, sftp; did you mean folder?',
    'partners/acme.yaml:8:37 CONFIG_CONFLICT channel in of acme picks up the same files (partners/acme.yaml:6:34)',
    'partners/acme.yaml:9:22 CONFIG_REFERENCE there is no mapping x12/851; did you mean x12/850?',
    'partners/acme.yaml:9:41 CONFIG_VALUE inbound[1].versions: "004010" is not a list',
    'partners/acme.yaml:10:12 CONFIG_MISSING outbound[1].mapping is missing',
    'partners/acme.yaml:10:69 CONFIG_VALUE the file name "855_{ctrl}.edi" {ctrl} is not known; use {control} {id} {document} {partner} {vendorNumber} {poNumber} {date} {time}',
    'partners/acme.yaml:11:21 CONFIG_VALUE allocation.tier: "12" is not a whole number from 1 to 9',
    'partners/acme.yaml:11:38 CONFIG_REFERENCE there is no location NW',
    'partners/acme.yaml:12:11 CONFIG_VALUE tables.units: is not a group of keys',
    'partners/acme.yaml:13:1 CONFIG_KEY_UNKNOWN vendorNumbr is not known; did you mean vendorNumber?',
  ]);
});

test('one file that cannot be read does not hide what is wrong in another, and is not the cause of more', async () => {
  expect(
    await problemsOf({
      'config/gateway.yaml': `${baseFiles['config/gateway.yaml'].replace('ZZ/HARBORLANE', 'nobody')}limits: { fileBytes: 5 }\n`,
      'partners/acme.yaml': `extends: shop\n${acme.replace('role: customer\n', '').replace('855_{control}', '855')}allocation: { warehouses: [NW] }\n`,
      'partners/templates/shop.yaml': 'role: [\n',
      'partners/bolt.yaml': 'id: [\n',
      'mappings/x12/850.yaml': 'direction: [\n',
      'mappings/acme/850.yaml': 'extends: x12/850\n',
      'mappings/shop.yaml': 'direction: in\nsource: { format: csv, delimeter: ";" }\nmap: { poNumber: { from: po, reqired: true } }\n',
    }),
  ).toEqual([
    'config/gateway.yaml:3:13 CONFIG_VALUE company.identity: "nobody" is not an identity such as ZZ/ACME: a qualifier of two characters and an id of at most 15',
    'config/gateway.yaml:7:22 CONFIG_VALUE limits.fileBytes: "5" is not a size such as 64KB or 200MB',
    'mappings/shop.yaml:1:1 MAPPING_INVALID document takes a text',
    'mappings/shop.yaml:2:24 MAPPING_INVALID source.delimeter is not known to the format csv',
    'mappings/shop.yaml:3:39 MAPPING_INVALID there is no keyword "reqired"; did you mean "required"?',
    'mappings/x12/850.yaml:2:1 CONFIG_YAML Flow sequence in block collection must be sufficiently indented and end with a ]',
    'partners/acme.yaml:9:38 CONFIG_VALUE the file name "855.edi" gives the same name to several files; add {control} or {id}',
    'partners/bolt.yaml:2:1 CONFIG_YAML Flow sequence in block collection must be sufficiently indented and end with a ]',
    'partners/templates/shop.yaml:2:1 CONFIG_YAML Flow sequence in block collection must be sufficiently indented and end with a ]',
  ]);
});

test('fault/I10 partners may share an interchange identity where the group ids or the usage differ', async () => {
  const shared = (extra: string): Files => ({
    'partners/acme.yaml': acme.replace('{ theirs: ZZ/ACME }', `{ theirs: ZZ/VAN${extra.replace('2', '1')} }`),
    'partners/bolt.yaml': other.replace('{ theirs: ZZ/BOLT }', `{ theirs: ZZ/VAN${extra} }`),
  });
  expect(await problemsOf(shared(', groupTheirs: UNIT2'))).toEqual([]);
  expect(await problemsOf({ ...shared(', usage: test'), 'partners/acme.yaml': acme.replace('ZZ/ACME', 'ZZ/VAN, usage: production') })).toEqual([]);
});

test('channels with different patterns may share a folder, and so may mappings that differ by file name', async () => {
  const two = acme
    .replace('acme/in }', 'acme/in, pattern: "*.edi" }')
    .replace('  out:', '  in-csv: { type: folder, directory: ../var/acme/in, pattern: "*.csv" }\n  out:');
  const csv = 'direction: in\ndocument: order\nsource: { format: csv }\nmap: { poNumber: po }\n';
  const inbound = 'inbound: [{ mapping: x12/850 }, { mapping: a, files: "orders*" }, { mapping: b, files: "returns*" }]';
  expect(await problemsOf({ 'partners/acme.yaml': two.replace(/inbound: .*/, inbound), 'mappings/a.yaml': csv, 'mappings/b.yaml': csv })).toEqual([]);
});

test('a table is known when the mapping, what it extends, the partner or mappings/tables has it', async () => {
  const using = baseFiles['mappings/x12/850.yaml'].replace('BEG03', '{ from: BEG03, table: units }');
  expect(await problemsOf({ 'mappings/x12/850.yaml': `${using}tables: { units: { A: B } }\n` })).toEqual([]);
  expect(await problemsOf({ 'mappings/x12/850.yaml': using, ...acmeWith('tables: { units: { A: B } }') })).toEqual([]);
  expect(await problemsOf({ 'mappings/x12/850.yaml': using, 'mappings/tables/units.yaml': 'A: B\n' })).toEqual([]);
  const overlay = { 'mappings/acme.yaml': 'extends: x12/850\ntables: { units: { A: B } }\n', 'partners/acme.yaml': acme.replace('x12/850', 'acme') };
  expect(await problemsOf({ 'mappings/x12/850.yaml': using, ...overlay })).toEqual([]);
});
