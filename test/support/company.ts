import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/types.ts';
import { formatDecimal, fromColumn } from '../../src/decimal.ts';
import type { PipelineContext } from '../../src/pipeline/context.ts';
import type { ImportContext } from '../../src/acts/import-items.ts';
import { importItems } from '../../src/acts/import-items.ts';
import { importStock } from '../../src/acts/import-stock.ts';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import type { DatabaseSettings } from '../../src/store/database.ts';
import type { Database } from '../../src/store/transaction.ts';
import { configOf, edit, home, sampleCompany } from '../cli/support.ts';
import { freshSettings } from './database.ts';

export type Company = {
  readonly db: Database;
  readonly config: Config;
  readonly settings: DatabaseSettings;
  readonly context: PipelineContext;
  readonly advance: (milliseconds: number) => void;
  /** Puts a file of a partner into its channel; nothing is done with it before `run`. */
  readonly give: (partner: string, text: string) => Promise<void>;
  readonly run: () => Promise<readonly RehearsedFile[]>;
  readonly importing: (file: string) => ImportContext;
  /** The buckets of each line of an order that hold something: `released 60, backordered 24`. */
  readonly lines: (poNumber: string) => Promise<readonly string[]>;
};

const buckets = ['pending', 'backordered', 'allocated', 'released', 'shipped', 'cancelled', 'rejected'] as const;

/** The sample company with its items, whatever the changes make of its partner files, and only this stock (`sku,location,on_hand` rows), on a clock that stands. */
export async function openCompany(stock: readonly string[], changes: Readonly<Record<string, (text: string) => string>> = {}): Promise<Company> {
  const folder = await sampleCompany();
  for (const [name, change] of Object.entries(changes)) await edit(folder, name, change);
  const loaded = await loadConfig(configOf(folder));
  if (!loaded.config) throw new Error(JSON.stringify(loaded.problems));
  const config = loaded.config;
  let now = Date.parse('2026-03-02T15:00:00Z');
  const settings = await freshSettings();
  const rehearsal = await openRehearsal(config, settings, () => now);
  onTestFinished(() => rehearsal.close());
  const { db } = rehearsal;
  const importing = (name: string): ImportContext => ({ db, config, now, file: name });
  await importItems(importing('items.csv'), await readFile(join(home, 'samples', 'master', 'items.csv')));
  if (stock.length > 0) await importStock(importing('stock.csv'), Buffer.from(['sku,location,on_hand', ...stock, ''].join('\n')));
  let count = 0;
  return {
    db,
    config,
    settings,
    context: rehearsal.context,
    advance: (milliseconds) => void (now += milliseconds),
    give: async (partner, text) => void (await rehearsal.give(partner, `${++count}.edi`, Buffer.from(text, 'latin1'))),
    run: rehearsal.run,
    importing,
    lines: async (poNumber) => {
      const rows = await db.read((tx) =>
        tx.many('select l.* from {order_line} l join {sales_order} o on o.id = l.order_id where o.po_number = ? order by l.id', [poNumber]),
      );
      return rows.map((row) =>
        buckets
          .filter((name) => fromColumn(row[name]) !== 0n)
          .map((name) => `${name} ${formatDecimal(fromColumn(row[name]))}`)
          .join(', '),
      );
    },
  };
}

let control = 5000;

/** An 850 of Acme as text: its PO1 segments, and the segments between BEG and N1. */
export function purchaseOrder(
  poNumber: string,
  lines: readonly string[],
  head: readonly string[] = [],
  who = { isa: 'ACME', gs: 'ACMESTORES', shipTo: '0042' },
): string {
  const set = [
    'ST*850*0001',
    `BEG*00*SA*${poNumber}**20260302`,
    ...head,
    `N1*ST*Somewhere*92*${who.shipTo}`,
    ...lines,
    `CTT*${lines.filter((line) => line.startsWith('PO1')).length}`,
  ];
  return envelope(who, 'PO', [...set, `SE*${set.length + 1}*0001`]);
}

/** A 945 of Northwind that ships `lines` of its work: reference, quantity asked, quantity shipped, item, and what follows the item in W12. */
export function shipped(
  number: string,
  poNumber: string,
  lines: readonly (readonly [ref: number, asked: number, shipped: number, sku: string, more?: string])[],
): string {
  const set = [
    'ST*945*0001',
    `W06*N*${number}*20260302*S${number}**${poNumber}`,
    'N1*ST*Somewhere*92*0042',
    'G62*11*20260302',
    ...lines.flatMap(([ref, asked, quantity, sku, more]) => [
      `LX*${ref}`,
      `W12*${asked === quantity ? 'CC' : 'CP'}*${asked}*${quantity}*${asked - quantity}*EA**VN*${sku}${more === undefined ? '' : `*${more}`}`,
      `N9*LI*${ref}`,
    ]),
    `W03*${lines.reduce((sum, line) => sum + line[2], 0)}*10*LB`,
  ];
  return envelope({ isa: 'NORTHWIND', gs: 'NORTHWIND' }, 'SW', [...set, `SE*${set.length + 1}*0001`]);
}

function envelope({ isa, gs }: { readonly isa: string; readonly gs: string }, type: string, set: readonly string[]): string {
  const number = String(++control).padStart(9, '0');
  return [
    `ISA*00*          *00*          *ZZ*${isa.padEnd(15)}*ZZ*HARBORLANE     *260302*0915*U*00401*${number}*0*P*>`,
    `GS*${type}*${gs}*HARBORLANE*20260302*0915*${control}*X*004010`,
    ...set,
    `GE*1*${control}`,
    `IEA*1*${number}`,
    '',
  ].join('~\n');
}
