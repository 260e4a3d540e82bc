import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '../../src/orders/dates.ts';
import { acceptingSince, localTime, releaseBy, shipDays } from '../../src/orders/windows.ts';
import type { ShippingCalendar } from '../../src/orders/windows.ts';

const calendar = (facts: Partial<ShippingCalendar> = {}): ShippingCalendar => ({
  timezone: 'America/Chicago',
  workdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  holidays: [],
  leadDays: 0,
  ...facts,
});
/** 14:05 on Wednesday 5 March 2025 in Chicago. */
const fivePastTwo = Date.parse('2025-03-05T20:05:00Z');

describe('shipping days', () => {
  it('S15: a cut-off decides which day an order is for', () => {
    expect(localTime(fivePastTwo, 'America/Chicago')).toEqual({ date: '2025-03-05', time: '14:05' });
    expect(shipDays(calendar({ cutOff: '14:00' }), fivePastTwo)?.earliestShip).toBe('2025-03-06');
    expect(shipDays(calendar({ cutOff: '14:05' }), fivePastTwo)?.earliestShip).toBe('2025-03-05');
    expect(shipDays(calendar({ cutOff: '17:00' }), fivePastTwo)).toEqual({ earliestShip: '2025-03-05', nextShip: '2025-03-06' });
  });

  it('counts in the zone of the location', () => {
    const late = Date.parse('2025-03-06T03:30:00Z');
    expect(shipDays(calendar(), late)?.earliestShip).toBe('2025-03-05');
    expect(shipDays(calendar({ timezone: 'Asia/Tokyo' }), late)?.earliestShip).toBe('2025-03-06');
  });

  it('keeps the time of day over a change of clocks', () => {
    const cut = calendar({ cutOff: '14:00', workdays: ['sun', 'mon', 'sat'] });
    expect(shipDays(cut, Date.parse('2025-03-08T19:59:00Z'))?.earliestShip).toBe('2025-03-08');
    expect(shipDays(cut, Date.parse('2025-03-09T18:59:00Z'))?.earliestShip).toBe('2025-03-09');
    expect(shipDays(cut, Date.parse('2025-03-09T19:01:00Z'))?.earliestShip).toBe('2025-03-10');
  });

  it('passes over weekends and holidays, and counts lead days in workdays', () => {
    const friday = Date.parse('2025-03-07T23:00:00Z');
    expect(shipDays(calendar({ cutOff: '14:00' }), friday)?.earliestShip).toBe('2025-03-10');
    expect(shipDays(calendar({ cutOff: '14:00', holidays: ['2025-03-10'] }), friday)).toEqual({ earliestShip: '2025-03-11', nextShip: '2025-03-12' });
    expect(shipDays(calendar({ leadDays: 2 }), friday)?.earliestShip).toBe('2025-03-11');
    expect(shipDays(calendar({ workdays: [] }), friday)).toBeUndefined();
  });

  it('counts what a location took from its last cut-off on a working day', () => {
    const since = (facts: Partial<ShippingCalendar>, instant: string): string => new Date(acceptingSince(calendar(facts), Date.parse(instant))).toISOString();
    // Wednesday at 13:59 and at 14:01 in Chicago.
    expect(since({ cutOff: '14:00' }, '2025-03-05T19:59:00Z')).toBe('2025-03-04T20:00:00.000Z');
    expect(since({ cutOff: '14:00' }, '2025-03-05T20:01:00Z')).toBe('2025-03-05T20:00:00.000Z');
    // What is given from Friday's cut-off to Monday's ships on Monday.
    expect(since({ cutOff: '14:00' }, '2025-03-08T23:00:00Z')).toBe('2025-03-07T20:00:00.000Z');
    expect(since({ cutOff: '14:00' }, '2025-03-10T18:00:00Z')).toBe('2025-03-07T20:00:00.000Z');
    expect(since({}, '2025-03-05T20:01:00Z')).toBe('2025-03-05T06:00:00.000Z');
    // A Sunday on which the clocks went forward at two.
    expect(since({ cutOff: '14:00', workdays: ['sun'] }, '2025-03-09T20:00:00Z')).toBe('2025-03-09T19:00:00.000Z');
  });

  it('tells when a location must be told at the latest', () => {
    expect(releaseBy(calendar({ leadDays: 2 }), '2025-03-11')).toBe('2025-03-07');
    expect(releaseBy(calendar({ leadDays: 1, holidays: ['2025-03-10'] }), '2025-03-09')).toBe('2025-03-06');
  });
});

it('counts days over months and leap days', () => {
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  expect(addDays('2025-01-01', -1)).toBe('2024-12-31');
  expect(daysBetween('2025-03-08', '2025-03-10')).toBe(2);
});
