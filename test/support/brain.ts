import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { Config, Partner } from '../../src/config/types.ts';
import type { ImportContext } from '../../src/acts/import-items.ts';
import { importItems } from '../../src/acts/import-items.ts';
import { importStock } from '../../src/acts/import-stock.ts';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import type { PipelineContext } from '../../src/pipeline/context.ts';
import type { Database } from '../../src/store/transaction.ts';
import { freshSettings } from './database.ts';

const home = join(import.meta.dirname, '..', '..');
const loaded = loadConfig(join(home, 'config', 'gateway.yaml'));

/** The sample company with its items and stock, on a clock that the test moves. */
export type Brain = {
  readonly db: Database;
  readonly config: Config;
  readonly context: PipelineContext;
  readonly now: () => number;
  readonly advance: (milliseconds: number) => void;
  /** Drops a file of samples/, changed as text if wanted, and runs the steps until nothing is left to do. Gives what would have been sent. */
  readonly drop: (partner: string, sample: string, change?: (text: string) => string) => Promise<readonly RehearsedFile[]>;
  readonly run: () => Promise<readonly RehearsedFile[]>;
  /** What an import or another command works with. */
  readonly importing: (file: string) => ImportContext;
};

/** Opens it. `change` gives a partner other settings. */
export async function openBrain(change: (partner: Partner) => Partner = (partner) => partner): Promise<Brain> {
  const { config: sample } = await loaded;
  const config: Config = { ...sample!, partners: new Map([...sample!.partners].map(([id, partner]) => [id, change(partner)])) };
  let now = Date.parse('2026-03-02T15:00:00Z');
  const rehearsal = await openRehearsal(config, await freshSettings(), () => now);
  onTestFinished(() => rehearsal.close());
  const importing = (file: string): ImportContext => ({ db: rehearsal.db, config, now, file });
  await importItems(importing('items.csv'), await readFile(join(home, 'samples', 'master', 'items.csv')));
  await importStock(importing('stock.csv'), await readFile(join(home, 'samples', 'master', 'stock.csv')));
  let count = 0;
  return {
    db: rehearsal.db,
    config,
    context: rehearsal.context,
    now: () => now,
    advance: (milliseconds) => void (now += milliseconds),
    drop: async (partner, name, edit = (text) => text) => {
      const text = edit(await readFile(join(home, 'samples', name), 'latin1'));
      await rehearsal.give(partner, `${++count}-${name.split('/').at(-1)!}`, Buffer.from(text, 'latin1'));
      return rehearsal.run();
    },
    run: rehearsal.run,
    importing,
  };
}
