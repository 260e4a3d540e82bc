import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Asked, MOST_VALUES, takeTrip } from '../../src/store/mssql-trip.ts';

const asked = (sql: string, values: number, gives: Asked['gives']): Asked => ({
  sql,
  values: Array.from({ length: values }, () => 1),
  gives,
  done: () => undefined,
  failed: () => undefined,
});

test('what waits goes in its order, as much in a trip as a request takes, and what goes alone goes alone', () => {
  const one = fc.tuple(fc.integer({ min: 0, max: MOST_VALUES }), fc.constantFrom<Asked['gives']>('rows', 'nothing', 'alone'));
  fc.assert(
    fc.property(fc.array(one, { maxLength: 40 }), (given) => {
      const all = given.map(([values, gives], at) => asked(String(at), gives === 'alone' ? 0 : values, gives));
      const queue = [...all];
      const trips: (readonly Asked[])[] = [];
      while (queue.length > 0) trips.push(takeTrip(queue));
      expect(trips.flat()).toEqual(all);
      for (const [at, trip] of trips.entries()) {
        const values = trip.reduce((sum, each) => sum + each.values.length, 0);
        expect(values).toBeLessThanOrEqual(MOST_VALUES);
        if (trip.some(({ gives }) => gives === 'alone')) expect(trip).toHaveLength(1);
        // Nothing that would have gone with it is left for the next.
        const next = trips[at + 1]?.[0];
        if (next && next.gives !== 'alone' && trip[0]!.gives !== 'alone') expect(values + next.values.length).toBeGreaterThan(MOST_VALUES);
      }
    }),
  );
});
