import { describe, expect, test } from 'vitest';
import { expectedOf, findStories, rewrite, tell } from './support/story.ts';

/** `npm run samples:update` makes what comes out what is expected: read the difference before it is committed. */
const update = process.env['WHARF_UPDATE_SAMPLES'] === '1';

describe('samples', () => {
  test.each(findStories().map((story) => [story.name, story] as const))('%s', async (_name, story) => {
    const told = await tell(story);
    if (update) rewrite(story, told);
    const expected = expectedOf(story);
    expect([...told.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
    for (const [name, content] of told) expect(content, name).toBe(expected.get(name));
  });
});
