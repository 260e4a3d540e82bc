import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { baseFiles, configFolder, loadFolder, problemsOf } from '../support/config-folder.ts';
import type { Files } from '../support/config-folder.ts';

const gateway = baseFiles['config/gateway.yaml'];
const acme = baseFiles['partners/acme.yaml'];
const acmeWith = (line: string): Files => ({ 'partners/acme.yaml': `${acme}${line}\n` });

async function loaded(files: Files = {}) {
  const folder = await configFolder(files);
  const result = await loadFolder(folder);
  if (!result.config) throw new Error(JSON.stringify(result.problems, undefined, 1));
  return { config: result.config, folder, acme: result.config.partners.get('acme')! };
}

test('a small configuration has every default, absolute folders and compiled mappings', async () => {
  const { config, folder, acme: partner } = await loaded();
  expect(config.database).toEqual({ type: 'sqlite', file: join(folder, 'var/wharf.db') });
  expect(config.limits).toMatchObject({ fileBytes: 200 * 1024 * 1024, segmentBytes: 65_536 });
  expect(config.intervals).toMatchObject({ poll: 5000, quiet: 2000 });
  expect(config.mappings.get('x12/850')).toMatchObject({ direction: 'in', document: 'order', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(partner).toMatchObject({
    timezone: 'America/New_York',
    usage: 'production',
    duplicates: { interchange: 'acknowledge-again', order: 'hold', window: 365 * 86_400_000 },
    prices: { tolerance: { percent: 0n, absolute: 0n }, onMismatch: 'hold' },
    allocation: { tier: 2, completeness: 'backorder', splitLines: true },
  });
  expect(partner.identities).toEqual([
    { theirs: { qualifier: 'ZZ', id: 'ACME' }, ours: { qualifier: 'ZZ', id: 'HARBORLANE' }, groupTheirs: 'ACME', groupOurs: 'HARBORLANE', usage: undefined },
  ]);
  expect(partner.channels.map(({ name, direction, directory, quiet }) => ({ name, direction, directory, quiet }))).toEqual([
    { name: 'in', direction: 'in', directory: join(folder, 'var/acme/in'), quiet: 2000 },
    { name: 'out', direction: 'out', directory: join(folder, 'var/acme/out'), quiet: 2000 },
  ]);
});

test('text keeps its zeros, amounts are exact, durations are milliseconds', async () => {
  const { acme: partner } = await loaded(
    acmeWith(
      'vendorNumber: 01234\nprices: { tolerance: { percent: 0.5, absolute: 0.05 } }\nduplicates: { window: 2d }\ntables: { units: { 01: 1.10, CS: CA } }',
    ),
  );
  expect(partner.vendorNumber).toBe('01234');
  expect(partner.prices.tolerance).toEqual({ percent: 500_000n, absolute: 50_000n });
  expect(partner.duplicates.window).toBe(2 * 86_400_000);
  expect(partner.tables).toEqual({ units: { '01': '1.10', CS: 'CA' } });
});

test('the partner’s file comes before its template, that before the gateway’s defaults, those before what is built in', async () => {
  const { acme: partner, folder } = await loaded({
    'config/gateway.yaml': `${gateway}defaults:\n  allocation: { tier: 5, maxShipments: 2 }\n  response: { within: 8h }\n  invoice: { when: never }\n`,
    'partners/templates/retailer.yaml': `role: customer
channels:
  in: { type: folder, directory: "../../var/{partner}/in" }
  out: { type: folder, directory: "../../var/{partner}/out" }
inbound: [{ mapping: x12/850 }]
allocation: { tier: 3 }
response: { within: 6h }
`,
    'partners/acme.yaml':
      'id: acme\nname: Acme\nextends: retailer\nidentities: [{ theirs: ZZ/ACME }]\nresponse: { within: 2h }\nchannels: { out: { directory: ../own } }\n',
  });
  expect(partner.response).toEqual({ when: 'allocated', within: 2 * 3_600_000 });
  expect(partner.allocation).toMatchObject({ tier: 3, maxShipments: 2, completeness: 'backorder' });
  expect(partner.invoice.when).toBe('never');
  expect(partner.channels.map((channel) => channel.directory)).toEqual([join(folder, 'var/acme/in'), join(folder, 'own')]);
});

test('an SFTP channel with keys that change without a gap', async () => {
  const sftp = `  in-sftp:
    type: sftp
    host: sftp.acme.example
    username: harborlane
    auth: [{ privateKey: { secret: acme-new }, passphrase: { secret: acme-pass } }, { password: { secret: acme-old } }]
    hostKeys: ["SHA256:${'a'.repeat(43)}"]
    directory: /outbound
`;
  const { acme: partner } = await loaded({
    'partners/acme.yaml': acme.replace('inbound:', `${sftp}inbound:`),
    'config/secrets/acme-new': 'k',
    'config/secrets/acme-pass': 'p',
    'config/secrets/acme-old': 'o',
  });
  expect(partner.channels.at(-1)).toMatchObject({ type: 'sftp', name: 'in-sftp', direction: 'in', port: 22, directory: '/outbound', connect: 20_000 });
});

test('nothing in a configuration can be changed', async () => {
  const { config, acme: partner } = await loaded();
  expect(() => Object.assign(partner, { name: 'x' })).toThrow(TypeError);
  expect(() => Object.assign(partner.x12.delimiters, { element: '|' })).toThrow(TypeError);
  expect(() => (config.partners as Map<string, unknown>).set('x', partner)).toThrow(TypeError);
  expect(() => (config.partners as Map<string, unknown>).delete('acme')).toThrow(TypeError);
  expect(config.partners.get('acme')).toBe(partner);
});

test('the hash follows every file, and that of a mapping follows what it extends', async () => {
  const overlay = { 'mappings/acme/850.yaml': 'extends: x12/850\nmap: { orderDate: BEG05 }\n', 'partners/acme.yaml': acme.replace('x12/850', 'acme/850') };
  const [one, same, other] = [
    await loaded(overlay),
    await loaded(overlay),
    await loaded({ ...overlay, 'mappings/x12/850.yaml': baseFiles['mappings/x12/850.yaml'].replace('BEG03', 'BEG04') }),
  ];
  expect(same.config.hash).toBe(one.config.hash);
  expect(other.config.hash).not.toBe(one.config.hash);
  expect(other.config.mappings.get('acme/850')?.hash).not.toBe(one.config.mappings.get('acme/850')?.hash);
  expect(other.config.mappings.get('x12/855')?.hash).toBe(one.config.mappings.get('x12/855')?.hash);
});

test('code tables of mappings/tables are every partner’s, and the partner’s own win', async () => {
  const { acme: partner } = await loaded({
    ...acmeWith('tables: { units: { CS: CA } }'),
    'mappings/tables/units.yaml': 'EA: EA\n',
    'mappings/tables/terms.yaml': '01: basic\n',
  });
  expect(partner.tables).toEqual({ units: { CS: 'CA' }, terms: { '01': 'basic' } });
});

test('the gateway file itself is not there', async () => {
  const result = await loadConfig('/nowhere/gateway.yaml');
  expect(result).toMatchObject({
    problems: [{ code: 'CONFIG_REFERENCE', message: 'the file cannot be read: it does not exist', place: { file: '/nowhere/gateway.yaml' } }],
  });
});

test.each<[string, Files, string]>([
  ['broken YAML', acmeWith('tables: ['), 'partners/acme.yaml:11:1 CONFIG_YAML'],
  ['a key twice', acmeWith('name: Again'), 'partners/acme.yaml:10:1 CONFIG_YAML Map keys must be unique'],
  ['an unknown key', acmeWith('vendorNumbr: 1'), 'partners/acme.yaml:10:1 CONFIG_KEY_UNKNOWN vendorNumbr is not known; did you mean vendorNumber?'],
  [
    'an unknown key deep down',
    acmeWith('x12:\n  delimiters: { elemnt: "|" }'),
    'partners/acme.yaml:11:17 CONFIG_KEY_UNKNOWN x12.delimiters.elemnt is not known; did you mean element?',
  ],
  ['a merge key', acmeWith('tables: &t { a: { b: c } }\nx12: { <<: *t }'), 'partners/acme.yaml:11:8 CONFIG_KEY_UNKNOWN x12.<< is not known'],
  [
    'a wrong choice',
    acmeWith('invoice: { when: shipped }'),
    'partners/acme.yaml:10:18 CONFIG_VALUE invoice.when: "shipped" is none of shipment, complete, never',
  ],
  [
    'a duration without unit',
    acmeWith('response: { within: 24 }'),
    'partners/acme.yaml:10:21 CONFIG_VALUE response.within: "24" is not a duration such as 5s, 2m, 24h or 365d',
  ],
  [
    'a size without unit',
    { 'config/gateway.yaml': `${gateway}limits: { fileBytes: 200 }\n` },
    'config/gateway.yaml:7:22 CONFIG_VALUE limits.fileBytes: "200" is not a size such as 64KB or 200MB',
  ],
  [
    'a number out of range',
    acmeWith('allocation: { tier: 12 }'),
    'partners/acme.yaml:10:21 CONFIG_VALUE allocation.tier: "12" is not a whole number from 1 to 9',
  ],
  [
    'an amount that is none',
    acmeWith('prices: { tolerance: { percent: "1,5" } }'),
    'partners/acme.yaml:10:33 CONFIG_VALUE prices.tolerance.percent: "1,5" is not an amount such as 0.05',
  ],
  ['a flag that is none', acmeWith('x12: { upperCase: yes }'), 'partners/acme.yaml:10:19 CONFIG_VALUE x12.upperCase: "yes" is not true or false'],
  [
    'a time zone that is none',
    acmeWith('timezone: Mars/Olympus'),
    'partners/acme.yaml:10:11 CONFIG_VALUE timezone: "Mars/Olympus" is not a time zone such as America/New_York',
  ],
  [
    'the city alone for a time zone',
    acmeWith('timezone: new york'),
    'partners/acme.yaml:10:11 CONFIG_VALUE timezone: "new york" is not a time zone such as America/New_York; did you mean America/New_York?',
  ],
  ['a list where keys belong', acmeWith('x12: [a]'), 'partners/acme.yaml:10:1 CONFIG_VALUE x12: is not a group of keys'],
  ['text where a list belongs', acmeWith('leniency: none'), 'partners/acme.yaml:10:11 CONFIG_VALUE leniency: "none" is not a list'],
  [
    'an identity without qualifier',
    { 'partners/acme.yaml': acme.replace('ZZ/ACME', 'ACME') },
    'partners/acme.yaml:4:24 CONFIG_VALUE identities[1].theirs: "ACME" is not an identity',
  ],
  ['an identity that is too long', { 'partners/acme.yaml': acme.replace('ZZ/ACME', 'ZZ/ACME678901234567') }, 'partners/acme.yaml:4:24 CONFIG_VALUE'],
  [
    'an unknown transport',
    { 'partners/acme.yaml': acme.replace('type: folder', 'type: foldr') },
    'partners/acme.yaml:6:15 CONFIG_VALUE channels.in.type: "foldr" is none of folder, sftp; did you mean folder?',
  ],
  [
    'a channel without folder',
    { 'partners/acme.yaml': acme.replace(', directory: ../var/acme/in', '') },
    'partners/acme.yaml:6:3 CONFIG_MISSING channels.in.directory is missing',
  ],
  [
    'a channel without direction',
    { 'partners/acme.yaml': acme.replace('  out:', '  drop:') },
    'partners/acme.yaml:7:3 CONFIG_MISSING channels.drop does not say its direction',
  ],
  ['no name', { 'partners/acme.yaml': acme.replace('name: Acme Stores\n', '') }, 'partners/acme.yaml:1:1 CONFIG_MISSING name is missing'],
  [
    'an id that is not the file’s name',
    { 'partners/acme.yaml': acme.replace('id: acme', 'id: acne') },
    'partners/acme.yaml:1:5 CONFIG_CONFLICT id: "acne" differs from the file\'s name',
  ],
  ['a template that is not there', acmeWith('extends: retial'), 'partners/acme.yaml:10:10 CONFIG_REFERENCE there is no template retial in partners/templates'],
  [
    'a fault in a template',
    { ...acmeWith('extends: t'), 'partners/templates/t.yaml': 'response:\n  within: soon\n' },
    'partners/templates/t.yaml:2:11 CONFIG_VALUE response.within: "soon" is not a duration',
  ],
  [
    'a template of a template',
    { ...acmeWith('extends: t'), 'partners/templates/t.yaml': 'extends: u\n' },
    'partners/templates/t.yaml:1:1 CONFIG_CONFLICT a template cannot extend another',
  ],
  [
    'a fault in the defaults',
    { 'config/gateway.yaml': `${gateway}defaults:\n  invoice: { when: now }\n` },
    'config/gateway.yaml:8:20 CONFIG_VALUE defaults.invoice.when: "now" is none of',
  ],
  ['no company', { 'config/gateway.yaml': gateway.slice(gateway.indexOf('database')) }, 'config/gateway.yaml:1:1 CONFIG_MISSING company is missing'],
  [
    'folders that are not there',
    { 'config/gateway.yaml': `${gateway}partners: ../parners\n` },
    'config/gateway.yaml:7:11 CONFIG_REFERENCE the folder parners cannot be read: it does not exist',
  ],
  [
    'a fault in a mapping',
    { 'mappings/x12/850.yaml': 'direction: in\ndocument: order\nsource: { format: x12, set: "850" }\nmap: { poNumber: { from: BEG03, reqired: true } }\n' },
    'mappings/x12/850.yaml:4:42 MAPPING_INVALID',
  ],
  [
    'a mapping that extends nothing',
    { 'mappings/x12/850.yaml': 'extends: x12/851\n' },
    'mappings/x12/850.yaml:1:10 CONFIG_REFERENCE there is no mapping x12/851; did you mean',
  ],
  [
    'a mapping that extends an extension',
    { 'mappings/a.yaml': 'extends: b\n', 'mappings/b.yaml': 'extends: x12/850\n' },
    'mappings/a.yaml:1:10 CONFIG_CONFLICT a extends b, which extends another mapping itself',
  ],
  ['a code table that is none', { 'mappings/tables/t.yaml': 'a: [b]\n' }, 'mappings/tables/t.yaml:1:1 CONFIG_VALUE a: is not a text'],
  ['a file that is passed over', { 'partners/b.yml': 'id: b\n' }, 'partners/b.yml CONFIG_UNUSED the file is not read, since its name ends in .yml'],
])('%s', async (_name, files, expected) => {
  expect((await problemsOf(files)).join('\n')).toContain(expected);
});

test('fault/I1 every error of every file comes at once, in order, each with a remedy, and no secret is shown', async () => {
  const folder = await configFolder({
    'config/gateway.yaml': gateway
      .replace('type: sqlite, file: ../var/wharf.db', 'type: mssql, server: s, database: d, login: { type: sql, user: u, password: hunter2 }')
      .replace('ZZ/HARBORLANE', 'nobody'),
    'partners/acme.yaml': acme.replace('role: customer', 'role: custmer').replace('x12/855', 'x12/85'),
    'mappings/x12/855.yaml': 'direction: sideways\n',
  });
  const result = await loadFolder(folder);
  if (result.config) throw new Error('loaded');
  expect(result.problems.map((each) => each.place.file.slice(folder.length + 1))).toEqual(
    result.problems.map((each) => each.place.file.slice(folder.length + 1)).toSorted(),
  );
  expect(new Set(result.problems.map((each) => each.place.file)).size).toBe(3);
  for (const each of result.problems) expect(each.remedy.length).toBeGreaterThan(5);
  expect(JSON.stringify(result)).not.toContain('hunter2');
  expect(result.problems.find((each) => each.code === 'SECRET_EXPOSED')).toMatchObject({
    message: expect.stringContaining('database.login.password must not stand in the file'),
    place: { line: 6 },
  });
});
