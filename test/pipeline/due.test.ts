import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal.ts';
import { dueClocks } from '../../src/acts/due.ts';
import { findOverdue } from '../../src/pipeline/deliver/overdue.ts';
import { missedShipDates, needsPerson } from '../../src/store/needs.ts';
import type { Brain } from '../support/brain.ts';
import { openBrain } from '../support/brain.ts';

const HOUR = 3_600_000;
const clocks = async ({ db, config }: Brain) =>
  (await db.read((tx) => dueClocks(tx, config))).map(({ clock, id, partner, dueAt, atRisk }) => [
    clock,
    id,
    partner,
    new Date(dueAt).toISOString().slice(0, 16),
    atRisk,
  ]);

describe('deadline clocks', () => {
  test('an answer is due while nobody says what an item is, with the fine', async () => {
    const brain = await openBrain((partner) =>
      partner.id === 'acme' ? { ...partner, fines: { late855: { value: decimal('150'), unit: 'money' } } } : partner,
    );
    await brain.drop('acme', 'acme/unknown-sku/in.edi');
    expect(await clocks(brain)).toEqual([
      ['acknowledgment', 'outbox:2', 'northwind', '2026-03-02T19:00', undefined],
      ['answer', 'order:1', 'acme', '2026-03-03T15:00', decimal('150')],
      // One working day from Monday, in Chicago.
      ['location', 'order:1', 'northwind', '2026-03-04T06:00', undefined],
      // It names no cancel date: the day on which it is to ship counts.
      ['ship', 'order:1', 'acme', '2026-03-10T05:00', undefined],
    ]);
  });

  test('who missed the day on which goods were to leave is told, until they have left or nobody wants them', async () => {
    const brain = await openBrain();
    await brain.drop('acme', 'acme/over-shipment/in.1.edi');
    const late = async () => brain.db.read((tx) => missedShipDates(tx, 10, brain.now()));
    brain.advance(8 * 24 * HOUR);
    expect(await late()).toEqual([]);
    brain.advance(24 * HOUR);
    expect(await late()).toMatchObject([
      { id: 'order:1', partner: 'acme', code: 'SHIP_DATE_MISSED', detail: expect.stringMatching(/not all of it has left by 2026-03-09/) },
    ]);
    await brain.drop('northwind', 'acme/over-shipment/in.2.northwind.945.edi');
    expect(await late()).toEqual([]);
  });

  test('goods are due at the end of the cancel date in the partner’s zone, a percentage of them is at risk, and a warehouse reports the day it ships', async () => {
    const brain = await openBrain((partner) =>
      partner.id === 'acme' ? { ...partner, fines: { lateShipment: { value: decimal('3'), unit: 'percent' } } } : partner,
    );
    await brain.drop('acme', 'acme/over-shipment/in.1.edi', (text) => text.replace('DTM*010*20260309~', 'DTM*001*20260309~'));
    expect(await clocks(brain)).toEqual([
      ['acknowledgment', 'outbox:3', 'northwind', '2026-03-02T19:00', undefined],
      ['acknowledgment', 'outbox:2', 'acme', '2026-03-03T15:00', undefined],
      ['location', 'order:1', 'northwind', '2026-03-04T06:00', undefined],
      // The clocks change on 8 March: midnight is at 05:00 UTC. 48 × 6.25 = 300.00, of which 3 %.
      ['ship', 'order:1', 'acme', '2026-03-10T05:00', decimal('9')],
    ]);
  });

  test('the buyer is to say who picks up in time, until they have said it', async () => {
    const brain = await openBrain();
    const routing = async () => (await clocks(brain)).filter(([clock]) => clock === 'routing');
    await brain.drop('acme', 'acme/collect/in.1.edi');
    expect(await routing()).toEqual([['routing', 'order:1', 'acme', '2026-03-05T15:00', undefined]]);
    // It stays on the list when its time is over.
    brain.advance(90 * HOUR);
    expect(await routing()).toHaveLength(1);
    await brain.drop('acme', 'acme/collect/in.2.754.edi');
    expect(await routing()).toEqual([]);
  });

  test('a change waits for its order as long as the partner says, then a person is told; it goes on when the order comes all the same (L9)', async () => {
    const brain = await openBrain((partner) => (partner.id === 'acme' ? { ...partner, missingOrder: { within: 6 * HOUR } } : partner));
    await brain.drop('acme', 'acme/change-before-order/in.1.edi');
    const missing = async () => (await clocks(brain)).filter(([clock]) => clock === 'order');
    const codes = async () => (await brain.db.read((tx) => needsPerson(tx, 10))).map(({ code }) => code);
    expect(await missing()).toEqual([['order', 'document:1', 'acme', '2026-03-02T21:00', undefined]]);
    brain.advance(6 * HOUR - 1);
    expect(await findOverdue(brain.context)).toBe(0);
    expect(await codes()).toEqual(['ORDER_UNKNOWN']);
    brain.advance(1);
    expect(await findOverdue(brain.context)).toBe(1);
    expect(await findOverdue(brain.context)).toBe(0);
    expect(await codes()).toEqual(['ORDER_MISSING']);
    expect(await missing()).toHaveLength(1);
    await brain.drop('acme', 'acme/change-before-order/in.2.edi');
    expect(await missing()).toEqual([]);
    expect(await codes()).toEqual([]);
  });

  test('a notice that is held or rejected runs against the arrival of the goods', async () => {
    const brain = await openBrain((partner) =>
      partner.id === 'acme'
        ? {
            ...partner,
            shipNotice: { ...partner.shipNotice, sscc: 'required', within: 48 * HOUR, beforeDelivery: HOUR },
            fines: { late856: { value: decimal('10'), unit: 'percent' } },
          }
        : partner,
    );
    await brain.drop('acme', 'acme/over-shipment/in.1.edi');
    await brain.drop('northwind', 'acme/over-shipment/in.2.northwind.945.edi', (text) =>
      text
        .replace(/MAN.*\n/, '')

        .replace('G62*11*20260302~', 'G62*11*20260302~\nG62*17*20260303~'),
    );
    const found = (await clocks(brain)).filter(([clock]) => clock === 'ship-notice');
    expect(found).toEqual([['ship-notice', expect.stringMatching(/^outbox:/), 'acme', '2026-03-03T05:00', decimal('30')]]);
  });
});
