import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/types.ts';
import { duration } from '../../src/config/scalars.ts';
import { formatDecimal, fromColumn } from '../../src/decimal.ts';
import { importItems } from '../../src/pipeline/import-items.ts';
import { importStock } from '../../src/pipeline/import-stock.ts';
import { findOverdue } from '../../src/pipeline/overdue.ts';
import type { Rehearsal } from '../../src/pipeline/rehearse.ts';
import { openRehearsal } from '../../src/pipeline/rehearse.ts';
import type { Database, Row } from '../../src/store/transaction.ts';

export const samples = join(import.meta.dirname, '..', '..', 'samples');

/**
 * A story: files dropped in turn, and what comes out. `given.yaml` names for each step the files that partners drop, and may replace stock.
 * Each step is a minute after the one before it, or `wait` later, and may `import` items or stock before the files are dropped. Without
 * `given.yaml`, the files called `in.*` are dropped one after the other by the partner whose folder the story stands in.
 */
export type Story = {
  readonly name: string;
  readonly folder: string;
  readonly title: string;
  readonly now: string;
  readonly stock: string;
  readonly steps: readonly StoryStep[];
};
type StoryStep = {
  readonly wait?: string;
  readonly import?: { readonly items?: string; readonly stock?: string };
  readonly drops: Readonly<Record<string, string | readonly string[]>>;
};

/** Every expected file of a step, by its path in the story's `expected` folder; one character a byte. */
export type Told = ReadonlyMap<string, string>;

/** All stories below samples/, in order of name. */
export function findStories(): readonly Story[] {
  const partners = readdirSync(samples, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'master');
  return partners.flatMap(({ name: partner }) => readdirSync(join(samples, partner)).map((story) => readStory(partner, story)));
}

function readStory(partner: string, story: string): Story {
  const folder = join(samples, partner, story);
  const file = join(folder, 'given.yaml');
  const given = existsSync(file) ? (parse(readFileSync(file, 'utf8')) as Given) : {};
  const drops = readdirSync(folder)
    .filter((name) => name.startsWith('in.'))
    .toSorted();
  return {
    name: `${partner}/${story}`,
    folder,
    title: given.title ?? story,
    now: given.now ?? '2026-03-02T15:00:00Z',
    stock: given.stock ?? '../../master/stock.csv',
    steps: (given.steps ?? drops.map((name) => ({ [partner]: name }))).map(readStep),
  };
}

type Given = Partial<Omit<Story, 'steps'>> & { readonly steps?: readonly Record<string, unknown>[] };

function readStep({ wait, import: files, ...drops }: Record<string, unknown>): StoryStep {
  return { ...(wait ? { wait } : {}), ...(files ? { import: files } : {}), drops } as StoryStep;
}

let loaded: Config | undefined;

/** The sample configuration, as it is in the repository. */
export async function sampleConfig(): Promise<Config> {
  if (loaded) return loaded;
  const result = await loadConfig(join(samples, '..', 'config', 'gateway.yaml'));
  if (!result.config) throw new Error(result.problems.map((problem) => `${problem.place.file}:${problem.place.line} ${problem.message}`).join('\n'));
  loaded = result.config;
  return loaded;
}

/** Plays a story on a database of its own and gives everything that came of it. */
export async function tell(story: Story): Promise<Told> {
  const directory = mkdtempSync(join(tmpdir(), 'wharf-story-'));
  let now = Date.parse(story.now);
  const rehearsal = await openRehearsal(await sampleConfig(), join(directory, 'story.db'), () => now);
  const told = new Map<string, string>();
  try {
    await importFiles(rehearsal, story, { items: '../../master/items.csv', stock: story.stock });
    await rehearsal.run();
    for (const [index, step] of story.steps.entries()) {
      now += step.wait === undefined ? 60_000 : duration.parse(step.wait);
      await importFiles(rehearsal, story, step.import ?? {});
      for (const [partner, names] of Object.entries(step.drops)) {
        for (const name of [names].flat()) await rehearsal.give(partner, name, readFileSync(join(story.folder, name)));
      }
      for (const file of await rehearsal.run()) told.set(`${index + 1}/${file.partner}/${file.name}`, Buffer.from(file.bytes).toString('latin1'));
      await findOverdue(rehearsal.context);
      told.set(`${index + 1}/state.txt`, Buffer.from(await stateOf(rehearsal.db)).toString('latin1'));
    }
    return told;
  } finally {
    await rehearsal.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function importFiles({ db, context }: Rehearsal, story: Story, files: { readonly items?: string; readonly stock?: string }): Promise<void> {
  const into = { db, config: context.config(), now: context.now() };
  for (const [file, take] of [
    [files.items, importItems],
    [files.stock, importStock],
  ] as const) {
    if (file === undefined) continue;
    const { refused } = await take({ ...into, file }, readFileSync(join(story.folder, file)));
    if (refused.length > 0) throw new Error(`${file}: ${JSON.stringify(refused)}`);
  }
}

/** What is expected of a story: the files that stand in its folder. */
export function expectedOf(story: Story): Told {
  const root = join(story.folder, 'expected');
  const files = existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()) : [];
  return new Map(files.map((entry) => [join(entry.parentPath, entry.name).slice(root.length + 1), readFileSync(join(entry.parentPath, entry.name), 'latin1')]));
}

/** Makes what came of a story what is expected of it. */
export function rewrite(story: Story, told: Told): void {
  const root = join(story.folder, 'expected');
  rmSync(root, { recursive: true, force: true });
  for (const [name, content] of told) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content, 'latin1');
  }
}

/** What an operator would see: files, documents, orders with their units, holds, stock that is promised, and the outbox. */
async function stateOf(db: Database): Promise<string> {
  return db.read(async (tx) => {
    const files = await tx.many('select * from {inbound_file} order by id');
    const documents = await tx.many('select * from {document} order by id');
    const orders = await tx.many('select * from {sales_order} order by id');
    const lines = await tx.many('select * from {order_line} order by id');
    const holds = await tx.many('select * from {order_hold} where resolved_at is null order by id');
    const stock = await tx.many('select * from {stock} where allocated <> 0 order by sku, location');
    const outbox = await tx.many('select * from {outbox} order by id');
    const sections = [
      ['files', files.map((row) => `${show(row, 'partner', 'name', 'format', 'status')}${why(row)}`)],
      [
        'documents',
        documents.map((row) => `${show(row, 'partner', 'set_id', 'kind', 'business_key', 'status')}${row['accepted'] === 0 ? ' rejected' : ''}${why(row)}`),
      ],
      [
        'orders',
        orders.flatMap((order) => [
          show(order, 'partner', 'po_number', 'lifecycle'),
          ...lines.filter((line) => line['order_id'] === order['id']).map(showLine),
        ]),
      ],
      ['holds', holds.map((row) => show(row, 'code', 'detail'))],
      ['promised stock', stock.map((row) => `${show(row, 'sku', 'location')} ${quantity(row, 'allocated')} of ${quantity(row, 'on_hand')}`)],
      [
        'outbox',
        outbox.map(
          (row) =>
            `${show(row, 'partner', 'kind', 'business_key', 'file_name', 'status', 'ack_status')}${row['ack_detail'] ? `: ${String(row['ack_detail'])}` : ''}${why(row)}`,
        ),
      ],
    ] as const;
    return sections.flatMap(([title, rows]) => (rows.length > 0 ? [`${title}`, ...rows.map((row) => `  ${row}`)] : [])).join('\n') + '\n';
  });
}

const buckets = ['pending', 'backordered', 'allocated', 'released', 'shipped', 'cancelled', 'rejected', 'overshipped', 'invoiced'];

function showLine(row: Row): string {
  const units = buckets.filter((name) => fromColumn(row[name]) !== 0n).map((name) => `${name} ${quantity(row, name)}`);
  return `  ${show(row, 'line_ref', 'sku')} ${quantity(row, 'ordered')} ${String(row['unit'])}: ${units.join(', ') || 'nothing'}${row['reason'] ? ` (${String(row['reason'])})` : ''}`;
}

const quantity = (row: Row, column: string): string => formatDecimal(fromColumn(row[column]));
const show = (row: Row, ...columns: readonly string[]): string => columns.map((column) => row[column] ?? '-').join(' ');
const why = (row: Row): string => (row['reason'] ? ` ${String(row['reason'])}: ${String(row['detail'] ?? '')}` : '');
