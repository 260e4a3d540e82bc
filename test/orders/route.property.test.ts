import fc from 'fast-check';
import { expect, it } from 'vitest';
import { whole } from '../../src/decimal.ts';
import { route } from '../../src/orders/route.ts';
import type { RouteNode, RouteRules, Want } from '../../src/orders/route.ts';
import { binomial } from '../../src/orders/subsets.ts';

type Place = { fixed: number; unit: number; late: number };
type Wanted = { need: number; pack: number; weight: number; stock: readonly number[] };
type Instance = {
  places: readonly Place[];
  wants: readonly Wanted[];
  /** Whether the first two wants are served by one place, in full or not at all. */
  together: boolean;
  rules: { objective: 'splits' | 'cost'; max: number; penalty: number; late: number; split: boolean };
};

const places = fc.array(fc.record({ fixed: fc.nat(9), unit: fc.nat(3), late: fc.nat(2) }), { minLength: 1, maxLength: 5 });
const instances: fc.Arbitrary<Instance> = places.chain((nodes) =>
  fc.record({
    places: fc.constant(nodes),
    wants: fc.array(
      fc.record({
        need: fc.nat(6),
        pack: fc.integer({ min: 1, max: 3 }),
        weight: fc.integer({ min: 1, max: 3 }),
        stock: fc.array(fc.nat(6), { minLength: nodes.length, maxLength: nodes.length }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    together: fc.boolean(),
    rules: fc.record({
      objective: fc.constantFrom('splits' as const, 'cost' as const),
      max: fc.integer({ min: 1, max: 5 }),
      penalty: fc.nat(4),
      late: fc.nat(2),
      split: fc.boolean(),
    }),
  }),
);

/** The best fill of one want from these nodes, and the least it costs: every division of it into packs is tried. */
function tryAll(instance: Instance, want: Wanted, open: readonly number[]): { fill: number; cost: number } {
  const need = Math.floor(want.need / want.pack) * want.pack;
  let best = { fill: 0, cost: 0 };
  const go = (at: number, fill: number, cost: number): void => {
    if (fill > best.fill || (fill === best.fill && cost < best.cost)) best = { fill, cost };
    if (at === open.length) return;
    const most = Math.min(want.stock[open[at]!]!, need - fill);
    for (let taken = 0; taken <= most; taken += want.pack) {
      if (!instance.rules.split && taken !== 0 && taken !== need) continue;
      go(at + 1, fill + taken, cost + taken * instance.places[open[at]!]!.unit);
    }
  };
  go(0, 0, 0);
  return best;
}

/** The cheapest of these nodes that has all of each of the wants. */
function tryTogether(instance: Instance, wants: readonly Wanted[], open: readonly number[]): readonly { fill: number; cost: number; weight: number }[] {
  const needs = wants.map((want) => Math.floor(want.need / want.pack) * want.pack);
  const able = open.filter((n) => wants.every((want, at) => want.stock[n]! >= needs[at]!));
  if (able.length === 0) return [];
  const unit = Math.min(...able.map((n) => instance.places[n]!.unit));
  return wants.map((want, at) => ({ fill: needs[at]!, cost: needs[at]! * unit, weight: want.weight }));
}

function bruteForce(instance: Instance): readonly number[] {
  const { rules } = instance;
  let best: readonly number[] | undefined;
  for (let mask = 0; mask < 1 << instance.places.length; mask++) {
    const open = instance.places.map((_, n) => n).filter((n) => mask & (1 << n));
    if (open.length > rules.max) continue;
    const bound = instance.together ? instance.wants.slice(0, 2) : [];
    const free = instance.wants.slice(bound.length);
    const fills = [...tryTogether(instance, bound, open), ...free.map((want) => ({ ...tryAll(instance, want, open), weight: want.weight }))];
    const fill = fills.reduce((sum, entry) => sum + entry.fill * entry.weight, 0);
    const own = open.reduce((sum, n) => sum + instance.places[n]!.fixed + rules.late * instance.places[n]!.late, 0);
    const cost = own + rules.penalty * Math.max(0, open.length - 1) + fills.reduce((sum, entry) => sum + entry.cost, 0);
    const key = rules.objective === 'splits' ? [-fill, open.length, cost] : [-fill, cost, open.length];
    if (!best || less(key, best)) best = key;
  }
  return best!;
}

function less(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && a[at]! < b[at]!;
}

it('finds what trying everything finds', () => {
  let served = 0;
  fc.assert(
    fc.property(instances, (instance) => {
      const nodes = instance.places.map((place, n): RouteNode => ({
        code: `N${n}`,
        priority: 1,
        distance: n,
        fixedCost: whole(place.fixed),
        unitCost: whole(place.unit),
        lateDays: place.late,
      }));
      const wants = instance.wants.map((want, at): Want => ({
        group: instance.together && at < 2 ? 0 : undefined,
        need: whole(want.need),
        pack: whole(want.pack),
        weight: BigInt(want.weight),
        available: want.stock.map(whole),
        scarcity: want.stock.map(() => 0n),
      }));
      const rules: RouteRules = {
        objective: instance.rules.objective,
        maxShipments: instance.rules.max,
        splitPenalty: whole(instance.rules.penalty),
        latePenalty: whole(instance.rules.late),
        regretLimit: 0n,
        splitLines: instance.rules.split,
      };
      const { chosen, takes, exact } = route(nodes, wants, rules);
      const [fill, ...rest] = bruteForce(instance);
      expect(exact).toBe(true);
      if (!chosen) {
        expect(fill! + 0).toBe(0);
        return;
      }
      served++;
      const cost = Number(chosen.cost / whole(1));
      const found = rules.objective === 'splits' ? [chosen.nodes.length, cost] : [cost, chosen.nodes.length];
      expect([-Number(chosen.fill / whole(1)), ...found]).toEqual([fill, ...rest]);
      const taken = takes.reduce((sum, take) => sum + take.quantity * wants[take.want]!.weight, 0n);
      expect(taken).toBe(chosen.fill);
      expect(new Set(takes.map((take) => take.node))).toEqual(new Set(chosen.nodes));
    }),
    { numRuns: 10_000 },
  );
  expect(served).toBeGreaterThan(5000);
});

it('counts sets', () => {
  expect([1, 2, 3, 4].map((size) => binomial(12, size))).toEqual([12, 66, 220, 495]);
  expect([0, 5, 6, -1].map((size) => binomial(5, size))).toEqual([1, 1, 0, 0]);
});

it('keeps to the most useful locations when there are too many to try, and says so', () => {
  const nodes = Array.from({ length: 40 }, (_, n): RouteNode => ({ code: `N${n}`, priority: 1, distance: n, fixedCost: 0n, unitCost: 0n, lateDays: 0 }));
  const want: Want = { need: whole(4), pack: whole(1), weight: 1n, available: nodes.map(() => whole(1)), scarcity: nodes.map(() => 0n) };
  const rules: RouteRules = { objective: 'splits', maxShipments: 4, splitPenalty: 0n, latePenalty: 0n, regretLimit: 0n, splitLines: true };
  expect(route(nodes, [want], rules)).toMatchObject({ exact: false, subsets: 793, chosen: { nodes: [0, 1, 2, 3], fill: whole(4) } });
});
