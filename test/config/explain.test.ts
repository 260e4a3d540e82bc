import { join } from 'node:path';
import { expect, test } from 'vitest';
import { showPlace } from '../../src/errors.ts';
import { explainGateway, explainMapping, explainPartner } from '../../src/config/explain.ts';
import { baseFiles, configFolder } from '../support/config-folder.ts';

const gateway = baseFiles['config/gateway.yaml'];
const acme = baseFiles['partners/acme.yaml'];

async function lines(explanation: Awaited<ReturnType<typeof explainPartner>>, folder: string): Promise<readonly string[]> {
  if ('unknown' in explanation) return explanation.unknown;
  return explanation.values.map(
    ({ path, value, origin }) => `${path} = ${value} (${origin === 'built-in' ? origin : showPlace(origin).replace(`${folder}/`, '')})`,
  );
}

test('each value of a partner comes with the line it stands on', async () => {
  const folder = await configFolder({
    'config/gateway.yaml': `${gateway}defaults:\n  allocation: { maxShipments: 2 }\n`,
    'partners/templates/retailer.yaml': 'response: { within: 6h }\nallocation: { tier: 3 }\n',
    'partners/acme.yaml': `${acme}extends: retailer\nallocation: { tier: 1 }\n`,
  });
  const shown = await lines(await explainPartner(join(folder, 'config/gateway.yaml'), 'acme'), folder);
  expect(shown).toEqual(
    expect.arrayContaining([
      'name = Acme Stores (partners/acme.yaml:2:7)',
      'identities[1].theirs = ZZ/ACME (partners/acme.yaml:4:24)',
      'allocation.tier = 1 (partners/acme.yaml:11:21)',
      'allocation.maxShipments = 2 (config/gateway.yaml:8:31)',
      'response.within = 6h (partners/templates/retailer.yaml:1:21)',
      'response.when = allocated (built-in)',
      'channels.in.pattern = * (built-in)',
      'acknowledgments.expectWithin = 24h (built-in)',
      'x12.delimiters.newline = "\\n" (built-in)',
    ]),
  );
  expect(new Set(shown.map((line) => line.split(' = ')[0])).size).toBe(shown.length);
});

test('each value of a mapping comes with the line it stands on, its own or that of its base', async () => {
  const folder = await configFolder({ 'mappings/acme/850.yaml': 'extends: x12/850\nmap:\n  poNumber: BEG04\n  orderDate: BEG05\n' });
  const shown = await lines(await explainMapping(join(folder, 'config/gateway.yaml'), 'acme/850'), folder);
  expect(shown).toEqual(
    expect.arrayContaining([
      'direction = in (mappings/x12/850.yaml:1:12)',
      'map.poNumber = BEG04 (mappings/acme/850.yaml:3:13)',
      'map.orderDate = BEG05 (mappings/acme/850.yaml:4:14)',
    ]),
  );
});

test('the gateway’s own values, and names that are not there', async () => {
  const folder = await configFolder();
  const file = join(folder, 'config/gateway.yaml');
  expect(await lines(await explainGateway(file), folder)).toEqual(
    expect.arrayContaining([
      'company.identity = ZZ/HARBORLANE (config/gateway.yaml:3:13)',
      'database.type = sqlite (config/gateway.yaml:6:19)',
      'limits.fileBytes = 200MB (built-in)',
    ]),
  );
  expect(await explainPartner(file, 'acne')).toEqual({ unknown: ['acme'] });
  expect(await explainMapping(file, 'x12/851')).toEqual({ unknown: ['x12/850', 'x12/855'] });
});
