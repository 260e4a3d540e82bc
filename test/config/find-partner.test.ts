import { expect, test } from 'vitest';
import {
  identityFor,
  inboundForFile,
  inboundForSet,
  isClosed,
  locations,
  outboundChannel,
  outboundFor,
  partnerByIdentity,
} from '../../src/config/find-partner.ts';
import type { Channel, Config } from '../../src/config/types.ts';
import { baseFiles, configFolder, loadFolder } from '../support/config-folder.ts';
import type { Files } from '../support/config-folder.ts';

const acme = baseFiles['partners/acme.yaml'];
const id = (text: string) => ({ qualifier: text.slice(0, 2), id: text.slice(3) });
const ours = id('ZZ/HARBORLANE');

async function load(files: Files): Promise<Config> {
  const loaded = await loadFolder(await configFolder(files));
  if (!loaded.config) throw new Error(JSON.stringify(loaded.problems, undefined, 1));
  return loaded.config;
}

const partner = (name: string, identities: string): Files => ({
  [`partners/${name}.yaml`]: acme.replace('id: acme', `id: ${name}`).replaceAll('var/acme', `var/${name}`).replace('[{ theirs: ZZ/ACME }]', identities),
});

function nameOf(found: ReturnType<typeof partnerByIdentity>): string {
  return 'partner' in found ? found.partner.id : found.unknown;
}

test('an interchange has the partner of its sender and receiver', async () => {
  const config = await load(partner('bolt', '[{ theirs: "01/123456789", ours: "12/5551234" }]'));
  expect(nameOf(partnerByIdentity(config, { sender: id('ZZ/ACME'), receiver: ours }))).toBe('acme');
  expect(nameOf(partnerByIdentity(config, { sender: id('01/123456789'), receiver: id('12/5551234') }))).toBe('bolt');
  expect(nameOf(partnerByIdentity(config, { sender: id('01/123456789'), receiver: ours }))).toBe('RECEIVER_NOT_OURS');
  expect(nameOf(partnerByIdentity(config, { sender: id('ZZ/NOBODY'), receiver: ours }))).toBe('SENDER_UNKNOWN');
  expect(nameOf(partnerByIdentity(config, { sender: id('01/ACME'), receiver: ours }))).toBe('SENDER_UNKNOWN');
});

test('group ids and usage tell apart partners that share an interchange identity', async () => {
  const config = await load({
    ...partner('bolt', '[{ theirs: ZZ/VAN, groupTheirs: BOLT }]'),
    ...partner('cord', '[{ theirs: ZZ/VAN, groupTheirs: CORD }]'),
    ...partner('edge', '[{ theirs: ZZ/EDGE, usage: production }, { theirs: ZZ/EDGET, usage: test }]'),
  });
  const from = (sender: string, more: { groupSender?: string; usage?: 'production' | 'test' } = {}) =>
    nameOf(partnerByIdentity(config, { sender: id(sender), receiver: ours, ...more }));
  expect(from('ZZ/VAN', { groupSender: 'BOLT' })).toBe('bolt');
  expect(from('ZZ/VAN', { groupSender: 'CORD' })).toBe('cord');
  expect(from('ZZ/VAN', { groupSender: 'OTHER' })).toBe('SENDER_UNKNOWN');
  expect(from('ZZ/VAN')).toBe('SENDER_UNKNOWN');
  expect(from('ZZ/ACME', { groupSender: 'ANYTHING' })).toBe('acme');
  expect(from('ZZ/EDGE', { usage: 'test' })).toBe('RECEIVER_NOT_OURS');
  expect(from('ZZ/EDGET', { usage: 'test' })).toBe('edge');
  const edge = config.partners.get('edge')!;
  expect([identityFor(edge, 'production')?.theirs.id, identityFor(edge, 'test')?.theirs.id]).toEqual(['EDGE', 'EDGET']);
});

test('the mapping of a transaction set may depend on its version', async () => {
  const inbound = 'inbound: [{ mapping: x12/850-5010, versions: ["005010"] }, { mapping: x12/850 }]';
  const config = await load({ 'partners/acme.yaml': acme.replace(/inbound: .*/, inbound), 'mappings/x12/850-5010.yaml': 'extends: x12/850\n' });
  const buyer = config.partners.get('acme')!;
  expect(inboundForSet(config, buyer, '850', '005010VICS')?.name).toBe('x12/850-5010');
  expect(inboundForSet(config, buyer, '850', '004010')?.name).toBe('x12/850');
  expect(inboundForSet(config, buyer, '860', '004010')).toBeUndefined();
});

test('the mapping of a file without envelope may depend on its name and format', async () => {
  const inbound = 'inbound: [{ mapping: a, files: "orders*.csv" }, { mapping: b }, { mapping: x12/850 }]';
  const config = await load({
    'partners/acme.yaml': acme.replace(/inbound: .*/, inbound),
    'mappings/a.yaml': 'direction: in\ndocument: order\nsource: { format: csv }\nmap: { poNumber: po }\n',
    'mappings/b.yaml': 'direction: in\ndocument: order\nsource: { format: xml, record: /o }\nmap: { poNumber: po }\n',
  });
  const buyer = config.partners.get('acme')!;
  const names = (file: string, format?: string) => inboundForFile(config, buyer, file, format).map((mapping) => mapping.name);
  expect(names('ORDERS-7.CSV', 'csv')).toEqual(['a']);
  expect(names('orders-7.csv', undefined)).toEqual(['a', 'b']);
  expect(names('other.csv', 'csv')).toEqual([]);
  expect(names('any.xml', 'xml')).toEqual(['b']);
});

test('what a partner gets for a document, by which channel, and for which types of orders', async () => {
  const drop =
    'outbound: [{ mapping: x12/855, file: "855_{control}.edi", channel: out-b, orderTypes: [DS] }, { mapping: x12/855, file: "{id}.edi", channel: out-a, orderTypes: [SA] }]';
  const channels = '  out-a: { type: folder, directory: ../a }\n  out-b: { type: folder, directory: ../b }\n';
  const config = await load({
    'partners/acme.yaml': acme.replace(/ {2}out:.*\n/, channels).replace(/outbound: .*/, `${drop}\nacknowledgments: { channel: out-a }`),
  });
  const buyer = config.partners.get('acme')!;
  const files = (type?: string) => outboundFor(config, buyer, 'order-response', type).map(({ entry, channel }) => `${channel.name} ${entry.file}`);
  expect(files('DS')).toEqual(['out-b 855_{control}.edi']);
  expect(files('SA')).toEqual(['out-a {id}.edi']);
  expect(files('RL')).toEqual([]);
  expect(outboundFor(config, buyer, 'invoice')).toEqual([]);
  expect([outboundChannel(buyer, 'out-b')?.name, outboundChannel(buyer, undefined)]).toEqual(['out-b', undefined]);
});

test('locations are the warehouses and vendors by our code', async () => {
  const config = await load({
    'partners/acme.yaml': `${acme.replace('customer', 'warehouse')}warehouse: { code: NW, fixedCost: 60.00, cutOff: 14:00 }\n`,
  });
  expect([...locations(config)].map(([code, { kind, partner: owner }]) => [code, kind, owner.id, owner.warehouse?.fixedCost])).toEqual([
    ['NW', 'warehouse', 'acme', 60_000_000n],
  ]);
});

test('a channel rests in its closed hours, over midnight too', () => {
  const channel = {
    closed: [
      { from: '22:00', to: '04:00', days: ['fri'] },
      { from: '12:00', to: '13:00' },
    ],
  } as unknown as Channel;
  const closed = (day: string, time: string) => isClosed(channel, day, time);
  expect([closed('fri', '22:00'), closed('sat', '03:59'), closed('sat', '04:00'), closed('fri', '03:00'), closed('sat', '22:30')]).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect([closed('mon', '12:00'), closed('mon', '12:59'), closed('mon', '13:00'), closed('mon', '11:59')]).toEqual([true, true, false, false]);
});
