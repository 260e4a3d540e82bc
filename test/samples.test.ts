import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config/load.ts';
import { readX12Sync } from '../src/formats/x12/read.ts';
import { tellStory } from '../src/workbench/story.ts';
import { freshSettings } from './support/database.ts';
import { expectedOf, findStories, rewriteExpected } from '../src/workbench/story-files.ts';

/** `npm run samples:update` makes what comes out what is expected: read the difference before it is committed. */
const update = process.env['WHARF_UPDATE_SAMPLES'] === '1';
const root = join(import.meta.dirname, '..');
const loaded = await loadConfig(join(root, 'config', 'gateway.yaml'));
const { stories, problems } = await findStories(join(root, 'samples'), loaded.config?.partners ?? new Map());

describe('samples', () => {
  test('can all be read', () => {
    expect(problems).toEqual([]);
    expect(loaded.config && stories.length).toBeGreaterThan(0);
  });

  test.each(stories.map((story) => [story.name, story] as const))('%s', async (_name, story) => {
    const told = await tellStory(loaded.config!, story, await freshSettings());
    if (update) rewriteExpected(story, told);
    const expected = expectedOf(story);
    expect([...told.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
    for (const [name, content] of told) expect(content, name).toBe(expected.get(name));
    for (const [name, content] of told) if (name.endsWith('.edi')) expect(wrongIn(content), name).toEqual([]);
  });
});

/** What a partner's own reader would find wrong with X12 of ours. */
function wrongIn(content: string): readonly string[] {
  return readX12Sync(Buffer.from(content, 'latin1')).flatMap((event) => (event.kind === 'set' ? event.set.findings.map(({ message }) => message) : []));
}
