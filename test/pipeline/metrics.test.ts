import { expect, test } from 'vitest';
import { measure } from '../../src/acts/metrics.ts';
import type { Brain } from '../support/brain.ts';
import { openBrain } from '../support/brain.ts';

const HOUR = 3_600_000;
const look = ({ db, now }: Brain, since = 0, partner?: string) => measure(db, since, now(), partner);

/** Each figure that has something to count, as percent: as the program counts it, and as the view for other programs does. */
async function inProgram(brain: Brain): Promise<Readonly<Record<string, number>>> {
  const { touchless, unitFill, lineFill, accurate, onTime, inFull, onTimeInFull, answersInTime, noticesInTime, returned } = await look(brain);
  const shares = {
    touchless,
    unit_fill: unitFill,
    line_fill: lineFill,
    accurate,
    on_time: onTime,
    in_full: inFull,
    on_time_in_full: onTimeInFull,
    answers_in_time: answersInTime,
    notices_in_time: noticesInTime,
    returned,
  };
  return Object.fromEntries(
    Object.entries(shares)
      .filter(([, { whole }]) => whole > 0n)
      .map(([name, { part, whole }]) => [name, (Number(part) * 100) / Number(whole)]),
  );
}
async function inSql({ db }: Brain): Promise<Readonly<Record<string, number>>> {
  const rows = await db.read((tx) => tx.many('select metric, sum(part) as part, sum(whole) as whole from {v_metric} group by metric'));
  return Object.fromEntries(
    rows.filter((row) => Number(row['whole']) > 0).map((row) => [String(row['metric']), (Number(row['part']) * 100) / Number(row['whole'])]),
  );
}

test('metrics of orders that ship in full, over, short of stock and not at all', async () => {
  const brain = await openBrain();
  // Shipped 50 of 48 after two hours; the day before its requested day.
  await brain.drop('acme', 'acme/over-shipment/in.1.edi');
  brain.advance(2 * HOUR);
  await brain.drop('northwind', 'acme/over-shipment/in.2.northwind.945.edi');
  const one = await look(brain);
  expect(one).toMatchObject({
    orders: 1,
    touchless: { part: 1n, whole: 1n },
    unitFill: { part: 48_000_000n, whole: 48_000_000n },
    lineFill: { part: 1n, whole: 1n },
    onTimeInFull: { part: 1n, whole: 1n },
    accurate: { part: 0n, whole: 1n },
    answersInTime: { part: 1n, whole: 1n },
    noticesInTime: { part: 1n, whole: 1n },
    returned: { part: 0n, whole: 50_000_000n },
    fulfilment: { median: 2 * HOUR, longest: 2 * HOUR },
    unfilled: [],
  });
  // An unknown item: a person is needed, and a day later the answer was late.
  await brain.drop('acme', 'acme/unknown-sku/in.edi');
  expect((await look(brain)).unfilled).toEqual([{ reason: 'SKU_UNKNOWN', lines: 1, units: expect.any(BigInt) }]);
  expect((await look(brain)).touchless).toEqual({ part: 1n, whole: 2n });
  expect((await look(brain)).answersInTime).toEqual({ part: 1n, whole: 1n });
  brain.advance(25 * HOUR);
  expect((await look(brain)).answersInTime).toEqual({ part: 1n, whole: 2n });
  expect(await inSql(brain)).toEqual(await inProgram(brain));
  expect(await look(brain, brain.now())).toMatchObject({ orders: 0, fulfilment: undefined });
  expect(await look(brain, 0, 'bluebird')).toMatchObject({ orders: 0 });
});
