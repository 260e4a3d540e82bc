import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStabilityGate, sentinelFor } from '../../src/transports/stability.ts';
import type { Entry } from '../../src/transports/transport.ts';

const entry = (name: string, size = 1, modifiedAt = 0, id = '1'): Entry => ({ name, size, modifiedAt, id });

describe('the stability gate', () => {
  it('fault/C1 lets a file through after two equal listings and the quiet time', () => {
    const gate = makeStabilityGate({ quietMs: 5000 });
    const a = entry('a');
    expect(gate([a], 0)).toEqual([]);
    expect(gate([a], 4999)).toEqual([]);
    expect(gate([a], 5000)).toEqual([a]);
  });

  it('needs a second listing however late the first was', () => {
    const gate = makeStabilityGate({ quietMs: 10 });
    expect(gate([entry('a')], 1_000_000)).toEqual([]);
    expect(gate([entry('a')], 1_000_010)).toHaveLength(1);
  });

  it('starts anew with every change of size, time or identity, and after an absence', () => {
    for (const other of [entry('a', 2), entry('a', 1, 5), entry('a', 1, 0, '2'), undefined]) {
      const gate = makeStabilityGate({ quietMs: 10 });
      gate([entry('a')], 0);
      gate(other === undefined ? [] : [other], 9);
      expect(gate([other ?? entry('a')], 18)).toEqual([]);
      expect(gate([other ?? entry('a')], 28)).toHaveLength(1);
    }
  });

  it('fault/B16 does not care for what time the file claims, nor for a clock set back', () => {
    const gate = makeStabilityGate({ quietMs: 10 });
    const future = entry('a', 1, 9e15);
    gate([future], 1000);
    expect(gate([future], 500)).toEqual([]);
    expect(gate([future], 510)).toEqual([future]);
  });

  it('without a quiet time takes what is listed', () => {
    expect(makeStabilityGate({ quietMs: 0 })([entry('a')], 0)).toHaveLength(1);
  });

  it('fault/C21 waits for the sentinel and for nothing else', () => {
    const gate = makeStabilityGate({ quietMs: 5000, sentinel: '.done' });
    const listing = [entry('a.edi'), entry('b.edi'), entry('b.edi.done'), entry('c.edi.done')];
    expect(gate(listing.slice(0, 1), 0)).toEqual([]);
    expect(gate(listing, 1)).toEqual([listing[1]]);
    expect(sentinelFor(listing, listing[1]!, '.done')).toEqual(listing[2]);
    expect(sentinelFor(listing, listing[0]!, '.done')).toBeUndefined();
  });

  it('never lets a file through that changed within the quiet time', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 8 }), grows: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const gate = makeStabilityGate({ quietMs: 10 });
        let now = 0;
        let size = 0;
        let changedAt = 0;
        for (const { wait, grows } of steps) {
          now += wait;
          if (grows) {
            size += 1;
            changedAt = now;
          }
          for (const ready of gate([entry('a', size)], now)) {
            expect(ready.size).toBe(size);
            expect(now - changedAt).toBeGreaterThanOrEqual(10);
          }
        }
      }),
    );
  });
});
