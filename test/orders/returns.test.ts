import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, whole } from '../../src/decimal.ts';
import { extension } from '../../src/orders/buyers-unit.ts';
import { authoriseReturn, checkInspection, creditFor } from '../../src/orders/returns.ts';
import { orderLine } from './state.ts';

const none = { authorised: 0n, credited: 0n };

describe('returns (L22)', () => {
  const line = orderLine(1, '60', { shipped: 54, pending: 6 }, { invoiced: whole(54), price: decimal('3.3333') });

  it('authorises no more than shipped and is not on its way back already', () => {
    expect(authoriseReturn(line, whole(10), none)).toEqual({ answer: 'authorised', quantity: whole(10) });
    expect(authoriseReturn(line, whole(60), none)).toEqual({ answer: 'in-part', quantity: whole(54), because: 'more-than-shipped' });
    expect(authoriseReturn(line, whole(1), { ...none, authorised: whole(54) })).toMatchObject({ answer: 'denied', because: 'more-than-shipped' });
    expect(authoriseReturn(orderLine(1, '5', { pending: 5 }), whole(1), none)).toMatchObject({ answer: 'denied', because: 'nothing-shipped' });
    expect(authoriseReturn(line, whole(1), none, { daysSinceShipment: 31, allowedDays: 30 })).toMatchObject({ because: 'too-late' });
    expect(authoriseReturn(line, whole(-1), none)).toMatchObject({ because: 'not-positive' });
  });

  it('wants every received unit inspected', () => {
    expect(checkInspection(whole(10), { restock: whole(6), quarantine: whole(1), scrap: whole(3) })).toEqual({ ok: true });
    expect(checkInspection(whole(10), { restock: whole(6), quarantine: 0n, scrap: whole(3) })).toMatchObject({ ok: false });
    expect(checkInspection(whole(3), { restock: whole(6), quarantine: 0n, scrap: whole(-3) })).toMatchObject({ ok: false });
  });

  it('credits the invoiced price less the fee', () => {
    expect(creditFor(line, whole(7), none, whole(10))).toEqual({ quantity: whole(7), paid: decimal('23.33'), fee: decimal('2.33'), amount: decimal('21.00') });
    expect(creditFor(line, whole(60), { ...none, credited: whole(50) })).toMatchObject({ quantity: whole(4) });
    expect(creditFor(line, whole(1), { ...none, credited: whole(54) })).toBeUndefined();
    expect(creditFor({ ...line, price: undefined }, whole(1), none)).toBeUndefined();
  });

  it('never gives back more than was paid, in however many parts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 10 }), fc.bigInt(1n, 10_000_000n), (parts, price) => {
        const sold = orderLine(1, '54', { shipped: 54 }, { invoiced: whole(54), price });
        let credited = 0n;
        let amount = 0n;
        for (const part of parts) {
          const credit = creditFor(sold, whole(part), { authorised: 0n, credited });
          credited += credit?.quantity ?? 0n;
          amount += credit?.amount ?? 0n;
        }
        expect(amount).toBe(extension(sold, credited));
        expect(amount).toBeLessThanOrEqual(extension(sold, whole(54))!);
      }),
    );
  });
});
