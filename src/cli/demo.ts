import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WharfError } from '../errors.ts';
import { main } from './dispatch.ts';
import { openDatabase } from '../store/database.ts';
import { activitySince } from '../store/activity.ts';
import { unsettledDocuments } from '../store/expectations.ts';
import type { Database } from '../store/transaction.ts';
import { chapters } from './demo/chapters.ts';
import type { Chapter } from './demo/chapters.ts';
import { makePartners } from '../simulate/sample-partners.ts';
import { bringUpToDate, home, logTail, makeScratch, startDaemon } from './demo/scratch.ts';
import type { Scratch } from './demo/scratch.ts';
import type { Command, Io } from './command.ts';
import { exit } from './command.ts';

const LIMIT = 60_000;

export const demo: Command = {
  summary: 'play the story of the sample company live, with the real daemon and simulated partners',
  usage: '[DIRECTORY]',
  run: async ({ words, flag }, io) => {
    const directory = resolve(words[0] ?? join(home, 'var', 'demo'));
    const say: Io = flag('json') ? { out: () => undefined, err: io.err } : io;
    const started = performance.now();
    const scratch = makeScratch(directory);
    for (const [what, file] of [
      ['items', 'items.csv'],
      ['stock', 'stock.csv'],
    ] as const) {
      const code = await main([what, 'import', join(home, 'samples', 'master', file), '--config', scratch.config], { out: () => undefined, err: io.err });
      if (code !== exit.ok) throw new WharfError('NOT_FOUND', `the sample ${what} could not be imported`);
    }
    const daemon = startDaemon(scratch);
    try {
      const files = await play(scratch, say);
      const code = await daemon.stop();
      if (code !== 0) throw new WharfError('INTERNAL', `the daemon ended with ${code}`);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      say.out(`\nAll ${files} expected documents came out and were acknowledged, in ${seconds} s.\n`);
      say.out(`Look around in ${show(directory)}: the folders of the partners under var/partners, the database var/wharf.db, the log daemon.log.\n`);
      say.out(`  npx wharf trace 4500012345 --config ${show(scratch.config)}\n`);
      if (flag('json')) io.out(`${JSON.stringify({ directory, documents: files, seconds: Number(seconds) })}\n`);
      return exit.ok;
    } catch (error) {
      await daemon.stop();
      io.err(`${error instanceof Error ? error.message : String(error)}\nThe end of ${show(join(directory, 'daemon.log'))}:\n${logTail(scratch, 15)}\n`);
      return exit.findings;
    }
  },
};

/** Plays the chapters one after the other and gives how many documents came out. */
async function play(scratch: Scratch, io: Io): Promise<number> {
  const seen: Seen = new Map();
  const until = performance.now() + LIMIT;
  const db = await openDatabase({ type: 'sqlite', file: join(scratch.directory, 'var', 'wharf.db') });
  try {
    const tell = makeTeller(db, io);
    const collect = makeCollector(scratch, tell, io);
    let count = 0;
    for (const chapter of chapters) {
      io.out(`\n${chapter.title}\n`);
      seen.clear();
      const bytes = bringUpToDate(readFileSync(join(home, chapter.sample), 'utf8'), Date.now());
      io.out(`  → ${chapter.partner} drops ${chapter.name}\n`);
      scratch.drop(chapter.partner, chapter.name, bytes);
      while (!isComplete(chapter, seen)) {
        if (performance.now() > until) throw new Error(`not everything came out in ${LIMIT / 1000} s; missing: ${missing(chapter, seen)}`);
        await collect(seen);
        await sleep(50);
      }
      count += [...seen.values()].flat().length;
    }
    for (;;) {
      await collect(seen);
      const open = await db.read((tx) => unsettledDocuments(tx));
      await tell();
      if (open === 0) return count;
      if (performance.now() > until) throw new Error(`${open} documents of ours were not acknowledged in ${LIMIT / 1000} s`);
      await sleep(50);
    }
  } finally {
    await db.close();
  }
}

/** The names that each partner got since the chapter began. */
type Seen = Map<string, string[]>;

/** Lets every simulated partner collect what is new for it and answer. */
function makeCollector(scratch: Scratch, tell: () => Promise<void>, io: Io): (seen: Seen) => Promise<void> {
  const partners = makePartners(new Date().toISOString().slice(0, 10));
  const collected = new Set<string>();
  const collectOne = async (partner: string, seen: Seen): Promise<void> => {
    const folder = scratch.outbox(partner);
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.') && !name.endsWith('.tmp')) : [];
    for (const name of names.toSorted()) {
      const file = join(folder, name);
      if (collected.has(file)) continue;
      collected.add(file);
      await tell();
      io.out(`  ← ${partner} gets ${name}\n`);
      seen.set(partner, [...(seen.get(partner) ?? []), name]);
      for (const drop of await partners[partner]!(name, readFileSync(file))) {
        io.out(`  → ${partner} drops ${drop.name}\n`);
        scratch.drop(partner, drop.name, drop.bytes);
      }
    }
  };
  return async (seen) => {
    for (const partner of Object.keys(partners)) await collectOne(partner, seen);
  };
}

/** Prints what the daemon has written into its timeline since the last call. */
function makeTeller(db: Database, io: Io): () => Promise<void> {
  let last = 0;
  return async () => {
    for (const { id, activity } of await db.read((tx) => activitySince(tx, last, 500))) {
      last = id;
      if (['translate', 'apply', 'allocate', 'release', 'acknowledge', 'hold'].includes(activity.verb))
        io.out(`      ${activity.verb.padEnd(11)} ${activity.text}\n`);
    }
  };
}

function isComplete(chapter: Chapter, seen: Seen): boolean {
  return missing(chapter, seen) === '';
}

function missing({ expect }: Chapter, seen: Seen): string {
  const lacks = Object.entries(expect).flatMap(([partner, kinds]) => {
    const names = [...(seen.get(partner) ?? [])];
    return kinds
      .filter((kind) => {
        const at = names.findIndex((name) => name.startsWith(kind));
        if (at >= 0) names.splice(at, 1);
        return at < 0;
      })
      .map((kind) => `${kind} for ${partner}`);
  });
  return lacks.join(', ');
}

function show(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
