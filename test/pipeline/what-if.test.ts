import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadWhatIf } from '../../src/config/what-if.ts';
import { decimal, whole } from '../../src/decimal.ts';
import { weighPolicy } from '../../src/workbench/what-if.ts';
import { openBrain } from '../support/brain.ts';
import { scratch } from '../support/database.ts';

async function policy(text: string) {
  const file = join(await scratch(), 'policy.yaml');
  await writeFile(file, text);
  return loadWhatIf(file);
}

describe('another policy on past decisions', () => {
  test('the same policy gives the same; fewer shipments cost fill; another cost of a location shows', async () => {
    const brain = await openBrain();
    // Mugs stand at NW, tumblers at HB: two shipments of 60.00.
    await brain.drop('acme', 'acme/happy-path/in.edi');
    brain.advance(3_600_000);
    await brain.drop('acme', 'acme/over-shipment/in.1.edi');
    const weigh = async (text: string, since = 0) => {
      const loaded = await policy(text);
      if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
      return weighPolicy(brain.db, loaded.value, since);
    };
    const same = await weigh('allocation: {}');
    expect(same.allocations).toBe(2);
    expect(same.before).toEqual({ orders: 2, whole: 2, asked: whole(120), filled: whole(120), shipments: 3, cost: decimal('180'), lateDays: 0 });
    expect(same.after).toEqual(same.before);
    const single = await weigh('partners: { acme: { maxShipments: "1" } }');
    expect(single.after).toMatchObject({ orders: 2, whole: 1, filled: whole(96), shipments: 2, cost: decimal('120') });
    expect((await weigh('partners: { bluebird: { maxShipments: "1" } }')).after).toEqual(same.before);
    expect((await weigh('locations: { NW: { fixedCost: "10.00" } }')).after).toMatchObject({ shipments: 3, cost: decimal('80') });
    expect((await weigh('locations: { NW: { closed: for repairs } }')).after).toMatchObject({ filled: whole(24) });
    expect(await weigh('allocation: { tier: 1 }', brain.now())).toMatchObject({ allocations: 1, before: { orders: 1 } });
    // Nothing was changed by it.
    expect(await weigh('allocation: {}')).toEqual(same);
  });

  test('a policy that cannot be says so at its line', async () => {
    const loaded = await policy('allocation:\n  maxShipments: 99\n  objektive: cost\n');
    expect('problems' in loaded && loaded.problems.map(({ code, place }) => [code, place.line])).toEqual([
      ['CONFIG_VALUE', 2],
      ['CONFIG_KEY_UNKNOWN', 3],
    ]);
  });
});
