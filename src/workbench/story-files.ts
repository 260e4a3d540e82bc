import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readYaml } from '../config/files.ts';
import { duration, text } from '../config/scalars.ts';
import { didYouMean } from '../config/suggest.ts';
import type { Problem } from '../config/types.ts';
import { validate } from '../config/validate.ts';
import { problem, showFile } from '../config/yaml.ts';
import type { YamlFile } from '../config/yaml.ts';
import { z } from '../schema.ts';

/**
 * A story: files dropped in turn, and what comes out. `given.yaml` names for each step the files that partners drop, and may replace the items and
 * the stock. Each step is a minute after the one before it, or `wait` later, and may `import` items or stock before the files are dropped. Without
 * `steps`, the files called `in.*` are dropped one after the other by the partner whose folder the story stands in.
 */
export type Story = {
  /** `partner/story`. */
  readonly name: string;
  readonly folder: string;
  readonly title: string;
  /** When it begins, milliseconds since 1970. */
  readonly now: number;
  /** CSV files, relative to the folder; undefined when there are none. */
  readonly imports: StoryImports;
  readonly steps: readonly StoryStep[];
};

/** What a story may import, in the order in which that is done. */
export const storyImports = ['items', 'stock', 'substitutes', 'inbound', 'lots', 'credit', 'inspections'] as const;
export type StoryImports = { readonly [K in (typeof storyImports)[number]]?: string | undefined };

export type StoryStep = {
  /** Milliseconds since the step before. */
  readonly wait: number;
  readonly imports: StoryImports;
  readonly drops: readonly { readonly partner: string; readonly name: string }[];
};

/** Files of a story by their path in its folder `expected`; one character a byte. */
export type Told = ReadonlyMap<string, string>;

/** The day that samples take for today. */
const BEGIN = '2026-03-02T15:00:00Z';
const MINUTE = 60_000;

const names = z.union([text, z.array(text)], 'is not the name of a file or a list of such names');
const imports = Object.fromEntries(storyImports.map((name) => [name, text.optional()])) as Record<(typeof storyImports)[number], z.ZodOptional<typeof text>>;
const stepSchema = z.object({ wait: duration.optional(), import: z.strictObject(imports).optional() }).catchall(names);
const givenSchema = z.strictObject({
  title: text.optional(),
  now: z.iso.datetime('is not an instant such as 2026-03-02T15:00:00Z').optional(),
  ...imports,
  steps: z.array(stepSchema).min(1).optional(),
});
type Given = z.output<typeof givenSchema>;

/** The stories of these partners below a folder of samples, in order of name, and what is wrong with those that cannot be read. */
export async function findStories(
  samples: string,
  partners: ReadonlyMap<string, unknown>,
): Promise<{ readonly stories: readonly Story[]; readonly problems: readonly Problem[] }> {
  const found = await Promise.all(
    foldersIn(samples)
      .filter((partner) => partner !== 'master')
      .flatMap((partner) =>
        foldersIn(join(samples, partner)).map((name) => readStory({ samples, partner, name, folder: join(samples, partner, name) }, partners)),
      ),
  );
  return {
    stories: found.flatMap((each) => ('story' in each ? [each.story] : [])),
    problems: found.flatMap((each) => ('problems' in each ? each.problems : [])),
  };
}

function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

type Where = { readonly samples: string; readonly partner: string; readonly name: string; readonly folder: string };

async function readStory(where: Where, partners: ReadonlyMap<string, unknown>): Promise<{ readonly story: Story } | { readonly problems: readonly Problem[] }> {
  const file = join(where.folder, 'given.yaml');
  const read = existsSync(file) ? await readYaml(file) : undefined;
  if (read && 'problems' in read) return read;
  const given = read ? validate(givenSchema, [{ yaml: read.yaml, prefix: [] }]) : { value: {} as Given };
  if ('problems' in given) return given;
  const story = storyOf(given.value, where);
  if (!partners.has(where.partner))
    return { problems: [problem({ file: showFile(where.folder) }, 'CONFIG_REFERENCE', `there is no partner ${where.partner}`)] };
  const missing = read ? missingThings(story, read.yaml, partners) : [];
  return missing.length > 0 ? { problems: missing } : { story };
}

function storyOf(given: Given, { samples, partner, name, folder }: Where): Story {
  const master = (file: string): string | undefined => (existsSync(join(samples, 'master', file)) ? `../../master/${file}` : undefined);
  const inputs = (): readonly StoryStep[] =>
    readdirSync(folder)
      .filter((entry) => entry.startsWith('in.'))
      .toSorted()
      .map((entry) => ({ wait: MINUTE, imports: {}, drops: [{ partner, name: entry }] }));
  return {
    name: `${partner}/${name}`,
    folder,
    title: given.title ?? name,
    now: Date.parse(given.now ?? BEGIN),
    imports: { ...given, items: given.items ?? master('items.csv'), stock: given.stock ?? master('stock.csv') },
    steps: given.steps?.map(stepOf) ?? inputs(),
  };
}

function stepOf({ wait, import: files, ...drops }: z.output<typeof stepSchema>): StoryStep {
  return {
    wait: wait ?? MINUTE,
    imports: files ?? {},
    drops: Object.entries(drops).flatMap(([partner, given]) => [given as string | readonly string[]].flat().map((name) => ({ partner, name }))),
  };
}

function missingThings({ folder, imports: own, steps }: Story, yaml: YamlFile, partners: ReadonlyMap<string, unknown>): readonly Problem[] {
  const report = (path: readonly (string | number)[], name: string | undefined): readonly Problem[] =>
    name === undefined || existsSync(join(folder, name)) ? [] : [problem(yaml.locate(path), 'CONFIG_REFERENCE', `there is no file ${name} in the story`)];
  return [
    ...storyImports.flatMap((name) => report([name], own[name])),
    ...steps.flatMap((step, index) => [
      ...storyImports.flatMap((name) => report(['steps', index, 'import'], step.imports[name])),
      ...step.drops.flatMap(({ partner, name }) => {
        const path = ['steps', index, partner];
        if (partners.has(partner)) return report(path, name);
        const message = `there is no partner ${partner}${didYouMean(partner, [...partners.keys(), 'wait', 'import'])}`;
        return [problem(yaml.locate(path, 'key'), 'CONFIG_REFERENCE', message)];
      }),
    ]),
  ];
}

/** What is expected of a story: the files that stand in its folder. */
export function expectedOf(story: Story): Told {
  const root = join(story.folder, 'expected');
  const files = existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()) : [];
  return new Map(files.map((entry) => [join(entry.parentPath, entry.name).slice(root.length + 1), readFileSync(join(entry.parentPath, entry.name), 'latin1')]));
}

/** Makes what came of a story what is expected of it. */
export function rewriteExpected(story: Story, told: Told): void {
  const root = join(story.folder, 'expected');
  rmSync(root, { recursive: true, force: true });
  for (const [name, content] of told) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content, 'latin1');
  }
}
