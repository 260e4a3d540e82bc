import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makePartners } from '../../src/simulate/sample-partners.ts';
import { bringUpToDate, home, makeScratch } from '../../src/cli/demo/scratch.ts';
import type { Scratch } from '../../src/cli/demo/scratch.ts';
import { main } from '../../src/main.ts';
import { nameDatabase } from './database.ts';

/** The sample company in a directory of its own, with items and stock; its channels are looked at all the time. */
export async function openStage(directory: string): Promise<Scratch> {
  const stage = makeScratch(directory);
  const settings = readFileSync(stage.config, 'utf8').replace(/^intervals:.*$/m, 'intervals: { poll: 50ms, quiet: 0s, idle: 50ms, retryFirst: 20ms }');
  writeFileSync(stage.config, settings);
  await nameDatabase(stage.config);
  for (const what of ['items', 'stock']) {
    const code = await main([what, 'import', join(home, 'samples', 'master', `${what}.csv`), '--config', stage.config], {
      out: () => undefined,
      err: () => undefined,
    });
    if (code !== 0) throw new Error(`${what} could not be imported`);
  }
  return stage;
}

export type Daemon = {
  readonly child: ChildProcess;
  /** When it says that it has started, or has ended before it could. */
  readonly started: Promise<void>;
  /** Its exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
};

/** `wharf run` as a process of its own, started by another program if wanted; killed when the test is over. */
export function launch({ config }: Pick<Scratch, 'config'>, by: readonly string[] = []): Daemon {
  const [program, ...words] = [...by, process.execPath, join(home, 'src', 'main.ts'), 'run', '--config', config];
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const saysSo = new Promise<void>((resolve) => {
    child.stdout.on('data', (data: Buffer) => {
      if (data.includes('"msg":"started"')) resolve();
    });
  });
  return { child, started: Promise.race([saysSo, ended.then(() => undefined)]), ended };
}

/** The files that begin the story, each for one of its copies: with purchase orders and control numbers of its own. */
const scenes = [
  { partner: 'acme', sample: 'acme/happy-path/in.edi', po: ['45000', '45'] },
  { partner: 'bluebird', sample: 'bluebird/two-orders/in.csv', po: ['BB-70', 'BB-'] },
  { partner: 'cedar', sample: 'cedar/order/in.xml', po: ['C-770', 'C-'] },
  { partner: 'acme', sample: 'acme/drop-ship/in.edi', po: ['45000', '45'] },
  { partner: 'juniper', sample: 'juniper/order/in.edi', po: ['B7-77', 'B7-'] },
] as const;

export type Scene = { readonly partner: string; readonly name: string; readonly bytes: Uint8Array };

/** So many copies of the whole story, in the order in which they are dropped. */
export function scenesOf(copies: number): readonly Scene[] {
  return Array.from({ length: copies }, (_, copy) =>
    scenes.map(({ partner, sample, po: [from, to] }, index): Scene => {
      const text = readFileSync(join(home, 'samples', sample), 'utf8').replaceAll(from, `${to}${810 + copy}`);
      const name = `${copy}-${index}.${sample.split('.').at(-1)!}`;
      return { partner, name, bytes: bringUpToDate(renumber(text, 100 * (copy + 1)), Date.now()) };
    }),
  ).flat();
}

/** An interchange under a control number that is higher by `more`; anything else as it is. */
function renumber(text: string, more: number): string {
  if (!text.startsWith('ISA')) return text;
  const control = text.slice(90, 99);
  const next = Number(control) + more;
  return text
    .replaceAll(control, String(next).padStart(9, '0'))
    .replace(`*${Number(control)}*X*`, `*${next}*X*`)
    .replace(`GE*1*${Number(control)}~`, `GE*1*${next}~`);
}

/** What partners got: for each, every file by name with its content, in the order in which it was taken. */
export type Taken = ReadonlyMap<string, readonly { readonly name: string; readonly content: string }[]>;

/** The simulated partners: they take what lies in their folders, out of them, and drop their answers. */
export function openPartners(stage: Scratch): { readonly taken: Taken; readonly collect: () => Promise<void> } {
  const partners = makePartners(new Date().toISOString().slice(0, 10));
  const taken = new Map(Object.keys(partners).map((partner): [string, { name: string; content: string }[]] => [partner, []]));
  let count = 0;
  const takeOne = async (partner: string, name: string): Promise<void> => {
    const place = join(stage.directory, 'taken');
    mkdirSync(place, { recursive: true });
    const file = join(place, String(count++));
    renameSync(join(stage.outbox(partner), name), file);
    const bytes = readFileSync(file);
    taken.get(partner)!.push({ name, content: bytes.toString('latin1') });
    for (const drop of await partners[partner]!(name, bytes)) stage.drop(partner, drop.name, drop.bytes);
  };
  return {
    taken,
    collect: async () => {
      for (const partner of Object.keys(partners)) {
        const folder = stage.outbox(partner);
        const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.') && !name.endsWith('.tmp')) : [];
        for (const name of names.toSorted()) await takeOne(partner, name);
      }
    },
  };
}
