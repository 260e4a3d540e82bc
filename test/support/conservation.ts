import { expect } from 'vitest';
import { fromColumn } from '../../src/decimal.ts';
import type { Database, Row } from '../../src/store/transaction.ts';

/**
 * Fails the test unless every unit is accounted for: each line's buckets make its base quantity, reserved stock is what reservations hold, the ledger
 * makes the counters, work that locations have is what lines have released, and what is asked of them is no more than that.
 */
export async function expectConservation(db: Database): Promise<void> {
  const { lines, stock, allocations, movements, works } = await db.read(async (tx) => ({
    lines: await tx.many('select * from {order_line}'),
    stock: await tx.many('select * from {stock}'),
    allocations: await tx.many(`select * from {allocation} where state in ('firm', 'released')`),
    movements: await tx.many('select * from {stock_movement}'),
    works: await tx.many('select f.location, l.* from {fulfilment_line} l join {fulfilment_order} f on f.id = l.fulfilment_order_id'),
  }));
  const sum = (rows: readonly Row[], column: string): bigint => rows.reduce((total, row) => total + fromColumn(row[column]), 0n);
  for (const line of lines) {
    const parts = ['pending', 'backordered', 'allocated', 'released', 'shipped', 'cancelled', 'rejected'].map((name) => fromColumn(line[name]));
    expect(parts.every((part) => part >= 0n)).toBe(true);
    expect(parts.reduce((total, part) => total + part, 0n)).toBe(fromColumn(line['base']));
    const own = works.filter((work) => work['line_id'] === line['id'] && work['sku'] === line['sku']);
    const outstanding = sum(own, 'quantity') - sum(own, 'shipped') - sum(own, 'short');
    expect(outstanding, `released of line ${String(line['id'])}`).toBe(fromColumn(line['released']));
    // What is no substitute stands for itself, exactly.
    for (const work of own) expect(fromColumn(work['covers'])).toBe(fromColumn(work['quantity']));
    const firm = allocations.filter((each) => each['line_id'] === line['id'] && each['state'] === 'firm');
    expect(sum(firm, 'covers'), `allocated of line ${String(line['id'])}`).toBe(fromColumn(line['allocated']));
  }
  for (const row of stock) {
    const at = (each: Row): boolean => each['sku'] === row['sku'] && each['location'] === row['location'];
    expect(sum(allocations.filter(at), 'quantity'), `allocated of ${String(row['sku'])}`).toBe(fromColumn(row['allocated']));
    for (const counter of ['on_hand', 'allocated', 'on_hold']) expect(sum(movements.filter(at), counter), counter).toBe(fromColumn(row[counter]));
  }
  for (const work of works) {
    expect(fromColumn(work['ask']) <= fromColumn(work['quantity']) - fromColumn(work['shipped']) - fromColumn(work['short'])).toBe(true);
    expect(fromColumn(work['ask']) >= 0n).toBe(true);
  }
}
