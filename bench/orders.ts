/**
 * Allocating and routing: orders a second, memory, and how much worse nearest-first routing is. Usage: `node bench/orders.ts [orders]`.
 * Each order has 20 lines, over 12 locations; batches of 200 are decided at once, each on the whole stock. Every plan is checked.
 */
import { whole } from '../src/decimal.ts';
import { allocate } from '../src/orders/allocate.ts';
import { defaultPolicy } from '../src/orders/allocation.ts';
import type { AllocationInput, AllocationPlan, Demand, LocationFacts, StockRow } from '../src/orders/allocation.ts';

const LINES = 20;
const LOCATIONS = 12;
const ITEMS = 2000;
const BATCH = 200;
const TODAY = '2026-01-05';

/** Numbers below `limit` that are the same in every run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * limit);
  };
}

type World = {
  readonly name: string;
  readonly density: number;
  readonly depth: number;
  readonly stock: readonly StockRow[];
  readonly locations: readonly LocationFacts[];
};

/** `density`: of 100 locations, how many have an item; `depth`: how much they have at most. */
function makeWorld(name: string, density: number, depth: number): World {
  const random = numbers(7);
  const locations = Array.from({ length: LOCATIONS }, (_, n): LocationFacts => ({
    code: `W${n + 1}`,
    priority: 1,
    distance: n,
    fixedCost: whole(40 + random(60)),
    unitCost: BigInt(random(3)) * 100_000n,
    earliestShip: TODAY,
  }));
  const stock = Array.from({ length: ITEMS }, (_, n) => `SKU${n}`).flatMap((sku) =>
    locations.filter(() => random(100) < density).map(({ code }) => ({ sku, location: code, available: whole(1 + random(depth)) })),
  );
  return { name, density, depth, stock, locations };
}

function makeOrders(first: number, count: number, objective: 'splits' | 'cost', random: (limit: number) => number): Demand[] {
  return Array.from({ length: count }, (_, at) => ({
    orderId: first + at,
    poNumber: `PO${first + at}`,
    partner: 'bench',
    class: 2,
    tier: 1 + random(3),
    receivedAt: `2026-01-05T10:${String(random(60)).padStart(2, '0')}:00Z`,
    policy: { ...defaultPolicy, objective, splitPenalty: whole(10) },
    lines: Array.from({ length: LINES }, (_line, index) => ({
      lineId: (first + at) * LINES + index,
      lineNo: index + 1,
      sku: `SKU${random(ITEMS)}`,
      quantity: whole(6 * (1 + random(4))),
      pack: whole([1, 1, 6][random(3)]!),
    })),
  }));
}

/** @throws when a plan takes more than there is, or loses a unit. */
function check(input: AllocationInput, plan: AllocationPlan): void {
  const asked = new Map(input.demands.flatMap((demand) => demand.lines.map((line) => [line.lineId, line.quantity])));
  const taken = new Map<string, bigint>();
  for (const line of plan.lines) {
    if (line.allocated + line.backordered + line.rejected + line.pending !== asked.get(line.lineId)) throw new Error(`line ${line.lineId} does not add up`);
    for (const { sku, location, quantity } of line.reservations) taken.set(`${sku} ${location}`, (taken.get(`${sku} ${location}`) ?? 0n) + quantity);
  }
  for (const { sku, location, available } of input.stock) {
    if ((taken.get(`${sku} ${location}`) ?? 0n) > available) throw new Error(`${sku} at ${location} was taken twice`);
  }
  if (plan.lines.length !== asked.size) throw new Error('lines were lost');
}

/** How many shipments an order becomes when each line is filled from the nearest location that has any, then the next. */
function nearestFirst(world: World, demand: Demand, stock: ReadonlyMap<string, bigint>): number {
  const used = new Set<string>();
  for (const { sku, quantity, pack } of demand.lines) {
    let left = quantity;
    for (const { code } of world.locations) {
      const there = stock.get(`${sku} ${code}`) ?? 0n;
      const taken = ((there < left ? there : left) / pack) * pack;
      if (taken > 0n) used.add(code);
      left -= taken;
    }
  }
  return used.size;
}

function measure(world: World, objective: 'splits' | 'cost', count: number): void {
  const random = numbers(11);
  const stock = new Map(world.stock.map((row) => [`${row.sku} ${row.location}`, row.available]));
  let micros = 0;
  let subsets = 0;
  let shipments = 0;
  let greedy = 0;
  let units = 0n;
  for (let first = 0; first < count; first += BATCH) {
    const demands = makeOrders(first, Math.min(BATCH, count - first), objective, random);
    const input = { today: TODAY, demands, stock: world.stock, locations: world.locations };
    const before = process.cpuUsage();
    const plan = allocate(input);
    const used = process.cpuUsage(before);
    micros += used.user + used.system;
    check(input, plan);
    for (const decision of plan.decisions) {
      subsets += decision.subsets;
      shipments += decision.chosen?.locations.length ?? 0;
    }
    for (const line of plan.lines) units += line.allocated;
    for (const demand of demands) greedy += nearestFirst(world, demand, stock);
  }
  const rate = Math.round(count / (micros / 1e6));
  const each = (value: number): string => (value / count).toFixed(2);
  console.log(
    `${world.name.padEnd(8)} ${objective.padEnd(7)} ${String(rate).padStart(6)} orders/s  ${each(subsets)} sets an order  ` +
      `${each(shipments)} shipments an order; nearest first, without a limit, ${each(greedy)}: ${((greedy / shipments - 1) * 100).toFixed(0)} % more  ${(units / whole(1)).toString()} units`,
  );
}

const count = Number(process.argv[2] ?? 10_000);
const worlds = [makeWorld('plenty', 80, 100_000), makeWorld('normal', 40, 400), makeWorld('scarce', 25, 30)];
measure({ ...worlds[0]!, name: 'warm-up' }, 'splits', 400);
for (const world of worlds) for (const objective of ['splits', 'cost'] as const) measure(world, objective, count);
console.log(`${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most`);
