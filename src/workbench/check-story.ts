import type { Difference } from '../canonical/difference.ts';
import type { Config } from '../config/types.ts';
import { compareFiles } from './compare-files.ts';
import { tellStory } from './story.ts';
import type { Story, Told } from './story-files.ts';
import { expectedOf } from './story-files.ts';

/** A file of a story that is not as expected: it says something else, it did not come, or nobody expected it. */
export type FileDifference = { readonly file: string; readonly what: 'changed' | 'missing' | 'unexpected'; readonly differences: readonly Difference[] };

export type StoryResult = { readonly story: Story; readonly told: Told; readonly files: readonly FileDifference[] };

/** Plays a story and compares what comes of it with what is expected, by meaning. */
export async function checkStory(config: Config, story: Story): Promise<StoryResult> {
  const told = await tellStory(config, story);
  const expected = expectedOf(story);
  const files: FileDifference[] = [];
  for (const file of [...new Set([...expected.keys(), ...told.keys()])].toSorted()) {
    const [before, after] = [expected.get(file), told.get(file)];
    if (before === after) continue;
    const bytes = (text: string | undefined): Uint8Array => Buffer.from(text ?? '', 'latin1');
    const what = before === undefined ? 'unexpected' : after === undefined ? 'missing' : 'changed';
    files.push({ file, what, differences: what === 'changed' ? await compareFiles(bytes(before), bytes(after)) : [] });
  }
  return { story, told, files };
}
