import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readYamlFolder } from '../config/files.ts';
import { loadWithoutSecrets } from '../config/load.ts';
import type { Sources } from '../config/sources.ts';
import { sourcesFrom } from '../config/sources-from.ts';
import { readSources } from '../config/sources.ts';
import type { Config, Partner, Problem } from '../config/types.ts';
import { WharfError } from '../errors.ts';
import type { Outcome } from '../workbench/compare-traffic.ts';
import { mapFile, mapSent } from '../workbench/compare-traffic.ts';
import type { ChangeCount } from '../workbench/traffic-report.ts';
import { trafficReport } from '../workbench/traffic-report.ts';
import { partnerOf } from '../pipeline/work.ts';
import { whoseFile } from '../workbench/whose-file.ts';
import { readWholePayload } from '../store/payload.ts';
import { filesSince, sentSince } from '../store/traffic.ts';
import type { Database } from '../store/transaction.ts';
import type { Command, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { filesAtRevision } from './git-files.ts';
import { openFor, problemData, showProblem, withConfig } from './open.ts';

const DAY = 86_400_000;
const BATCH = 200;

type Report = ReturnType<typeof trafficReport>;
type Reports = { readonly inbound: Report; readonly outbound: Report };

export const diff: Command = {
  summary: 'put real traffic through the mappings as they were and as they are, and show what comes out differently',
  usage: '--partner ID --days N | --files DIR [--against REVISION|FOLDER]',
  options: {
    partner: { type: 'string', value: 'ID', help: 'whose traffic, or whose files where their content does not tell' },
    days: { type: 'string', value: 'N', help: 'what came from the partner and went to it in so many days, from the database; default 30' },
    files: { type: 'string', value: 'DIR', help: 'files in a folder instead' },
    against: { type: 'string', value: 'WHAT', help: 'a git revision, or the folder of another configuration or of other mappings; default HEAD' },
  },
  run: (given, io) =>
    withConfig(given, io, async (after) => {
      const before = await earlier(after, given.text('against') ?? 'HEAD');
      if (!before.config) {
        if (given.flag('json')) printJson(io, { problems: before.problems.map(problemData) });
        for (const problem of before.problems) io.err(showProblem(problem));
        return exit.failed;
      }
      const reports: Reports = { inbound: trafficReport(), outbound: trafficReport() };
      const files = given.text('files');
      if (files !== undefined) await compareFolder(before.config, after, files, given.text('partner'), reports);
      else await compareStored(before.config, after, given, reports);
      show(reports, given, io);
      return reports.inbound.changed() + reports.outbound.changed() > 0 ? exit.findings : exit.ok;
    }),
};

/** The configuration to compare with: of a revision of git, of a folder, or the present one with the mappings of a folder. */
async function earlier(present: Config, against: string): Promise<{ readonly config?: Config; readonly problems: readonly Problem[] }> {
  const sources = existsSync(against) ? await sourcesIn(present, resolve(against)) : atRevision(present, against);
  if (!sources.gateway) return { problems: sources.problems };
  const loaded = await loadWithoutSecrets(sources);
  return loaded.config ? { config: loaded.config, problems: [] } : { problems: loaded.problems };
}

function atRevision(present: Config, revision: string): ReturnType<typeof sourcesFrom> {
  return sourcesFrom(present.file, filesAtRevision(dirname(present.file), revision));
}

async function sourcesIn(present: Config, folder: string): Promise<Sources | { readonly gateway?: undefined; readonly problems: readonly Problem[] }> {
  const gateway = join(folder, 'config', 'gateway.yaml');
  if (existsSync(gateway)) return readSources(gateway);
  const sources = await readSources(present.file);
  if (!sources.gateway) return sources;
  const { files, problems } = await readYamlFolder(folder, { namedAt: { file: folder }, deep: true, booleans: true });
  const mappings = new Map([...files].filter(([name]) => !name.startsWith('tables/')));
  return { ...sources, mappings, problems };
}

async function compareStored(before: Config, after: Config, given: Given, reports: Reports): Promise<void> {
  const id = given.text('partner');
  const days = Number(given.text('days') ?? 30);
  if (id === undefined || !Number.isInteger(days) || days < 1) throw new WharfError('USAGE', 'wharf diff --partner ID --days N, or --files DIR');
  const since = Date.now() - days * DAY;
  const [old, now] = [earlierPartner(before, id), partnerOf(after, id)];
  const db = await openFor(after, 'read');
  try {
    for (const file of await db.read((tx) => filesSince(tx, id, since))) {
      const bytes = await db.read((tx) => readWholePayload(tx, 'inbound', file.id));
      pairUp(await mapFile(before, old, file.name, bytes), await mapFile(after, now, file.name, bytes), reports.inbound);
    }
    for await (const sent of sentDocuments(db, id, since)) reports.outbound.add(mapSent(before, old, sent), mapSent(after, now, sent));
  } finally {
    await db.close();
  }
}

function earlierPartner(before: Config, id: string): Partner {
  const partner = before.partners.get(id);
  if (!partner) throw new WharfError('NOT_FOUND', `there is no partner ${id} in the configuration that is compared with`, { value: id });
  return partner;
}

async function* sentDocuments(db: Database, partner: string, since: number) {
  for (let last = 0; ;) {
    const batch = await db.read((tx) => sentSince(tx, partner, since, last, BATCH));
    yield* batch;
    if (batch.length < BATCH) return;
    last = batch.at(-1)!.id;
  }
}

async function compareFolder(before: Config, after: Config, folder: string, partner: string | undefined, reports: Reports): Promise<void> {
  if (!existsSync(folder)) throw new WharfError('FOLDER_UNUSABLE', `there is no folder ${folder}`, { place: { file: folder } });
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { name } of names.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const bytes = readFileSync(join(folder, name));
    const now = whoseFile(after, { name, bytes, partner });
    pairUp(await mapFile(before, earlierPartner(before, now.id), name, bytes), await mapFile(after, now, name, bytes), reports.inbound);
  }
}

/** Both read the same bytes, so that what stands at the same place is the same document. */
function pairUp(before: readonly Outcome[], after: readonly Outcome[], report: Report): void {
  for (let index = 0; index < Math.max(before.length, after.length); index++) report.add(before[index], after[index]);
}

function show({ inbound, outbound }: Reports, given: Given, io: Io): void {
  if (given.flag('json')) {
    const data = (report: Report) => ({ documents: report.total(), changed: report.changed(), changes: report.changes() });
    return printJson(io, { inbound: data(inbound), outbound: data(outbound) });
  }
  for (const [what, report] of [
    ['came in', inbound],
    ['went out', outbound],
  ] as const) {
    const total = report.total();
    if (total === 0 && what === 'went out') continue;
    io.out(
      `${count(total)} document${total === 1 ? '' : 's'} ${what}, ${report.changed() === 0 ? 'none differs' : `${count(report.changed())} would differ`}\n`,
    );
    for (const change of report.changes()) io.out(`  ${showChange(change)}\n`);
  }
}

function showChange({ kind, path, before, after, ways, documents, of, times, example }: ChangeCount): string {
  const often = times > documents ? ` (${count(times)} times)` : '';
  const how = `${before ?? '(nothing)'} → ${after ?? '(nothing)'}`;
  return `${kind} ${path}: ${ways > 1 ? `${ways} different changes, such as ${how},` : how} in ${count(documents)} of ${count(of)}${often}, such as ${example}`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
