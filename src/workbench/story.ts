import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/types.ts';
import { WharfError } from '../errors.ts';
import type { DatabaseSettings } from '../store/database.ts';
import { describeState } from '../store/state.ts';
import { importCredit } from '../acts/import-credit.ts';
import { importInbound } from '../acts/import-inbound.ts';
import { importLots } from '../acts/import-lots.ts';
import type { ImportContext } from '../acts/import-items.ts';
import { importInspections } from '../acts/import-inspections.ts';
import { importItems } from '../acts/import-items.ts';
import type { RefusedRow } from '../acts/import-rows.ts';
import { importStock } from '../acts/import-stock.ts';
import { importSubstitutes } from '../acts/import-substitutes.ts';
import { balance } from '../pipeline/balance.ts';
import { findOverdue } from '../pipeline/deliver/overdue.ts';
import type { Rehearsal } from './rehearse.ts';
import { openRehearsal } from './rehearse.ts';
import type { Story, StoryImports, Told } from './story-files.ts';
import { storyImports } from './story-files.ts';

/** Plays a story on a database of its own, an embedded one unless told otherwise, and gives everything that came of it. @throws WharfError IMPORT_ROW when its items or stock are refused. */
export async function tellStory(config: Config, story: Story, database?: DatabaseSettings): Promise<Told> {
  const directory = mkdtempSync(join(tmpdir(), 'wharf-story-'));
  let now = story.now;
  const rehearsal = await openRehearsal(config, database ?? { type: 'sqlite', file: join(directory, 'story.db') }, () => now);
  const told = new Map<string, string>();
  try {
    await importFiles(rehearsal, story.folder, story.imports);
    // What goes out before anybody drops a file is told as of step 0.
    for (const file of await rehearsal.run()) told.set(`0/${file.partner}/${file.name}`, Buffer.from(file.bytes).toString('latin1'));
    for (const [index, step] of story.steps.entries()) {
      now += step.wait;
      await importFiles(rehearsal, story.folder, step.imports);
      const work = async (): Promise<void> => {
        for (const file of await rehearsal.run()) told.set(`${index + 1}/${file.partner}/${file.name}`, Buffer.from(file.bytes).toString('latin1'));
      };
      await work();
      // One file after the other: of several that are read at once, any may be done first.
      for (const { partner, name } of step.drops) {
        await rehearsal.give(partner, name, readFileSync(join(story.folder, name)));
        await work();
      }
      await findOverdue(rehearsal.context);
      told.set(`${index + 1}/state.txt`, Buffer.from(await rehearsal.db.read(describeState)).toString('latin1'));
    }
    // A story after which the ledger does not balance is told with its differences, which no story expects.
    const { differences } = await rehearsal.db.read((tx) => balance(tx, config, {}));
    if (differences.length > 0) told.set('differences.txt', `${differences.map(({ code, id, detail }) => `${code} ${id}: ${detail}`).join('\n')}\n`);
    return told;
  } finally {
    await rehearsal.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

type Import = (context: ImportContext, bytes: Uint8Array) => Promise<{ readonly refused: readonly RefusedRow[] }>;
const imports: { readonly [K in (typeof storyImports)[number]]: Import } = {
  items: importItems,
  stock: importStock,
  substitutes: importSubstitutes,
  inbound: importInbound,
  lots: importLots,
  credit: importCredit,
  inspections: (context, bytes) => importInspections({ ...context, by: 'the warehouse' }, context.file, bytes),
};

async function importFiles({ db, context }: Rehearsal, folder: string, files: StoryImports): Promise<void> {
  const into = { db, config: context.config(), now: context.now() };
  for (const what of storyImports) {
    const file = files[what];
    if (file === undefined) continue;
    const [refused] = (await imports[what]({ ...into, file }, readFileSync(join(folder, file)))).refused;
    if (refused) throw new WharfError('IMPORT_ROW', refused.message, { place: { file: join(folder, file), line: refused.row }, value: refused.value });
  }
}
