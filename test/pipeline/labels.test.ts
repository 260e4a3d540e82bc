import { describe, expect, test } from 'vitest';
import { needsPerson } from '../../src/store/needs.ts';
import type { Brain } from '../support/brain.ts';
import { openBrain } from '../support/brain.ts';

const DAY = 86_400_000;
const pallet = '007318820000009903';
const stories = 'acme/label-used-before';

/** A 945 of the story with its carton on the pallet, and that carton's label, its bill of lading or the day changed. */
function onPallet(changes: Readonly<Record<string, string>> = {}): (text: string) => string {
  return (text) => {
    const changed = Object.entries(changes).reduce((result, [from, to]) => result.replaceAll(from, to), text);
    return changed.replace(/(MAN\*GM\*\d+~)/, `$1\nMAN*W*${pallet}~`).replace('SE*12*', 'SE*13*');
  };
}

async function shipTwice(second: Readonly<Record<string, string>>, { after = 0, shared = false } = {}): Promise<{ brain: Brain; kinds: readonly string[] }> {
  const brain = await openBrain((partner) =>
    partner.id === 'acme' && shared ? { ...partner, shipNotice: { ...partner.shipNotice, billOfLading: 'shared' } } : partner,
  );
  await brain.drop('acme', `${stories}/in.1.edi`);
  await brain.drop('northwind', `${stories}/in.4.northwind.945.edi`, onPallet());
  brain.advance(after);
  await brain.drop('acme', `${stories}/in.2.edi`);
  const sent = await brain.drop('northwind', `${stories}/in.5.northwind.945.edi`, onPallet({ '007318820000001402': '007318820000001419', ...second }));
  return { brain, kinds: sent.map(({ kind }) => kind).toSorted() };
}

describe('the SSCC of a pallet', () => {
  test('on another load within 12 months holds the notice', async () => {
    const { brain, kinds } = await shipTwice({});
    expect(kinds).toEqual(['acknowledgment']);
    expect(await brain.db.read((tx) => needsPerson(tx, 10))).toMatchObject([
      { code: 'CONVERSATION_BROKEN', detail: expect.stringMatching(new RegExp(`${pallet} / shipment BLNW-7001 of acme 4500015000$`)) },
    ]);
  });

  test('may hold cartons of several orders that leave under one bill of lading', async () => {
    const { kinds } = await shipTwice({ 'N9*BM*BLNW-7002': 'N9*BM*BLNW-7001' }, { shared: true });
    expect(kinds).toContain('shipment');
  });

  test('may be used again after 12 months', async () => {
    const { kinds } = await shipTwice({ '20260302': '20270304' }, { after: 367 * DAY });
    expect(kinds).toContain('shipment');
  });
});
