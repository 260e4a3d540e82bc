import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromColumn } from '../../src/decimal.ts';
import type { Brain } from '../support/brain.ts';
import { openBrain } from '../support/brain.ts';
import { expectConservation } from '../support/conservation.ts';
import { adjusted, change, counted, order, received, shipped } from '../support/x12-text.ts';
import { patience } from '../support/test-server.ts';

const BOWL = 'HL-BWL-01';
const HOUR = 3_600_000;

type Event =
  | { readonly kind: 'order'; readonly bowls: number; readonly mugs: number; readonly window: boolean }
  | { readonly kind: 'change'; readonly which: number; readonly bowls: number }
  | { readonly kind: 'cancel'; readonly which: number }
  | { readonly kind: 'ship'; readonly which: number; readonly percent: number; readonly last: boolean }
  | { readonly kind: 'receive' | 'count'; readonly bowls: number }
  | { readonly kind: 'adjust'; readonly bowls: number }
  | { readonly kind: 'wait'; readonly hours: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('order' as const), bowls: fc.integer({ min: 1, max: 60 }), mugs: fc.integer({ min: 1, max: 40 }), window: fc.boolean() }),
  fc.record({ kind: fc.constant('change' as const), which: fc.nat(), bowls: fc.integer({ min: 0, max: 80 }) }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('ship' as const), which: fc.nat(), percent: fc.integer({ min: 0, max: 110 }), last: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('receive' as const, 'count' as const), bowls: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ kind: fc.constant('adjust' as const), bowls: fc.integer({ min: -50, max: 20 }) }),
  fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }),
);

test(
  'whatever buyers change, warehouses ship, and stock does, every unit is accounted for and every change is answered once',
  { timeout: 120_000 * patience },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 12 }), async (events) => {
        const brain = await openBrain();
        for (const [index, each] of [order1, ...events].entries()) {
          brain.advance(60_000);
          await play(brain, each, index);
          await expectConservation(brain.db);
        }
        // Each change may wait for the one before it, and each of them a day for the locations that it asks.
        for (let days = 0; days < 12 + events.length; days++) {
          brain.advance(26 * HOUR);
          await brain.run();
        }
        await expectConservation(brain.db);
        const { open, answers, parked } = await brain.db.read(async (tx) => ({
          open: await tx.many('select id from {order_change} where answered_at is null'),
          answers: await tx.many(`select unique_key, count(*) as n from {outbox} where kind = 'order-change-response' group by unique_key having count(*) > 1`),
          parked: await tx.many(`select reason, detail from {document} where status = 'parked' and reason in ('INTERNAL', 'CHANGE_WAITING')`),
        }));
        expect({ open, answers, parked }).toEqual({ open: [], answers: [], parked: [] });
      }),
      { numRuns: 12 },
    );
  },
);

const order1: Event = { kind: 'order', bowls: 40, mugs: 12, window: false };

async function play(brain: Brain, each: Event, index: number): Promise<void> {
  const drop = (partner: string, text: string) => brain.drop(partner, 'acme/happy-path/in.edi', () => text);
  const orders = await brain.db.read((tx) => tx.many('select po_number from {sales_order} order by id'));
  const numberOf = (which: number): string => String(orders[which % orders.length]!['po_number']);
  switch (each.kind) {
    case 'order': {
      const more = each.window ? ['CSH*BK', 'DTM*037*20260306', 'DTM*001*20260309'] : ['CSH*BK'];
      await drop(
        'acme',
        order(
          `PO${index}`,
          [
            { quantity: each.bowls, item: '1003' },
            { quantity: each.mugs, item: '1002' },
          ],
          more,
        ),
      );
      return;
    }
    case 'change':
      await drop('acme', change(numberOf(each.which), [`POC*1*CA*${each.bowls}*${each.bowls}*EA`], { sequence: String(index) }));
      return;
    case 'cancel':
      await drop('acme', change(numberOf(each.which), [], { purpose: '01', sequence: String(index) }));
      return;
    case 'ship':
      await ship(brain, each, index, drop);
      return;
    case 'receive':
      await drop('northwind', received(`R${index}`, [[BOWL, each.bowls]]));
      return;
    case 'count':
      await drop('northwind', counted(`C${index}`, String(600 + index).padStart(4, '0'), [[BOWL, each.bowls]], 'partial'));
      return;
    case 'adjust':
      if (each.bowls !== 0) await drop('northwind', adjusted(`A${index}`, [[BOWL, each.bowls]]));
      return;
    case 'wait':
      brain.advance(each.hours * HOUR);
      await brain.run();
  }
}

async function ship(
  brain: Brain,
  each: Extract<Event, { kind: 'ship' }>,
  index: number,
  drop: (partner: string, text: string) => Promise<unknown>,
): Promise<void> {
  const works = await brain.db.read((tx) =>
    tx.many(
      `select f.number, f.id, o.po_number from {fulfilment_order} f join {sales_order} o on o.id = f.order_id
        where f.location = 'NW' and f.state in ('queued', 'part-shipped') order by f.id`,
    ),
  );
  if (works.length === 0) return;
  const work = works[each.which % works.length]!;
  const lines = await brain.db.read((tx) => tx.many('select * from {fulfilment_line} where fulfilment_order_id = ? order by id', [work['id'] as number]));
  const told = lines.map((line) => {
    const left = (fromColumn(line['quantity']) - fromColumn(line['shipped']) - fromColumn(line['short'])) / 1_000_000n;
    return [String(line['line_ref']), String(line['sku']), (left * BigInt(each.percent)) / 100n, each.last ? 'CL' : 'PR'] as const;
  });
  await drop('northwind', shipped(String(work['number']), String(work['po_number']), `BL${index}`, told));
}
